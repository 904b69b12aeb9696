package exportimage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// A QueryRequest asks which rasters a service has. Its zero value lists all, by their IDs.
type QueryRequest struct {
	Where string            // a condition on the rasters' attributes, as package mosaic describes it
	IDs   []int64           // only these rasters; nil is all. Those that do not exist are left out
	Time  mosaic.TimeExtent // only rasters of this time, and those without a time
	// Slices leaves out the rasters that are none of these slices, of a multidimensional service; none leaves out none.
	Slices []mosaic.SliceCondition
	// PixelSize leaves out the rasters that an image of such pixels does not show, because of their MinPS and MaxPS. A zero
	// CRS is that of the service.
	PixelSize PixelSize
	// Geometry leaves out the rasters whose outlines do not have the Relation to it. Both are compared in the service's CRS,
	// where places closer than 2^-32 of the largest coordinate, about a millimetre, are the same.
	Geometry Geometry
	Relation Relation

	Part     QueryPart // of the answer that is asked for
	Fields   []string  // of each raster, in any case, or "*" for all; none is OBJECTID
	Outlines bool      // asks for the rasters' outlines
	CRS      srs.CRS   // of outlines and the extent; zero is the service's
	// MaxOffset, in units of CRS, is how far an outline may be off, so that it has fewer corners.
	MaxOffset float64
	Decimals  *int // of the coordinates of outlines

	Order    []FieldOrder // ties go to the lower ID
	Offset   int          // rasters, or rows, that are skipped
	Count    int          // that are listed at most; Limits.Records holds besides
	Distinct bool         // asks for the different rows of Fields

	// Statistics asks for rows of statistics, one for each group of rasters that have the values of GroupBy in common, in
	// place of rasters. Order is then of these rows.
	Statistics []FieldStatistic
	GroupBy    []string
}

// Relation is how a request's geometry lies to the outline of a raster, which is an area with its edge.
type Relation uint8

// The relations. Those about interiors are of the nine-intersection model.
const (
	Intersects         Relation = iota // they share a place
	Contains                           // the geometry is an area that covers the outline
	Within                             // the geometry lies in the outline, and not in its edge alone
	Touches                            // they share places of their edges alone
	Overlaps                           // two areas that share one, and neither covers the other
	Crosses                            // the geometry is a line, or points, of which a part is inside and a part is not
	EnvelopesIntersect                 // the boxes around both share a place
)

// QueryPart is the part of an answer that a query asks for.
type QueryPart uint8

// The parts. The zero value is the rasters or rows themselves.
const (
	QueryFeatures QueryPart = iota
	QueryIDs                // the IDs of all rasters, however many
	QueryCount              // the number of rasters, or of rows
	QueryExtent             // the box around all, and their number
)

// A FieldOrder is a field by which rasters or rows are ordered. Values that are missing come first, or last if it is
// Descending.
type FieldOrder struct {
	Field      string
	Descending bool
}

// A QueryResult answers a query.
type QueryResult struct {
	Fields   []mosaic.Field // of the features
	Features []Feature
	More     bool    // there are more than Features
	IDs      []int64 // in order
	Count    int     // if it was asked for
	Extent   srs.Envelope
	CRS      srs.CRS // of outlines and Extent
}

// A Feature is a raster, or a row that was made of several.
type Feature struct {
	Item *mosaic.Item // nil for a row
	// Values are those of the result's Fields: int64, float64, string, time.Time, or nil.
	Values []any
	// Outline is the outline of the raster, clockwise and closed, if it was asked for.
	Outline [][2]float64
}

// Query returns rasters of the catalogue, or what is made of their attributes. Errors are of type *Error.
func (s *Service) Query(ctx context.Context, req QueryRequest) (QueryResult, error) {
	return observed(ctx, s, "querying", nil, func() (QueryResult, error) { return s.query(ctx, req) })
}

