package exportimage

import (
	"fmt"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// noDataRule returns the rule that a request states for pixels of that many bands, nil if it states none. Equal values
// are one value for all bands, however many there are of either: ArcGIS Pro sends three for whatever it draws.
func noDataRule(r Request, bands int) (*raster.NoDataRule, error) {
	values := r.NoData
	if len(values) == 0 {
		return nil, nil
	}
	if len(values) != bands {
		if values = slices.Compact(slices.Clone(values)); len(values) > 1 {
			return nil, invalid("noData", "%d values for %d bands", len(r.NoData), bands)
		}
	}
	all := r.NoDataMatch == MatchAll || r.NoDataMatch == DefaultMatch && len(r.NoData) > 1
	return &raster.NoDataRule{Values: values, All: all}, nil
}

// noDataValue returns the value of pixels without data in formats that keep samples as they are: the one that was asked
// for, or else the one that all bands of the service share, if pixels are still the service's own. It is nil if there
// is no single value.
func (p *plan) noDataValue(r renderer) *float64 {
	if asked := p.req.NoData; len(asked) > 0 {
		for _, v := range asked {
			if v != asked[0] {
				return nil
			}
		}
		if !holdsValue(r.typ, asked[0]) {
			return nil // which noteNoData notes
		}
		return &asked[0]
	}
	if !p.rule.copiesSamples() || r.typ != p.typ || len(p.rule.out.Bands) == 0 {
		return nil
	}
	var one *float64
	for _, out := range p.rule.out.Bands {
		v := p.service.Bands[serviceBand(p.service, out)].NoData
		if v == nil || one != nil && *v != *one {
			return nil
		}
		one = v
	}
	return one
}

// holdsValue reports whether samples of a type can have a value. Float samples have the nearest value that they can.
func holdsValue(t raster.PixelType, v float64) bool {
	lo, hi := t.Range()
	return v >= lo && v <= hi && (!t.Integer() || v == math.Trunc(v))
}

// noteNoData notes the values of noData that were asked for and that no pixel can have: clients send one value to services
// of all types.
func (p *plan) noteNoData(r renderer) {
	var noted []float64
	for _, v := range p.req.NoData {
		if slices.Contains(noted, v) {
			continue
		}
		noted = append(noted, v)
		switch in, out := holdsValue(p.typ, v), holdsValue(r.typ, v); {
		case !in && !out:
			p.notes = append(p.notes, fmt.Sprintf("noData %v: no sample of type %v has this value, so it was ignored", v, p.typ))
		case !out:
			p.notes = append(p.notes, fmt.Sprintf(
				"noData %v: pixels of type %v cannot have this value, so that those without data are only masked", v, r.typ))
		}
	}
}
