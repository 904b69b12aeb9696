package mosaic

import (
	"bytes"
	"errors"
	"image"
	"iter"
	"math"
	"slices"
	"sort"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// edgeParts is the number of parts into which an edge is divided before it is transformed to another CRS, where it may
// bend. The side of a UTM zone, 6° of a parallel, is then off by less than 2 km, and that of a scene of 200 km by less
// than 2 m.
const edgeParts = 20

// A FeatherPolygon is a polygon in the CRS of an image, at whose edge a raster fades out or is cut. It is immutable and
// safe for concurrent use.
type FeatherPolygon struct {
	ring   Ring
	box    srs.Envelope
	period float64
}

// errNoOutline reports that a polygon cannot be transformed.
var errNoOutline = errors.New("mosaic: the outline has no image in the spatial reference, or goes around a pole")

// FeatherPolygon returns the footprint, its ring or else its box, in the given CRS. It is an error if the footprint has
// no outline there.
func (f Footprint) FeatherPolygon(crs srs.CRS) (*FeatherPolygon, error) {
	r := f.Ring.unwrapped(f.CRS.Period())
	if r == nil {
		e := f.Envelope
		r = Ring{{e.XMin, e.YMin}, {e.XMax, e.YMin}, {e.XMax, e.YMax}, {e.XMin, e.YMax}}
	}
	return newFeatherPolygon(r, f.CRS, crs)
}

// SeamlinePolygon returns the item's seamline in the given CRS, or nil if the item has none.
func (it *Item) SeamlinePolygon(crs srs.CRS) (*FeatherPolygon, error) {
	if len(it.Seamline) == 0 {
		return nil, nil
	}
	r := it.Seamline.unwrapped(it.Footprint.CRS.Period())
	if r == nil {
		return nil, errNoOutline
	}
	return newFeatherPolygon(r, it.Footprint.CRS, crs)
}

func newFeatherPolygon(r Ring, from, to srs.CRS) (*FeatherPolygon, error) {
	t, err := srs.NewTransformer(from, to)
	if err != nil {
		return nil, err
	}
	a := &FeatherPolygon{ring: r, period: to.Period()}
	if !t.Identity() {
		var xs, ys []float64
		r.edges(func(a, b [2]float64) bool {
			for i := range edgeParts {
				f := float64(i) / edgeParts
				xs = append(xs, a[0]+float64(f*(b[0]-a[0])))
				ys = append(ys, a[1]+float64(f*(b[1]-a[1])))
			}
			return true
		})
		a.ring = images(r, xs, ys, t)
		if a.ring = a.ring.unwrapped(a.period); a.ring == nil {
			return nil, errNoOutline
		}
	}
	a.box = a.ring.envelope()
	return a, nil
}

// images returns the images of points on the edge of r. Points without an image, such as poles in Mercator, are first
// moved towards the centre of r until they have one.
func images(r Ring, xs, ys []float64, t *srs.Transformer) Ring {
	const halvings = 40
	mx, my := r.centroid()
	var out Ring
	for i := range xs {
		x, y := []float64{xs[i]}, []float64{ys[i]}
		if t.Transform(x, y) == 0 {
			out = append(out, [2]float64{x[0], y[0]})
			continue
		}
		found := false
		var best [2]float64
		low, high := 0.0, 1.0 // how far towards the middle
		for range halvings {
			f := (low + high) / 2
			x[0], y[0] = xs[i]+float64(f*(mx-xs[i])), ys[i]+float64(f*(my-ys[i]))
			if t.Transform(x, y) == 0 {
				found, best, high = true, [2]float64{x[0], y[0]}, f
			} else {
				low = f
			}
		}
		if found {
			out = append(out, best)
		}
	}
	return out
}

// near moves x by whole periods to less than half a period from the polygon's centre.
func (fp *FeatherPolygon) near(x float64) float64 {
	if fp.period == 0 {
		return x
	}
	mid, _ := fp.box.Center()
	return x - float64(fp.period*math.Round((x-mid)/fp.period))
}

// distance returns the distance of a point from the polygon's edge, in units of the CRS, positive inside. The side is
// found as in Ring.contains.
func (fp *FeatherPolygon) distance(x, y float64) float64 {
	x = fp.near(x)
	least, inside := math.Inf(1), false
	p := fp.ring[len(fp.ring)-1]
	for _, q := range fp.ring {
		dx, dy := q[0]-p[0], q[1]-p[1]
		ux, uy := x-p[0], y-p[1]
		if (p[1] > y) != (q[1] > y) && x < p[0]+float64(dx*(uy/dy)) {
			inside = !inside
		}
		t := 0.0
		if l := float64(dx*dx) + float64(dy*dy); l > 0 {
			t = min(1, max(0, (float64(ux*dx)+float64(uy*dy))/l))
		}
		ux -= float64(t * dx)
		uy -= float64(t * dy)
		least = min(least, float64(ux*ux)+float64(uy*uy))
		p = q
	}
	if inside {
		return math.Sqrt(least)
	}
	return -math.Sqrt(least)
}

const (
	// maxWeightShift bounds the spacing of the pixels at which distances are computed, to 2^4 pixels: the others are
	// interpolated. Distances from a straight edge are linear, so this is exact except near corners and half-way
	// between edges.
	maxWeightShift = 4
	// weightBits is the precision of distances: they are multiples of 2^-10 to 2^-9 of a pixel, so that neighbouring
	// images, whose toMap differ by rounding, have exactly the same weights.
	weightBits = 10
	// stepsAcross is the least number of steps across a polygon, unless it is smaller than that in pixels.
	stepsAcross = 32
)

// Weights returns the distance of each pixel in r from the polygon's edge, in units of the polygon's CRS, and 0 outside
// the polygon. toMap takes pixel coordinates to that CRS. The weight of a pixel depends on where it is and on toMap,
// not on r. The caller bounds the size of r.
func (fp *FeatherPolygon) Weights(toMap raster.Affine, r image.Rectangle) *raster.PlaneOf[float32] {
	out := raster.NewPlane[float32](r)
	if r.Empty() {
		return out
	}
	shift := fp.shift(toMap)
	step := 1 << shift
	// Nodes lie on a lattice that is the same for all windows: shifting right rounds down, also below zero.
	x0, y0 := r.Min.X>>shift, r.Min.Y>>shift
	nx, ny := (r.Max.X-1)>>shift-x0+2, (r.Max.Y-1)>>shift-y0+2
	nodes := make([]float64, nx*ny)
	_, exponent := math.Frexp(pixelSide(toMap))
	for i := range nodes {
		col, row := (x0+i%nx)*step, (y0+i/nx)*step
		d := fp.distance(toMap.Apply(float64(col)+0.5, float64(row)+0.5))
		nodes[i] = toStep(d, exponent-weightBits)
	}
	left := make([]float64, nx) // distances of one row of pixels, at the columns of nodes
	for y := r.Min.Y; y < r.Max.Y; y++ {
		j := y>>shift - y0
		f := float64(y&(step-1)) / float64(step)
		for i := range left {
			left[i] = between(nodes[j*nx+i], nodes[(j+1)*nx+i], f)
		}
		dst := out.Row(y)
		for i, from := range left[:nx-1] {
			slope := (left[i+1] - from) / float64(step)
			start := (x0+i)*step - r.Min.X // of the node's pixel in dst
			for x := max(start, 0); x < min(start+step, len(dst)); x++ {
				dst[x] = float32(max(0, from+float64(float64(x-start)*slope)))
			}
		}
	}
	return out
}

func between(a, b, f float64) float64 { return a + float64(f*(b-a)) }

// pixelSide returns the longer side of a pixel.
func pixelSide(a raster.Affine) float64 {
	return max(portable.Hypot(a.A, a.D), portable.Hypot(a.B, a.E))
}

// shift returns the spacing of nodes as a power of two, by which dividing is exact.
func (fp *FeatherPolygon) shift(toMap raster.Affine) int {
	across := min(fp.box.Width(), fp.box.Height()) / pixelSide(toMap) / stepsAcross
	shift := maxWeightShift
	for shift > 0 && !(float64(int(1)<<shift) <= across) {
		shift--
	}
	return shift
}

// Clip returns b with no data in the pixels whose centres are outside the polygon. toMap takes b's pixel coordinates to
// the polygon's CRS, rows along x and columns along y; b's samples are shared.
func (fp *FeatherPolygon) Clip(b *raster.Block, toMap raster.Affine) *raster.Block {
	r := b.Bounds()
	out := *b
	out.Valid = image.NewAlpha(r)
	xs := make([]float64, r.Dx())
	for i := range xs {
		x, _ := toMap.Apply(float64(r.Min.X+i)+0.5, 0.5)
		xs[i] = fp.near(x)
	}
	runs := ascending(xs)
	opaque := bytes.Repeat([]byte{255}, len(xs))
	var crossings []float64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		_, my := toMap.Apply(0.5, float64(y)+0.5)
		crossings = fp.crossings(crossings[:0], my)
		to := out.Valid.Pix[out.Valid.PixOffset(r.Min.X, y):][:len(xs)]
		from := opaque
		if b.Valid != nil {
			from = b.Valid.Pix[b.Valid.PixOffset(r.Min.X, y):]
		}
		for i, start := range runs[:len(runs)-1] {
			for s := range spans(xs[start:runs[i+1]], crossings) {
				copy(to[start+s.from:start+s.to], from[start+s.from:])
			}
		}
	}
	return &out
}

