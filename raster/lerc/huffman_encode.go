package lerc

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// A huffmanCode is the code of one symbol; bits is 0 for a symbol that does not occur.
type huffmanCode struct {
	code uint32
	bits int
}

// A huffmanPlan is a table of codes.
type huffmanPlan struct {
	codes      [huffmanSymbols]huffmanCode
	first, end int // of the symbols in the table, modulo their number
	bytes      int // of the table and all symbols
	mode       byte
}

// planCodes returns the codes for symbols that occur so often. It returns nil if they are fewer than two, or if a code
// would be too long.
func planCodes(counts *[huffmanSymbols]int) *huffmanPlan {
	lengths, ok := codeLengths(counts)
	if !ok {
		return nil
	}
	h := &huffmanPlan{}
	// Canonical codes: the longest come first, of equal length the smallest symbol, each one more than the one before.
	order := make([]int, 0, huffmanSymbols)
	for s, n := range lengths {
		if n > 0 {
			order = append(order, s)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return lengths[b] - lengths[a] })
	code, length, sum, total := uint32(0), lengths[order[0]], 0, 0
	for _, s := range order {
		code >>= length - lengths[s]
		length = lengths[s]
		h.codes[s] = huffmanCode{code, length}
		code++
		sum += length
		total += length * counts[s]
	}
	h.settleRange()
	most := lengths[order[0]]
	words := func(n int) int { return (n + 31) / 32 }
	// A word more than needed follows the symbols, since some decoders read ahead.
	h.bytes = 16 + 1 + countBytes(h.end-h.first) + stuffedBytes(h.end-h.first, bits.Len(uint(most))) +
		4*words(sum) + 4*words(total) + 4
	return h
}

// settleRange finds the shortest range of symbols that holds all codes. It may go on from the last symbol to the first.
func (h *huffmanPlan) settleRange() {
	used := func(s int) bool { return h.codes[s%huffmanSymbols].bits > 0 }
	longest := 0 // stretch of symbols without codes, on the circle
	for s := range huffmanSymbols {
		if !used(s) || used(s+1) {
			continue
		}
		n := 1
		for !used(s + 1 + n) {
			n++
		}
		if n > longest {
			longest = n
			h.first = (s + 1 + n) % huffmanSymbols
		}
	}
	h.end = h.first + huffmanSymbols - longest
}

// codeLengths returns the lengths of Huffman's codes.
func codeLengths(counts *[huffmanSymbols]int) (lengths [huffmanSymbols]int, ok bool) {
	type node struct{ weight, parent int }
	nodes := make([]node, 0, 2*huffmanSymbols)
	leaf := make([]int, 0, huffmanSymbols)
	for s, n := range counts {
		if n > 0 {
			leaf = append(leaf, s)
		}
	}
	if len(leaf) < 2 {
		return lengths, false
	}
	slices.SortStableFunc(leaf, func(a, b int) int { return counts[a] - counts[b] })
	for _, s := range leaf {
		nodes = append(nodes, node{weight: counts[s]})
	}
	// The lightest two of the leaves and of the nodes that join two are at the front of two queues.
	next, joined := 0, len(leaf)
	lightest := func() int {
		if next < len(leaf) && (joined == len(nodes) || nodes[next].weight <= nodes[joined].weight) {
			next++
			return next - 1
		}
		joined++
		return joined - 1
	}
	for len(nodes) < 2*len(leaf)-1 {
		a, b := lightest(), lightest()
		nodes[a].parent, nodes[b].parent = len(nodes), len(nodes)
		nodes = append(nodes, node{weight: nodes[a].weight + nodes[b].weight})
	}
	depth := make([]int, len(nodes))
	for i := len(nodes) - 2; i >= 0; i-- {
		if depth[i] = depth[nodes[i].parent] + 1; depth[i] > maxCodeBits {
			return lengths, false
		}
	}
	for i, s := range leaf {
		lengths[s] = depth[i]
	}
	return lengths, true
}

// appendTable appends the table of codes.
func (h *huffmanPlan) appendTable(dst []byte) []byte {
	for _, v := range [...]int{huffmanVersion, huffmanSymbols, h.first, h.end} {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(v))
	}
	lengths, most := make([]uint32, h.end-h.first), uint32(0)
	for i := range lengths {
		lengths[i] = uint32(h.codes[(h.first+i)%huffmanSymbols].bits)
		most = max(most, lengths[i])
	}
	dst = appendStuffed(dst, lengths, bits.Len32(most))
	p := codeWriter{dst: dst}
	for i := range lengths {
		p.put(h.codes[(h.first+i)%huffmanSymbols])
	}
	return p.end()
}

// A codeWriter appends codes as huffmanBits reads them.
type codeWriter struct {
	dst []byte
	acc uint64 // the last bits, the most recent one least significant
	n   int    // number of bits in acc, below 32
}

