// Command asm writes the kernels of package jpegenc for amd64, in SSE2, which all such machines have. It is a module of
// its own, so that nobody who imports the library needs avo:
//
//	go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg jpegenc
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("!purego")
	transform()
	luma()
	chromaHalved()
	Generate()
}

// vec is a vector register.
type vec = reg.VecVirtual

// words returns a constant of eight words, a and b in turn.
func words(name string, a, b int16) Mem {
	m := GLOBL(name, 24) // RODATA|NOPTR
	for i := range 4 {
		DATA(4*i, U32(uint32(uint16(a))|uint32(uint16(b))<<16))
	}
	return m
}

// longs returns a constant of four words of 32 bits.
func longs(name string, v int32) Mem { return words(name, int16(v), int16(v>>16)) }

func load(m Op) vec {
	v := XMM()
	MOVOU(m, v)
	return v
}

func copied(v vec) vec {
	w := XMM()
	MOVO(v, w)
	return w
}

// interleaved returns the words of a and b in turn: the lower four of each, and the upper ones. It uses up a and b.
func interleaved(a, b vec) (lo, hi vec) {
	lo = copied(a)
	PUNPCKLWL(b, lo)
	PUNPCKHWL(b, a)
	return lo, a
}
