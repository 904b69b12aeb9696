package jpegenc

import "encoding/binary"

// A block of 8 by 8 samples is a sum of waves, and an edge inside it causes ripples all over the block. So where data
// ends, the pixels without data that share a block with others continue those instead of showing the background. Blocks
// without any data show it.

// holes reports whether a block, w by h pixels, has some pixels without data, and whether all are without.
func holes(alpha []uint8, stride, w, h int) (some, all bool) {
	all = true
	for y := range h {
		row := alpha[y*stride : y*stride+w]
		for ; len(row) >= 8 && binary.LittleEndian.Uint64(row) == ones8*0xff; row = row[8:] {
			all = false
		}
		for _, a := range row {
			if a == 0 {
				some = true
			} else {
				all = false
			}
		}
	}
	return some, some && all
}

// continued replaces the samples of a block, w by h, where alpha is 0: it interpolates between the nearest samples
// before and after in the row, or repeats the only one of them. Rows without any data are interpolated in the same way
// between the rows above and below. The block has some pixel whose alpha is not 0.
func continued(pix, alpha []uint8, stride, w, h int) {
	last := -1 // last row that has data
	for y := range h {
		row := pix[y*stride : y*stride+w]
		if !continuedRow(row, alpha[y*stride:y*stride+w]) {
			continue
		}
		for gap := last + 1; gap < y; gap++ {
			dst := pix[gap*stride : gap*stride+w]
			if last < 0 {
				copy(dst, row)
				continue
			}
			above := pix[last*stride : last*stride+w]
			for x := range dst {
				dst[x] = between(above[x], row[x], gap-last, y-last)
			}
		}
		last = y
	}
	for y := last + 1; y < h; y++ {
		copy(pix[y*stride:y*stride+w], pix[last*stride:last*stride+w])
	}
}

// continuedRow does so in one row, and reports whether the row has any data.
func continuedRow(row, alpha []uint8) bool {
	last := -1
	for x, a := range alpha {
		if a == 0 {
			continue
		}
		for gap := last + 1; gap < x; gap++ {
			if last < 0 {
				row[gap] = row[x]
			} else {
				row[gap] = between(row[last], row[x], gap-last, x-last)
			}
		}
		last = x
	}
	if last < 0 {
		return false
	}
	for x := last + 1; x < len(row); x++ {
		row[x] = row[last]
	}
	return true
}

// between returns the value at step i of n from a to b, rounded to nearest, up if halfway.
func between(a, b uint8, i, n int) uint8 {
	return uint8((int(a)*(n-i) + int(b)*i + n/2) / n)
}

// smoothed replaces the samples where alpha is 0 by the mean of their neighbours in the block, again and again, as heat
// spreads. It removes the streaks that continued leaves.
func smoothed(pix, alpha []uint8, stride, w, h int) {
	const rounds = 12 // near the width of a block; more changed nothing in trials
	for range rounds {
		for y := range h {
			for x := range w {
				at := y*stride + x
				if alpha[at] != 0 {
					continue
				}
				sum, n := 0, 0
				if x > 0 {
					sum, n = sum+int(pix[at-1]), n+1
				}
				if x+1 < w {
					sum, n = sum+int(pix[at+1]), n+1
				}
				if y > 0 {
					sum, n = sum+int(pix[at-stride]), n+1
				}
				if y+1 < h {
					sum, n = sum+int(pix[at+stride]), n+1
				}
				pix[at] = uint8((sum + n/2) / n)
			}
		}
	}
}
