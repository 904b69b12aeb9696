package exportimage

import (
	"context"
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// statisticsPixels is how many pixels of one raster are looked at to find its range, and statisticsItems how many rasters
// of a service: those with the lowest IDs. Neither depends on a request, so every picture of a service is stretched alike.
const (
	statisticsPixels = 1 << 20
	statisticsItems  = 16
)

// bandRanges is the service's stretch, or the least and largest value of each band over its first rasters, found once.
func (s *Service) bandRanges(ctx context.Context, a *about) ([]Range, error) {
	if s.Stretch != nil {
		return s.Stretch, nil
	}
	if err := s.finding.lock(ctx); err != nil {
		return nil, err
	}
	defer s.finding.unlock()
	if s.stretch != nil {
		return s.stretch, nil
	}
	var items []*mosaic.Item
	for it, err := range s.Catalog.Items(ctx, mosaic.Query{}) {
		if err != nil {
			return nil, fmt.Errorf("reading the catalogue: %w", err)
		}
		items = append(items, it)
	}
	mosaic.Rule{}.Order(items, mosaic.View{})
	sum := make([]Range, len(a.bands))
	for i := range sum {
		sum[i] = Range{math.Inf(1), math.Inf(-1)}
	}
	for _, it := range items[:min(len(items), statisticsItems)] {
		ds, err := it.Open(ctx)
		if err != nil {
			return nil, &rasterError{"open", it.Name, err}
		}
		if err := extendRanges(ctx, sum, ds); err != nil {
			return nil, &rasterError{"read", it.Name, err}
		}
	}
	for i, r := range sum {
		if r.Min > r.Max {
			sum[i] = Range{0, 0} // no pixel holds data
		}
	}
	s.stretch = sum
	return sum, nil
}

// extendRanges widens sum by what a raster says of its bands, or else by what its coarsest level holds.
func extendRanges(ctx context.Context, sum []Range, ds raster.Dataset) error {
	info := ds.Info()
	known := true
	for i, b := range info.Bands[:min(len(info.Bands), len(sum))] {
		if b.Stats == nil {
			known = false
			break
		}
		sum[i] = Range{math.Min(sum[i].Min, b.Stats.Min), math.Max(sum[i].Max, b.Stats.Max)}
	}
	if known {
		return nil
	}
	level := len(info.Levels) - 1
	for _, win := range sampleWindows(info.Levels[level]) {
		b, err := ds.Read(ctx, level, win, nil)
		if err != nil {
			return err
		}
		if b, err = raster.Convert(b, raster.F64); err != nil {
			return err
		}
		for i := range min(len(b.Bands), len(sum)) {
			sum[i] = extend(sum[i], b.Bands[i].(*raster.PlaneOf[float64]), b.Valid)
		}
	}
	return nil
}

// sampleWindows covers a level whole if it is small, and otherwise by windows of 256 pixels that lie on an even lattice.
func sampleWindows(size image.Point) []image.Rectangle {
	const side = 256
	across, down := (size.X+side-1)/side, (size.Y+side-1)/side
	step := 1
	for across/step*(down/step) > statisticsPixels/(side*side) {
		step++
	}
	var out []image.Rectangle
	for y := step / 2; y < down; y += step {
		for x := step / 2; x < across; x += step {
			out = append(out, image.Rect(x*side, y*side, min((x+1)*side, size.X), min((y+1)*side, size.Y)))
		}
	}
	return out
}

func extend(r Range, p *raster.PlaneOf[float64], valid *image.Alpha) Range {
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		for x, v := range p.Row(y) {
			if valid != nil && valid.Pix[valid.PixOffset(p.Rect.Min.X+x, y)] == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			r = Range{math.Min(r.Min, v), math.Max(r.Max, v)}
		}
	}
	return r
}
