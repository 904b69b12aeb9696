//go:build !race

package main

// underRace reports that the race detector is on, with which a sync.Pool drops a part of its items.
const underRace = false
