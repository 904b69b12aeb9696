//go:build !amd64 || purego

package pngfilter

// differences writes the row cur by all filters but None to rows, and returns the costs of all. left is the row one
// pixel to the left, up the row above, and corner the row above one pixel to the left. All are as long as cur.
func differences(rows *[filterCount][]byte, cur, left, up, corner []byte) (costs [filterCount]int) {
	return differencesLanes(rows, cur, left, up, corner)
}
