package exportimage

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// Multidimensional describes the variables of a service whose rasters are slices of such, and the dimensions along which
// these lie. Its slices must not be written to.
//
// An image shows one variable. Of a dimension whose values a request leaves open, it shows the first value, in order, of
// the slices that the rest of the request allows, or for StdZ the last if that is nearer to zero, as clients do. A
// request leaves a dimension open unless its conditions about slices name it, with or without values, its Time is set and
// the dimension is StdTime, or its mosaic rule names it in Where or sorts by it. Rules that lock rasters or have IDs leave
// nothing open.
type Multidimensional struct {
	Default   string     // the name of the variable that a request without one shows
	Variables []Variable // in the order of their lowest IDs
	Others    int        // rasters that are no slices: only rules that lock them or have their IDs show them

	slices []Slice // by their IDs
}

// A Variable is a quantity of which a service has slices.
type Variable struct {
	Name, Description, Unit string
	Dimensions              []Dimension
	Rasters                 int
}

// A Dimension is one along which a variable's slices lie.
type Dimension struct {
	Name  string
	Alias string // the source's own name, if that is another; requests may use it
	Unit  string // "ISO8601" for times
	Time  bool   // Values are milliseconds since 1970, in UTC
	// Values are those of all slices, each once, in order. Ranges is set if any is a range.
	Values []mosaic.Interval
	Ranges bool
}

// A Slice is one slice of a service's variables. Several rasters may be parts of one.
type Slice struct {
	ID int64 // counts slices from 0, ordered by variable, and then by places along dimensions, of which StdTime changes fastest
	raster.Slice
}

// Multidimensional describes the service's variables. It is an *Error of kind Unsupported if no raster is a slice.
func (s *Service) Multidimensional(ctx context.Context) (Multidimensional, error) {
	return guarded(ctx, s, "describing slices", func() (Multidimensional, error) {
		d, err := s.describe(ctx)
		if err != nil {
			return Multidimensional{}, err
		}
		if d.Multidimensional == nil {
			return Multidimensional{}, notMultidimensional("")
		}
		return *d.Multidimensional, nil
	})
}

// Slices returns the slices of the service that meet conditions, in the order of their IDs; all without conditions. It is
// an *Error of kind Invalid if a condition names a variable or dimension that does not exist, and of kind Unsupported if no
// raster is a slice.
func (s *Service) Slices(ctx context.Context, conditions []mosaic.SliceCondition) ([]Slice, error) {
	return guarded(ctx, s, "listing slices", func() ([]Slice, error) {
		d, err := s.describe(ctx)
		if err != nil {
			return nil, err
		}
		m := d.Multidimensional
		if m == nil {
			return nil, notMultidimensional("")
		}
		if err := m.check(conditions, "multidimensionalDefinition", false); err != nil {
			return nil, err
		}
		var out []Slice
		for i := range m.slices {
			if mosaic.MatchSlice(conditions, &m.slices[i].Slice) {
				out = append(out, m.slices[i])
			}
		}
		return out, nil
	})
}

func notMultidimensional(param string) *Error {
	return unsupported(param, "slices are not supported: the service is not multidimensional, since none of its rasters states a variable")
}

// usual returns what the catalogue's items are slices of, nil if none is one. If so, it leaves in sum, of what describes
// pixels, that of the slices of the default variable.
func (s *Service) usual(ctx context.Context, sum *mosaic.Summary, version string) (*Multidimensional, error) {
	states := slices.ContainsFunc(sum.Fields, func(f mosaic.Field) bool { return strings.EqualFold(f.Name, "Variable") })
	if !states && !slices.ContainsFunc(sum.First, func(it *mosaic.Item) bool { return it.Part != nil }) {
		return nil, nil
	}
	items := sum.First
	if len(items) < sum.Count {
		var err error
		if items, err = s.allItems(ctx, &Description{version: version}); err != nil {
			return nil, err
		}
	}
	name := ""
	for _, list := range [][]mosaic.SliceCondition{s.Defaults.Slices, s.Defaults.MosaicRule.Slices} {
		for _, v := range variableNames(list) {
			name = v
		}
	}
	m, err := multidimensional(items, name)
	if m == nil || err != nil {
		return nil, err
	}
	var of []*mosaic.Item
	for _, it := range items {
		if part, err := it.Slice(); err == nil && part != nil && strings.EqualFold(part.Variable, m.Default) {
			of = append(of, it)
		}
	}
	sum.Time = mosaic.SummaryOf(items).Time
	only := mosaic.SummaryOf(of)
	sum.First, sum.Types = only.First, only.Types
	return m, nil
}

