package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The constants of transform.go, times 2¹³.
const (
	fix0298631336 = 2446
	fix0390180644 = 3196
	fix0541196100 = 4433
	fix0765366865 = 6270
	fix0899976223 = 7373
	fix1175875602 = 9633
	fix1501321110 = 12299
	fix1847759065 = 15137
	fix1961570560 = 16069
	fix2053119869 = 16819
	fix2562915447 = 20995
	fix3072711026 = 25172
)

// A sum is a·x + b·y: the factors of PMADDWL, in a constant.
type sum struct{ mem Mem }

func sumOf(name string, a, b int16) sum { return sum{words(name, a, b)} }

// of returns the sums of interleaved words.
func (s sum) of(lo, hi vec) (vec, vec) {
	c := load(s.mem)
	l := copied(c)
	PMADDWL(lo, l)
	PMADDWL(hi, c)
	return l, c
}

// sums are the products of cosines, where each output is the sum of two of them at most.
type sums struct{ d2, d6, z3, z4, d7, d1, d5, d3 sum }

func newSums() sums {
	return sums{
		d2: sumOf("d2", fix0541196100+fix0765366865, fix0541196100), // of e3 and e2
		d6: sumOf("d6", fix0541196100, fix0541196100-fix1847759065),
		z3: sumOf("z3", fix1175875602-fix1961570560, fix1175875602), // of d3+d1 and d2+d0
		z4: sumOf("z4", fix1175875602, fix1175875602-fix0390180644),
		d7: sumOf("d7", fix0298631336-fix0899976223, -fix0899976223), // of d3 and d0
		d1: sumOf("d1", -fix0899976223, fix1501321110-fix0899976223),
		d5: sumOf("d5", fix2053119869-fix2562915447, -fix2562915447), // of d2 and d1
		d3: sumOf("d3", -fix2562915447, fix3072711026-fix2562915447),
	}
}

// cosines transforms vectors of eight words, and passes on the outputs as they come, in 16 bits those that are not
// scaled.
func (s *sums) cosines(in [8]vec, plain func(k int, v vec), scaled func(k int, lo, hi vec)) {
	for k := range 4 { // sums to in[k], differences to in[7-k]
		d := copied(in[k])
		PSUBW(in[7-k], d)
		PADDW(in[7-k], in[k])
		in[7-k] = d
	}
	e3 := copied(in[0])
	PSUBW(in[3], e3)
	PADDW(in[3], in[0])
	e2 := copied(in[1])
	PSUBW(in[2], e2)
	PADDW(in[2], in[1])
	e0, e1 := in[0], in[1]
	o4 := copied(e0)
	PSUBW(e1, o4)
	PADDW(e1, e0)
	plain(0, e0)
	plain(4, o4)
	lo, hi := interleaved(e3, e2)
	l, h := s.d2.of(lo, hi)
	scaled(2, l, h)
	l, h = s.d6.of(lo, hi)
	scaled(6, l, h)

	d0, d1, d2, d3 := in[7], in[6], in[5], in[4]
	a, b := copied(d3), copied(d2)
	PADDW(d1, a)
	PADDW(d0, b)
	lo, hi = interleaved(a, b)
	z3l, z3h := s.z3.of(lo, hi)
	z4l, z4h := s.z4.of(lo, hi)
	for _, pair := range []struct {
		x, y   vec
		f3, f4 sum
		k3, k4 int
	}{{d3, d0, s.d7, s.d1, 7, 1}, {d2, d1, s.d3, s.d5, 3, 5}} {
		lo, hi := interleaved(pair.x, pair.y)
		l, h := pair.f3.of(lo, hi)
		PADDL(z3l, l)
		PADDL(z3h, h)
		scaled(pair.k3, l, h)
		l, h = pair.f4.of(lo, hi)
		PADDL(z4l, l)
		PADDL(z4h, h)
		scaled(pair.k4, l, h)
	}
}

// transposed swaps the rows and columns of eight vectors of eight words.
func transposed(v [8]vec) [8]vec {
	type unpack func(a, b Op)
	stage := func(v [8]vec, pairs [4][2]int, low, high unpack) (out [8]vec) {
		for i, p := range pairs {
			lo := copied(v[p[0]])
			low(v[p[1]], lo)
			high(v[p[1]], v[p[0]])
			out[2*i], out[2*i+1] = lo, v[p[0]]
		}
		return out
	}
	// Columns 0 to 3 of rows 0 and 1, then 4 to 7 of these, and so on.
	v = stage(v, [4][2]int{{0, 1}, {2, 3}, {4, 5}, {6, 7}},
		func(a, b Op) { PUNPCKLWL(a, b) }, func(a, b Op) { PUNPCKHWL(a, b) })
	// Columns 0 and 1 of rows 0 to 3, then 2 and 3, and so on; the same of rows 4 to 7.
	v = stage(v, [4][2]int{{0, 2}, {1, 3}, {4, 6}, {5, 7}},
		func(a, b Op) { PUNPCKLLQ(a, b) }, func(a, b Op) { PUNPCKHLQ(a, b) })
	return stage(v, [4][2]int{{0, 4}, {1, 5}, {2, 6}, {3, 7}},
		func(a, b Op) { PUNPCKLQDQ(a, b) }, func(a, b Op) { PUNPCKHQDQ(a, b) })
}

// transform makes transformSSE2. The parts of its table begin at these bytes; half steps at 0.
func transform() {
	const halfWords, times, scale = 256, 288, 416
	TEXT("transformSSE2", 0x4 /* NOSPLIT */, "func(out *[64]int16, t *[272]uint16, pix *uint8, stride int) (set uint64)")
	Pragma("noescape")
	Doc("transformSSE2 writes the quantised cosine transform of 8 by 8 samples to out, columns of frequencies one after",
		"the other, and returns a bit for each that is not zero.")
	out, table := Load(Param("out"), GP64()), Load(Param("t"), GP64())
	pix, stride := Load(Param("pix"), GP64()), Load(Param("stride"), GP64())
	s := newSums()

	middle := words("middle", 128, 128)
	round := longs("round", 1<<10)
	var v [8]vec
	for y := range v {
		v[y] = XMM()
		MOVQ(Mem{Base: pix}, v[y])
		if y < 7 {
			ADDQ(stride, pix)
		}
	}
	zero, m := XMM(), load(middle)
	PXOR(zero, zero)
	for y := range v {
		PUNPCKLBW(zero, v[y])
		PSUBW(m, v[y])
	}

	var half [8]vec
	s.cosines(v, func(k int, v vec) {
		PSLLW(Imm(2), v)
		half[k] = v
	}, func(k int, lo, hi vec) {
		r := load(round)
		PADDL(r, lo)
		PADDL(r, hi)
		PSRAL(Imm(11), lo)
		PSRAL(Imm(11), hi)
		PACKSSLW(hi, lo)
		half[k] = lo
	})

	// What is left are |v| of 16 bits without sign; n is less than 2¹¹. The quotient is n·times/2¹⁵ / 2^k.
	finish := func(k int, n, sign vec) {
		PSLLW(Imm(2), n)
		PMULHUW(load(Mem{Base: table, Disp: times + 16*k}), n)
		PMULHUW(load(Mem{Base: table, Disp: scale + 16*k}), n)
		PXOR(sign, n)
		PSUBW(sign, n)
		MOVOU(n, Mem{Base: out, Disp: 16 * k})
	}
	s.cosines(transposed(half), func(k int, v vec) {
		sign := copied(v)
		PSRAW(Imm(15), sign)
		PXOR(sign, v)
		PSUBW(sign, v)
		PADDW(load(Mem{Base: table, Disp: halfWords + 16*(k/4)}), v)
		PSRLW(Imm(5), v)
		finish(k, v, sign)
	}, func(k int, lo, hi vec) {
		magnitude := func(v vec, at int) (sign vec) {
			sign = copied(v)
			PSRAL(Imm(31), sign)
			PXOR(sign, v)
			PSUBL(sign, v)
			PADDL(load(Mem{Base: table, Disp: 32*k + at}), v)
			PSRLL(Imm(18), v)
			return sign
		}
		sign := magnitude(lo, 0)
		more := magnitude(hi, 16)
		PACKSSLW(hi, lo)
		PACKSSLW(more, sign)
		finish(k, lo, sign)
	})

	set, part := GP64(), GP64()
	none := XMM()
	PXOR(none, none)
	for i := 3; i >= 0; i-- {
		v := load(Mem{Base: out, Disp: 32 * i})
		PACKSSWB(load(Mem{Base: out, Disp: 32*i + 16}), v)
		PCMPEQB(none, v)
		to := part
		if i == 3 {
			to = set
		}
		PMOVMSKB(v, to.As32())
		if i < 3 {
			SHLQ(Imm(16), set)
			ORQ(part, set)
		}
	}
	NOTQ(set)
	Store(set, ReturnIndex(0))
	RET()
}
