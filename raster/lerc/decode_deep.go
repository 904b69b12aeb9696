package lerc

// Micro-blocks of pixels with several samples, all of them valid, are decoded here. All else, and what looks damaged, is
// left to microBlock, which decodes the same.

// deep reports whether deepBlock can decode the band's micro-blocks.
func (d *bandReader[T]) deep() bool {
	if d.ok != nil || d.depth == 1 || d.version < 3 || !d.isInt && !d.typ.Float() {
		return false
	}
	d.setTypes()
	return true
}

// deepBlock decodes the kth samples of a micro-block, and reports whether it has; if not, the place in the data is the
// same.
func (d *bandReader[T]) deepBlock(at rect, k int) bool {
	if len(d.b)-d.at < quickHead {
		return false
	}
	b := d.b[d.at:]
	head, mask := b[0], byte(blockColumn)
	diff := false
	if d.version >= versionDiff {
		mask &^= blockDiff
		diff = head&blockDiff != 0
	}
	if head&mask != columnBits(d.version, at.x0)&mask || diff && k == 0 || head&3 != blockBits {
		return false
	}
	t := d.types[head>>6]
	if diff && !d.typ.Float() {
		t = [...]Type{Int32, Uint16, Int16, Uint8}[head>>6]
	}
	if t == 0 {
		return false
	}
	low := numberOf(b[1:], t)
	start, n := d.at, at.pixels()
	d.at += 1 + t.Size()
	numbers, err := readStuffed(&d.reader, d.numbers[:n], d.lut[:], unstuff)
	if err != nil || len(numbers) < n {
		d.at, d.short = start, false
		return false
	}
	g := deepGrid{rows: at.y1 - at.y0, wide: at.x1 - at.x0, depth: d.depth, stride: d.width * d.depth}
	pix := d.pix[(at.y0*d.width+at.x0)*d.depth:]
	step, top := 2*d.maxZError, d.top(k)
	switch {
	case d.isInt && diff:
		least, _ := d.typ.limits()
		addDeepInts(pix[k-1:], numbers, g, int64(low), int64(step), int64(least), int64(top))
	case d.isInt:
		setDeepInts(pix[k:], numbers, g, int64(low), int64(step), int64(top))
	case diff:
		addDeepFloats(pix[k-1:], numbers, g, low, step, top)
	default:
		setDeepFloats(pix[k:], numbers, g, low, step, top)
	}
	return true
}

// A deepGrid is the shape of a micro-block.
type deepGrid struct {
	rows, wide    int
	depth, stride int // samples from a pixel to the next, and to the one below
}

// deepRow returns the samples of a row and their numbers.
func deepRow[T Sample](pix []T, numbers []uint32, g *deepGrid, y int) ([]T, []uint32) {
	return pix[y*g.stride:][:(g.wide-1)*g.depth+1], numbers[y*g.wide:][:g.wide]
}

// setDeepInts sets one sample of each pixel.
func setDeepInts[T Sample](pix []T, numbers []uint32, g deepGrid, low, step, top int64) {
	for y := range g.rows {
		row, row32 := deepRow(pix, numbers, &g, y)
		at := 0
		for _, n := range row32 {
			row[at] = T(min(low+int64(n)*step, top))
			at += g.depth
		}
	}
}

// addDeepInts sets the sample after one of each pixel to that plus a difference.
func addDeepInts[T Sample](pix []T, numbers []uint32, g deepGrid, low, step, least, top int64) {
	for y := range g.rows {
		row, row32 := deepRow(pix, numbers, &g, y)
		row = row[:len(row)+1]
		at := 0
		for _, n := range row32 {
			row[at+1] = T(max(min(low+int64(n)*step+int64(row[at]), top), least))
			at += g.depth
		}
	}
}

func setDeepFloats[T Sample](pix []T, numbers []uint32, g deepGrid, low, step, top float64) {
	for y := range g.rows {
		row, row32 := deepRow(pix, numbers, &g, y)
		at := 0
		for _, n := range row32 {
			v := low + float64(float64(n)*step)
			if v > top {
				v = top
			}
			row[at] = T(v)
			at += g.depth
		}
	}
}

func addDeepFloats[T Sample](pix []T, numbers []uint32, g deepGrid, low, step, top float64) {
	for y := range g.rows {
		row, row32 := deepRow(pix, numbers, &g, y)
		row = row[:len(row)+1]
		at := 0
		for _, n := range row32 {
			v := low + float64(float64(n)*step) + float64(row[at])
			if v > top {
				v = top
			}
			row[at+1] = T(v)
			at += g.depth
		}
	}
}
