//go:build amd64 && !purego

package horn

// The functions of this file return how many pixels of a row assembly computed: 0 if one of them is rare.

func assembledGradients(east, south []float64, r Rows) int {
	n := len(east) &^ 1
	if n > 0 {
		gradientsOf(&east[0], &south[0], &r.Above[0], &r.At[0], &r.Below[0], r.FX, r.FY, n)
	}
	return n
}

func assembledPercents(dst []float32, r Rows) int {
	n := len(dst) &^ 1
	if n == 0 || percentsOf(&dst[0], &r.Above[0], &r.At[0], &r.Below[0], r.FX, r.FY, n) {
		return 0
	}
	return n
}

func assembledShades(dst []uint8, r Rows, l *Lights) int {
	n := len(dst) &^ 3
	of := shadesOfOne
	if l.many {
		of = shadesOfMany
	}
	if n == 0 || of(&dst[0], &r.Above[0], &r.At[0], &r.Below[0], r.FX, r.FY, &l.twice, l.above, n) {
		return 0
	}
	return n
}

func assembledAspects(dst []float32, r Rows) int {
	n := len(dst) &^ 1
	if n == 0 || aspectsOf(&dst[0], &r.Above[0], &r.At[0], &r.Below[0], r.FX, r.FY, arcTangents(), pairsOfOctants(), n) {
		return 0
	}
	return n
}
