package rest

import (
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"sync"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

// baseJSON is what the map draws over and under its image. Lines are lists of x and y in pixels of the map, from its upper
// left corner, rounded to a tenth.
type baseJSON struct {
	Coast     [][]float64 `json:"coast"`
	Graticule [][]float64 `json:"graticule"`
	Labels    []baseLabel `json:"labels"`
	// Degrees is the box around what is shown, as longitudes and latitudes; null if nothing of the Earth is.
	Degrees *[4]float64 `json:"degrees"`
	// Metres is the width on the ground of a pixel in the map's middle; 0 if it is not known.
	Metres float64 `json:"metresPerPixel,omitempty"`
}

// A baseLabel names a line of the graticule, at the left side or the lower one.
type baseLabel struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Text string  `json:"text"`
}

// mapBase answers with coastlines and a graticule for a box, in a spatial reference, at a size: the parameters are those of
// the export. It needs no data from elsewhere.
func (r *responder) mapBase(form url.Values) error {
	r.f = "json"
	req, err := r.mapRequest(form)
	if err != nil {
		return err
	}
	wgs84, err := srs.FromWKID(4326)
	if err != nil {
		return err
	}
	to, err := srs.Options{Area: areaIn(r.service, req.BBox, req.ImageSR, wgs84), ShiftGrids: r.service.ShiftGrids}.NewTransformer(wgs84, req.ImageSR)
	if err != nil {
		return unsupported("imageSR", "there are no longitudes and latitudes: %w", err)
	}
	f := &mapFrame{
		box: req.BBox, width: float64(req.Size.X), height: float64(req.Size.Y), to: to, period: req.ImageSR.Period(),
		most: most30(req.ImageSR),
	}
	j := baseJSON{Coast: [][]float64{}, Graticule: [][]float64{}, Labels: []baseLabel{}}
	if j.Metres = r.metresPerPixel(req); j.Metres == 0 || j.Metres > coastAccuracy {
		for _, line := range coastlines() {
			j.Coast = append(j.Coast, f.draw(line)...)
		}
	}
	f.addGraticule(&j)
	r.json(j)
	return nil
}

// coastAccuracy is the size of pixels, in metres, below which coastlines would be drawn at wrong places: those of 1:110m are
// off by some kilometres.
const coastAccuracy = 500

// areaIn returns a box in degrees, for the choice of a datum operation; nil if it has no image there.
func areaIn(s *exportimage.Service, box srs.Envelope, from, degrees srs.CRS) *srs.Envelope {
	t, err := srs.Options{ShiftGrids: s.ShiftGrids}.NewTransformer(from, degrees)
	if err != nil {
		return nil
	}
	e, err := t.Envelope(box)
	if err != nil {
		return nil
	}
	return &e
}

// metresPerPixel returns the width on the ground of a pixel in the middle of a map.
func (r *responder) metresPerPixel(req exportimage.Request) float64 {
	const across = 16 // pixels, so that the difference of coordinates has enough digits
	x, y := req.BBox.Center()
	half := float64(req.BBox.Width() / float64(req.Size.X) * across / 2)
	point := func(x float64) exportimage.Geometry {
		return exportimage.Geometry{
			Type: exportimage.PointGeometry, CRS: req.ImageSR, Parts: [][][2]float64{{{x, y}}},
			Envelope: srs.Envelope{XMin: x, YMin: y, XMax: x, YMax: y},
		}
	}
	res, err := r.service.Measure(r.request.Context(), exportimage.MeasureRequest{
		Measurement: exportimage.MeasureDistance, From: point(x - half), To: point(x + half),
	})
	if err != nil {
		return 0 // the middle is beyond the Earth's rim
	}
	return res.Distance / across
}

// coastlines returns lines of longitudes and latitudes in degrees, x and y in turns.
var coastlines = sync.OnceValue(func() [][][2]float64 {
	data, err := mapFiles.ReadFile("mapview/coast.json")
	if err != nil {
		panic(err) // embedded in map.go
	}
	var steps [][]int // hundredths of a degree: the first point, then the way from each to the next
	if err := json.Unmarshal(data, &steps); err != nil {
		panic(err)
	}
	lines := make([][][2]float64, len(steps))
	for i, s := range steps {
		x, y := 0, 0
		for k := 0; k+1 < len(s); k += 2 {
			x, y = x+s[k], y+s[k+1]
			lines[i] = append(lines[i], [2]float64{float64(x) / 100, float64(y) / 100})
		}
	}
	return lines
})

// A mapFrame draws lines of longitudes and latitudes on a map.
type mapFrame struct {
	box           srs.Envelope // in the map's spatial reference
	width, height float64      // in pixels
	to            *srs.Transformer
	period        float64
	// most is the longest way on the map, in its units, that a degree can stand for. A longer one is not drawn: the map is
	// cut open there.
	most float64
}

// most30 returns a length in units of a CRS: 30 times that of a degree on a globe, as of Mercator at a latitude of 88°.
func most30(c srs.CRS) float64 {
	const degree = math.Pi / 180
	if c.Unit() == 0 {
		return math.Inf(1)
	}
	if c.Geographic() {
		return 30 * degree / c.Unit()
	}
	return 30 * degree * 6378137 / c.Unit()
}

