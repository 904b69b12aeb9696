package lerc

import (
	"math"
	"math/bits"
	"slices"

	"github.com/geoexport/geoexport/internal/littleendian"
)

// The sides of micro-blocks that are tried.
const (
	smallBlock = 8
	largeBlock = 16
)

// appendBest appends samples in the smallest of the ways to code them. dst ends with the byte for the mode if bytewise
// or planes is set. What is appended is larger than the samples as they are if these are smaller.
func (w *bandWriter[T]) appendBest(dst []byte, bytewise, planes bool) ([]byte, error) {
	raw := w.valid * w.depth * w.typ.Size()
	if planes {
		return w.appendPlanes(dst)
	}
	if bytewise {
		if h := w.planHuffman(); h != nil {
			return w.appendBytes(dst, h, raw)
		}
	}
	start := len(dst)
	dst, err := w.appendTiles(dst, smallBlock, raw)
	if err != nil {
		return nil, err
	}
	small := len(dst) - start
	if !w.violated && w.largeMayBeSmaller(small) {
		if dst, err = w.appendTiles(dst, largeBlock, small); err != nil {
			return nil, err
		}
		if large := len(dst) - start - small; large <= small {
			copy(dst[start:], dst[start+small:])
			dst, w.block = dst[:start+large], largeBlock
		} else {
			dst = dst[:start+small]
		}
	}
	if w.violated {
		w.fallBack()
		return w.again(dst[:start])
	}
	return dst, nil
}

// appendBytes is appendBest for samples of 8 bits without loss. Huffman codes are likely to be smallest, so that
// micro-blocks are only counted at first.
func (w *bandWriter[T]) appendBytes(dst []byte, h *huffmanPlan, raw int) ([]byte, error) {
	// Small blocks that are larger than Huffman codes matter only where large ones may be smaller still.
	most := max(h.bytes, w.pixels()*w.depth*3/16)
	best, err := w.countTiles(smallBlock, min(raw, most))
	if err != nil {
		return nil, err
	}
	if best <= most && w.largeMayBeSmaller(best) {
		large, err := w.countTiles(largeBlock, best)
		if err != nil {
			return nil, err
		}
		if large <= best {
			best, w.block = large, largeBlock
		}
	}
	if best <= h.bytes {
		return w.appendTiles(dst, w.block, best)
	}
	w.block = smallBlock
	dst[len(dst)-1] = h.mode
	return w.appendHuffman(dst, h)
}

// countTiles returns the number of bytes that appendTiles would append.
func (w *bandWriter[T]) countTiles(side, limit int) (int, error) {
	w.counting, w.counted = true, 0
	_, err := w.appendTiles(nil, side, limit)
	size := w.counted
	w.counting, w.counted = false, 0
	return size, err
}

// again codes samples once more, after the first attempt broke the bound. It has no mode yet, since the error was not
// 0.
func (w *bandWriter[T]) again(dst []byte) ([]byte, error) {
	planes := w.version >= versionPlanes && w.typ.Float() && w.maxZError == 0
	if planes {
		dst = append(dst, modeTiles)
	}
	w.block = smallBlock
	return w.appendBest(dst, false, planes)
}

// largeMayBeSmaller reports whether it is worth it to try larger blocks, as in Esri's encoder: if small ones take less
// than 1.5 bits a sample, so that the first bytes of a block are expensive.
func (w *bandWriter[T]) largeMayBeSmaller(small int) bool {
	return small*16 < w.pixels()*w.depth*3 && (w.width > smallBlock || w.height > smallBlock)
}

