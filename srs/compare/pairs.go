package main

import (
	"fmt"
	"io"
	"math"

	"github.com/geoexport/geoexport/srs"
)

// pairs answers every line "from to x y u v" by how far, in metres, our image of (x, y) is from (u, v), and by the
// accuracy that we report for the way.
func pairs(in io.Reader, out io.Writer) error {
	for {
		var from, to string
		var x, y, u, v float64
		if _, err := fmt.Fscan(in, &from, &to, &x, &y, &u, &v); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		t, err := transformer(from, to)
		if err != nil {
			return err
		}
		target, err := srs.Parse(to)
		if err != nil {
			return err
		}
		xs, ys := []float64{x}, []float64{y}
		t.Transform(xs, ys)
		dx, dy := xs[0]-u, ys[0]-v
		if p := target.Period(); p > 0 {
			dx = math.Remainder(dx, p)
		}
		metres := target.Unit()
		if target.Geographic() {
			metres *= radius
			dx *= math.Cos(v * target.Unit())
		}
		miss := math.Hypot(dx, dy) * metres
		if math.IsNaN(miss) {
			miss = -1
		}
		if _, err := fmt.Fprintln(out, miss, t.Accuracy()); err != nil {
			return err
		}
	}
}
