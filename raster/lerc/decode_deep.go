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
	wide := at.x1 - at.x0
	for y := at.y0; y < at.y1; y++ {
		row := d.pix[(y*d.width+at.x0)*d.depth:][:wide*d.depth]
		d.deepRow(row, numbers[:wide], k, low, diff)
		numbers = numbers[wide:]
	}
	return true
}

// deepRow sets the kth samples of a row of pixels.
func (d *bandReader[T]) deepRow(row []T, numbers []uint32, k int, low float64, diff bool) {
	step, top := 2*d.maxZError, d.top(k)
	least, _ := d.typ.limits()
	switch {
	case d.isInt && diff:
		addDeepInts(row[k-1:], numbers, d.depth, int64(low), int64(step), int64(least), int64(top))
	case d.isInt:
		setDeepInts(row[k:], numbers, d.depth, int64(low), int64(step), int64(top))
	case diff:
		addDeepFloats(row[k-1:], numbers, d.depth, low, step, top)
	default:
		setDeepFloats(row[k:], numbers, d.depth, low, step, top)
	}
}

// setDeepInts sets each depth-th sample, the first of them first.
func setDeepInts[T Sample](row []T, numbers []uint32, depth int, low, step, top int64) {
	at := 0
	for _, v := range numbers {
		row[at] = T(min(low+int64(v)*step, top))
		at += depth
	}
}

// addDeepInts sets the sample after each depth-th to that plus a difference.
func addDeepInts[T Sample](row []T, numbers []uint32, depth int, low, step, least, top int64) {
	at := 0
	for _, v := range numbers {
		two := (*[2]T)(row[at:])
		two[1] = T(max(min(low+int64(v)*step+int64(two[0]), top), least))
		at += depth
	}
}

func setDeepFloats[T Sample](row []T, numbers []uint32, depth int, low, step, top float64) {
	at := 0
	for _, n := range numbers {
		v := low + float64(float64(n)*step)
		if v > top {
			v = top
		}
		row[at] = T(v)
		at += depth
	}
}

func addDeepFloats[T Sample](row []T, numbers []uint32, depth int, low, step, top float64) {
	at := 0
	for _, n := range numbers {
		two := (*[2]T)(row[at:])
		v := low + float64(float64(n)*step) + float64(two[0])
		if v > top {
			v = top
		}
		two[1] = T(v)
		at += depth
	}
}
