// Command asm writes the kernel of package inflate for amd64, with instructions that all such machines have. It is a
// module of its own, so that nobody who imports the library needs avo:
//
//	GOFLAGS=-mod=mod go run . -out ../kernel_amd64.s -stubs ../kernel_amd64.go -pkg inflate
//
// The kernel is the method plain of fast.go, step by step, with the same margins at the ends of both slices, except that it
// copies matches by sixteen bytes. It keeps the bits and all places in registers, of which Go's compiler spills one in
// the chain from one code to the next.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// These equal the constants of table.go and kernel_call_amd64.go.
const (
	litBits, distBits = 11, 8

	entryLiterals = 0xc0
	entryLink     = 1 << 12
	entryEnd      = 1 << 13
	entryWrong    = 1 << 14
	entryKind     = entryLink | entryEnd | entryWrong

	stopLimit, stopEnd, stopLiteral, stopDistance, stopStart = 0, 1, 2, 3, 4
)

// The registers that live through the loop.
var (
	out, in             reg.GPVirtual // addresses of the next byte
	lastOut, lastIn     reg.GPVirtual // addresses behind which the loop stops
	start               reg.GPVirtual // the address of the result
	hold, count         reg.GPVirtual
	lit, dist           reg.GPVirtual // addresses of the tables
	index, word, offset reg.GPVirtual // of use within a step
)

// The entry at hand is in CX, so that shifts can use its number of bits as it is: they take six bits of CL.

// refill fills hold with 56 bits or more. It uses CX.
func refill() {
	ANDL(Imm(63), count.As32())
	MOVL(count.As32(), reg.ECX)
	MOVQ(Mem{Base: in}, word)
	SHLQ(reg.CL, word)
	ORQ(word, hold)
	MOVL(U32(63), word.As32())
	SUBL(count.As32(), word.As32())
	SHRL(Imm(3), word.As32())
	ADDQ(word, in)
	ORL(Imm(56), count.As32())
}

// look loads the entry of the next bits from a first table.
func look(table reg.GPVirtual, n int) {
	MOVL(hold.As32(), index.As32())
	ANDL(U32(1<<n-1), index.As32())
	MOVL(Mem{Base: table, Index: index, Scale: 4}, reg.ECX)
}

// use takes the bits of the entry. What stands above its number of bits is a multiple of 64, which refill removes.
func use() {
	SHRQ(reg.CL, hold)
	SUBL(reg.ECX, count.As32())
}

// follow replaces the entry, a link behind a first table of n bits, by what it leads to.
func follow(table reg.GPVirtual, n int) {
	SHRQ(Imm(uint64(n)), hold)
	SUBL(Imm(uint64(n)), count.As32())
	MOVL(reg.ECX, index.As32())
	SHRL(Imm(16), index.As32())
	below(8)
	ADDQ(word, index)
	MOVL(Mem{Base: table, Index: index, Scale: 4}, reg.ECX)
}

// below sets word to as many of the next bits as four bits of the entry state, which start at a place. It changes CX.
func below(at uint64) {
	SHRL(Imm(at), reg.ECX)
	ANDL(Imm(15), reg.ECX)
	mask()
}

// mask sets word to the next CL bits.
func mask() {
	MOVQ(U32(1), word)
	SHLQ(reg.CL, word)
	DECQ(word)
	ANDQ(hold, word)
}

// value sets to to the length or distance of the entry, and takes its bits.
func value(to reg.GPVirtual) {
	mask()
	MOVL(reg.ECX, to.As32())
	MOVL(reg.ECX, index.As32())
	use()
	MOVL(index.As32(), reg.ECX)
	SHRL(Imm(8), reg.ECX)
	ANDL(Imm(15), reg.ECX)
	SHRQ(reg.CL, word)
	SHRL(Imm(16), to.As32())
	ADDQ(word, to)
}

// load returns a register with a parameter.
func load(name string) reg.GPVirtual {
	r := GP64()
	Load(Param(name), r)
	return r
}

