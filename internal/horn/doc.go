// Package horn computes rows of hillshade, slope and aspect from heights, by the gradients of Horn (1981): the mean rise over
// the eight neighbours of a pixel, in which those at its sides count twice.
//
// On amd64 it computes two pixels at a time, in assembly that generate writes. Everywhere else, and with the build tag
// purego, it does so in Go. Both have the same operations in the same order, and so the same bits: the test compares them.
// Roots and quotients are exact, not estimated. Pixels that are rare, such as infinite slopes, are left to Go.
//
// Functions fill rows that their callers own, and are safe for concurrent use.
package horn
