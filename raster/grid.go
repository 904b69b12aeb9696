package raster

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/srs"
)

// An Affine maps pixel coordinates to map coordinates:
//
//	x = A·column + B·row + C
//	y = D·column + E·row + F
//
// A pixel's column and row count from the outer corner of the first pixel, so that its centre is at +0.5. A raster with
// north up has B = D = 0 and E < 0. The zero value maps everything to one point and has no inverse.
type Affine struct{ A, B, C, D, E, F float64 }

// Apply maps one point.
func (a Affine) Apply(col, row float64) (x, y float64) {
	return float64(a.A*col) + float64(a.B*row) + a.C, float64(a.D*col) + float64(a.E*row) + a.F
}

// Inverse maps map coordinates to pixel coordinates. It reports false where a has no inverse, or one that is not
// finite.
func (a Affine) Inverse() (Affine, bool) {
	if a.B == 0 && a.D == 0 {
		// Its own path, because 1/A is exact for more inputs than E/(A·E).
		inv := Affine{A: 1 / a.A, C: -a.C / a.A, E: 1 / a.E, F: -a.F / a.E}
		return inv, inv.finite()
	}
	det := float64(a.A*a.E) - float64(a.B*a.D)
	inv := Affine{
		A: a.E / det, B: -a.B / det, C: (float64(a.B*a.F) - float64(a.C*a.E)) / det,
		D: -a.D / det, E: a.A / det, F: (float64(a.C*a.D) - float64(a.A*a.F)) / det,
	}
	return inv, inv.finite()
}

// AxisParallel reports whether columns and rows run along the axes of the map: neither rotated nor sheared.
func (a Affine) AxisParallel() bool { return a.B == 0 && a.D == 0 }

func (a Affine) finite() bool {
	for _, v := range [...]float64{a.A, a.B, a.C, a.D, a.E, a.F} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// A Grid is where pixels lie: a spatial reference, the map from pixel to map coordinates, and how many columns and
// rows.
type Grid struct {
	CRS    srs.CRS
	Affine Affine
	Size   image.Point
}

// NorthUp returns the grid of the given size that fills e exactly, first row at the top. Pixels need not be square.
func NorthUp(crs srs.CRS, e srs.Envelope, size image.Point) Grid {
	return Grid{
		CRS: crs,
		Affine: Affine{
			A: e.Width() / float64(size.X), C: e.XMin,
			E: -e.Height() / float64(size.Y), F: e.YMax,
		},
		Size: size,
	}
}

// Bounds returns the rectangle of the grid's pixels, from (0,0).
func (g Grid) Bounds() image.Rectangle { return image.Rectangle{Max: g.Size} }

// Envelope returns the box around the grid's outer corners, in units of its CRS.
func (g Grid) Envelope() srs.Envelope {
	w, h := float64(g.Size.X), float64(g.Size.Y)
	e := srs.Envelope{XMin: math.Inf(1), YMin: math.Inf(1), XMax: math.Inf(-1), YMax: math.Inf(-1)}
	for _, c := range [...][2]float64{{0, 0}, {w, 0}, {0, h}, {w, h}} {
		x, y := g.Affine.Apply(c[0], c[1])
		e = e.Union(srs.Envelope{XMin: x, YMin: y, XMax: x, YMax: y})
	}
	return e
}
