package main

import (
	"fmt"
	"io"
	"time"

	"github.com/geoexport/geoexport/srs"
)

// speed answers every line "from to seconds n" and n points after it by nanoseconds per point: the least of several
// repetitions, of which each is too short to be interrupted often. The points are transformed together and in place, and
// copied back from the original each time.
func speed(in io.Reader, out io.Writer) error {
	for {
		var from, to string
		var seconds float64
		var n int
		if _, err := fmt.Fscan(in, &from, &to, &seconds, &n); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		xs, ys := make([]float64, n), make([]float64, n)
		for i := range xs {
			if _, err := fmt.Fscan(in, &xs[i], &ys[i]); err != nil {
				return err
			}
		}
		t, err := transformer(from, to)
		if err != nil {
			return err
		}
		best := 0.0
		us, vs := make([]float64, n), make([]float64, n)
		for start := time.Now(); best == 0 || time.Since(start).Seconds() < seconds; {
			copy(us, xs)
			copy(vs, ys)
			begin := time.Now()
			t.Transform(us, vs)
			if took := float64(time.Since(begin).Nanoseconds()) / float64(n); best == 0 || took < best {
				best = took
			}
		}
		if _, err := fmt.Fprintln(out, best); err != nil {
			return err
		}
	}
}

func transformer(from, to string) (*srs.Transformer, error) {
	a, err := srs.Parse(from)
	if err != nil {
		return nil, err
	}
	b, err := srs.Parse(to)
	if err != nil {
		return nil, err
	}
	return srs.NewTransformer(a, b)
}
