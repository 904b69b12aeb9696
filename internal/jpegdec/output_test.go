package jpegdec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTriangles checks that upsampling four samples at a time equals upsampling one by one for all lengths, and stays
// within the slices.
func TestTriangles(t *testing.T) {
	near, far := make([]byte, 40), make([]byte, 40)
	for i := range near {
		near[i], far[i] = byte(i*i*53), byte(i*97+i*i*i)
	}
	near[7], far[7], near[8], far[8] = 255, 255, 255, 255 // the largest sum
	at := func(row []byte, i int) int { return int(row[max(0, min(i, len(row)-1))]) }
	for n := 1; n <= len(near); n++ {
		for size := 1; size <= 2*n+4; size++ {
			near, far := near[:n], far[:n]
			wide, both := make([]byte, size), make([]byte, size)
			triangle2x1(wide, near)
			triangle2x2(both, near, far)
			for i := range min(size, 2*n) {
				// Of the two samples made from one, the first uses the neighbour on the left and the second the one on
				// the right.
				other := i/2 + 2*(i&1) - 1
				want := (3*at(near, i/2) + at(near, other) + 1 + i&1) >> 2
				require.EqualValues(t, want, wide[i], "%d samples to %d: number %d", n, size, i)
				sum := 3*(3*at(near, i/2)+at(far, i/2)) + 3*at(near, other) + at(far, other)
				require.EqualValues(t, (sum+8-i&1)>>4, both[i], "%d by 2 samples to %d: number %d", n, size, i)
			}
		}
	}
}
