// Command asm writes the kernel of package adler32 for amd64, in SSE2, which all such machines have. It is a module
// of its own, so that nobody who imports the library needs avo:
//
//	go run . -out ../kernel_amd64.s -stubs ../kernel_amd64.go -pkg adler32
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// eight returns a constant of eight words, which go down by one from the first.
func eight(name string, first int) reg.VecVirtual {
	m := GLOBL(name, 24) // RODATA|NOPTR
	for i := range 8 {
		DATA(2*i, U16(uint16(first-i)))
	}
	v := XMM()
	MOVOU(m, v)
	return v
}

func main() {
	ConstraintExpr("!purego")
	TEXT("sumSSE2", 0x4 /* NOSPLIT */, "func(p *byte, n int) (sum, before, weighed uint64)")
	Pragma("noescape")
	Doc("sumSSE2 returns, for n bytes in groups of 16, at most 1 MiB: their sum, the sum of the sums before each group,",
		"and the sum of all bytes times 16 for the first of a group down to 1 for the last.")
	p, n := Load(Param("p"), GP64()), Load(Param("n"), GP64())
	upper, lower := eight("upper", 16), eight("lower", 8)
	zero, sum, before, weighed := XMM(), XMM(), XMM(), XMM()
	for _, v := range []reg.VecVirtual{zero, sum, before, weighed} {
		PXOR(v, v)
	}
	end := GP64()
	LEAQ(Mem{Base: p, Index: n, Scale: 1}, end)
	Label("loop")
	CMPQ(p, end)
	JGE(LabelRef("done"))
	PADDQ(sum, before)
	v, lo, hi := XMM(), XMM(), XMM()
	MOVOU(Mem{Base: p}, v)
	MOVO(v, lo)
	MOVO(v, hi)
	PUNPCKLBW(zero, lo)
	PUNPCKHBW(zero, hi)
	PMADDWL(upper, lo)
	PMADDWL(lower, hi)
	PADDL(lo, weighed)
	PADDL(hi, weighed)
	PSADBW(zero, v)
	PADDQ(v, sum)
	ADDQ(Imm(16), p)
	JMP(LabelRef("loop"))
	Label("done")
	// The four lanes of weighed are below 2³¹ and have no sign.
	more := XMM()
	MOVO(weighed, more)
	PUNPCKLLQ(zero, weighed)
	PUNPCKHLQ(zero, more)
	PADDQ(more, weighed)
	for i, v := range []reg.VecVirtual{sum, before, weighed} {
		w := XMM()
		MOVO(v, w)
		PSRLO(Imm(8), w)
		PADDQ(w, v)
		r := GP64()
		MOVQ(v, r)
		Store(r, ReturnIndex(i))
	}
	RET()
	Generate()
}
