//go:build race

package encode

// underRace says that the race detector is at work, under which a sync.Pool drops a part of what it is given.
const underRace = true
