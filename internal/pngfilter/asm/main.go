// Command asm writes the kernel of package pngfilter for amd64, in SSE2, which all such machines have. It is a module of
// its own, so that nobody who imports the library needs avo:
//
//	go run . -out ../kernel_amd64.s -stubs ../kernel_amd64.go -pkg pngfilter
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vec is a vector register.
type vec = reg.VecVirtual

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

// over returns x-y in bytes, or 0 if that is negative.
func over(x, y vec) vec {
	d := copied(x)
	PSUBUSB(y, d)
	return d
}

func main() {
	ConstraintExpr("!purego")
	TEXT("filterSSE2", 0x4 /* NOSPLIT */, "func(rows *[4]*byte, costs *[5]uint64, cur, left, up, corner *byte, n int)")
	Pragma("noescape")
	Doc("filterSSE2 writes the differences of n bytes, a multiple of 16, by the filters Sub, Up, Average and Paeth to rows,",
		"and adds their costs and those of the bytes themselves, which come first, to costs.")
	ones := GLOBL("ones", 24)
	for i := range 4 {
		DATA(4*i, U32(0x01010101))
	}
	rows := Load(Param("rows"), GP64())
	var to [4]reg.GPVirtual
	for i := range to {
		to[i] = GP64()
		MOVQ(Mem{Base: rows, Disp: 8 * i}, to[i])
	}
	var from [4]reg.Register
	for i, name := range []string{"cur", "left", "up", "corner"} {
		from[i] = Load(Param(name), GP64())
	}
	n, at := Load(Param("n"), GP64()), GP64()
	var costs [5]vec
	for i := range costs {
		costs[i] = XMM()
		PXOR(costs[i], costs[i])
	}
	// cost adds the absolute values of signed bytes. Of a byte and its opposite, without signs, these are the lesser.
	cost := func(i int, d vec) {
		zero := XMM()
		PXOR(zero, zero)
		negative := copied(zero)
		PSUBB(d, negative)
		PMINUB(negative, d)
		PSADBW(zero, d)
		PADDQ(d, costs[i])
	}
	difference := func(i int, other vec) {
		d := load(Mem{Base: from[0], Index: at, Scale: 1})
		PSUBB(other, d)
		MOVOU(d, Mem{Base: to[i-1], Index: at, Scale: 1})
		cost(i, d)
	}
	XORQ(at, at)
	Label("loop")
	CMPQ(at, n)
	JGE(LabelRef("done"))
	cost(0, load(Mem{Base: from[0], Index: at, Scale: 1}))
	a := load(Mem{Base: from[1], Index: at, Scale: 1})
	difference(1, a)
	b := load(Mem{Base: from[2], Index: at, Scale: 1})
	difference(2, b)

	mean, odd := copied(a), copied(a)
	PAVGB(b, mean) // rounded up
	PXOR(b, odd)
	PAND(load(ones), odd)
	PSUBB(odd, mean)
	difference(3, mean)

	// Paeth's distances are |b-c|, |a-c| and |b-c + a-c|. Where c lies between a and b the last is the difference of the
	// others; elsewhere it is their sum, which is never the least, and may be 255.
	c := load(Mem{Base: from[3], Index: at, Scale: 1})
	bc, cb, ac, ca := over(b, c), over(c, b), over(a, c), over(c, a)
	between, more := copied(bc), copied(cb)
	PMINUB(ca, between)
	PMINUB(ac, more)
	POR(more, between)
	outside := XMM()
	PXOR(outside, outside)
	PCMPEQB(between, outside)
	POR(cb, bc)
	POR(ca, ac)
	pa, pb := bc, ac
	pc, less := over(pa, pb), over(pb, pa)
	POR(less, pc)
	POR(outside, pc)
	PMINUB(pb, pc) // the lesser of both
	PCMPEQB(pc, pb)
	isB := pb
	PMINUB(pa, pc)
	PCMPEQB(pc, pa)
	isA := pa
	PXOR(c, b)
	PAND(isB, b)
	PXOR(c, b) // b or c
	PXOR(b, a)
	PAND(isA, a)
	PXOR(b, a)
	difference(4, a)
	ADDQ(Imm(16), at)
	JMP(LabelRef("loop"))
	Label("done")
	sums := Load(Param("costs"), GP64())
	for i, c := range costs {
		upper := copied(c)
		PSRLO(Imm(8), upper)
		PADDQ(upper, c)
		v := GP64()
		MOVQ(c, v)
		ADDQ(v, Mem{Base: sums, Disp: 8 * i})
	}
	RET()
	Generate()
}
