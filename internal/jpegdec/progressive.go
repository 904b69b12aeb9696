package jpegdec

// progressiveBlock returns the function that decodes one block of the scan (T.81, annex G).
func (d *Decoder) progressiveBlock() decodeBlock {
	switch s := &d.scan; {
	case s.first == 0 && s.high == 0:
		return d.firstDC
	case s.first == 0:
		return d.refineDC
	case s.high == 0:
		return d.firstAC
	default:
		return d.refineAC
	}
}

// block returns the coefficients of block (x, y).
func (c *component) block(x, y int) *[64]int16 {
	return (*[64]int16)(c.coefs[64*(y*c.stride/8+x):])
}

func (d *Decoder) firstDC(c *component, x, y int) error {
	size, err := d.bits.symbol(c.dc)
	if err != nil {
		return err
	}
	c.pred += extend(d.bits.read(uint(size)), uint(size))
	c.block(x, y)[0] = int16(c.pred << d.scan.low)
	return nil
}

func (d *Decoder) refineDC(c *component, x, y int) error {
	c.block(x, y)[0] |= int16(d.bits.read(1) << d.scan.low)
	return nil
}

func (d *Decoder) firstAC(c *component, x, y int) error {
	if d.eobRun > 0 {
		d.eobRun--
		return nil
	}
	coefs := c.block(x, y)
	for k := d.scan.first; k <= d.scan.last; k++ {
		symbol, err := d.bits.symbol(c.ac)
		if err != nil {
			return err
		}
		run, size := int(symbol>>4), uint(symbol&15)
		if size == 0 && run != 15 {
			d.eobRun = 1<<run + int(d.bits.read(uint(run))) - 1
			return nil
		}
		if k += run; k > d.scan.last {
			return errRun
		}
		coefs[k&63] = int16(extend(d.bits.read(size), size) << d.scan.low)
	}
	return nil
}

func (d *Decoder) refineAC(c *component, x, y int) error {
	coefs, k, last := c.block(x, y), d.scan.first, d.scan.last
	if d.eobRun == 0 {
		for ; k <= last; k++ {
			symbol, err := d.bits.symbol(c.ac)
			if err != nil {
				return err
			}
			run, size := int(symbol>>4), symbol&15
			var v int16
			switch {
			case size == 1:
				v = -1 << d.scan.low
				if d.bits.read(1) == 1 {
					v = 1 << d.scan.low
				}
			case size > 1:
				return errCode
			case run != 15:
				d.eobRun = 1<<run + int(d.bits.read(uint(run)))
			}
			if d.eobRun > 0 {
				break
			}
			// The run counts coefficients that are still 0; coefficients in between get their next bit.
			if k = d.refine(coefs, k, run); v != 0 {
				if k > last {
					return errRun
				}
				coefs[k&63] = v
			}
		}
	}
	if d.eobRun > 0 {
		d.eobRun--
		d.refine(coefs, k, 64)
	}
	return nil
}

// refine reads a bit for each nonzero coefficient from k on, until it has passed the given number of zeros. It returns
// the index of the next zero.
func (d *Decoder) refine(coefs *[64]int16, k, zeros int) int {
	for ; k <= d.scan.last; k++ {
		v := &coefs[k&63]
		switch {
		case *v == 0:
			if zeros == 0 {
				return k
			}
			zeros--
		case d.bits.read(1) == 0, *v>>d.scan.low&1 != 0: // like libjpeg, do not add a bit twice
		case *v > 0:
			*v += 1 << d.scan.low
		default:
			*v -= 1 << d.scan.low
		}
	}
	return k
}

// transform converts the coefficients of a progressive frame to samples, down to the last wanted row of MCUs.
func (d *Decoder) transform(o *Options) error {
	for i := range d.frame.components {
		c := &d.frame.components[i]
		for y := range d.frame.rows * c.v {
			if err := o.interrupted(); err != nil {
				return err
			}
			for x := range c.stride / 8 {
				var scaled [64]int32
				last := 0
				for k, v := range c.block(x, y) {
					if v != 0 {
						last = k
						scaled[zigzag[k]&63] = int32(v) * c.scales[k]
					}
				}
				inverseDCT(c.pix[8*(y*c.stride+x):], c.stride, &scaled, last)
			}
		}
	}
	return nil
}
