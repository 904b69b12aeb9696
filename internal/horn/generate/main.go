// Command generate writes the assembly of package horn for amd64, and the declarations of its functions. It is a module of
// its own, so that the library does not depend on avo. In its folder:
//
//	go run . -out ../rows_amd64.s -stubs ../rows_amd64.go -pkg horn
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/buildtags"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	Constraint(buildtags.Not("purego").ToConstraint())
	gradients()
	percents()
	shades(1, "shadesOfOne", "shadesOfOne computes shades by the first light of pixels 0 to n, which is a multiple of 4.")
	shades(5, "shadesOfMany", "shadesOfMany computes shades by all lights of pixels 0 to n, which is a multiple of 4.")
	aspects()
	Generate()
}

// heights are three rows of heights, of which two columns are loaded at a time.
type heights struct {
	above, at, below Register
	column, fall     VecVirtual // of the two columns that were loaded last
	fx, fy           VecVirtual
	// At the beginning of a loop's body, column and fall are in these registers.
	columnHome, fallHome VecVirtual
}

// loadHeights loads the parameters above, at, below, fx and fy, and the first two columns.
func loadHeights() *heights {
	h := &heights{
		above: Load(Param("above"), GP64()), at: Load(Param("at"), GP64()), below: Load(Param("below"), GP64()),
		fx: broadcast(Load(Param("fx"), XMM()).(VecVirtual)), fy: broadcast(Load(Param("fy"), XMM()).(VecVirtual)),
	}
	zero := GP64()
	XORQ(zero, zero)
	h.columnHome, h.fallHome = h.columns(zero, 0)
	h.column, h.fall = h.columnHome, h.fallHome
	return h
}

// end ends a loop's body.
func (h *heights) end() {
	MOVAPD(h.column, h.columnHome)
	MOVAPD(h.fall, h.fallHome)
	h.column, h.fall = h.columnHome, h.fallHome
}

// columns returns the weighted sums of the heights of columns x + offset and the next, and how much the lowest is above
// the topmost.
func (h *heights) columns(x Register, offset int) (sum, fall VecVirtual) {
	sum, m := XMM(), XMM()
	b := XMM()
	at := func(row Register) Mem { return Mem{Base: row, Index: x, Scale: 4, Disp: 4 * offset} }
	CVTPS2PD(at(h.above), sum)
	CVTPS2PD(at(h.at), m)
	CVTPS2PD(at(h.below), b)
	fall = XMM()
	MOVAPD(b, fall)
	SUBPD(sum, fall)
	ADDPD(m, m)
	ADDPD(m, sum)
	ADDPD(b, sum)
	return sum, fall
}

// gradient returns the gradients of pixels x + offset and the next.
func (h *heights) gradient(x Register, offset int) (east, south VecVirtual) {
	column, fall := h.columns(x, offset+2)
	east = XMM()
	MOVAPD(column, east)
	SUBPD(h.column, east)
	MULPD(h.fx, east)
	between := XMM()
	MOVAPD(h.fall, between)
	SHUFPD(Imm(1), fall, between)
	south = XMM()
	MOVAPD(h.fall, south)
	ADDPD(between, south)
	ADDPD(fall, between)
	ADDPD(between, south)
	MULPD(h.fy, south)
	h.column, h.fall = column, fall
	return east, south
}

// loop repeats body for pixels 0, step, 2 step and so on up to the parameter n.
func loop(step uint64, body func(x Register)) {
	n := Load(Param("n"), GP64())
	x := GP64()
	XORQ(x, x)
	Label("loop")
	CMPQ(x, n)
	JGE(LabelRef("done"))
	body(x)
	ADDQ(Imm(step), x)
	JMP(LabelRef("loop"))
	Label("done")
}

func broadcast(v VecVirtual) VecVirtual {
	UNPCKLPD(v, v)
	return v
}

// constant returns a register that holds a number twice.
func constant(v float64) VecVirtual {
	bits, x := GP64(), XMM()
	MOVQ(U64(math.Float64bits(v)), bits)
	MOVQ(bits, x)
	return broadcast(x)
}

func zero() VecVirtual {
	x := XMM()
	XORPD(x, x)
	return x
}

// square returns (first + p²) + q², without first if it is nil.
func square(first, p, q VecVirtual) VecVirtual {
	s, t := XMM(), XMM()
	MOVAPD(p, s)
	MULPD(s, s)
	if first != nil {
		ADDPD(first, s)
	}
	MOVAPD(q, t)
	MULPD(t, t)
	ADDPD(t, s)
	return s
}

// spoil makes sum no number if v is infinite or no number.
func spoil(sum, v VecVirtual) {
	t := XMM()
	MOVAPD(v, t)
	SUBPD(v, t)
	ADDPD(t, sum)
}

