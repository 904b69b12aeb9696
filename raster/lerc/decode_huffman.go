package lerc

// huffman decodes samples of 8 bits. In modeHuffmanDelta a symbol is the difference to the pixel on the left, or else
// to the pixel above, or else to the pixel before, whichever is valid first; all pixels come for the first of the Depth
// samples, then for the second. In modeHuffman symbols are the samples in their order. Signed symbols count from 128.
func (d *bandReader[T]) huffman(mode byte) error {
	h := &huffmanReader{}
	if err := h.readTable(&d.reader, d.layout); err != nil {
		return err
	}
	offset := 0
	if d.typ == Int8 {
		offset = 128
	}
	if mode == modeHuffman {
		return d.huffmanPlain(h, offset)
	}
	symbols := make([]uint8, d.width)
	for k := range d.depth {
		before := T(0)
		for y := range d.height {
			n := d.width
			if d.ok != nil {
				n = countValid(d.ok[y*d.width:][:d.width])
			}
			if !h.decode(symbols[:n]) {
				return errCodes()
			}
			if d.ok == nil && d.depth == 1 {
				before = d.deltaRow(y, symbols, before, offset)
			} else {
				before = d.deltaPixels(y, k, symbols[:n], before, offset)
			}
			if err := d.pulse.add(d.width); err != nil {
				return err
			}
		}
	}
	return nil
}

func errCodes() error { return wrong("the Huffman codes are damaged") }

func countValid(mask []uint8) (n int) {
	for _, v := range mask {
		n += int(v & 1)
	}
	return n
}

// deltaRow sums differences along a row whose pixels are all valid and have one sample. It returns the last sample.
func (d *bandReader[T]) deltaRow(y int, symbols []uint8, before T, offset int) T {
	row := d.pix[y*d.width:][:d.width]
	if y > 0 {
		before = d.pix[(y-1)*d.width]
	}
	sum, shift := uint8(int(before)), uint8(offset)
	for i := range row {
		sum += symbols[i] - shift
		row[i] = byteSample[T](sum)
	}
	return row[len(row)-1]
}

// byteSample returns a sample of 8 bits by its bits.
func byteSample[T Sample](v uint8) T {
	var s T
	switch p := any(&s).(type) {
	case *uint8:
		*p = v
	case *int8:
		*p = int8(v)
	}
	return s
}

// deltaPixels sums the differences of the kth sample of the valid pixels of a row.
func (d *bandReader[T]) deltaPixels(y, k int, symbols []uint8, before T, offset int) T {
	ok := func(i int) bool { return d.ok == nil || d.ok[i] != invalid }
	for x := range d.width {
		i := y*d.width + x
		p := i*d.depth + k
		if !ok(i) {
			d.pix[p] = 0
			continue
		}
		from := before
		switch {
		case x > 0 && ok(i-1):
			// before is that pixel
		case y > 0 && ok(i-d.width):
			from = d.pix[p-d.width*d.depth]
		}
		before = byteSample[T](uint8(int(from)) + symbols[0] - uint8(offset))
		d.pix[p] = before
		symbols = symbols[1:]
	}
	return before
}

// huffmanPlain decodes symbols that are samples.
func (d *bandReader[T]) huffmanPlain(h *huffmanReader, offset int) error {
	symbols := make([]uint8, d.width*d.depth)
	for y := range d.height {
		n := d.width
		if d.ok != nil {
			n = countValid(d.ok[y*d.width:][:d.width])
		}
		s := symbols[:n*d.depth]
		if !h.decode(s) {
			return errCodes()
		}
		row := d.pix[y*d.width*d.depth:][:d.width*d.depth]
		for x := range d.width {
			to := row[x*d.depth:][:d.depth]
			if d.ok != nil && d.ok[y*d.width+x] == invalid {
				clear(to)
				continue
			}
			for i := range to {
				to[i] = byteSample[T](s[i] - uint8(offset))
			}
			s = s[d.depth:]
		}
		if err := d.pulse.add(len(row)); err != nil {
			return err
		}
	}
	return nil
}
