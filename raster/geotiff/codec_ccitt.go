package geotiff

import (
	"errors"
	"io"
)

// The compressions of ITU-T T.4 (Group 3) and T.6 (Group 4) for samples of 1 bit. A row is a list of the places where
// its colour changes, beginning with white, which is 0. Rows coded in one dimension store the lengths of the runs
// between them; rows coded in two dimensions store the changes relative to those of the row above.
//
// golang.org/x/image/ccitt reads Group 4 and one-dimensional Group 3, but neither rows without end-of-line codes
// between them, as CCITTRLE has, nor Group 3 in two dimensions. The tests compare the two packages.
//
// Damaged data are an error; the decoder does not search for the next intact row.

var (
	errCCITTCode   = errors.New("ccitt: invalid code")
	errCCITTLength = errors.New("ccitt: a row is too long")
	errCCITTEnd    = errors.New("ccitt: a row without an end-of-line code before it")
	// errCCITTExtension is for the only extension that T.4 and T.6 define: rows that are not compressed.
	errCCITTExtension = &UnsupportedError{Name: "CCITT extension code", Reason: "rows that are not compressed"}
)

// t4TwoDimensional is the bit of T4Options that states that rows may be coded in two dimensions.
const t4TwoDimensional = 1

func ccittCodec(decode func(dst, src []byte, b BlockShape) error) Codec {
	return Codec{Decode: decode, bilevel: true}
}

// decodeCCITTRLE decodes section 10 of TIFF 6.0, modified Huffman: rows in one dimension, each on a whole byte.
//
// Compression 32771, the same with rows on words of 16 bits, is not supported: libtiff does not read its own files of
// this compression.
func decodeCCITTRLE(dst, src []byte, b BlockShape) error {
	return newCCITT(src, b).rows(dst, func(c *ccittBlock) error {
		err := c.row1D()
		c.in.align()
		return err
	})
}

// decodeCCITTGroup3 decodes rows with an end-of-line code before each. In one dimension the code may be missing, since
// some writers omit it; in two dimensions it is needed, since the bit after it states how the row is coded.
func decodeCCITTGroup3(dst, src []byte, b BlockShape) error {
	return newCCITT(src, b).rows(dst, func(c *ccittBlock) error {
		found := c.endOfLine()
		if b.T4Options&t4TwoDimensional == 0 {
			return c.row1D()
		}
		if !found {
			return errCCITTEnd
		}
		if c.in.peek(1) == 1 {
			c.in.skip(1)
			return c.row1D()
		}
		c.in.skip(1)
		return c.row2D()
	})
}

// decodeCCITTGroup4 decodes rows in two dimensions that follow each other without a break.
func decodeCCITTGroup4(dst, src []byte, b BlockShape) error {
	return newCCITT(src, b).rows(dst, (*ccittBlock).row2D)
}

// A ccittBlock is a block being decoded.
type ccittBlock struct {
	in     ccittBits
	shape  BlockShape
	tables *[2]ccittTable
	width  int
	// row and above are the changes of colour in this row and the row above, in ascending order and less than the
	// width. Those with an even index are from white to black. Their memory grows with the bytes read, not with the
	// width.
	row, above []int32
}

func newCCITT(src []byte, b BlockShape) *ccittBlock {
	return &ccittBlock{in: ccittBits{src: src}, shape: b, tables: ccittTables(), width: b.Width}
}

// rows fills dst with rows. It calls next to decode each.
func (c *ccittBlock) rows(dst []byte, next func(*ccittBlock) error) error {
	rowBytes := (c.width + 7) / 8
	if rowBytes <= 0 {
		return errCCITTLength
	}
	clear(dst)
	due := len(dst) // number of bytes left when the next call of Interrupt is due
	for len(dst) > 0 {
		if len(dst) <= due {
			if err := c.shape.interrupted(); err != nil {
				return err
			}
			// Decoding a row takes as long as decoding its samples, which are eight times as many as its bytes.
			due = len(dst) - interruptBytes/8
		}
		c.above, c.row = c.row, c.above[:0]
		err := next(c)
		switch {
		case c.in.over, err == errCCITTCode && len(c.in.src) == 0 && c.in.n < ccittCodeBits:
			return io.ErrUnexpectedEOF // zeros past the end of src were read
		case err != nil:
			return err
		}
		n := min(rowBytes, len(dst))
		for i := 0; i < len(c.row); i += 2 {
			end := c.width
			if i+1 < len(c.row) {
				end = int(c.row[i+1])
			}
			setBits(dst[:n], int(c.row[i]), min(end, 8*n))
		}
		dst = dst[n:]
	}
	return nil
}

// setBits sets the bits with indices from up to, but not including, to. Bit 0 is the most significant bit of the first
// byte.
func setBits(b []byte, from, to int) {
	if from >= to {
		return
	}
	first, last := from/8, (to-1)/8
	head, tail := byte(0xff)>>(from%8), byte(0xff)<<(7-(to-1)%8)
	if first == last {
		b[first] |= head & tail
		return
	}
	b[first] |= head
	for i := first + 1; i < last; i++ {
		b[i] = 0xff
	}
	b[last] |= tail
}

