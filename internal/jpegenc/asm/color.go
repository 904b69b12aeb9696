package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The factors of color.go.
const (
	yR, yG, yB = 19595, 38470, 7471
	bR, bG     = 11059, 21709
	rG, rB     = 27439, 5329
)

// eachEight runs body for each eight results, with the number of those before in at.
func eachEight(body func(at reg.GPVirtual)) {
	n, at := Load(Param("n"), GP64()), GP64()
	XORQ(at, at)
	Label("loop")
	CMPQ(at, n)
	JGE(LabelRef("done"))
	body(at.(reg.GPVirtual))
	ADDQ(Imm(8), at)
	JMP(LabelRef("loop"))
	Label("done")
	RET()
}

// pack8 stores eight bytes of two vectors of four numbers each.
func pack8(lo, hi vec, to Op) {
	PACKSSLW(hi, lo)
	PACKUSWB(lo, lo)
	MOVQ(lo, to)
}

func luma() {
	TEXT("lumaSSE2", 0x4, "func(y, red, green, blue *uint8, n int)")
	Pragma("noescape")
	Doc("lumaSSE2 computes the luma of n pixels, a multiple of eight.")
	var p [4]reg.Register
	for i, name := range []string{"y", "red", "green", "blue"} {
		p[i] = Load(Param(name), GP64())
	}
	// 16 bits are too few for the factor of green, which is therefore in two.
	redGreen, blueGreen := load(words("yrg", yR, yG-16384)), load(words("ybg", yB, 16384))
	nearest := load(longs("ynearest", 1<<15))
	zero := XMM()
	PXOR(zero, zero)
	eachEight(func(at reg.GPVirtual) {
		var v [3]vec
		for i := range v {
			v[i] = XMM()
			MOVQ(Mem{Base: p[i+1], Index: at, Scale: 1}, v[i])
			PUNPCKLBW(zero, v[i])
		}
		lo, hi := interleaved(v[0], copied(v[1]))
		lo2, hi2 := interleaved(v[2], v[1])
		PMADDWL(redGreen, lo)
		PMADDWL(redGreen, hi)
		PMADDWL(blueGreen, lo2)
		PMADDWL(blueGreen, hi2)
		for _, v := range [][2]vec{{lo, lo2}, {hi, hi2}} {
			PADDL(v[1], v[0])
			PADDL(nearest, v[0])
			PSRLL(Imm(16), v[0])
		}
		pack8(lo, hi, Mem{Base: p[0], Index: at, Scale: 1})
	})
}

func chromaHalved() {
	TEXT("chromaHalvedSSE2", 0x4, "func(cb, cr, red, green, blue *uint8, below, n int)")
	Pragma("noescape")
	Doc("chromaHalvedSSE2 computes n pixels of chroma, a multiple of eight, each from two by two; the second rows are",
		"below bytes behind the first.")
	var p [5]reg.Register
	for i, name := range []string{"cb", "cr", "red", "green", "blue"} {
		p[i] = Load(Param(name), GP64())
	}
	below := Load(Param("below"), GP64())
	even := words("even", 0x00ff, 0x00ff)
	half := words("half", 16384, 16384)
	offset := longs("offset", (128<<16+1<<15)<<2-1)
	blue, red := words("cbrg", -bR, -bG), words("crgb", -rG, -rB)
	eachEight(func(at reg.GPVirtual) {
		var v [3]vec
		row := GP64()
		for i := range v {
			LEAQ(Mem{Base: p[i+2], Index: at, Scale: 2}, row)
			a, b := load(Mem{Base: row}), load(Mem{Base: row, Index: below, Scale: 1})
			m := load(even)
			sum, other := copied(a), copied(b)
			PAND(m, sum)
			PAND(m, other)
			PSRLW(Imm(8), a)
			PSRLW(Imm(8), b)
			PADDW(other, sum)
			PADDW(a, sum)
			PADDW(b, sum)
			v[i] = sum
		}
		for _, c := range []struct {
			own, x, y vec
			factors   Mem
			to        int
		}{{v[2], v[0], v[1], blue, 0}, {v[0], v[1], v[2], red, 1}} {
			lo, hi := interleaved(copied(c.x), c.y)
			f := load(c.factors)
			PMADDWL(f, lo)
			PMADDWL(f, hi)
			own := copied(c.own)
			lo2, hi2 := interleaved(own, own)
			f = load(half)
			PMADDWL(f, lo2)
			PMADDWL(f, hi2)
			f = load(offset)
			for _, v := range [][2]vec{{lo, lo2}, {hi, hi2}} {
				PADDL(v[1], v[0])
				PADDL(f, v[0])
				PSRLL(Imm(18), v[0])
			}
			pack8(lo, hi, Mem{Base: p[c.to], Index: at, Scale: 1})
		}
	})
}
