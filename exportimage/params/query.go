package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/srs"
)

// Relations are how a query's geometry lies to the outline of a raster. ArcGIS's index holds the boxes around outlines.
var Relations = Enum[exportimage.Relation]{
	{Value: exportimage.Intersects, Name: "esriSpatialRelIntersects"},
	{Value: exportimage.Contains, Name: "esriSpatialRelContains"},
	{Value: exportimage.Crosses, Name: "esriSpatialRelCrosses"},
	{Value: exportimage.EnvelopesIntersect, Name: "esriSpatialRelEnvelopeIntersects"},
	{Value: exportimage.EnvelopesIntersect, Name: "esriSpatialRelIndexIntersects"},
	{Value: exportimage.Overlaps, Name: "esriSpatialRelOverlaps"},
	{Value: exportimage.Touches, Name: "esriSpatialRelTouches"},
	{Value: exportimage.Within, Name: "esriSpatialRelWithin"},
}

// Statistics are those of fields.
var Statistics = Enum[exportimage.Statistic]{
	{Value: exportimage.StatisticCount, Name: "count"}, {Value: exportimage.StatisticSum, Name: "sum"},
	{Value: exportimage.StatisticMin, Name: "min"}, {Value: exportimage.StatisticMax, Name: "max"},
	{Value: exportimage.StatisticMean, Name: "avg", Aliases: []string{"mean", "average"}},
	{Value: exportimage.StatisticDeviation, Name: "stddev", Aliases: []string{"stdev"}},
	{Value: exportimage.StatisticVariance, Name: "var", Aliases: []string{"variance"}},
}

var noOrYes = []string{"false", "true"}

// The parameters of queries. They must not be changed.
var (
	WhereParam = Param[string]{
		Info: Info{Name: "where", Help: "`condition` on the fields, such as Cloud < 0.1 AND Name LIKE 'S2%'"},
		Read: Exactly(asIs),
	}
	ObjectIDsParam = Param[[]int64]{
		Info:     Info{Name: "objectIds", Help: "`IDs` of rasters, such as 1,2,3; default: all"},
		MaxBytes: 1 << 20, Read: readObjectIDs,
	}
	RasterIDsParam = Param[[]int64]{
		Info:     Info{Name: "rasterIds", Help: "`IDs` of rasters, such as 1,2,3"},
		MaxBytes: 1 << 20, Read: readObjectIDs,
	}
	InSRParam = Param[srs.CRS]{
		Info: Info{Name: "inSR", Help: "`CRS` of the geometry; default: that of the service"}, Read: readCRS,
	}
	OutSRParam = Param[srs.CRS]{
		Info: Info{Name: "outSR", Help: "`CRS` of the answer; default: that of the service"}, Read: readCRS,
	}
	SpatialRelParam = Param[exportimage.Relation]{
		Info: Info{Name: "spatialRel", Help: "`how` the geometry lies to a raster's outline", Values: Relations.Names()},
		Read: readRelation,
	}
	// ReturnOutlinesParam is the returnGeometry of queries, which is true unless a request says otherwise.
	ReturnOutlinesParam = Param[bool]{
		Info: Info{
			Name: "returnGeometry", Help: "`whether` the outlines of rasters are listed with them",
			Values: []string{"true", "false"}, Default: "true",
		},
		Read: readBoolean,
	}
	ReturnIDsOnlyParam = Param[bool]{
		Info: Info{Name: "returnIdsOnly", Help: "`whether` to list IDs alone", Values: noOrYes, Default: "false"},
		Read: readBoolean,
	}
	ReturnCountOnlyParam = Param[bool]{
		Info: Info{Name: "returnCountOnly", Help: "`whether` to count alone", Values: noOrYes, Default: "false"},
		Read: readBoolean,
	}
	ReturnExtentOnlyParam = Param[bool]{
		Info: Info{Name: "returnExtentOnly", Help: "`whether` the box around all is wanted alone", Values: noOrYes, Default: "false"},
		Read: readBoolean,
	}
	ReturnDistinctValuesParam = Param[bool]{
		Info: Info{
			Name: "returnDistinctValues", Help: "`whether` to list the different values of outFields", Values: noOrYes, Default: "false",
		},
		Read: readBoolean,
	}
	OrderByFieldsParam = Param[[]exportimage.FieldOrder]{
		Info: Info{Name: "orderByFields", Help: "`fields` to order by, each with ASC or DESC; default: the IDs"},
		Read: readOrder,
	}
	GroupByFieldsForStatisticsParam = Param[[]string]{
		Info: Info{Name: "groupByFieldsForStatistics", Help: "`fields` whose equal values make a group of outStatistics"},
		Read: readFields,
	}
	OutStatisticsParam = Param[[]exportimage.FieldStatistic]{
		Info: Info{
			Name: "outStatistics", Help: "`JSON` list of statistics: statisticType, onStatisticField and outStatisticFieldName",
		},
		Read: readStatistics,
	}
	ResultOffsetParam = Param[int]{
		Info: Info{Name: "resultOffset", Help: "`number` of rasters to skip", Default: "0"}, Read: readOffset,
	}
	ResultRecordCountParam = Param[int]{
		Info: Info{Name: "resultRecordCount", Help: "`number` of rasters that are listed at most"}, Read: readCount,
	}
	GeometryPrecisionParam = Param[int]{
		Info: Info{Name: "geometryPrecision", Help: "`number` of decimals of coordinates"}, Read: readPrecision,
	}
	MaxAllowableOffsetParam = Param[float64]{
		Info: Info{Name: "maxAllowableOffset", Help: "`distance` by which outlines may be off, in units of outSR"}, Read: readOffBy,
	}
)

