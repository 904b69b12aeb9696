package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
)

// A Floor is what an export takes, beside what decoding its window and encoding its pixels take alone, on one core.
type Floor struct {
	Row                    Row
	Export, Decode, Encode float64 // seconds, medians
	Err                    string
}

// Ratio returns how many times as long as its floors the export takes.
func (f Floor) Ratio() float64 { return f.Export / (f.Decode + f.Encode) }

func (f Floor) String() string { return "floor/" + f.Row.String() }

// chooseFloors returns the rows of floors whose names match a pattern.
func chooseFloors(isQuick bool, pattern *regexp.Regexp) (rows []Row) {
	for _, raster := range factors[0].levels {
		for _, side := range []string{"256", "400", "1024"} {
			for _, format := range []string{"png", "jpg"} {
				r := Row{raster, "utm-3857", "bilinear", side, format, "cold", "1", "file"}
				slow := side != "400" || raster != "deflate"
				if pattern.MatchString(Floor{Row: r}.String()) && !(isQuick && slow) {
					rows = append(rows, r)
				}
			}
		}
	}
	return rows
}

// floors measures rows and passes each to report.
func (b *bench) floors(ctx context.Context, rows []Row, report func(Floor)) {
	for _, r := range rows {
		f := Floor{Row: r}
		if err := b.floor(ctx, &f); err != nil {
			f.Err = err.Error()
		}
		report(f)
		if ctx.Err() != nil {
			return
		}
	}
}

// floor measures an export and its floors in turn, each at the same places.
func (b *bench) floor(ctx context.Context, f *Floor) (err error) {
	file := rasterOf(f.Row)
	path, err := b.data.path(ctx, file)
	if err != nil {
		return err
	}
	places, err := newBoxes(file.place, pictureCode(f.Row), f.Row.side())
	if err != nil {
		return err
	}
	w, err := startOurs(ctx, f.Row.cores())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	ops := []string{"", "decode", "encode"}
	seconds := make([][]float64, len(ops))
	took := 0.0
	for n := 0; n < mostPictures && (n < leastPictures || took < b.seconds); n++ {
		j := b.jobs(f.Row, path)[0]
		j.Box = places.next()
		for i, op := range ops {
			j.Op = op
			a, err := w.ask(j)
			if err != nil {
				return fmt.Errorf("%q: %w", op, err)
			}
			if n > 0 { // the first one makes tables
				seconds[i] = append(seconds[i], a.Seconds)
				took += a.Seconds
			}
		}
	}
	f.Export, f.Decode, f.Encode = median(seconds[0]), median(seconds[1]), median(seconds[2])
	return nil
}
