//go:build race

package main

// underRace reports that the race detector is on, with which a process takes several times the memory and the time.
const underRace = true
