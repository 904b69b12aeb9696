package rest

import (
	"net/url"
	"strconv"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/raster/function"
)

type legendJSON struct {
	Layers []legendLayer `json:"layers"`
}

type legendLayer struct {
	ID       int           `json:"layerId"`
	Name     string        `json:"layerName"`
	Type     string        `json:"layerType"`
	MinScale float64       `json:"minScale"`
	MaxScale float64       `json:"maxScale"`
	Kind     string        `json:"legendType"`
	Entries  []legendEntry `json:"legend"`
}

type legendEntry struct {
	Label  string `json:"label"`
	URL    string `json:"url"`
	Data   []byte `json:"imageData"` // base64
	Media  string `json:"contentType"`
	Height int    `json:"height"`
	Width  int    `json:"width"`
}

var legendKinds = map[exportimage.LegendKind]string{
	exportimage.LegendStretched: "Stretched",
	exportimage.LegendUnique:    "Unique Values",
	exportimage.LegendComposite: "RGB Composite",
}

type legendRequest = exportimage.LegendRequest

// legendTable holds the parameters of a legend.
var legendTable = params.Table[legendRequest]{
	params.Bind(params.BandIDsParam, func(r *legendRequest, b []int) { r.BandIDs = b }),
	params.Bind(params.RenderingRuleParam, func(r *legendRequest, f function.Function) { r.Function = f }),
}

// legend answers with how samples are drawn, with the request's bandIds and renderingRule.
func (r *responder) legend(form url.Values) error {
	req := legendRequest{Format: imageFormat(r.service)}
	if err := parse(r, legendTable, form, &req); err != nil {
		return err
	}
	l, err := r.service.Legend(r.request.Context(), req)
	if err != nil {
		return err
	}
	layer := legendLayer{Name: title(r.service), Type: "Raster Layer", Kind: legendKinds[l.Kind], Entries: []legendEntry{}}
	for i, sw := range l.Swatches {
		layer.Entries = append(layer.Entries, legendEntry{
			sw.Label, strconv.Itoa(i), sw.Image.Data, sw.Image.MediaType, sw.Image.Size.Y, sw.Image.Size.X,
		})
	}
	r.json(legendJSON{[]legendLayer{layer}})
	return nil
}
