package rest

import (
	"net/url"

	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/srs"
)

// boundaryTable holds the parameter of queryBoundary.
var boundaryTable = append(params.Table[srs.CRS]{
	params.Bind(params.OutSRParam, func(r *srs.CRS, c srs.CRS) { *r = c }),
}, refusedOf[srs.CRS]("datumTransformation")...)

var boundaryInquiry = inquiry{title: "Query boundary", infos: boundaryTable.Infos(), answer: (*responder).boundary}

// polygonJSON is a polygon with its reference.
type polygonJSON struct {
	ringsJSON
	SR srJSON `json:"spatialReference"`
}

// boundary answers with what the rasters cover together, and its area in square metres.
func (r *responder) boundary(form url.Values) (any, error) {
	var crs srs.CRS
	if err := parse(r, boundaryTable, form, &crs); err != nil {
		return nil, err
	}
	b, err := r.service.Boundary(r.request.Context(), crs)
	if err != nil {
		return nil, err
	}
	return struct {
		Shape polygonJSON `json:"shape"`
		Area  float64     `json:"area"`
	}{polygonJSON{ringsJSON{b.Rings}, srOf(b.CRS)}, b.Area}, nil
}