// ascending returns the indices at which the runs of xs begin in which values do not fall, and the length of xs. There
// are several runs only if xs goes around the world.
func ascending(xs []float64) []int {
	var starts []int
	for i, x := range xs {
		if i == 0 || !(x >= xs[i-1]) {
			starts = append(starts, i)
		}
	}
	return append(starts, len(xs))
}

// crossings appends the x of all points where the polygon's edge crosses y, in ascending order.
func (fp *FeatherPolygon) crossings(out []float64, y float64) []float64 {
	p := fp.ring[len(fp.ring)-1]
	for _, q := range fp.ring {
		if (p[1] > y) != (q[1] > y) {
			out = append(out, p[0]+float64((q[0]-p[0])*((y-p[1])/(q[1]-p[1]))))
		}
		p = q
	}
	slices.Sort(out)
	return out
}

// A span is a part of a row of pixels, from a first index up to another one.
type span struct{ from, to int }

// spans yields the parts of xs, which ascends, that lie between crossings: values with an odd number of larger
// crossings.
func spans(xs, crossings []float64) iter.Seq[span] {
	return func(yield func(span) bool) {
		left := sort.Search(len(crossings), func(i int) bool { return !(crossings[i] <= xs[0]) })
		for from := 0; left < len(crossings) && from < len(xs); left++ {
			to := from + sort.SearchFloat64s(xs[from:], crossings[left])
			if (len(crossings)-left)%2 == 1 && from < to && !yield(span{from, to}) {
				return
			}
			from = to
		}
	}
}