func (s *Service) query(ctx context.Context, req QueryRequest) (res QueryResult, err error) {
	if err := req.check(); err != nil {
		return res, err
	}
	ctx, t, leave, err := s.enter(ctx, planPixels)
	if err != nil {
		return res, err
	}
	defer leave()
	defer t.keep(need{})
	return again(ctx, s, func() (QueryResult, error) { return s.queryOnce(ctx, req) })
}

func (s *Service) queryOnce(ctx context.Context, req QueryRequest) (res QueryResult, err error) {
	d, err := s.describe(ctx)
	if err != nil {
		return res, err
	}
	if m := d.Multidimensional; m == nil && len(req.Slices) > 0 {
		return res, notMultidimensional("multidimensionalDefinition")
	} else if m != nil {
		if err := m.check(req.Slices, "multidimensionalDefinition", false); err != nil {
			return res, err
		}
	}
	q := &querying{QueryRequest: req, s: s, d: d, to: orCRS(req.CRS, d.CRS)}
	if err := q.prepare(); err != nil {
		return res, err
	}
	items, err := q.items(ctx)
	if err != nil {
		return res, err
	}
	res, err = q.answer(items)
	res.CRS = q.to
	return res, err
}

// check returns an error for values without a meaning.
func (r *QueryRequest) check() error {
	switch {
	case r.Offset < 0:
		return invalid("resultOffset", "%d is below 0", r.Offset)
	case r.Count < 0:
		return invalid("resultRecordCount", "%d is below 0", r.Count)
	case r.Part > QueryExtent:
		return invalid("", "there is no part %d of an answer", r.Part)
	case !finite(r.MaxOffset) || r.MaxOffset < 0:
		return invalid("maxAllowableOffset", "%v is no distance", r.MaxOffset)
	case r.Decimals != nil && (*r.Decimals < 0 || *r.Decimals > 15):
		return invalid("geometryPrecision", "%d is not from 0 to 15", *r.Decimals)
	case reversed(r.Time):
		return invalid("time", "it ends before it begins")
	case r.PixelSize != PixelSize{} && !(finite(r.PixelSize.X, r.PixelSize.Y) && r.PixelSize.X > 0 && r.PixelSize.Y > 0):
		return invalid("pixelSize", "width and height must be positive")
	case len(r.Statistics) > 0 && (r.Part == QueryIDs || r.Part == QueryExtent):
		return unsupported("outStatistics", "rows of statistics have no IDs and no extent")
	case r.Distinct && (r.Part == QueryIDs || r.Part == QueryExtent):
		return unsupported("returnDistinctValues", "distinct rows have no IDs and no extent")
	case len(r.GroupBy) > 0 && len(r.Statistics) == 0:
		return invalid("groupByFieldsForStatistics", "there are no outStatistics to group")
	case r.Distinct && len(r.Statistics) > 0:
		return unsupported("returnDistinctValues", "rows of statistics are distinct: leave one of the two out")
	}
	return r.checkRelation()
}

// querying is a query at work.
type querying struct {
	QueryRequest
	s      *Service
	d      *Description
	to     srs.CRS
	fields []mosaic.Field // that are answered
	order  []ordering
	search *spatial // nil without a geometry
}

// prepare finds the fields that the request names.
func (q *querying) prepare() (err error) {
	if len(q.Statistics) > 0 {
		q.fields, err = q.statisticsFields()
	} else {
		q.fields, err = q.outFields()
	}
	if err != nil {
		return err
	}
	among := q.d.Fields
	if len(q.Statistics) > 0 || q.Distinct {
		among = q.fields
	}
	for _, o := range q.Order {
		i := fieldIndex(among, o.Field)
		if i < 0 {
			return invalid("orderByFields", "there is no field %s to order by", quote.Text(o.Field))
		}
		q.order = append(q.order, ordering{among[i].Name, i, o.Descending})
	}
	if q.Geometry.Type != 0 {
		q.search, err = q.newSpatial()
	}
	return err
}

