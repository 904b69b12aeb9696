//go:build !race

package exportimage_test

const underRace = false