// appendTiles appends all micro-blocks, until they take more than limit bytes or break the bound.
func (w *bandWriter[T]) appendTiles(dst []byte, side, limit int) ([]byte, error) {
	start := len(dst)
	diffs := w.takesDiffs()
	for y := 0; y < w.height; y += side {
		at := rect{0, y, 0, min(y+side, w.height)}
		for x := 0; x < w.width; x += side {
			at.x0, at.x1 = x, min(x+side, w.width)
			for k := range w.depth {
				n := w.gather(at, k)
				dst = w.appendBlock(dst, columnBits(w.version, x), n, k, diffs)
			}
		}
		if w.violated || len(dst)-start+w.counted > limit {
			return dst, nil
		}
		if err := w.pulse.add(w.width * (at.y1 - at.y0) * w.depth * w.typ.Size()); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// gather collects the kth samples of the valid pixels of a micro-block, and returns how many there are.
func (w *bandWriter[T]) gather(at rect, k int) (n int) {
	if w.ok == nil && w.depth == 1 {
		for y := at.y0; y < at.y1; y++ {
			n += copy(w.values[n:], w.pix[y*w.width+at.x0:y*w.width+at.x1])
		}
		return n
	}
	for y := at.y0; y < at.y1; y++ {
		for i := y*w.width + at.x0; i < y*w.width+at.x1; i++ {
			if w.ok == nil || w.ok[i] != invalid {
				w.values[n] = w.pix[i*w.depth+k]
				n++
			}
		}
	}
	return n
}

// A blockPlan is one way to store a micro-block.
type blockPlan struct {
	kind  byte // blockRaw and so on
	code  byte // of the type of low
	typ   Type // of low
	low   float64
	width int // bits of a number
	lut   int // values in the table; 0 for none
	bytes int
	coded int // bytes of numbers without a table, if there may be numbers; else 0
}

// appendBlock appends the n samples that gather has collected, the kth of their pixels. diffs states that differences may
// be used.
func (w *bandWriter[T]) appendBlock(dst []byte, head byte, n, k int, diffs bool) []byte {
	if n == 0 {
		return w.put(dst, head, &blockPlan{kind: blockZero, bytes: 1}, 0)
	}
	lo, hi := rangeOf(w.values[:n])
	p := w.plan(float64(lo), float64(hi), n, w.typ)
	if !diffs {
		w.quantise(&p, n, lo, hi, true)
		return w.put(dst, head, &p, n)
	}
	if k > 0 {
		table := w.quantise(&p, n, lo, hi, false)
		if d, ok := w.chooseDiff(&p, n, k); ok {
			return w.put(dst, head|blockDiff, &d, n)
		}
		if !table {
			w.quantise(&p, n, lo, hi, true)
		}
	} else {
		w.quantise(&p, n, lo, hi, true)
	}
	if k+1 < w.depth {
		w.restore(&p, n, k, false)
		w.before, w.after = w.after, w.before
	}
	return w.put(dst, head, &p, n)
}

// plan returns the way to store n samples of a range, but for a table.
func (w *bandWriter[T]) plan(lo, hi float64, n int, t Type) blockPlan {
	if lo == 0 && hi == 0 {
		return blockPlan{kind: blockZero, bytes: 1}
	}
	p := blockPlan{kind: blockRaw, bytes: 1 + n*t.Size(), low: lo}
	if w.maxZError == 0 {
		if hi > lo {
			return p
		}
	} else {
		top := numbersIn(lo, hi, w.maxZError)
		if !(top <= maxNumber(w.typ)) {
			return p
		}
		p.width = bits.Len32(uint32(top + 0.5))
	}
	if w.careful && p.width > 0 && w.roundingAt(max(math.Abs(lo), math.Abs(hi))) > w.room {
		return p
	}
	kind := byte(blockConst)
	if p.width > 0 {
		kind = blockBits
	}
	code, typ := reduce(lo, t)
	p.code, p.typ = code, typ
	p.coded = 1 + typ.Size()
	if p.width > 0 {
		p.coded += 1 + countBytes(n) + stuffedBytes(n, p.width)
	}
	if p.coded < p.bytes {
		p.kind, p.bytes = kind, p.coded
	}
	return p
}

// numbersIn returns the largest number for samples of a range, not yet rounded.
func numbersIn(lo, hi, maxZError float64) float64 {
	return float64((hi - lo) * (1 / (2 * maxZError)))
}

// maxNumber returns the largest number that is used for samples of a type. Others are stored as they are.
func maxNumber(t Type) float64 {
	if t.Size() <= 2 {
		return 1<<15 - 1
	}
	return 1<<30 - 1
}

// countBytes returns the size of a count in the header of numbers.
func countBytes(n int) int {
	if n < 256 {
		return 1
	}
	return 2
}

// reduce returns the smallest type that holds v, among those that t may be reduced to, and its code.
func reduce(v float64, t Type) (code byte, reduced Type) {
	for code = 3; code > 0; code-- {
		r, ok := reducedType(t, code)
		if !ok || r == t {
			continue
		}
		if r == Float32 {
			if float64(float32(v)) == v {
				return code, r
			}
			continue
		}
		if lo, hi := r.limits(); v >= lo && v <= hi && v == math.Trunc(v) {
			return code, r
		}
	}
	return 0, t
}

// quantise sets the numbers of n samples, if the plan has some, and a table for them if that is smaller. Unless all is
// set, it does so only where there may be a table, and reports whether it has.
func (w *bandWriter[T]) quantise(p *blockPlan, n int, lo, hi T, all bool) bool {
	values, numbers := w.values[:n], w.numbers[:n]
	if p.kind == blockConst && w.exact && all {
		clear(numbers)
		w.verify(values, numbers, lo)
	}
	table := p.coded > 0 && p.width > 0 && float64(hi) > float64(lo)+float64(3*w.maxZError) && repeats(values)
	if !table && (p.kind != blockBits || w.counting || !all) {
		return false
	}
	if !w.typ.Float() && w.maxZError == 0.5 {
		low := uint32(int64(lo))
		for i, v := range values {
			numbers[i] = uint32(int64(v)) - low
		}
	} else {
		scale, low := 1/(2*w.maxZError), float64(lo)
		for i, v := range values {
			numbers[i] = uint32(int64(float64((float64(v)-low)*scale) + 0.5))
		}
		if w.exact {
			w.verify(values, numbers, lo)
		}
	}
	if table {
		w.planTable(p, n)
	}
	return table
}

// verify sets violated if a decoder would restore a sample with an error above the bound.
func (w *bandWriter[T]) verify(values []T, numbers []uint32, lo T) {
	step, most := 2*w.maxZError, w.options.MaxZError
	for i, n := range numbers {
		v := float64(T(min(float64(lo)+float64(float64(n)*step), w.hi)))
		if !(math.Abs(v-float64(values[i])) <= most) {
			w.violated = true
			return
		}
	}
}

// repeats reports whether more than half of the samples, and at least three, are the same as the one before. Then a
// table may be smaller.
func repeats[T Sample](samples []T) bool {
	if len(samples) <= 4 {
		return false
	}
	same, last := 0, samples[0]
	for _, v := range samples[1:] {
		if v == last {
			same++
		}
		last = v
	}
	return 2*same > len(samples)
}

// planTable adds a table of all n numbers to a plan, in sorted, if that is smaller. The first number, 0, is left out.
func (w *bandWriter[T]) planTable(p *blockPlan, n int) {
	sorted := w.sorted[:n]
	copy(sorted, w.numbers[:n])
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	if len(sorted) < 2 || len(sorted) > 255 {
		return
	}
	size := 1 + p.typ.Size() + 1 + countBytes(n) + 1 + stuffedBytes(len(sorted)-1, p.width) +
		stuffedBytes(n, bits.Len(uint(len(sorted)-1)))
	if size < p.bytes {
		p.kind, p.bytes, p.lut = blockBits, size, len(sorted)
	}
}

// put appends a micro-block.
func (w *bandWriter[T]) put(dst []byte, head byte, p *blockPlan, n int) []byte {
	if w.counting {
		w.counted += p.bytes
		return dst
	}
	if p.kind == blockZero || p.kind == blockRaw {
		p.code = 0
	}
	dst = append(dst, head|p.kind|p.code<<6)
	switch p.kind {
	case blockZero:
		return dst
	case blockRaw:
		return littleendian.Append(dst, w.values[:n])
	}
	dst = appendNumber(dst, p.low, p.typ)
	if p.kind == blockConst {
		return dst
	}
	numbers := w.numbers[:n]
	if p.lut == 0 {
		return appendStuffed(dst, numbers, p.width)
	}
	table := w.sorted[:p.lut]
	dst = appendCount(dst, byte(p.width)|32, n)
	dst = appendBits(append(dst, byte(p.lut)), table[1:], p.width)
	for i, v := range numbers {
		at, _ := slices.BinarySearch(table, v)
		numbers[i] = uint32(at)
	}
	return appendBits(dst, numbers, bits.Len(uint(p.lut-1)))
}
