// Package portable has functions of package math whose results are equal, bit for bit, on every machine.
//
// Those of the standard library are written in assembly on some machines, with other last bits, and elsewhere compilers
// fuse their multiplications and additions. These are the standard library's own, in Go, with each product that feeds a
// sum rounded; their errors are those that the standard library states. What package math computes exactly, as Sqrt,
// Floor and Remainder do, is equal everywhere already.
package portable

// Layout of a float64.
const (
	mask  = 0x7FF
	shift = 64 - 11 - 1
	bias  = 1023
)
