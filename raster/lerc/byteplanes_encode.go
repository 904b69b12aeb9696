package lerc

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/portable"
)

// appendPlanes appends floating-point samples as planes of bytes, or as micro-blocks if these are smaller. dst ends
// with the byte for the mode.
func (w *bandWriter[T]) appendPlanes(dst []byte) ([]byte, error) {
	start := len(dst)
	var words any
	switch pix := any(w.pix).(type) {
	case []float32:
		v := make([]uint32, len(pix))
		for i, f := range pix {
			v[i] = rotate(math.Float32bits(f))
		}
		words = v
	case []float64:
		v := make([]uint64, len(pix))
		for i, f := range pix {
			v[i] = math.Float64bits(f)
		}
		words = v
	}
	var err error
	switch v := words.(type) {
	case []uint32:
		dst, err = appendWords(w, dst, v, mantissa32)
	case []uint64:
		dst, err = appendWords(w, dst, v, mantissa64)
	}
	if err != nil {
		return nil, err
	}
	// Micro-blocks are smaller where large areas have the same value.
	size := len(dst) - start
	if dst, err = w.appendTiles(dst, smallBlock, size); err != nil {
		return nil, err
	}
	if tiles := len(dst) - start - size; tiles <= size {
		copy(dst[start:], dst[start+size:])
		return dst[:start+tiles], nil
	}
	dst[start-1] = modeBytePlanes
	return dst[:start+size], nil
}