// Refused returns a parameter that no service honours. It is an error that names it, unless its value asks for nothing:
// false, 0, or one of those given.
func Refused(name string, nothing ...string) Param[struct{}] {
	return Param[struct{}]{
		Info: Info{Name: name, Help: "is not supported", Unlisted: true},
		Read: func(s string, _ *Forgiven) (struct{}, error) {
			for _, none := range append([]string{"false", "0", "none", "{}", "[]"}, nothing...) {
				if strings.EqualFold(s, none) {
					return struct{}{}, nil
				}
			}
			return struct{}{}, unsupported("parameter %s is not supported", name)
		},
	}
}

// maxObjectIDs bounds how many IDs a request may list.
const maxObjectIDs = 1 << 17

func readObjectIDs(s string, f *Forgiven) ([]int64, error) {
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") {
		f.Add("brackets around a list")
		s = strings.TrimSuffix(inner, "]")
	}
	return list(s, maxObjectIDs, func(s string) (int64, error) { return wholeNumber(s, f) })
}

func readRelation(s string, f *Forgiven) (exportimage.Relation, error) {
	if strings.EqualFold(s, "esriSpatialRelRelation") || strings.EqualFold(s, "esriSpatialRelDisjoint") {
		return 0, unsupported("%s is not supported", quote.Text(s))
	}
	for _, w := range Relations { // two of which have the same value
		if strings.EqualFold(s, w.Name) || fold(s) == fold(w.Name) {
			if !strings.EqualFold(s, w.Name) {
				f.Add("%s for %s", quote.Text(s), w.Name)
			}
			return w.Value, nil
		}
	}
	return Relations.Read(s, f)
}

func readOrder(s string, f *Forgiven) (out []exportimage.FieldOrder, err error) {
	parts := strings.SplitN(s, ",", maxFields+1)
	if len(parts) > maxFields {
		return nil, fmt.Errorf("there are more than %d fields", maxFields)
	}
	for _, part := range parts {
		o := exportimage.FieldOrder{Field: strings.TrimSpace(part)}
		if at := strings.LastIndexAny(o.Field, " \t"); at > 0 {
			switch strings.ToUpper(o.Field[at+1:]) {
			case "DESC":
				o.Descending = true
				o.Field = strings.TrimSpace(o.Field[:at])
			case "ASC":
				o.Field = strings.TrimSpace(o.Field[:at])
			}
		}
		if o.Field = strings.Trim(o.Field, `"`); o.Field == "" {
			return nil, errors.New("a field has no name")
		}
		out = append(out, o)
	}
	return out, nil
}

// maxStatistics bounds how many statistics a request may ask for.
const maxStatistics = 256

func readStatistics(s string, f *Forgiven) (out []exportimage.FieldStatistic, err error) {
	strict, err := readJSON(s, f)
	if err != nil {
		return nil, err
	}
	all := []json.RawMessage{strict}
	if strict[0] == '[' && json.Unmarshal(strict, &all) != nil {
		return nil, errors.New("it is no list of statistics")
	}
	if len(all) > maxStatistics {
		return nil, fmt.Errorf("there are more than %d statistics", maxStatistics)
	}
	for _, raw := range all {
		m, err := readMembers(string(raw), f)
		if err != nil {
			return nil, err
		}
		var st exportimage.FieldStatistic
		var kind string
		for name, into := range map[string]*string{
			"statisticType": &kind, "onStatisticField": &st.Field, "outStatisticFieldName": &st.Name,
		} {
			if _, err := m.take(name, into); err != nil {
				return nil, err
			}
		}
		if strings.HasPrefix(strings.ToLower(kind), "percentile") || strings.EqualFold(kind, "envelopeaggregate") ||
			strings.EqualFold(kind, "centroidaggregate") || strings.EqualFold(kind, "convexhullaggregate") {
			return nil, unsupported("statisticType %s is not supported", quote.Text(kind))
		}
		if st.Statistic, err = Statistics.Read(kind, f); err != nil {
			return nil, fmt.Errorf("statisticType: %w", err)
		}
		if st.Field == "" {
			return nil, errors.New("onStatisticField is missing")
		}
		if name := m.left(); name != "" {
			return nil, unsupported("member %s is not supported", quote.Text(name))
		}
		out = append(out, st)
	}
	return out, nil
}

func readOffset(s string, f *Forgiven) (int, error) {
	n, err := wholeNumber(s, f)
	if err == nil && (n < 0 || n > 1<<30) {
		err = fmt.Errorf("%d is not from 0 to %d", n, 1<<30)
	}
	return int(n), err
}

func readPrecision(s string, f *Forgiven) (int, error) {
	n, err := wholeNumber(s, f)
	if err == nil && (n < 0 || n > 15) {
		err = fmt.Errorf("%d is not from 0 to 15", n)
	}
	return int(n), err
}

func readOffBy(s string, _ *Forgiven) (float64, error) {
	n, err := number(s)
	if err == nil && n < 0 {
		err = fmt.Errorf("%v is no distance", n)
	}
	return n, err
}