// change records that the colour changes at x. Two changes at the same place cancel out: the rows below must not see
// them.
func (c *ccittBlock) change(x int) {
	switch n := len(c.row); {
	case n > 0 && int(c.row[n-1]) == x:
		c.row = c.row[:n-1]
	case x < c.width:
		c.row = append(c.row, int32(x))
	}
}

// run reads the length of a run: any number of codes for multiples of 64, and one for the rest.
func (c *ccittBlock) run(color int) (int, error) {
	n := 0
	for {
		code := c.tables[color][c.in.peek(ccittCodeBits)]
		if code.bits == 0 {
			return 0, errCCITTCode
		}
		c.in.skip(uint(code.bits))
		n += int(code.pixels)
		switch {
		case n > c.width:
			return 0, errCCITTLength
		case code.pixels < 64:
			return n, nil
		}
	}
}

// row1D reads a row as white and black runs by turns.
func (c *ccittBlock) row1D() error {
	for x, color := 0, 0; ; color ^= 1 {
		n, err := c.run(color)
		if err != nil {
			return err
		}
		x += n
		switch {
		case x > c.width:
			return errCCITTLength
		case x == c.width:
			return nil
		}
		c.change(x)
	}
}

// row2D reads a row coded in two dimensions (T.6, section 2.2). In the terms of T.6, x is a0, the place up to which the
// row is known, and b1 is the first change of the row above that is right of x and leads to the colour opposite to the
// current one. At first x is an imaginary white pixel left of the row.
func (c *ccittBlock) row2D() error {
	above := 0 // index of the first change of the row above that is right of x
	for x, color := -1, 0; x < c.width; {
		for above < len(c.above) && int(c.above[above]) <= x {
			above++
		}
		b := above + (above+color)&1
		b1, b2 := c.width, c.width
		if b < len(c.above) {
			b1 = int(c.above[b])
		}
		if b+1 < len(c.above) {
			b2 = int(c.above[b+1])
		}

		to := 0
		switch code := c.in.peek(7); {
		case code&0x40 != 0: // 1: below b1
			c.in.skip(1)
			to = b1
		case code>>4 == 0b011:
			c.in.skip(3)
			to = b1 + 1
		case code>>4 == 0b010:
			c.in.skip(3)
			to = b1 - 1
		case code>>4 == 0b001: // horizontal: two runs
			c.in.skip(3)
			first, err := c.run(color)
			if err != nil {
				return err
			}
			second, err := c.run(color ^ 1)
			if err != nil {
				return err
			}
			x = max(x, 0)
			if first+second > c.width-x {
				return errCCITTLength
			}
			c.change(x + first)
			x += first + second
			c.change(x)
			continue
		case code>>3 == 0b0001: // pass: the change at b1 has no counterpart here
			c.in.skip(4)
			x = b2
			continue
		case code>>1 == 0b000011:
			c.in.skip(6)
			to = b1 + 2
		case code>>1 == 0b000010:
			c.in.skip(6)
			to = b1 - 2
		case code == 0b0000011:
			c.in.skip(7)
			to = b1 + 3
		case code == 0b0000010:
			c.in.skip(7)
			to = b1 - 3
		case code == 0b0000001:
			return errCCITTExtension
		default:
			if c.in.peek(12) == 1 {
				return io.ErrUnexpectedEOF // the end of the block, or of the line
			}
			return errCCITTCode
		}
		if to < x || to < 0 || to > c.width {
			return errCCITTLength
		}
		c.change(to)
		x, color = to, color^1
	}
	return nil
}

// endOfLine skips an end-of-line code, which is at least 11 zeros and a one. It reports whether there was one.
func (c *ccittBlock) endOfLine() bool {
	if c.in.peek(11) != 0 {
		return false
	}
	c.in.skip(11)
	for c.in.peek(1) == 0 && !c.in.over {
		c.in.skip(1)
	}
	c.in.skip(1)
	return true
}

// ccittBits reads bits, the most significant bit of a byte first. After the last byte it reads zeros.
type ccittBits struct {
	src  []byte
	next uint64 // the next bits, at the top
	n    uint   // number of bits of next that are from src
	over bool   // whether bits past the end of src were skipped
}

func (b *ccittBits) fill() {
	for b.n <= 56 && len(b.src) > 0 {
		b.next |= uint64(b.src[0]) << (56 - b.n)
		b.n += 8
		b.src = b.src[1:]
	}
}

// peek returns the next n bits, up to 56.
func (b *ccittBits) peek(n uint) uint {
	if b.n < n {
		b.fill()
	}
	return uint(b.next >> (64 - n))
}

// skip skips n bits that peek has returned.
func (b *ccittBits) skip(n uint) {
	if n > b.n {
		b.over = true
		b.next, b.n = 0, 0
		return
	}
	b.next <<= n
	b.n -= n
}

// align skips to the next whole byte.
func (b *ccittBits) align() { b.skip(b.n % 8) }