// multidimensional returns what items are slices of, nil if none is one. usual is the default variable, in any case;
// empty is that of the slice with the lowest ID.
func multidimensional(items []*mosaic.Item, usual string) (*Multidimensional, error) {
	m := &Multidimensional{}
	of := map[string]*gathered{}
	var order []*gathered
	for _, it := range items {
		s, err := it.Slice()
		if err != nil {
			return nil, err
		}
		if s == nil {
			m.Others++
			continue
		}
		key := strings.ToLower(s.Variable)
		g := of[key]
		if g == nil {
			g = &gathered{lowest: it.ID, slices: map[string]raster.Slice{}}
			of[key] = g
			order = append(order, g)
		}
		g.add(it.ID, s)
	}
	if len(order) == 0 {
		return nil, nil
	}
	slices.SortFunc(order, func(a, b *gathered) int { return cmp.Compare(a.lowest, b.lowest) })
	m.Default = order[0].variable.Name
	for _, g := range order {
		if strings.EqualFold(g.variable.Name, usual) {
			m.Default = g.variable.Name
		}
		for i := range g.variable.Dimensions {
			g.variable.Dimensions[i].sort()
		}
		m.Variables = append(m.Variables, g.variable)
		for _, s := range g.slices {
			m.slices = append(m.slices, Slice{Slice: s})
		}
	}
	slices.SortFunc(m.slices, func(a, b Slice) int { return compareSlices(&a.Slice, &b.Slice) })
	for i := range m.slices {
		m.slices[i].ID = int64(i)
	}
	return m, nil
}

// A gathered is a variable of which slices are being gathered.
type gathered struct {
	variable Variable
	lowest   int64
	slices   map[string]raster.Slice // by their places
}

func (g *gathered) add(id int64, s *raster.Slice) {
	v := &g.variable
	if v.Rasters++; v.Name == "" || id < g.lowest {
		v.Name = s.Variable
	}
	g.lowest = min(g.lowest, id)
	fill(&v.Description, s.Description)
	fill(&v.Unit, s.Unit)
	for _, c := range s.Coordinates {
		i := slices.IndexFunc(v.Dimensions, func(d Dimension) bool { return strings.EqualFold(d.Name, c.Dimension) })
		if i < 0 {
			i = len(v.Dimensions)
			v.Dimensions = append(v.Dimensions, Dimension{Name: c.Dimension, Time: c.Time})
		}
		d := &v.Dimensions[i]
		fill(&d.Unit, c.Unit)
		fill(&d.Alias, c.Alias)
		lower, upper := c.Range()
		d.Ranges = d.Ranges || upper > lower
		d.Values = append(d.Values, mosaic.Interval{From: lower, To: upper})
	}
	if key := placeKey(s); g.slices[key].Variable == "" {
		g.slices[key] = *s
	}
}

// placeKey returns a text that slices at equal places have in common.
func placeKey(s *raster.Slice) string {
	var b strings.Builder
	for _, c := range ordered(s.Coordinates) {
		lower, upper := c.Range()
		b.WriteString(strings.ToLower(c.Dimension))
		for _, v := range []float64{lower, upper} {
			bits := math.Float64bits(v + 0) // of both zeros the same
			for range 8 {
				b.WriteByte(byte(bits))
				bits >>= 8
			}
		}
	}
	return b.String()
}

// ordered returns coordinates in descending order of their dimensions' names, so that StdTime comes after StdZ.
func ordered(all []raster.Coordinate) []raster.Coordinate {
	out := slices.Clone(all)
	slices.SortFunc(out, func(a, b raster.Coordinate) int { return cmp.Compare(b.Dimension, a.Dimension) })
	return out
}

func compareSlices(a, b *raster.Slice) int {
	if n := cmp.Or(cmp.Compare(strings.ToLower(a.Variable), strings.ToLower(b.Variable)),
		cmp.Compare(len(a.Coordinates), len(b.Coordinates))); n != 0 {
		return n
	}
	of, with := ordered(a.Coordinates), ordered(b.Coordinates)
	for i, c := range of {
		lower, upper := c.Range()
		l, u := with[i].Range()
		if n := cmp.Or(cmp.Compare(with[i].Dimension, c.Dimension), cmp.Compare(lower, l), cmp.Compare(upper, u)); n != 0 {
			return n
		}
	}
	return 0
}

// sort puts the values in order, each once.
func (d *Dimension) sort() {
	slices.SortFunc(d.Values, compareIntervals)
	d.Values = slices.Compact(d.Values)
}

func compareIntervals(a, b mosaic.Interval) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}

// variable returns a variable by its name in any case, nil if there is none.
func (m *Multidimensional) variable(name string) *Variable {
	i := slices.IndexFunc(m.Variables, func(v Variable) bool { return strings.EqualFold(v.Name, name) })
	if i < 0 {
		return nil
	}
	return &m.Variables[i]
}

// dimension returns a dimension by its name or alias in any case, nil if there is none.
func (v *Variable) dimension(name string) *Dimension {
	is := func(d Dimension) bool { return strings.EqualFold(d.Name, name) }
	i := slices.IndexFunc(v.Dimensions, is)
	if i < 0 {
		i = slices.IndexFunc(v.Dimensions, func(d Dimension) bool { return d.Alias != "" && strings.EqualFold(d.Alias, name) })
	}
	if i < 0 {
		return nil
	}
	return &v.Dimensions[i]
}