// appendWords appends the planes of the bits of samples, which are overwritten.
func appendWords[T Sample, U uint32 | uint64](w *bandWriter[T], dst []byte, words []U, mantissa U) ([]byte, error) {
	if w.ok != nil {
		// Any bits do for invalid pixels: those of the sample before cost least.
		for i, v := range w.ok {
			if v == invalid {
				for k := range w.depth {
					words[i*w.depth+k] = words[max(0, (i-1)*w.depth+k)]
				}
			}
		}
	}
	columns, rows := w.width, w.height
	if w.depth > 1 {
		columns, rows = w.depth, w.pixels()
	}
	p := newPredictors(words, columns, rows, mantissa)
	predictor := p.best()
	dst = append(dst, predictor)
	p.apply(predictor)
	plane := make([]byte, len(words))
	for index := range w.typ.Size() {
		for i, v := range words {
			plane[i] = byte(v >> (8 * index))
		}
		level := bestLevel(plane, maxLevel-int(predictor))
		for l := range level {
			deltas(plane, l+1)
		}
		dst = append(dst, byte(index), byte(level), 0, 0, 0, 0)
		at := len(dst)
		dst = appendPlane(dst, plane)
		binary.LittleEndian.PutUint32(dst[at-4:], uint32(len(dst)-at))
		if err := w.pulse.add(2 * len(plane)); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// deltas replaces bytes from the given one on by their differences to the ones before.
func deltas(plane []byte, from int) {
	for i := len(plane) - 1; i >= from; i-- {
		plane[i] -= plane[i-1]
	}
}

// predictors tries the predictors on the bits of samples.
type predictors[U uint32 | uint64] struct {
	words         []U
	columns, rows int
	mantissa      U
	bytes         int // of a word
}

func newPredictors[U uint32 | uint64](words []U, columns, rows int, mantissa U) *predictors[U] {
	bytes := 4
	if mantissa>>23 != 0 {
		bytes = 8
	}
	return &predictors[U]{words, columns, rows, mantissa, bytes}
}

// apply replaces the words by differences.
func (p *predictors[U]) apply(predictor byte) {
	if predictor == predictNone {
		return
	}
	for y := range p.rows {
		row := p.words[y*p.columns:][:p.columns]
		for i := len(row) - 1; i > 0; i-- {
			row[i] = subParts(row[i], row[i-1], p.mantissa)
		}
	}
	if predictor == predictCross {
		for i := len(p.words) - 1; i >= p.columns; i-- {
			p.words[i] = subParts(p.words[i], p.words[i-p.columns], p.mantissa)
		}
	}
}

// sampleBytes is about how many bytes a sample of the data has that choices are made by. There are more samples of more
// data, as the square root.
const sampleBytes = 8 << 10

// samplesOf returns the number of samples of n bytes.
func samplesOf(n int) int { return max(1, int(math.Sqrt(float64(float64(n)/sampleBytes)+1)+0.5)) }

// best returns the predictor with which samples of the words have the least entropy, byte by byte, when each plane
// takes differences of its own or not.
func (p *predictors[U]) best() byte {
	high := min(p.rows, max(4, sampleBytes/p.columns))
	n := min(samplesOf(len(p.words)), max(1, p.rows/high))
	var entropy [predictCross + 1]float64
	for predictor := range entropy {
		for i := range n {
			entropy[predictor] += p.entropy(byte(predictor), (p.rows-high)*(2*i+1)/(2*n), high)
		}
	}
	best := 0
	for predictor, e := range entropy {
		if e < entropy[best] {
			best = predictor
		}
	}
	return byte(best)
}

// entropy returns that of a few rows.
func (p *predictors[U]) entropy(predictor byte, top, high int) (bits float64) {
	var plain, delta [8][huffmanSymbols]int
	var before U
	n := 0
	for y := top; y < top+high; y++ {
		for x := range p.columns {
			v := p.residual(predictor, x, y)
			for b := range p.bytes {
				c := byte(v >> (8 * b))
				plain[b][c]++
				delta[b][c-byte(before>>(8*b))]++
			}
			before = v
			n++
		}
	}
	for b := range p.bytes {
		bits += min(entropyOf(&plain[b], n), entropyOf(&delta[b], n))
	}
	return bits
}

// residual returns the difference that a predictor leaves of a word.
func (p *predictors[U]) residual(predictor byte, x, y int) U {
	left := func(y int) U {
		i := y*p.columns + x
		if x == 0 {
			return p.words[i]
		}
		return subParts(p.words[i], p.words[i-1], p.mantissa)
	}
	switch {
	case predictor == predictNone:
		return p.words[y*p.columns+x]
	case predictor == predictCross && y > 0:
		return subParts(left(y), left(y-1), p.mantissa)
	}
	return left(y)
}

// entropyOf returns the bits that n symbols need at least.
func entropyOf(counts *[huffmanSymbols]int, n int) (bits float64) {
	for _, c := range counts {
		if c > 0 {
			bits += float64(float64(c) * portable.Log(float64(n)/float64(c)) / math.Ln2)
		}
	}
	return bits
}

// bestLevel returns how often differences of the bytes of a plane should be taken, judging by samples.
func bestLevel(plane []byte, most int) int {
	n := samplesOf(len(plane))
	size := min(sampleBytes, len(plane))
	if n*size > len(plane) {
		n = len(plane) / size
	}
	parts := make([][]byte, n)
	for i := range parts {
		parts[i] = slices.Clone(plane[(len(plane)-size)*(2*i+1)/(2*n):][:size])
	}
	best, least := 0, math.Inf(1)
	for level := 0; level <= most; level++ {
		bits := 0.0
		for _, p := range parts {
			if level > 0 {
				deltas(p, level)
			}
			var counts [huffmanSymbols]int
			for _, v := range p {
				counts[v]++
			}
			bits += entropyOf(&counts, len(p))
		}
		if bits >= least {
			break
		}
		best, least = level, bits
	}
	return best
}

// appendPlane appends a plane, packed in the smallest of the ways.
func appendPlane(dst, plane []byte) []byte {
	var counts [huffmanSymbols]int
	for _, v := range plane {
		counts[v]++
	}
	if counts[plane[0]] == len(plane) {
		return binary.LittleEndian.AppendUint32(append(dst, planeConst, plane[0]), uint32(len(plane)))
	}
	h := planCodes(&counts)
	limit := len(plane)
	if h != nil {
		limit = min(limit, h.bytes)
	}
	at := len(dst)
	runs, ok := appendRuns(append(dst, planePackBits), plane, limit)
	if ok {
		return runs
	}
	dst = runs[:at]
	if h == nil || h.bytes >= len(plane) {
		return append(append(dst, planeRaw), plane...)
	}
	p := codeWriter{dst: h.appendTable(append(dst, planeHuffman))}
	p.putAll(&h.codes, plane)
	return append(p.end(), 0, 0, 0, 0)
}

// appendRuns appends runs, as unpackRuns reads them, unless they take limit bytes or more: then ok is false.
func appendRuns(dst, src []byte, limit int) (runs []byte, ok bool) {
	const literals, repeats = 128, 129 // the most in a run
	end := len(dst) + limit
	for from := 0; from < len(src); {
		if len(dst) >= end {
			return dst, false
		}
		n := 1
		for from+n < len(src) && n < repeats && src[from+n] == src[from] {
			n++
		}
		if n > 1 {
			dst = append(dst, byte(126+n), src[from])
			from += n
			continue
		}
		// Two equal bytes do not end a run of others, since that would take as many bytes.
		for from+n < len(src) && n < literals {
			if from+n+2 < len(src) && src[from+n] == src[from+n+1] && src[from+n] == src[from+n+2] {
				break
			}
			n++
		}
		dst = append(append(dst, byte(n-1)), src[from:from+n]...)
		from += n
	}
	return dst, len(dst) < end
}
