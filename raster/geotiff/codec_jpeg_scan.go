package geotiff

import (
	"encoding/binary"
	"fmt"
)

// readScan decodes a scan, and reports whether the picture is complete with it.
func (d *jpegDecoder) readScan(header []byte) (done bool, err error) {
	if err := d.readScanHeader(header); err != nil {
		return false, err
	}
	f := &d.frame
	if f.scans++; f.scans > maxJPEGScans {
		return false, unsupported(tagCompression, JPEG, fmt.Sprintf("JPEG of more than %d scans", maxJPEGScans))
	}
	d.eobRun = 0
	for i := range f.components {
		f.components[i].pred = 0
	}
	d.interval()
	if f.progressive {
		return false, d.eachUnit(f.down, d.progressiveBlock())
	}
	if len(d.scan.components) == len(f.components) {
		// Nothing else is of interest: what comes after the last wanted row is not looked at.
		return true, d.eachUnit(f.rows, d.sequentialBlock)
	}
	if err := d.eachUnit(f.down, d.sequentialBlock); err != nil {
		return false, err
	}
	for i := range f.components {
		if !f.components[i].seen {
			return false, nil
		}
	}
	return true, nil
}

// eachUnit calls decode for each block of the scan, in the order in which they are coded, up to a row of MCUs. The blocks
// of a component that has the scan for itself are in rows of their own, without those that only fill MCUs up (T.81, A.2).
func (d *jpegDecoder) eachUnit(rows int, decode func(c *jpegComponent, x, y int) error) error {
	f, left, number := &d.frame, d.restart, 0
	across := f.across
	var alone *jpegComponent
	if len(d.scan.components) == 1 {
		alone = d.scan.components[0]
		across = (alone.width + 7) / 8
		rows = min((alone.height+7)/8, rows*alone.v)
	}
	for my := range rows {
		for mx := range across {
			if d.restart > 0 {
				if left == 0 {
					if err := d.bits.done(); err != nil {
						return err
					}
					if err := d.nextInterval(number); err != nil {
						return err
					}
					number++
					left = d.restart
					d.eobRun = 0
					for _, c := range d.scan.components {
						c.pred = 0
					}
				}
				left--
			}
			if alone != nil {
				if err := decode(alone, mx, my); err != nil {
					return err
				}
				continue
			}
			for _, c := range d.scan.components {
				for y := range c.v {
					for x := range c.h {
						if err := decode(c, mx*c.h+x, my*c.v+y); err != nil {
							return err
						}
					}
				}
			}
		}
		if err := d.bits.done(); err != nil {
			return err
		}
	}
	return nil
}

// sequentialBlock decodes block (x, y) of a component into its samples (T.81, F.2.2).
func (d *jpegDecoder) sequentialBlock(c *jpegComponent, x, y int) error {
	var coefs [64]int32
	last, err := d.bits.block(&coefs, c)
	if err != nil {
		return err
	}
	inverseDCT(c.pix[8*(y*c.stride+x):], c.stride, &coefs, last)
	return nil
}

// block reads the coefficients of one block and scales them. It tells which one, in zigzag order, is the last that may
// not be 0.
func (r *jpegBits) block(coefs *[64]int32, c *jpegComponent) (last int, err error) {
	if r.n < 32 {
		r.fill()
	}
	acc, n, pos, buf := r.acc, r.n, r.pos, r.buf
	dc, ac, scales := c.dc, c.ac, &c.scales

	if e := dc.fast[acc>>(64-jpegLookBits)]; e != 0 {
		c.pred += int32(e) >> 16
		acc <<= e & 0xff
		n -= uint(e & 0xff)
	} else {
		size, length := dc.long(acc)
		if length == 0 {
			return 0, errJPEGCode
		}
		acc <<= length
		c.pred += jpegExtend(uint32(acc>>32>>(32-size)), uint(size))
		acc <<= size
		n -= length + uint(size)
	}
	coefs[0] = c.pred * scales[0]

	for k := 1; k < 64; k++ {
		if n < 32 { // fill, with everything in registers
			if pos+8 <= len(buf) {
				acc |= binary.BigEndian.Uint64(buf[pos:]) >> n
			}
			pos += int(63-n) >> 3
			n |= 56
		}
		if e := ac.fast[acc>>(64-jpegLookBits)]; e != 0 {
			acc <<= e & 0x3f
			n -= uint(e & 0x3f)
			k += int(e >> 8 & 0xff)
			if k > 63 {
				if k < jpegEnd {
					return 0, errJPEGRun
				}
				break
			}
			coefs[jpegZigzag[k]&63] = int32(e) >> 16 * scales[k]
			last = k
			continue
		}
		symbol, length := ac.long(acc)
		if length == 0 {
			return 0, errJPEGCode
		}
		acc <<= length
		n -= length
		run, size := int(symbol>>4), uint(symbol&15)
		if size == 0 && run != 15 {
			break
		}
		if k += run; k > 63 {
			return 0, errJPEGRun
		}
		coefs[jpegZigzag[k]&63] = jpegExtend(uint32(acc>>32>>(32-size)), size) * scales[k]
		last = k
		acc <<= size
		n -= size
	}
	r.acc, r.n, r.pos = acc, n, pos
	return last, nil
}
