package exportimage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// Statistic is what is computed of a field's values, of which those that are missing do not count.
type Statistic uint8

// The statistics. Deviation and variance are those of a sample, n-1, as in databases; of one value there are none.
const (
	StatisticCount Statistic = iota + 1
	StatisticSum
	StatisticMin
	StatisticMax
	StatisticMean
	StatisticDeviation
	StatisticVariance
)

var statisticNames = [...]string{"", "COUNT", "SUM", "MIN", "MAX", "AVG", "STDDEV", "VAR"}

// A FieldStatistic asks for a statistic of a field.
type FieldStatistic struct {
	Statistic Statistic
	Field     string // in any case
	Name      string // of the field in the answer; by default the statistic and the field, such as MAX_CloudCover
}

// An ordering is a FieldOrder of which the field is known.
type ordering struct {
	name       string
	column     int // among the fields that it was found in
	descending bool
}

// compareAttributes orders values: those that are missing, numbers, dates, texts.
func compareAttributes(a, b any) int {
	if c := cmp.Compare(attributeRank(a), attributeRank(b)); c != 0 {
		return c
	}
	switch a := a.(type) {
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
		return cmp.Compare(float64(a), b.(float64))
	case float64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, float64(b))
		}
		return cmp.Compare(a, b.(float64))
	case time.Time:
		return a.Compare(b.(time.Time))
	case string:
		return strings.Compare(a, b.(string))
	}
	return 0
}

func attributeRank(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case int64, float64:
		return 1
	case time.Time:
		return 2
	}
	return 3
}

// compareRows orders rows of values by some of their columns.
func compareRows(a, b []any, by []ordering) int {
	for i, o := range by {
		c := compareAttributes(a[i], b[i])
		if o.descending {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// sort puts rasters into the request's order.
func (q *querying) sort(items []*mosaic.Item) {
	if len(q.order) == 0 {
		slices.SortFunc(items, byID)
		return
	}
	type keyed struct {
		it  *mosaic.Item
		key []any
	}
	all := make([]keyed, len(items))
	for i, it := range items {
		all[i] = keyed{it, make([]any, len(q.order))}
		for j, o := range q.order {
			all[i].key[j] = it.Attribute(o.name)
		}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(compareRows(a.key, b.key, q.order), byID(a.it, b.it))
	})
	for i := range all {
		items[i] = all[i].it
	}
}

// rows answers with rows in the request's order.
func (q *querying) rows(all [][]any, err error) (res QueryResult, _ error) {
	if err != nil {
		return res, err
	}
	if q.Part == QueryCount {
		res.Count = len(all)
		return res, nil
	}
	key := func(row []any) []any {
		out := make([]any, len(q.order))
		for i, o := range q.order {
			out[i] = row[o.column]
		}
		return out
	}
	slices.SortFunc(all, func(a, b []any) int {
		if c := compareRows(key(a), key(b), q.order); c != 0 {
			return c
		}
		return slices.CompareFunc(a, b, compareAttributes)
	})
	res.Fields = q.fields
	all, res.More = page(all, q.Offset, q.most())
	for _, row := range all {
		res.Features = append(res.Features, Feature{Values: row})
	}
	return res, nil
}

// rowKey returns a text that rows have in common if their values are equal.
func rowKey(values []any) string {
	var b strings.Builder
	for _, v := range values {
		if t, ok := v.(time.Time); ok {
			v = t.UTC().UnixNano()
		}
		fmt.Fprintf(&b, "%T %q,", v, fmt.Sprint(v))
	}
	return b.String()
}

// distinctRows returns the different rows of the fields.
func (q *querying) distinctRows(items []*mosaic.Item) (out [][]any) {
	seen := map[string]bool{}
	for _, it := range items {
		row := valuesOf(it, q.fields)
		if key := rowKey(row); !seen[key] {
			seen[key] = true
			out = append(out, row)
		}
	}
	return out
}

// statisticsFields returns the fields of the rows of statistics: those of GroupBy, and the statistics. It completes the
// request's names.
func (q *querying) statisticsFields() (out []mosaic.Field, err error) {
	q.GroupBy = slices.Clone(q.GroupBy)
	for n, name := range q.GroupBy {
		i := fieldIndex(q.d.Fields, name)
		if i < 0 {
			return nil, invalid("groupByFieldsForStatistics", "there is no field %s", quote.Text(name))
		}
		q.GroupBy[n] = q.d.Fields[i].Name
		out = append(out, q.d.Fields[i])
	}
	q.Statistics = slices.Clone(q.Statistics)
	for n := range q.Statistics {
		st := &q.Statistics[n]
		if st.Statistic < StatisticCount || st.Statistic > StatisticVariance {
			return nil, invalid("outStatistics", "there is no statistic %d", st.Statistic)
		}
		i := fieldIndex(q.d.Fields, st.Field)
		if i < 0 {
			return nil, invalid("outStatistics", "there is no field %s", quote.Text(st.Field))
		}
		f := q.d.Fields[i]
		st.Field = f.Name
		numeric := f.Type == mosaic.IntegerField || f.Type == mosaic.NumberField || f.Type == mosaic.IDField
		switch st.Statistic {
		case StatisticCount:
			f = mosaic.Field{Type: mosaic.IntegerField}
		case StatisticMin, StatisticMax:
			if f.Type == mosaic.IDField {
				f.Type = mosaic.IntegerField
			}
		default:
			if !numeric {
				return nil, invalid("outStatistics", "field %s has no numbers, of which there is a %s", quote.Text(f.Name), statisticNames[st.Statistic])
			}
			f = mosaic.Field{Type: mosaic.NumberField}
		}
		if st.Name == "" {
			st.Name = statisticNames[st.Statistic] + "_" + st.Field
		}
		if f.Name = st.Name; fieldIndex(out, f.Name) >= 0 {
			return nil, invalid("outStatistics", "two fields are called %s", quote.Text(f.Name))
		}
		out = append(out, f)
	}
	return out, nil
}

// A summing collects a statistic of a group.
type summing struct {
	count         int64
	sum, mean, m2 float64
	least, most   any
}

func (s *summing) add(v any) {
	if v == nil {
		return
	}
	s.count++
	if s.count == 1 || compareAttributes(v, s.least) < 0 {
		s.least = v
	}
	if s.count == 1 || compareAttributes(v, s.most) > 0 {
		s.most = v
	}
	var x float64
	switch v := v.(type) {
	case int64:
		x = float64(v)
	case float64:
		x = v
	default:
		return
	}
	s.sum += x
	d := x - s.mean // by Welford's method
	s.mean += d / float64(s.count)
	s.m2 += float64(d * (x - s.mean))
}

func (s *summing) value(of Statistic) any {
	if of == StatisticCount {
		return s.count
	}
	if s.count == 0 {
		return nil
	}
	variance := any(nil)
	if s.count > 1 {
		variance = s.m2 / float64(s.count-1)
	}
	switch of {
	case StatisticSum:
		return s.sum
	case StatisticMin:
		return s.least
	case StatisticMax:
		return s.most
	case StatisticMean:
		return s.mean
	case StatisticVariance:
		return variance
	}
	if v, ok := variance.(float64); ok {
		return math.Sqrt(v)
	}
	return nil
}

// statisticsRows returns the rows of statistics, one for each group; without GroupBy, there is one group.
func (q *querying) statisticsRows(items []*mosaic.Item) ([][]any, error) {
	type group struct {
		values []any
		sums   []summing
	}
	slices.SortFunc(items, byID) // so that sums are the same every time
	groups := map[string]*group{}
	var all []*group
	of := func(values []any) *group {
		key := rowKey(values)
		g := groups[key]
		if g == nil {
			g = &group{values, make([]summing, len(q.Statistics))}
			groups[key] = g
			all = append(all, g)
		}
		return g
	}
	if len(q.GroupBy) == 0 {
		of(nil)
	}
	for _, it := range items {
		g := of(valuesOf(it, q.fields[:len(q.GroupBy)]))
		for i, st := range q.Statistics {
			g.sums[i].add(it.Attribute(st.Field))
		}
	}
	var out [][]any
	for _, g := range all {
		row := g.values
		for i, st := range q.Statistics {
			v := g.sums[i].value(st.Statistic)
			if f, ok := v.(float64); ok && !finite(f) {
				return nil, invalid("outStatistics", "the %s of field %s is beyond all numbers", statisticNames[st.Statistic], quote.Text(st.Field))
			}
			row = append(row, v)
		}
		out = append(out, row)
	}
	return out, nil
}