func (p *codeWriter) put(c huffmanCode) {
	p.acc = p.acc<<c.bits | uint64(c.code)
	if p.n += c.bits; p.n >= 32 {
		p.n -= 32
		p.dst = binary.LittleEndian.AppendUint32(p.dst, uint32(p.acc>>p.n))
	}
}

// putAll appends the codes of bytes.
func (p *codeWriter) putAll(codes *[huffmanSymbols]huffmanCode, b []uint8) {
	acc, n, dst := p.acc, p.n, p.dst
	for _, s := range b {
		c := codes[s]
		acc = acc<<c.bits | uint64(c.code)
		if n += c.bits; n >= 32 {
			n -= 32
			dst = binary.LittleEndian.AppendUint32(dst, uint32(acc>>n))
		}
	}
	p.acc, p.n, p.dst = acc, n, dst
}

// end fills up the last word.
func (p *codeWriter) end() []byte {
	if p.n > 0 {
		p.dst = binary.LittleEndian.AppendUint32(p.dst, uint32(p.acc<<(32-p.n)))
		p.n = 0
	}
	return p.dst
}

// planHuffman returns the better of the two ways to code samples of 8 bits; nil if there is none.
func (w *bandWriter[T]) planHuffman() *huffmanPlan {
	plain, delta := w.planMode(modeHuffman), w.planMode(modeHuffmanDelta)
	if w.version < 4 || plain == nil || delta != nil && delta.bytes < plain.bytes {
		return delta
	}
	return plain
}

func (w *bandWriter[T]) planMode(mode byte) *huffmanPlan {
	var even, odd [huffmanSymbols]int // apart, since equal symbols often follow each other
	w.symbols(mode, func(s []uint8) {
		for ; len(s) >= 2; s = s[2:] {
			even[s[0]]++
			odd[s[1]]++
		}
		for _, v := range s {
			even[v]++
		}
	})
	for i, n := range odd {
		even[i] += n
	}
	h := planCodes(&even)
	if h != nil {
		h.mode = mode
	}
	return h
}

// symbols calls do with the symbols of one row after the other, in the order in which they are coded; see
// bandReader.huffman.
func (w *bandWriter[T]) symbols(mode byte, do func([]uint8)) {
	switch pix := any(w.pix).(type) {
	case []int8:
		symbolsOf(w.encoding, pix, w.ok, mode, 128, do)
	case []uint8:
		symbolsOf(w.encoding, pix, w.ok, mode, 0, do)
	}
}

// symbolsOf is symbols for the samples of one type. Their symbols start at offset.
func symbolsOf[T int8 | uint8](e *encoding, pix []T, mask []uint8, mode byte, offset uint8, do func([]uint8)) {
	n := e.width * e.depth
	row := make([]uint8, n)
	switch {
	case mode == modeHuffman && mask == nil:
		for ; len(pix) > 0; pix = pix[n:] {
			for i, v := range pix[:n] {
				row[i] = uint8(v) + offset
			}
			do(row)
		}
	case mode == modeHuffman:
		for y := range e.height {
			n := 0
			for x := range e.width {
				i := y*e.width + x
				if mask != nil && mask[i] == invalid {
					continue
				}
				for _, v := range pix[i*e.depth:][:e.depth] {
					row[n] = uint8(v) + offset
					n++
				}
			}
			do(row[:n])
		}
	case mask == nil && e.depth == 1:
		before := T(0)
		for y := range e.height {
			for x, v := range pix[y*e.width:][:e.width] {
				row[x] = uint8(v) - uint8(before) + offset
				before = v
			}
			before = pix[y*e.width] // the next row starts with the difference to the pixel above
			do(row)
		}
	default:
		for k := range e.depth {
			deltasOf(e, pix, k, mask, offset, row, do)
		}
	}
}

// deltasOf calls do with the differences of the kth samples.
func deltasOf[T int8 | uint8](e *encoding, pix []T, k int, mask []uint8, offset uint8, row []uint8, do func([]uint8)) {
	ok := func(i int) bool { return mask == nil || mask[i] != invalid }
	before := uint8(0)
	for y := range e.height {
		n := 0
		for x := range e.width {
			i := y*e.width + x
			if !ok(i) {
				continue
			}
			v, from := uint8(pix[i*e.depth+k]), before
			if !(x > 0 && ok(i-1)) && y > 0 && ok(i-e.width) {
				from = uint8(pix[(i-e.width)*e.depth+k])
			}
			row[n] = v - from + offset
			n++
			before = v
		}
		do(row[:n])
	}
}

// appendHuffman appends the table and all symbols.
func (w *bandWriter[T]) appendHuffman(dst []byte, h *huffmanPlan) ([]byte, error) {
	p := codeWriter{dst: h.appendTable(slices.Grow(dst, h.bytes))}
	var err error
	w.symbols(h.mode, func(s []uint8) {
		if err == nil {
			p.putAll(&h.codes, s)
			err = w.pulse.add(len(s))
		}
	})
	if err != nil {
		return nil, err
	}
	return append(p.end(), 0, 0, 0, 0), nil
}
