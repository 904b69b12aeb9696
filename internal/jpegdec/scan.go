package jpegdec

import (
	"encoding/binary"
	"fmt"
)

// readScan decodes a scan, and reports whether the image is complete with it.
func (d *Decoder) readScan(header []byte, o *Options) (done bool, err error) {
	if err := d.readScanHeader(header); err != nil {
		return false, err
	}
	f := &d.frame
	if f.scans++; f.scans > maxScans {
		return false, unsupported(fmt.Sprintf("JPEG of more than %d scans", maxScans))
	}
	d.eobRun = 0
	for i := range f.components {
		f.components[i].pred = 0
	}
	d.interval()
	if f.progressive {
		return false, d.eachUnit(f.down, d.progressiveBlock(), o)
	}
	if len(d.scan.components) == len(f.components) {
		// The rest of the stream, after the last wanted row, is ignored.
		return true, d.eachUnit(f.rows, d.sequentialBlock, o)
	}
	if err := d.eachUnit(f.down, d.sequentialBlock, o); err != nil {
		return false, err
	}
	for i := range f.components {
		if !f.components[i].seen {
			return false, nil
		}
	}
	return true, nil
}

// A decodeBlock decodes block (x, y) of a component.
type decodeBlock func(c *component, x, y int) error

// eachUnit calls decode for each block of the scan, in coding order, up to the given row of MCUs. The blocks of a scan
// with a single component are in rows of their own, without those that only pad MCUs (T.81, A.2).
func (d *Decoder) eachUnit(rows int, decode decodeBlock, o *Options) error {
	across, unit := d.frame.across, d.interleaved
	if len(d.scan.components) == 1 {
		alone := d.scan.components[0]
		across = (alone.width + 7) / 8
		rows = min((alone.height+7)/8, rows*alone.v)
		unit = func(decode decodeBlock, x, y int) error { return decode(alone, x, y) }
	}
	left, number := d.restart, 0
	for y := range rows {
		if err := o.interrupted(); err != nil {
			return err
		}
		for x := range across {
			if d.restart > 0 {
				if left == 0 {
					if err := d.restartAt(number); err != nil {
						return err
					}
					number++
					left = d.restart
				}
				left--
			}
			if err := unit(decode, x, y); err != nil {
				return err
			}
		}
		if err := d.bits.done(); err != nil {
			return err
		}
	}
	return nil
}

// interleaved calls decode for the blocks of MCU (mx, my), component by component.
func (d *Decoder) interleaved(decode decodeBlock, mx, my int) error {
	for _, c := range d.scan.components {
		for y := range c.v {
			for x := range c.h {
				if err := decode(c, mx*c.h+x, my*c.v+y); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// restartAt continues after restart marker number n, which resets predictions.
func (d *Decoder) restartAt(n int) error {
	if err := d.bits.done(); err != nil {
		return err
	}
	if err := d.nextInterval(n); err != nil {
		return err
	}
	d.eobRun = 0
	for _, c := range d.scan.components {
		c.pred = 0
	}
	return nil
}

// sequentialBlock decodes block (x, y) of a component into its samples (T.81, F.2.2).
func (d *Decoder) sequentialBlock(c *component, x, y int) error {
	var coefs [64]int32
	last, err := d.bits.block(&coefs, c)
	if err != nil {
		return err
	}
	inverseDCT(c.pix[8*(y*c.stride+x):], c.stride, &coefs, last)
	return nil
}

// block reads the coefficients of one block and scales them. It returns the index, in zigzag order, of the last one
// that may not be 0. It is the decoder's inner loop: the reader's state stays in registers, which function calls would
// write back to memory.
func (r *bitReader) block(coefs *[64]int32, c *component) (last int, err error) {
	if r.n < 32 {
		r.fill()
	}
	acc, n, pos, buf := r.acc, r.n, r.pos, r.buf
	dc, ac, scales := c.dc, c.ac, &c.scales

	if e := dc.fast[acc>>(64-lookBits)]; e != 0 {
		c.pred += int32(e) >> 16
		acc <<= e & 0xff
		n -= uint(e & 0xff)
	} else {
		size, length := dc.long(acc)
		if length == 0 {
			return 0, errCode
		}
		acc <<= length
		c.pred += extend(uint32(acc>>32>>(32-size)), uint(size))
		acc <<= size
		n -= length + uint(size)
	}
	coefs[0] = c.pred * scales[0]

	for k := 1; k < 64; k++ {
		if n < 32 { // fill, inlined to keep all values in registers
			if pos+8 <= len(buf) {
				acc |= binary.BigEndian.Uint64(buf[pos:]) >> n
			}
			pos += int(63-n) >> 3
			n |= 56
		}
		if e := ac.fast[acc>>(64-lookBits)]; e != 0 {
			acc <<= e & 0x3f
			n -= uint(e & 0x3f)
			k += int(e >> 8 & 0xff)
			if k > 63 {
				if k < endOfBlock {
					return 0, errRun
				}
				break
			}
			coefs[zigzag[k]&63] = int32(e) >> 16 * scales[k]
			last = k
			continue
		}
		symbol, length := ac.long(acc)
		if length == 0 {
			return 0, errCode
		}
		acc <<= length
		n -= length
		run, size := int(symbol>>4), uint(symbol&15)
		if size == 0 && run != 15 {
			break
		}
		if k += run; k > 63 {
			return 0, errRun
		}
		coefs[zigzag[k]&63] = extend(uint32(acc>>32>>(32-size)), size) * scales[k]
		last = k
		acc <<= size
		n -= size
	}
	r.acc, r.n, r.pos = acc, n, pos
	return last, nil
}
