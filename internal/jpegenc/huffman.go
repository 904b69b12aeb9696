package jpegenc

import (
	"encoding/binary"
	"slices"
)

const (
	ones8 = 0x0101010101010101
	high8 = 0x8080808080808080
)

// A huffmanTable is a code as files state it: the numbers of symbols with codes of 1 to 16 bits, and the symbols in
// order of their codes.
type huffmanTable struct {
	counts  [16]uint8
	symbols []uint8
}

// A Code has the codes of all symbols. It is immutable, and so safe for concurrent use.
type Code struct {
	tables [4]huffmanTable
	// words has for each table and symbol, in the lowest 5 bits, the number of bits of its code and of its coefficient
	// together, 16 and 11 at most, and above them the code, shifted to make room for the bits of the coefficient.
	words [4 << 8]uint32
}

// Code returns the shortest code for the symbols that were counted. With others, it has codes for all symbols of
// baseline JPEG, since symbols that were not counted may follow.
func (c *Counts) Code(others bool) *Code {
	code := new(Code)
	for t := range code.tables {
		counts := [256]uint32(c[t<<8:][:256])
		if others {
			for s := range counts {
				if possible(t, s) {
					counts[s]++
				}
			}
		}
		code.tables[t] = newHuffmanTable(&counts)
		next, i := uint32(0), 0
		for n, count := range code.tables[t].counts {
			for range count { // codes of each length are consecutive (T.81, annex C)
				s := code.tables[t].symbols[i]
				values := uint32(s & 15)
				code.words[t<<8|int(s)] = next<<values<<5 | (uint32(n+1) + values)
				next++
				i++
			}
			next <<= 1
		}
	}
	return code
}

// possible reports whether a table may have a symbol, in baseline JPEG (T.81, F.1.2).
func possible(table, symbol int) bool {
	run, n := symbol>>4, symbol&15
	if table%2 == 0 {
		return run == 0 && n <= 11
	}
	return n >= 1 && n <= 10 || symbol == endOfBlock || symbol == sixteenZeros>>symbolShift
}

// newHuffmanTable returns the code for counted symbols, by the procedure of T.81, K.2. No code is longer than 16 bits,
// and none has only ones.
func newHuffmanTable(counts *[256]uint32) huffmanTable {
	depth := codeLengths(counts)
	var lengths [reserved + 1]int // number of codes of each length
	for _, d := range depth {
		if d > 0 {
			lengths[d]++
		}
	}
	shorten(&lengths)
	var t huffmanTable
	for s, count := range counts {
		if count > 0 {
			t.symbols = append(t.symbols, uint8(s))
		}
	}
	slices.SortStableFunc(t.symbols, func(a, b uint8) int { return depth[a] - depth[b] })
	longest := 0
	for n := 1; n <= maxCodeLength; n++ {
		t.counts[n-1] = uint8(lengths[n])
		if lengths[n] > 0 {
			longest = n
		}
	}
	if longest > 0 {
		t.counts[longest-1]-- // the reserved one
	}
	return t
}

const (
	maxCodeLength = 16
	reserved      = 256 // a symbol for the code of ones, which must be one of the longest
)

// A huffmanNode is a tree of symbols that are joined so far: a list that begins with first.
type huffmanNode struct {
	count uint64
	first int
}

// codeLengths returns the lengths of an optimal code for the symbols that occur and the reserved one, and 0 for others.
// It joins the two rarest nodes until one is left; each symbol of both then lies deeper by one.
func codeLengths(counts *[256]uint32) (depth [reserved + 1]int) {
	var next [reserved + 1]int // symbol in the list of a node; -1 after the last
	nodes := []huffmanNode{{1, reserved}}
	next[reserved] = -1
	for s, count := range counts {
		if count > 0 {
			// Symbols count for more than the reserved one, however rare they are.
			nodes = append(nodes, huffmanNode{2 * uint64(count), s})
			next[s] = -1
		}
	}
	deepen := func(n huffmanNode) (last int) {
		for s := n.first; s >= 0; s = next[s] {
			depth[s]++
			last = s
		}
		return last
	}
	for len(nodes) > 1 {
		var a, b huffmanNode
		a, nodes = rarest(nodes)
		b, nodes = rarest(nodes)
		last := deepen(a)
		deepen(b)
		next[last] = b.first
		nodes = append(nodes, huffmanNode{a.count + b.count, a.first})
	}
	return depth
}

// rarest returns the node with the least count, and the other nodes.
func rarest(nodes []huffmanNode) (huffmanNode, []huffmanNode) {
	least := 0
	for i := range nodes {
		if nodes[i].count < nodes[least].count {
			least = i
		}
	}
	n := nodes[least]
	nodes[least] = nodes[len(nodes)-1]
	return n, nodes[:len(nodes)-1]
}

// shorten changes the numbers of codes of each length so that none is too long. Of two codes that are too long, one
// moves up to where their parent was, and the other under a shorter code, which moves down to make room (figure K.3).
func shorten(lengths *[reserved + 1]int) {
	for n := len(lengths) - 1; n > maxCodeLength; n-- {
		for lengths[n] > 0 {
			j := n - 2
			for lengths[j] == 0 {
				j--
			}
			lengths[n] -= 2
			lengths[n-1]++
			lengths[j+1] += 2
			lengths[j]--
		}
	}
}

// Append appends the codes of a strip's symbols, filled up with ones to a whole byte.
func (c *Code) Append(dst []byte, symbols []uint32) []byte {
	const (
		batch = 64
		room  = batch*27/8*2 + 16 // for a batch, each byte stuffed, and the bits held before
	)
	w := bitWriter{out: dst}
	for len(symbols) > 0 {
		w.out = slices.Grow(w.out, room)
		n := min(batch, len(symbols))
		for _, v := range symbols[:n] {
			word := c.words[v>>symbolShift&(4<<8-1)]
			w.put(uint64(word>>5|v&0xffff), uint(word&31))
		}
		symbols = symbols[n:]
	}
	w.out = slices.Grow(w.out, room)
	w.end()
	return w.out
}

// A bitWriter appends bits, the highest first, and a zero after each byte of ones, so that none looks like a marker.
type bitWriter struct {
	out  []byte
	held uint64 // the lowest n bits are still to be written
	n    uint
}

// put appends the lowest n bits of v, at most 27; its other bits are zero. The caller has made room.
func (w *bitWriter) put(v uint64, n uint) {
	w.held = w.held<<(n&63) | v
	w.n += n
	if w.n >= 32 {
		w.write()
	}
}

// write writes 32 bits.
func (w *bitWriter) write() {
	w.n -= 32
	v := uint32(w.held >> (w.n & 63))
	if not := ^v; (not-ones8&0xffffffff)&v&(high8&0xffffffff) == 0 {
		n := len(w.out)
		w.out = w.out[:n+4]
		binary.BigEndian.PutUint32(w.out[n:], v)
		return
	}
	for shift := 24; shift >= 0; shift -= 8 {
		w.byte(byte(v >> shift))
	}
}

func (w *bitWriter) byte(b byte) {
	w.out = append(w.out, b)
	if b == 0xff {
		w.out = append(w.out, 0)
	}
}

// end fills up the last byte with ones.
func (w *bitWriter) end() {
	if over := w.n % 8; over != 0 {
		w.put(0xff>>over, 8-over)
	}
	for w.n > 0 {
		w.n -= 8
		w.byte(byte(w.held >> w.n))
	}
}
