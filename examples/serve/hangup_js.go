package main

import "os"

// notifyHangups does nothing: there is no SIGHUP in a browser.
func notifyHangups(chan<- os.Signal) {}
