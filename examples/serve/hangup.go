//go:build !js

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// notifyHangups sends each SIGHUP to a channel.
func notifyHangups(hangups chan<- os.Signal) { signal.Notify(hangups, syscall.SIGHUP) }