// fieldIndex returns the index of a field by its name in any case, or -1.
func fieldIndex(fields []mosaic.Field, name string) int {
	return slices.IndexFunc(fields, func(f mosaic.Field) bool { return strings.EqualFold(f.Name, name) })
}

// outFields returns the fields that the request names, each once.
func (q *querying) outFields() ([]mosaic.Field, error) {
	names := q.Fields
	if len(names) == 0 {
		names = []string{mosaic.IDFieldName}
	}
	var out []mosaic.Field
	all := false
	for _, name := range names {
		if name == "*" {
			all = true
			continue
		}
		i := fieldIndex(q.d.Fields, name)
		if i < 0 {
			return nil, invalid("outFields", "there is no field %s", quote.Text(name))
		}
		if fieldIndex(out, name) < 0 {
			out = append(out, q.d.Fields[i])
		}
	}
	if all {
		return slices.Clone(q.d.Fields), nil
	}
	return out, nil
}

// most returns how many features are listed at most.
func (q *querying) most() int {
	most := q.s.limits().Records
	if q.Count > 0 {
		most = min(most, q.Count)
	}
	return most
}

// items returns the rasters that the request chooses, in no order. Where the first of them by ID are asked for, the
// others may be missing.
func (q *querying) items(ctx context.Context) ([]*mosaic.Item, error) {
	rule := mosaic.Rule{Where: strings.TrimSpace(q.Where), IDs: q.IDs, Time: q.Time, Slices: q.Slices, Now: q.s.now()}
	view := mosaic.View{CRS: q.d.CRS}
	if q.search != nil && q.Relation != EnvelopesIntersect { // the catalogue compares outlines, not the boxes around them
		view.Envelope = q.search.box
	}
	if q.PixelSize != (PixelSize{}) {
		size, err := q.resolution(view.CRS)
		if err != nil {
			return nil, err
		}
		view.Resolution = size
	}
	looked := 0
	var failed error // of the search, and not of the catalogue
	keep := func(it *mosaic.Item) (ok bool, err error) {
		if looked++; looked%256 == 0 && ctx.Err() != nil {
			failed = ctx.Err()
		} else if q.search != nil {
			ok, failed = q.search.has(it)
		}
		return ok || q.search == nil, failed
	}
	fault := func(err error) error {
		if failed != nil || err == nil {
			return failed
		}
		return queryError(err)
	}
	catalog := q.s.catalog(q.d)
	if q.Part == QueryFeatures && len(q.order) == 0 && !q.Distinct && len(q.Statistics) == 0 {
		most := q.Offset + min(q.most(), math.MaxInt-q.Offset-1) + 1
		items, err := rule.First(ctx, catalog, view, most, keep)
		return items, fault(err)
	}
	var out []*mosaic.Item
	for it, err := range rule.Select(ctx, catalog, view) {
		ok := false
		if err == nil {
			ok, err = keep(it)
		}
		if err != nil {
			return nil, fault(err)
		}
		if ok {
			out = append(out, it)
		}
	}
	return out, nil
}

// resolution returns the size of the request's pixels in units of a CRS, as of the middle of the service.
func (q *querying) resolution(crs srs.CRS) (float64, error) {
	size := math.Sqrt(q.PixelSize.X * q.PixelSize.Y)
	from := orCRS(q.PixelSize.CRS, q.d.CRS)
	if from == crs {
		return size, nil
	}
	t, err := q.s.transformer(q.d.CRS, from, q.d.Extent)
	if err != nil {
		return 0, &Error{Kind: Unsupported, Param: "pixelSize", Err: err}
	}
	xs, ys := make([]float64, 1), make([]float64, 1)
	xs[0], ys[0] = q.d.Extent.Center()
	t.Transform(xs, ys)
	to, err := srs.NewTransformer(from, crs)
	if err != nil {
		return 0, &Error{Kind: Unsupported, Param: "pixelSize", Err: err}
	}
	alongX, alongY, ok := to.Steps(xs[0], ys[0], size, size)
	if !ok {
		return 0, invalid("pixelSize", "pixels have no size in %v", crs)
	}
	return math.Sqrt(math.Abs(float64(alongX[0]*alongY[1]) - float64(alongY[0]*alongX[1]))), nil
}