func main() {
	ConstraintExpr("!purego")
	TEXT("decodeFast", 0x4 /* NOSPLIT */, "func(dst *byte, out, lastOut int, src *byte, in, lastIn int, "+
		"hold, count uint64, lit, dist *uint32) (newOut, newIn int, newHold, newCount, stop uint64)")
	Pragma("noescape")
	Doc("decodeFast decodes symbols from out and in on until one of them is above its last value, and returns where it",
		"stopped, and why. dst has to have fastOut bytes from lastOut on, and src fastIn bytes from lastIn on.")
	start = load("dst")
	out, lastOut = load("out"), load("lastOut")
	ADDQ(start, out)
	ADDQ(start, lastOut)
	in, lastIn = load("in"), load("lastIn")
	src := load("src")
	ADDQ(src, in)
	ADDQ(src, lastIn)
	hold, count, lit, dist = load("hold"), load("count"), load("lit"), load("dist")
	index, word, offset = GP64(), GP64(), GP64()

	Label("loop")
	CMPQ(in, lastIn)
	JA(LabelRef("limit"))
	CMPQ(out, lastOut)
	JA(LabelRef("limit"))
	refill()
	look(lit, litBits)
	TESTB(U8(entryLiterals), reg.CL)
	JZ(LabelRef("other"))
	for i := range 4 {
		if i > 0 {
			look(lit, litBits)
			TESTB(U8(entryLiterals), reg.CL)
			JZ(LabelRef("refilled"))
		}
		MOVL(reg.ECX, word.As32())
		SHRL(Imm(8), word.As32())
		MOVL(word.As32(), Mem{Base: out})
		use()
		SHRL(Imm(6), reg.ECX)
		ANDL(Imm(3), reg.ECX)
		ADDQ(reg.RCX, out)
	}
	JMP(LabelRef("loop"))

	Label("refilled")
	MOVL(reg.ECX, index.As32())
	refill()
	MOVL(index.As32(), reg.ECX)
	Label("other")
	TESTL(U32(entryKind), reg.ECX)
	JZ(LabelRef("length"))
	TESTL(U32(entryLink), reg.ECX)
	JZ(LabelRef("special"))
	follow(lit, litBits)
	TESTB(U8(entryLiterals), reg.CL)
	JZ(LabelRef("special"))
	MOVL(reg.ECX, word.As32())
	SHRL(Imm(8), word.As32())
	MOVB(word.As8(), Mem{Base: out})
	INCQ(out)
	use()
	JMP(LabelRef("loop"))
	stop := GP64()
	Label("special")
	MOVL(U32(stopLiteral), stop.As32())
	TESTL(U32(entryWrong), reg.ECX)
	JNZ(LabelRef("return"))
	TESTL(U32(entryEnd), reg.ECX)
	JZ(LabelRef("length"))
	use()
	MOVL(U32(stopEnd), stop.As32())
	JMP(LabelRef("return"))

	length := GP64()
	Label("length")
	value(length)
	look(dist, distBits)
	TESTL(U32(entryKind), reg.ECX)
	JZ(LabelRef("distance"))
	TESTL(U32(entryLink), reg.ECX)
	JZ(LabelRef("wrong"))
	follow(dist, distBits)
	Label("wrong")
	MOVL(U32(stopDistance), stop.As32())
	TESTL(U32(entryWrong), reg.ECX)
	JNZ(LabelRef("return"))
	Label("distance")
	value(offset)
	copyMatch(length, stop)

	Label("limit")
	XORL(stop.As32(), stop.As32())
	Label("return")
	Load(Param("src"), word)
	SUBQ(start, out)
	SUBQ(word, in)
	ANDL(Imm(63), count.As32())
	for i, r := range []reg.GPVirtual{out, in, hold, count, stop} {
		Store(r, ReturnIndex(i))
	}
	RET()
	Generate()
}

// copyMatch copies length bytes, and the rest of the last word, from offset bytes before.
func copyMatch(length, stop reg.GPVirtual) {
	from, end := word, index // which are free
	MOVL(U32(stopStart), stop.As32())
	MOVQ(out, from)
	SUBQ(start, from)
	CMPQ(offset, from)
	JA(LabelRef("return"))
	MOVQ(out, from)
	SUBQ(offset, from)
	LEAQ(Mem{Base: out, Index: length, Scale: 1}, end)
	CMPQ(offset, Imm(16))
	JB(LabelRef("near"))
	x := XMM()
	Label("wide")
	MOVOU(Mem{Base: from}, x)
	MOVOU(x, Mem{Base: out})
	ADDQ(Imm(16), from)
	ADDQ(Imm(16), out)
	CMPQ(out, end)
	JB(LabelRef("wide"))
	MOVQ(end, out)
	JMP(LabelRef("loop"))

	Label("near")
	w := length // which is in end
	CMPQ(offset, Imm(8))
	JB(LabelRef("pattern"))
	Label("words")
	MOVQ(Mem{Base: from}, w)
	MOVQ(w, Mem{Base: out})
	ADDQ(Imm(8), from)
	ADDQ(Imm(8), out)
	CMPQ(out, end)
	JB(LabelRef("words"))
	MOVQ(end, out)
	JMP(LabelRef("loop"))

	// The pattern fills a word by repetition, and the word is written at steps of whole patterns. Those of a distance
	// are four bits of a constant.
	Label("pattern")
	MOVQ(Mem{Base: from}, w)
	MOVL(offset.As32(), reg.ECX)
	SHLL(Imm(3), reg.ECX)
	MOVQ(U32(1), from)
	SHLQ(reg.CL, from)
	DECQ(from)
	ANDQ(from, w)
	for _, least := range []uint64{8, 4, 2} { // a shift by 64 or more would have to leave nothing
		if least < 8 {
			CMPQ(offset, Imm(least))
			JAE(LabelRef("repeated"))
			ADDL(reg.ECX, reg.ECX)
		}
		MOVQ(w, from)
		SHLQ(reg.CL, from)
		ORQ(from, w)
	}
	Label("repeated")
	MOVL(offset.As32(), reg.ECX)
	SHLL(Imm(2), reg.ECX)
	MOVL(U32(0x76586888), offset.As32())
	SHRL(reg.CL, offset.As32())
	ANDL(Imm(15), offset.As32())
	Label("repeat")
	MOVQ(w, Mem{Base: out})
	ADDQ(offset, out)
	CMPQ(out, end)
	JB(LabelRef("repeat"))
	MOVQ(end, out)
	JMP(LabelRef("loop"))
}