// storeRare stores in the result whether either half of flags has a sign.
func storeRare(flags VecVirtual) {
	bits := GP32()
	MOVMSKPD(flags, bits)
	TESTL(bits, bits)
	rare := GP8()
	SETNE(rare)
	Store(rare, ReturnIndex(0))
	RET()
}

// storeSpoilt stores in the result whether sum is no number.
func storeSpoilt(sum VecVirtual) {
	CMPPD(sum, sum, Imm(3)) // unordered
	storeRare(sum)
}

func gradients() {
	TEXT("gradientsOf", NOSPLIT, "func(east, south *float64, above, at, below *float32, fx, fy float64, n int)")
	Doc("gradientsOf computes gradients of pixels 0 to n, which is a multiple of 2.")
	Pragma("noescape")
	east, south := Load(Param("east"), GP64()), Load(Param("south"), GP64())
	h := loadHeights()
	loop(2, func(x Register) {
		p, q := h.gradient(x, 0)
		MOVUPD(p, Mem{Base: east, Index: x, Scale: 8})
		MOVUPD(q, Mem{Base: south, Index: x, Scale: 8})
		h.end()
	})
	RET()
}

func percents() {
	TEXT("percentsOf", NOSPLIT, "func(dst, above, at, below *float32, fx, fy float64, n int) bool")
	Doc("percentsOf computes slopes of pixels 0 to n, which is a multiple of 2, and reports whether there is one that no",
		"float32 holds.")
	Pragma("noescape")
	dst := Load(Param("dst"), GP64())
	h := loadHeights()
	hundred, most, rare := constant(100), constant(math.MaxFloat32), zero()
	loop(2, func(x Register) {
		p, q := h.gradient(x, 0)
		v := square(nil, p, q)
		SQRTPD(v, v)
		MULPD(hundred, v)
		over := XMM()
		MOVAPD(v, over)
		CMPPD(most, over, Imm(6)) // not less or equal
		ORPD(over, rare)
		single := XMM()
		CVTPD2PS(v, single)
		MOVSD(single, Mem{Base: dst, Index: x, Scale: 4})
		h.end()
	})
	storeRare(rare)
}

func shades(lights int, name, doc string) {
	TEXT(name, NOSPLIT, "func(dst *uint8, above, at, below *float32, fx, fy float64, lights *[5][3][2]float64, overhead float64, n int) bool")
	Doc(doc, "It reports whether there is a shade that is no number.")
	Pragma("noescape")
	dst := Load(Param("dst"), GP64())
	h := loadHeights()
	one, sum := constant(1), zero()
	least := constant(math.Float64frombits(1<<63 | 1<<31)) // the whole numbers that SSE makes of what is none
	base := Load(Param("lights"), GP64())
	load := func(light, i int) VecVirtual {
		v := XMM()
		MOVUPD(Mem{Base: base, Disp: 16 * (3*light + i)}, v)
		return v
	}
	var up, east, north, spoilt VecVirtual
	if lights > 1 {
		spoilt = zero()
	}
	if lights == 1 {
		up, east, north = load(0, 0), load(0, 1), load(0, 2)
	}
	lit := func(light int, p, q VecVirtual) VecVirtual {
		v := XMM()
		if lights == 1 {
			MOVAPD(north, v)
			MULPD(q, v)
			ADDPD(up, v)
		} else { // there are no registers for all of them
			v = load(light, 2)
			MULPD(q, v)
			ADDPD(load(light, 0), v)
		}
		t := XMM()
		if lights == 1 {
			MOVAPD(east, t)
		} else {
			t = load(light, 1)
		}
		MULPD(p, t)
		SUBPD(t, v)
		return v
	}
	two := func(x Register, offset int) VecVirtual {
		p, q := h.gradient(x, offset)
		root := square(one, p, q)
		var v VecVirtual
		if lights == 1 {
			v = lit(0, p, q)
		} else {
			spoil(spoilt, root) // shares that are not below 0 may not show it
			v = broadcast(Load(Param("overhead"), XMM()).(VecVirtual))
			for i := range lights {
				l := lit(i, p, q)
				positive := zero()
				MAXPD(l, positive) // l if it is no number
				ADDPD(positive, v)
			}
		}
		SQRTPD(root, root)
		DIVPD(root, v)
		whole := XMM()
		CVTTPD2PL(v, whole)
		return whole
	}
	loop(4, func(x Register) {
		a := two(x, 0)
		b := two(x, 2)
		PUNPCKLQDQ(b, a)
		none := XMM()
		MOVAPD(a, none)
		PCMPEQL(least, none)
		POR(none, sum)
		PACKSSLW(a, a)
		PACKUSWB(a, a)
		MOVSS(a, Mem{Base: dst, Index: x, Scale: 1}) // four bytes
		h.end()
	})
	if lights > 1 {
		CMPPD(spoilt, spoilt, Imm(3)) // unordered
		POR(spoilt, sum)
	}
	bytes := GP32()
	PMOVMSKB(sum, bytes)
	TESTL(bytes, bytes)
	rare := GP8()
	SETNE(rare)
	Store(rare, ReturnIndex(0))
	RET()
}