// queryError names the parameter at fault in an error about the catalogue.
func queryError(err error) error {
	if _, ok := errors.AsType[*mosaic.ConditionError](err); ok {
		return &Error{Kind: Invalid, Param: "where", Err: err}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &CatalogError{err}
}

func byID(a, b *mosaic.Item) int { return cmp.Compare(a.ID, b.ID) }

// answer makes the part of the answer that is asked for.
func (q *querying) answer(items []*mosaic.Item) (res QueryResult, err error) {
	switch {
	case len(q.Statistics) > 0:
		return q.rows(q.statisticsRows(items))
	case q.Distinct:
		return q.rows(q.distinctRows(items), nil)
	}
	res.Count = len(items)
	switch q.Part {
	case QueryCount:
		return res, nil
	case QueryExtent:
		res.Extent, err = q.extent(items)
		return res, err
	}
	q.sort(items)
	if q.Part == QueryIDs {
		res.IDs = make([]int64, len(items))
		for i, it := range items {
			res.IDs[i] = it.ID
		}
		return res, nil
	}
	res.Count, res.Fields = 0, q.fields
	items, res.More = page(items, q.Offset, q.most())
	o := q.s.outliner(q.to, 0)
	for _, it := range items {
		f := Feature{Item: it, Values: valuesOf(it, q.fields)}
		if q.Outlines {
			if f.Outline, err = o.footprint(it.Footprint, q.d); err != nil {
				return res, unsupported("outSR", "the outline of raster %d has no image there: %w", it.ID, err)
			}
			f.Outline = q.coarser(f.Outline)
		}
		res.Features = append(res.Features, f)
	}
	return res, nil
}

// page returns the part of a list from an offset on, and whether more follows.
func page[T any](list []T, offset, most int) ([]T, bool) {
	list = list[min(offset, len(list)):]
	return list[:min(most, len(list))], len(list) > most
}

func valuesOf(it *mosaic.Item, fields []mosaic.Field) []any {
	out := make([]any, len(fields))
	for i, f := range fields {
		out[i] = it.Attribute(f.Name)
	}
	return out
}

// extent returns the box around the outlines of rasters.
func (q *querying) extent(items []*mosaic.Item) (srs.Envelope, error) {
	if len(items) == 0 {
		return srs.Envelope{XMin: math.NaN(), YMin: math.NaN(), XMax: math.NaN(), YMax: math.NaN()}, nil
	}
	o := q.s.outliner(q.to, 0)
	boxes := make([]srs.Envelope, len(items))
	for i, it := range items {
		ring, err := o.footprint(it.Footprint, q.d)
		if err != nil {
			return srs.Envelope{}, unsupported("outSR", "the outline of raster %d has no image there: %w", it.ID, err)
		}
		boxes[i] = boxOf([][][2]float64{ring})
	}
	return around(boxes, q.to.Period()), nil
}

// coarser returns an outline within the request's MaxOffset and Decimals.
func (q *querying) coarser(ring [][2]float64) [][2]float64 {
	if q.MaxOffset > 0 {
		ring = simplified(ring, q.MaxOffset)
	}
	if q.Decimals == nil {
		return ring
	}
	scale := math.Pow10(*q.Decimals)
	out := make([][2]float64, len(ring))
	for i, p := range ring {
		for axis := range p {
			if out[i][axis] = math.Round(p[axis]*scale) / scale; !finite(out[i][axis]) {
				out[i][axis] = p[axis]
			}
		}
	}
	return out
}

var errTooMuch = fmt.Errorf("comparing it with the rasters' outlines takes too long: use one with fewer vertices")