// draw returns the pieces of a line that are seen on the map.
func (f *mapFrame) draw(line [][2]float64) (out [][]float64) {
	xs, ys := make([]float64, len(line)), make([]float64, len(line))
	for i, p := range line {
		xs[i], ys[i] = p[0], p[1]
	}
	f.to.Transform(xs, ys)
	for _, shift := range f.turns(xs) {
		pen := pen{frame: f}
		for i := range xs {
			if i > 0 && f.cut(line[i-1], line[i], xs[i]-xs[i-1], ys[i]-ys[i-1]) {
				pen.lift()
			}
			pen.to((xs[i]+shift-f.box.XMin)/f.box.Width()*f.width, (f.box.YMax-ys[i])/f.box.Height()*f.height)
		}
		pen.lift()
		out = append(out, pen.lines...)
	}
	return out
}

// cut reports whether the way from a place to the next leads across a cut of the map, or to where there is no map.
func (f *mapFrame) cut(from, to [2]float64, dx, dy float64) bool {
	degrees := math.Abs(to[0]-from[0]) + math.Abs(to[1]-from[1])
	return math.Abs(to[0]-from[0]) > 180 || !(math.Abs(dx)+math.Abs(dy) <= f.most*degrees)
}

// turns returns by how much a line is moved for each time that it is seen on a map that repeats.
func (f *mapFrame) turns(xs []float64) []float64 {
	if f.period == 0 {
		return []float64{0}
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range xs {
		if x == x {
			low, high = min(low, x), max(high, x)
		}
	}
	const most = 9 // turns that are drawn
	var out []float64
	for k := math.Ceil((f.box.XMin - high) / f.period); float64(k*f.period) <= f.box.XMax-low && len(out) < most; k++ {
		out = append(out, k*f.period)
	}
	return out
}

// degrees returns the longitudes and latitudes that the map shows, with a little around them. A longitude range may end
// beyond 180; ok is false if nothing of the Earth is shown.
func (f *mapFrame) degrees() (e srs.Envelope, ok bool) {
	const n = 33
	var xs, ys []float64
	for i := range n {
		for k := range n {
			xs = append(xs, f.box.XMin+float64(f.box.Width()*float64(i)/(n-1)))
			ys = append(ys, f.box.YMin+float64(f.box.Height()*float64(k)/(n-1)))
		}
	}
	f.to.Inverse().Transform(xs, ys)
	var lons []float64
	e.YMin, e.YMax = math.Inf(1), math.Inf(-1)
	for i, x := range xs {
		if x != x {
			continue
		}
		lons = append(lons, x-float64(360*math.Floor(x/360)))
		e.YMin, e.YMax = min(e.YMin, ys[i]), max(e.YMax, ys[i])
	}
	if lons == nil {
		return e, false
	}
	// The range is all but the widest gap between longitudes.
	slices.Sort(lons)
	last := len(lons) - 1
	gap := lons[0] + 360 - lons[last]
	e.XMin, e.XMax = lons[0], lons[last]
	for i := range last {
		if g := lons[i+1] - lons[i]; g > gap {
			gap, e.XMin, e.XMax = g, lons[i+1], lons[i]+360
		}
	}
	around := float64(e.Height() / (n - 1))
	e.YMin, e.YMax = max(-90, e.YMin-around), min(90, e.YMax+around)
	if around = float64(e.Width() / (n - 1)); gap < 30 {
		e.XMin, e.XMax = -180, 180
		return e, true
	}
	e.XMin, e.XMax = e.XMin-around, e.XMax+around
	if e.XMin >= 180 {
		e.XMin, e.XMax = e.XMin-360, e.XMax-360
	}
	return e, true
}

// A pen draws lines that end at a map's edge, or a little beyond.
type pen struct {
	frame *mapFrame
	lines [][]float64
	line  []float64
	x, y  float64
	down  bool
}

// lift ends a line.
func (p *pen) lift() {
	if len(p.line) > 2 {
		p.lines = append(p.lines, p.line)
	}
	p.line, p.down = nil, false
}

// to draws from the last point to the next, if both are known.
func (p *pen) to(x, y float64) {
	if x-x != 0 || y-y != 0 {
		p.lift()
		return
	}
	if p.down {
		p.segment(p.x, p.y, x, y)
	}
	p.x, p.y, p.down = x, y, true
}

// segment adds the part of a segment that is on the map, by the method of Liang and Barsky.
func (p *pen) segment(x0, y0, x1, y1 float64) {
	const margin = 8 // pixels
	from, to := 0.0, 1.0
	inside := func(d, room float64) bool { // d times the parameter is at most room
		switch t := room / d; {
		case d == 0:
			return room >= 0
		case d < 0:
			from = max(from, t)
		default:
			to = min(to, t)
		}
		return from <= to
	}
	dx, dy := x1-x0, y1-y0
	if !inside(-dx, x0+margin) || !inside(dx, p.frame.width+margin-x0) ||
		!inside(-dy, y0+margin) || !inside(dy, p.frame.height+margin-y0) {
		p.breakLine()
		return
	}
	at := func(t float64) (x, y float64) {
		return tenth(x0 + float64(t*dx)), tenth(y0 + float64(t*dy))
	}
	if from > 0 || p.line == nil {
		p.breakLine()
		x, y := at(from)
		p.line = append(p.line, x, y)
	}
	x, y := at(to)
	if n := len(p.line); math.Abs(x-p.line[n-2])+math.Abs(y-p.line[n-1]) >= 0.5 || n == 2 {
		p.line = append(p.line, x, y)
	}
	if to < 1 {
		p.breakLine()
	}
}

// breakLine ends a line at the edge; the pen stays down.
func (p *pen) breakLine() {
	if len(p.line) > 2 {
		p.lines = append(p.lines, p.line)
	}
	p.line = nil
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }
