package inflate

import (
	"math/bits"
	"sync"
)

// Codes are looked up in tables by the next bits of the stream, of which the code is the lowest ones. Codes that are longer
// than the table's index lead to a second table behind the first one, for the bits that follow.
//
// An entry of the tables says in its low bits
//
//	0-5    how many bits of the stream it stands for, extra bits included
//	6-7    how many literals it stands for: 0 to 3
//
// With literals, bits 8 to 31 are these, the first one lowest. Two or three literals are in one entry where the index has
// room for their codes. Otherwise
//
//	8-11   length of the code (of what is left of it, in a second table), without extra bits
//	12-14  what kind it is, unless it is a length or a distance
//	16-31  the least length or distance, to which extra bits are added; the place of a second table
type entry = uint32

const (
	entryBits     = 0x3f // mask
	entryLiterals = 0xc0 // mask
	oneLiteral    = 0x40

	entryLink  = 1 << 12 // to a second table
	entryEnd   = 1 << 13 // of the block
	entryWrong = 1 << 14 // no code, or one without meaning
	entryKind  = entryLink | entryEnd | entryWrong

	litBits  = 11
	distBits = 8

	maxCodeLen = 15
	numLit     = 286 // codes that a dynamic block may use
	numDist    = 30
	endOfBlock = 256
)

// Second tables are as wide as the longest code needs, at most 2^(15-11) and 2^(15-8) entries. One is made for at least two
// codes, since codes are complete, and no two share a code.
const (
	litTableLen  = 1<<litBits + (288/2)<<(maxCodeLen-litBits)
	distTableLen = 1<<distBits + (32/2)<<(maxCodeLen-distBits)
)

// tables are what a block's codes are looked up in.
type tables struct {
	lit  [litTableLen]entry
	dist [distTableLen]entry
	// lens are the lengths of the codes, literals and lengths first. With them, the first literal of an entry can be
	// taken without the others.
	lens [288 + 32]uint8
}

// litEntries and distEntries say what the symbols mean (RFC 1951, section 3.2.5), but for the lengths of their codes.
// Extra bits are in the place of the number of bits.
var (
	litEntries  = makeLitEntries()
	distEntries = makeDistEntries()
)

func makeLitEntries() (e [288]entry) {
	for i := range endOfBlock {
		e[i] = oneLiteral | entry(i)<<8
	}
	e[endOfBlock] = entryEnd
	base := entry(3)
	for i := range entry(28) {
		extra := max(i/4, 1) - 1
		e[257+i] = base<<16 | extra
		base += 1 << extra
	}
	e[285] = 258 << 16
	e[286], e[287] = entryWrong, entryWrong
	return e
}

func makeDistEntries() (e [32]entry) {
	base := entry(1)
	for i := range entry(numDist) {
		extra := max(i/2, 1) - 1
		e[i] = base<<16 | extra
		base += 1 << extra
	}
	e[30], e[31] = entryWrong, entryWrong
	return e
}

// fixedTables are those of blocks with fixed codes (RFC 1951, section 3.2.6).
var fixedTables = sync.OnceValue(func() *tables {
	t := &tables{}
	for i := range 288 {
		switch {
		case i < 144, i >= 280:
			t.lens[i] = 8
		case i < 256:
			t.lens[i] = 9
		default:
			t.lens[i] = 7
		}
	}
	for i := range 32 {
		t.lens[288+i] = 5
	}
	t.build(288, t.lens[288:])
	t.join()
	return t
})

// build makes the tables, of the codes whose lengths are the first n ones of lens and those of dist. It says whether these are
// codes.
func (t *tables) build(n int, dist []uint8) bool {
	return build(t.lit[:], litBits, t.lens[:n], litEntries[:]) && build(t.dist[:], distBits, dist, distEntries[:])
}

// build fills a table for codes of the given lengths, 0 for symbols that have none; of each symbol, entries says what it means. The
// codes are canonical ones (RFC 1951, section 3.2.2). They must be complete, with two exceptions that zlib makes too: a code of a
// single bit, and none at all. Bits that are no code then lead to entryWrong.
func build(table []entry, indexBits uint, lens []uint8, entries []entry) bool {
	var count [maxCodeLen + 1]uint16
	for _, n := range lens {
		count[n]++
	}
	longest := uint(maxCodeLen)
	for longest > 0 && count[longest] == 0 {
		longest--
	}
	used := uint(0) // of all 2^longest codes
	for n := uint(1); n <= longest; n++ {
		used += uint(count[n]) << (longest - n)
	}
	if used != 1<<longest && longest > 1 || used > 1<<longest {
		return false
	}
	if longest <= 1 {
		for i := range table[:1<<indexBits] {
			table[i] = entryWrong | 1
		}
	}

	// Symbols in the order of their codes.
	var at [maxCodeLen + 2]uint16
	for n := 1; n <= maxCodeLen; n++ {
		at[n+1] = at[n] + count[n]
	}
	var sorted [288]uint16
	next := at
	for s, n := range lens {
		if n != 0 {
			sorted[next[n]] = uint16(s)
			next[n]++
		}
	}

	// The table for n bits is twice the one for n-1 bits, and the codes of n bits besides.
	code := uint(0) // the next one, most significant bit first
	i := 0
	for n := uint(1); n <= indexBits; n++ {
		if n > 1 && longest > 1 {
			copy(table[1<<(n-1):1<<n], table[:1<<(n-1)])
		}
		code <<= 1
		for range count[n] {
			e := entries[sorted[i]]
			e += entry(n)
			if e&entryLiterals == 0 {
				e |= entry(n) << 8
			}
			r := bits.Reverse16(uint16(code)) >> (16 - n)
			if longest > 1 {
				table[r] = e
			} else {
				for j := uint(r); j < 1<<indexBits; j += 1 << n {
					table[j] = e
				}
			}
			code++
			i++
		}
	}

	// Second tables. Codes with the same first bits are next to each other.
	if longest <= indexBits {
		return true
	}
	more := longest - indexBits
	end := uint(1) << indexBits
	prefix := ^uint(0)
	start := uint(0)
	for n := indexBits + 1; n <= longest; n++ {
		code <<= 1
		for range count[n] {
			r := uint(bits.Reverse16(uint16(code)) >> (16 - n))
			if p := r & (1<<indexBits - 1); p != prefix {
				prefix, start = p, end
				end += 1 << more
				table[p] = entry(start)<<16 | entryLink | entry(more)<<8 | entry(indexBits)
			}
			e := entries[sorted[i]]
			e += entry(n - indexBits)
			if e&entryLiterals == 0 {
				e |= entry(n-indexBits) << 8
			}
			for j := r >> indexBits; j < 1<<more; j += 1 << (n - indexBits) {
				table[start+j] = e
			}
			code++
			i++
		}
	}
	return true
}

// join puts the literals that follow a literal into its entry, as far as their codes are inside the index. This takes longer than
// the making of the tables did, and pays from some thousand symbols on.
func (t *tables) join() {
	shortest := uint8(maxCodeLen)
	for _, n := range t.lens[:endOfBlock] {
		if n != 0 {
			shortest = min(shortest, n)
		}
	}
	if 2*shortest > litBits {
		return
	}
	// What follows a code of n bits in index i is i>>n, which is smaller: going down, those are still as build made them. But
	// 0 follows 0.
	lit := t.lit[:1<<litBits]
	for i := len(lit) - 1; i >= 0; i-- {
		e := lit[i]
		if e&entryLiterals == 0 {
			continue
		}
		n := e & entryBits
		f := lit[i>>n]
		if f&entryLiterals == 0 || n+f&entryBits > litBits {
			continue
		}
		n += f & entryBits
		e = e&^entryBits + oneLiteral | f&0xff00<<8 | n
		if f = lit[i>>n]; f&entryLiterals != 0 && n+f&entryBits <= litBits {
			n += f & entryBits
			e = e&^entryBits + oneLiteral | f&0xff00<<16 | n
		}
		lit[i] = e
	}
}
