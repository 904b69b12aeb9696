package geotiff

import (
	"context"
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// readNoData reads the GDAL_NODATA tag, which applies to all bands that are not alpha, and the values of the .aux.xml
// file, which override it for single bands.
func (f *File) readNoData(ctx context.Context, d *directory, m *sidecar.Metadata) error {
	stated := false
	set := func(what, text string, bands []int) {
		v, ok := sidecar.ParseNoData(text, f.info.Type, len(bands))
		if !ok {
			f.note(fmt.Sprintf("%s %q is left aside: no value of type %v", what, show(text), f.info.Type))
			f.noData.unknown = true
			return
		}
		for i, b := range bands {
			f.info.Bands[b].NoData = &v[min(i, len(v)-1)]
		}
		stated = true
	}
	if d.has(tagGDALNoData) {
		text, err := d.ascii(ctx, tagGDALNoData)
		if err != nil {
			return err
		}
		set(tagGDALNoData.String(), text, f.info.DataBands())
	}
	for b := range f.info.Bands {
		if f.info.Bands[b].Alpha {
			continue
		}
		if own := m.Bands[b]; own != nil && own.NoData != "" {
			set(fmt.Sprintf("noData of band %d in %s", b, sidecar.PAM), own.NoData, []int{b})
		}
	}
	how := f.betterThanNoData()
	if stated && how != "" {
		f.note(fmt.Sprintf("noData does not count: %s says which pixels hold data", how))
	}
	f.noData = newNoDataRule(f.info.Type, f.info.Bands, stated && how == "", f.noData.unknown && how == "")
	return nil
}

// noDataRule determines from a pixel's samples whether the pixel is without data. It looks at all bands that are not
// alpha, not only at the requested ones, so that a pixel's validity does not depend on the request. Each band has its
// own noData value, or none.
type noDataRule struct {
	typ    raster.PixelType
	values []*float64 // noData values of the bands that are not alpha, in their order; nil for bands that have none
	active bool       // whether any sample can be noData or NaN
	// unknown states that a noData value is stated that is not understood. It stands in sparse blocks, so these are
	// without data.
	unknown bool
}

// newNoDataRule returns the rule for samples of type t. count reports that the bands' noData values count; it is false
// if no band has one, or if something else states which pixels hold data. unknown is that of the rule.
func newNoDataRule(t raster.PixelType, bands []raster.Band, count, unknown bool) noDataRule {
	r := noDataRule{typ: t, active: count || unknown || hasNaN(t), unknown: unknown}
	for _, b := range bands {
		if count && !b.Alpha {
			r.values = append(r.values, b.NoData)
		}
	}
	return r
}

// hasNaN reports whether samples of type t can be NaN.
func hasNaN(t raster.PixelType) bool {
	switch t {
	case raster.F32, raster.F64, raster.C64, raster.C128:
		return true
	}
	return false
}

// all reports whether a pixel is without data only if every band that has a noData value is noData. That is so for
// unsigned samples, whose noData value is mostly the 0 or 255 that single bands of good pixels have as well: red in the
// sea, say. In signed and floating-point rasters it is a value such as -9999 that is never measured and must not get
// into a sum, so one band is enough.
func (n *noDataRule) all() bool {
	switch n.typ {
	case raster.U1, raster.U2, raster.U4, raster.U8, raster.U16, raster.U32:
		return true
	}
	return false
}

// A marker applies a noDataRule. It takes the planes of all bands that are not alpha one after the other, so that they
// need not be in memory together.
type marker struct {
	rule  noDataRule
	valid *image.Alpha // nil while all pixels are valid
	// hole marks the pixels that are noData in all planes so far, if the rule requires all bands. It is nil before the
	// first plane, and empty when no such pixel is left.
	hole []bool
	next int // index of the next plane
}

// add takes the next plane. The plane must be freshly decoded: its rows lie without gaps.
func (m *marker) add(p raster.Plane) {
	var noData *float64
	if m.next < len(m.rule.values) {
		noData = m.rule.values[m.next]
	}
	m.next++
	if noData == nil && !hasNaN(m.rule.typ) {
		if m.rule.unknown {
			m.hole = []bool{} // the plane is there, so its pixels hold data
		}
		return
	}
	v := math.NaN() // equal to no sample
	if noData != nil {
		v = *noData
	}
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		mark(m, p, uint8(v))
	case *raster.PlaneOf[int8]:
		mark(m, p, int8(v))
	case *raster.PlaneOf[uint16]:
		mark(m, p, uint16(v))
	case *raster.PlaneOf[int16]:
		mark(m, p, int16(v))
	case *raster.PlaneOf[uint32]:
		mark(m, p, uint32(v))
	case *raster.PlaneOf[int32]:
		mark(m, p, int32(v))
	case *raster.PlaneOf[float32]:
		mark(m, p, float32(v))
	case *raster.PlaneOf[float64]:
		mark(m, p, v)
	case *raster.PlaneOf[complex64]:
		mark(m, p, complex(float32(v), 0))
	case *raster.PlaneOf[complex128]:
		mark(m, p, complex(v, 0))
	default:
		panic(fmt.Sprintf("geotiff: noData in a %T", p))
	}
}

func mark[T raster.Sample](m *marker, p *raster.PlaneOf[T], noData T) {
	first := m.hole == nil
	switch {
	case !m.rule.all():
		if !contains(p.Pix, noData) {
			return
		}
		if m.valid == nil {
			m.valid = raster.AllValid(p.Rect)
		}
		for i, v := range p.Pix {
			if v == noData || v != v {
				m.valid.Pix[i] = 0
			}
		}
	case !first && len(m.hole) == 0:
	case !contains(p.Pix, noData):
		m.hole = []bool{}
	case first:
		m.hole = make([]bool, len(p.Pix))
		for i, v := range p.Pix {
			m.hole[i] = v == noData
		}
	default:
		for i, v := range p.Pix {
			m.hole[i] = m.hole[i] && v == noData
		}
	}
}

// addSparse takes the next plane, which holds a noData value that is not understood in all its pixels.
func (m *marker) addSparse(r image.Rectangle) {
	m.next++
	switch {
	case !m.rule.all():
		m.valid = image.NewAlpha(r)
	case m.hole == nil:
		m.hole = make([]bool, r.Dx()*r.Dy())
		for i := range m.hole {
			m.hole[i] = true
		}
	}
}

// result returns the validity of the pixels of r; nil if all are valid.
func (m *marker) result(r image.Rectangle) *image.Alpha {
	for i, h := range m.hole {
		if !h {
			continue
		}
		if m.valid == nil {
			m.valid = raster.AllValid(r)
		}
		m.valid.Pix[i] = 0
	}
	return m.valid
}

// contains reports whether any sample is noData or NaN.
func contains[T raster.Sample](pix []T, noData T) bool {
	for _, v := range pix {
		if v == noData || v != v {
			return true
		}
	}
	return false
}

// fill sets all samples of a plane to v.
func fill(p raster.Plane, v float64) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		fillAs(p, uint8(v))
	case *raster.PlaneOf[int8]:
		fillAs(p, int8(v))
	case *raster.PlaneOf[uint16]:
		fillAs(p, uint16(v))
	case *raster.PlaneOf[int16]:
		fillAs(p, int16(v))
	case *raster.PlaneOf[uint32]:
		fillAs(p, uint32(v))
	case *raster.PlaneOf[int32]:
		fillAs(p, int32(v))
	case *raster.PlaneOf[float32]:
		fillAs(p, float32(v))
	case *raster.PlaneOf[float64]:
		fillAs(p, v)
	case *raster.PlaneOf[complex64]:
		fillAs(p, complex(float32(v), 0))
	case *raster.PlaneOf[complex128]:
		fillAs(p, complex(v, 0))
	}
}

func fillAs[T raster.Sample](p *raster.PlaneOf[T], v T) {
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		row := p.Row(y)
		for i := range row {
			row[i] = v
		}
	}
}
