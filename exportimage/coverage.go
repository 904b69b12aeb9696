package exportimage

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/geoexport/geoexport/srs"
)

// reach returns the fraction of a plan's image that lies under the extents of its rasters.
func (p *plan) reach() float64 {
	rects := make([]image.Rectangle, 0, len(p.sources))
	for _, s := range p.sources {
		if r := s.dst.Intersect(p.rect); !r.Empty() {
			rects = append(rects, r)
		}
	}
	return float64(unionArea(rects)) / float64(max(1, area(p.rect)))
}

// unionArea returns the area that rectangles cover together. It cuts the plane at all their left and right sides, and
// joins the intervals of y in each part.
func unionArea(rects []image.Rectangle) (sum int64) {
	var xs []int
	for _, r := range rects {
		xs = append(xs, r.Min.X, r.Max.X)
	}
	slices.Sort(xs)
	xs = slices.Compact(xs)
	rects = slices.SortedFunc(slices.Values(rects), func(a, b image.Rectangle) int { return cmp.Compare(a.Min.Y, b.Min.Y) })
	for i := 1; i < len(xs); i++ {
		rows, end := 0, math.MinInt
		for _, r := range rects {
			if from := max(r.Min.Y, end); r.Min.X <= xs[i-1] && r.Max.X >= xs[i] && r.Max.Y > from {
				rows += r.Max.Y - from
				end = r.Max.Y
			}
		}
		sum += int64(rows) * int64(xs[i]-xs[i-1])
	}
	return sum
}

// usualCodes are spatial references in which clients state boxes without naming them.
var usualCodes = []int{4326, 3857}

// notePlace notes that an image shows no raster because the box lies elsewhere. A box whose spatial reference was not
// stated is often in another one than the service's: the note names that in which it would lie on the rasters.
func (s *Service) notePlace(p *plan, asked Request, d *Description) {
	if len(p.sources) > 0 || (asked.BBox == srs.Envelope{}) || d.CRS.IsZero() {
		return
	}
	in := func(c srs.CRS) bool {
		box, err := orderCorners(asked.BBox, c)
		if err != nil {
			return false
		}
		t, err := s.transformer(c, d.CRS, box)
		if err != nil {
			return false
		}
		e, err := t.Envelope(box)
		return err == nil && e.Intersects(d.Extent)
	}
	stated := !asked.BBoxSR.IsZero()
	if in(p.req.BBoxSR) {
		return // among the rasters, where there is none
	}
	assumed, better := "", ""
	if !stated {
		assumed = fmt.Sprintf("; bboxSR was not stated, so that it is in %v", p.req.BBoxSR)
	}
	for _, code := range usualCodes {
		if c, err := srs.FromWKID(code); err == nil && c != p.req.BBoxSR && in(c) {
			better = fmt.Sprintf("; it would lie on them in %v", c)
			break
		}
	}
	p.notes = append(p.notes, fmt.Sprintf("bbox: it lies outside all rasters, which are within %.10g,%.10g,%.10g,%.10g of %v%s%s",
		d.Extent.XMin, d.Extent.YMin, d.Extent.XMax, d.Extent.YMax, d.CRS, assumed, better))
}
