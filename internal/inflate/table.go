package inflate

import (
	"math/bits"
	"sync"
)

// An entry is the meaning of a code. Entries are looked up in tables by the next bits of the stream, whose lowest bits
// are the code. Codes that are longer than the index of a table lead to a second table behind the first one, for the
// bits that follow.
//
// The low bits of an entry are
//
//	0-5    the number of bits of the stream that it stands for, extra bits included
//	6-7    the number of literals that it stands for: 0 to 3
//
// With literals, bits 8 to 31 are these, the first one lowest. Two or three literals share an entry where the index has
// room for their codes. Otherwise
//
//	8-11   the length of the code (in a second table, of the rest of it), without extra bits
//	12-14  the kind of entry, unless it is a length or a distance
//	16-31  the least length or distance, to which extra bits are added; or the place of a second table
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

// Second tables are as wide as the longest code needs, at most 2^(15-11) and 2^(15-8) entries. One is made for at least
// two codes, since codes are complete, and no two share a code.
const (
	litTableLen  = 1<<litBits + (288/2)<<(maxCodeLen-litBits)
	distTableLen = 1<<distBits + (32/2)<<(maxCodeLen-distBits)
)

// tables have the codes of a block.
type tables struct {
	lit  [litTableLen]entry
	dist [distTableLen]entry
	// lens are the lengths of the codes, literals and lengths first. They serve to take the first literal of an entry
	// without the others.
	lens [288 + 32]uint8
}

// litEntries and distEntries are the meanings of symbols (RFC 1951, section 3.2.5), without the lengths of their codes:
// the number of bits is that of the extra bits alone.
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

// fixedTables returns the tables of blocks with fixed codes (RFC 1951, section 3.2.6).
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

// build makes the tables: for literals and lengths of the first n lengths in t.lens, for distances of dist. It reports
// whether these are codes.
func (t *tables) build(n int, dist []uint8) bool {
	return build(t.lit[:], litBits, t.lens[:n], litEntries[:]) && build(t.dist[:], distBits, dist, distEntries[:])
}

// build fills a table for codes of the given lengths, 0 for symbols that have no code. entries has the meaning of each
// symbol. The codes are canonical (RFC 1951, section 3.2.2). They must be complete, with two exceptions that zlib makes
// too: a code of a single bit, and none at all. Bits that are no code then lead to entryWrong. It reports whether these
// are codes.
func build(table []entry, indexBits uint, lens []uint8, entries []entry) bool {
	var c codes
	if !c.read(lens) {
		return false
	}
	if c.longest <= 1 {
		c.single(table[:1<<indexBits], entries)
		return true
	}
	code, next := c.first(table, indexBits, entries)
	if c.longest > indexBits {
		c.second(table, indexBits, entries, code, next)
	}
	return true
}

// codes are canonical codes.
type codes struct {
	count   [maxCodeLen + 1]uint16 // number of codes of each length
	sorted  [288]uint16            // symbols, in the order of their codes
	longest uint                   // the greatest length
}

// read takes the lengths of codes, and reports whether they are complete, or one of the exceptions of build.
func (c *codes) read(lens []uint8) bool {
	for _, n := range lens {
		c.count[n]++
	}
	c.longest = maxCodeLen
	for c.longest > 0 && c.count[c.longest] == 0 {
		c.longest--
	}
	used := uint(0) // of all 2^longest codes
	for n := uint(1); n <= c.longest; n++ {
		used += uint(c.count[n]) << (c.longest - n)
	}
	if used != 1<<c.longest && c.longest > 1 || used > 1<<c.longest {
		return false
	}
	var next [maxCodeLen + 2]uint16
	for n := 1; n <= maxCodeLen; n++ {
		next[n+1] = next[n] + c.count[n]
	}
	for s, n := range lens {
		if n != 0 {
			c.sorted[next[n]] = uint16(s)
			next[n]++
		}
	}
	return true
}

// coded returns e for a code of which n bits are in its table.
func coded(e entry, n uint) entry {
	if e&entryLiterals == 0 {
		e |= entry(n) << 8
	}
	return e + entry(n)
}

// single fills a table for one code or two codes of a single bit, or for none.
func (c *codes) single(table, entries []entry) {
	for i := range table {
		table[i] = entryWrong | 1
	}
	for code := range uint(c.count[1]) {
		for i := code; i < uint(len(table)); i += 2 {
			table[i] = coded(entries[c.sorted[code]], 1)
		}
	}
}

// first fills the first table with the codes that fit in its index. It returns the last of these codes plus one, and
// the place in sorted of the next symbol.
func (c *codes) first(table []entry, indexBits uint, entries []entry) (code uint, next int) {
	// The table for n bits is twice the one for n-1 bits, and the codes of n bits besides.
	for n := uint(1); n <= indexBits; n++ {
		if n > 1 {
			copy(table[1<<(n-1):1<<n], table[:1<<(n-1)])
		}
		code <<= 1
		for range c.count[n] {
			table[bits.Reverse16(uint16(code))>>(16-n)] = coded(entries[c.sorted[next]], n)
			code++
			next++
		}
	}
	return code, next
}

// second appends second tables for the codes that are longer than the index of the first one, and links to them. code
// and next are what first returned. Codes with the same first bits are next to each other.
func (c *codes) second(table []entry, indexBits uint, entries []entry, code uint, next int) {
	more := c.longest - indexBits
	end := uint(1) << indexBits
	prefix := ^uint(0)
	start := uint(0)
	for n := indexBits + 1; n <= c.longest; n++ {
		code <<= 1
		for range c.count[n] {
			r := uint(bits.Reverse16(uint16(code)) >> (16 - n))
			if p := r & (1<<indexBits - 1); p != prefix {
				prefix, start = p, end
				end += 1 << more
				table[p] = entry(start)<<16 | entryLink | entry(more)<<8 | entry(indexBits)
			}
			e := coded(entries[c.sorted[next]], n-indexBits)
			for j := r >> indexBits; j < 1<<more; j += 1 << (n - indexBits) {
				table[start+j] = e
			}
			code++
			next++
		}
	}
}

// join adds to the entries of literals the one or two literals that follow them in the index. It takes longer than
// build, and pays from some thousand symbols on.
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
	// After a code of n bits at index i comes the code at i>>n, which is smaller: from the top down, those entries are
	// still as build made them. Only 0 is followed by itself.
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
