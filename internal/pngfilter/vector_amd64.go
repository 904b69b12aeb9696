//go:build !purego

package pngfilter

// differences writes the row cur by all filters but None to rows, and returns the costs of all. left is the row one
// pixel to the left, up the row above, and corner the row above one pixel to the left. All are as long as cur.
func differences(rows *[filterCount][]byte, cur, left, up, corner []byte) (costs [filterCount]int) {
	n := len(cur)
	left, up, corner = left[:n], up[:n], corner[:n]
	whole := n &^ 15
	if whole == 0 {
		return differencesLanes(rows, cur, left, up, corner)
	}
	var to [4]*byte
	rest := *rows
	for i := range to {
		to[i] = &rows[i+1][:n][0]
		rest[i+1] = rows[i+1][whole:]
	}
	var sums [filterCount]uint64
	filterSSE2(&to, &sums, &cur[0], &left[0], &up[0], &corner[0], whole)
	costs = differencesLanes(&rest, cur[whole:], left[whole:], up[whole:], corner[whole:])
	for i, v := range sums {
		costs[i] += int(v)
	}
	return costs
}
