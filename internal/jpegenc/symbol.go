package jpegenc

import (
	"math/bits"
	"slices"
)

// A block is coded (T.81, F.1.2) as symbols, each with the number of zeros before a coefficient and the number of bits
// that the coefficient takes, and these bits. Here both lie in one word:
//
//	bits 0 to 15     the bits of the coefficient
//	bits 16 to 23    the symbol, with the number of bits in its lowest 4
//	bits 24 and 25   the table that has the code of the symbol
const (
	symbolShift = 16
	tableShift  = 24

	lumaTables   = 0 << tableShift // the table of DC; the next one is that of AC
	chromaTables = 2 << tableShift
	acTable      = 1 << tableShift

	sixteenZeros = 0xf0 << symbolShift
	endOfBlock   = 0 // all coefficients that follow are zero

	maxBlockSymbols = 64
)

// value returns the bits of v and their number. The bits of a negative number are the lowest ones of v-1.
func value(v int32) (low, n uint32) {
	sign := v >> 31
	n = uint32(bits.Len32(uint32((v ^ sign) - sign)))
	return uint32(v+sign) & (1<<n - 1), n
}

// add appends the symbols of the current block, whose first coefficient is coded as the difference from dc, and returns
// that coefficient.
func (s *Strip) add(tables uint32, dc int32) int32 {
	b, at := &s.blk, len(s.symbols)
	s.symbols = slices.Grow(s.symbols, maxBlockSymbols)
	out := s.symbols[at : at+maxBlockSymbols]

	first := int32(0)
	if b.set&1 != 0 {
		first = b.value[0]
	}
	low, n := value(first - dc)
	out[0] = tables | n<<symbolShift | low
	tables |= acTable
	i, last := 1, 0
	for set := b.set &^ 1; set != 0; set &= set - 1 {
		z := bits.TrailingZeros64(set)
		run := z - last - 1
		last = z
		for ; run >= 16; run -= 16 {
			out[i&63] = tables | sixteenZeros
			i++
		}
		low, n := value(b.value[z&63])
		out[i&63] = tables | uint32(run)<<(symbolShift+4) | n<<symbolShift | low
		i++
	}
	if last < 63 {
		out[i&63] = tables | endOfBlock
		i++
	}
	s.symbols = s.symbols[:at+i]
	return first
}

// Counts has the number of times that each symbol occurs. The zero value is empty.
type Counts [4 << 8]uint32

// Add counts symbols.
func (c *Counts) Add(symbols []uint32) {
	for _, v := range symbols {
		c[v>>symbolShift&(4<<8-1)]++
	}
}
