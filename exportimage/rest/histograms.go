package rest

import (
	"net/url"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
)

// histogramsRequest is a request with what is about the form of the answer.
type histogramsRequest struct {
	exportimage.HistogramsRequest
	kind   exportimage.GeometryType // of the geometry
	slices bool
}

// histogramsTable holds the parameters of computeHistograms and computeStatisticsHistograms.
var histogramsTable = append(params.Table[histogramsRequest]{
	params.Bind(params.GeometryParam, func(r *histogramsRequest, g exportimage.Geometry) { r.Geometry = g }),
	params.Bind(params.GeometryTypeParam, func(r *histogramsRequest, t exportimage.GeometryType) { r.kind = t }),
	params.Bind(params.MosaicRuleParam, func(r *histogramsRequest, m params.Mosaic) {
		r.Export.MosaicRule, r.Export.ItemFunction = m.Rule, m.ItemFunction
	}),
	params.Bind(params.RenderingParam, func(r *histogramsRequest, f params.Rendering) {
		r.Export.Function, r.Export.Slices = f.Function, append(r.Export.Slices, f.Slices...)
	}),
	params.Bind(params.PixelSizeParam, func(r *histogramsRequest, p exportimage.PixelSize) { r.PixelSize = p }),
	params.Bind(params.TimeParam, func(r *histogramsRequest, t mosaic.TimeExtent) { r.Export.Time = t }),
	params.Bind(params.SliceIDParam, func(r *histogramsRequest, id int64) { r.Export.SliceID = &id }),
	params.Bind(params.MultidimensionalDefinitionParam,
		func(r *histogramsRequest, c []mosaic.SliceCondition) { r.Export.Slices = append(r.Export.Slices, c...) }),
	params.Bind(params.InterpolationParam,
		func(r *histogramsRequest, i resample.Interpolation) { r.Export.Interpolation = i }),
	params.Bind(params.BandIDsParam, func(r *histogramsRequest, b []int) { r.Export.BandIDs = b }),
	params.Bind(params.PixelTypeParam, func(r *histogramsRequest, t raster.PixelType) { r.Export.PixelType = t }),
	params.Bind(params.NoDataParam, func(r *histogramsRequest, v []float64) { r.Export.NoData = v }),
	params.Bind(params.NoDataInterpretationParam,
		func(r *histogramsRequest, m exportimage.NoDataMatch) { r.Export.NoDataMatch = m }),
	params.Bind(params.ProcessAsMultidimensionalParam, func(r *histogramsRequest, b bool) { r.slices = b }),
}, refusedOf[histogramsRequest]("datumTransformation")...)

type histogramJSON struct {
	Size   int     `json:"size"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Counts []int64 `json:"counts"`
}

type statisticsJSON struct {
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	StdDev float64 `json:"standardDeviation"`
	Median float64 `json:"median"`
	Mode   float64 `json:"mode"`
	Count  int64   `json:"count"`
	Sum    float64 `json:"sum"`
}

// histogramsJSON is the answer of operations and resources about histograms.
type histogramsJSON struct {
	Statistics []statisticsJSON `json:"statistics,omitzero"`
	Histograms []histogramJSON  `json:"histograms,omitzero"`
	// PixelSize is that of the pixels where they are coarser than the service's, since there would have been too many.
	PixelSize *pixelSizeJSON `json:"pixelSize,omitempty"`
	// Skipped are rasters that could not be read.
	Skipped []skippedJSON `json:"skipped,omitempty"`
}

type pixelSizeJSON struct {
	X  float64 `json:"x"`
	Y  float64 `json:"y"`
	SR srJSON  `json:"spatialReference"`
}

func histogramList(all []exportimage.Histogram) []histogramJSON {
	out := make([]histogramJSON, len(all))
	for i, h := range all {
		out[i] = histogramJSON{len(h.Counts), h.Min, h.Max, h.Counts}
	}
	return out
}

func statisticsList(all []exportimage.BandStatistics) []statisticsJSON {
	out := make([]statisticsJSON, len(all))
	for i, s := range all {
		out[i] = statisticsJSON{s.Min, s.Max, s.Mean, s.StdDev, s.Median, s.Mode, s.Count, s.Sum}
	}
	return out
}

// computeHistograms answers with the histograms of the pixels in a place; none if no pixel with data is there.
func (r *responder) computeHistograms(form url.Values) error { return r.histogramsOf(form, false) }

// computeStatisticsHistograms answers with the statistics of these pixels, too.
func (r *responder) computeStatisticsHistograms(form url.Values) error {
	return r.histogramsOf(form, true)
}

func (r *responder) histogramsOf(form url.Values, statistics bool) error {
	var req histogramsRequest
	if err := parse(r, histogramsTable, form, &req); err != nil {
		return err
	}
	if err := agree(req.Geometry, req.kind); err != nil {
		return err
	}
	if req.slices {
		return unsupported("processAsMultidimensional", "histograms of all slices are not supported: ask for those of one, or of a range")
	}
	res, err := r.service.ComputeStatisticsHistograms(r.request.Context(), req.HistogramsRequest)
	if err != nil {
		return err
	}
	j := histogramsJSON{Histograms: histogramList(res.Histograms), Skipped: skippedList(res.Trace.Skipped)}
	if statistics {
		j.Statistics = statisticsList(res.Statistics)
	}
	if res.Coarser {
		j.PixelSize = &pixelSizeJSON{res.PixelSize.X, res.PixelSize.Y, srOf(res.PixelSize.CRS)}
	}
	r.json(j)
	return nil
}