func aspects() {
	TEXT("aspectsOf", NOSPLIT, "func(dst, above, at, below *float32, fx, fy float64, arcs *[256][4]float64, octants *[64][4]float64, n int) bool")
	Doc("aspectsOf computes directions of pixels 0 to n, which is a multiple of 2, and reports whether there is one that is",
		"no number.")
	Pragma("noescape")
	dst := Load(Param("dst"), GP64())
	arcs, octants := Load(Param("arcs"), GP64()), Load(Param("octants"), GP64())
	h := loadHeights()
	sum := zero()
	sign := constant(math.Copysign(0, -1))
	pieces, north, flat := constant(ArcPieces), constant(BelowNorth), constant(-1)
	loop(2, func(x Register) {
		east, south := h.gradient(x, 0)
		XORPD(sign, east)
		w, s, e := GP64(), GP64(), GP64()
		MOVMSKPD(east, w.As32())
		MOVMSKPD(south, s.As32())
		toEast, toNorth := XMM(), XMM()
		MOVAPD(sign, toEast)
		ANDNPD(east, toEast)
		MOVAPD(sign, toNorth)
		ANDNPD(south, toNorth)
		more := XMM()
		MOVAPD(toNorth, more)
		CMPPD(toEast, more, Imm(1)) // less
		MOVMSKPD(more, e.As32())
		both, most := XMM(), XMM()
		MOVAPD(toEast, both)
		ADDPD(toNorth, both)
		spoil(sum, both)
		MOVAPD(toEast, most)
		MAXPD(toNorth, most)
		MINPD(toNorth, toEast)
		DIVPD(most, toEast)
		ratio := toEast

		place := XMM()
		MOVAPD(ratio, place)
		MULPD(pieces, place)
		CVTTPD2PL(place, place)
		first, second := GP64(), GP64()
		MOVQ(place, first)
		MOVQ(first, second)
		SHRQ(Imm(32), second)
		ANDL(Imm(255), first.As32())
		ANDL(Imm(255), second.As32())
		SHLQ(Imm(5), first)
		SHLQ(Imm(5), second)
		c := func(offset int) (lo, hi VecVirtual) {
			lo, other := XMM(), XMM()
			hi = XMM()
			MOVUPD(Mem{Base: arcs, Index: first, Scale: 1, Disp: offset}, lo)
			MOVUPD(Mem{Base: arcs, Index: second, Scale: 1, Disp: offset}, other)
			MOVAPD(lo, hi)
			UNPCKLPD(other, lo)
			UNPCKHPD(other, hi)
			return lo, hi
		}
		c0, c1 := c(0)
		c2, c3 := c(16)
		MULPD(ratio, c1)
		ADDPD(c1, c0)
		MULPD(ratio, c3)
		ADDPD(c3, c2)
		MULPD(ratio, ratio)
		MULPD(ratio, c2)
		ADDPD(c2, c0)

		LEAQ(Mem{Base: w, Index: s, Scale: 4}, w)
		SHLQ(Imm(4), e)
		ADDQ(e, w)
		SHLQ(Imm(5), w)
		from, signs := XMM(), XMM()
		MOVUPD(Mem{Base: octants, Index: w, Scale: 1}, from)
		MOVUPD(Mem{Base: octants, Index: w, Scale: 1, Disp: 16}, signs)
		MULPD(signs, c0)
		ADDPD(c0, from)
		again := XMM()
		MOVAPD(north, again)
		CMPPD(from, again, Imm(2)) // less or equal
		ANDNPD(from, again)
		none := zero()
		CMPPD(most, none, Imm(0)) // equal
		minus := XMM()
		MOVAPD(none, minus)
		ANDPD(flat, minus)
		ANDNPD(again, none)
		ORPD(minus, none)
		single := XMM()
		CVTPD2PS(none, single)
		MOVSD(single, Mem{Base: dst, Index: x, Scale: 4})
		h.end()
	})
	storeSpoilt(sum)
}

// What package horn says, too; its test compares the two.
const (
	ArcPieces  = 128
	BelowNorth = 360 - 0x1p-16
)
