package rest

import (
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// rasterResources are what is served of one raster, by the path below its ID in lower case.
var rasterResources = map[string]func(r *responder, id int64, form url.Values) error{
	"":                   (*responder).rasterItem,
	"info":               (*responder).rasterInfo,
	"image":              (*responder).rasterImage,
	"thumbnail":          (*responder).rasterThumbnail,
	"info/thumbnail":     (*responder).rasterThumbnail,
	"info/keyproperties": (*responder).rasterKeyProperties,
	"info/metadata":      (*responder).rasterMetadata,
	"file":               (*responder).rasterFile,
}

// rasterPath splits a path below the service, in lower case, into a raster's ID and what is asked for of it.
func rasterPath(path string) (id int64, resource func(*responder, int64, url.Values) error, ok bool) {
	number, rest, _ := strings.Cut(path, "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || number[0] == '+' || number[0] == '-' {
		return 0, nil, false
	}
	resource, ok = rasterResources[rest]
	return id, resource, ok
}

// asValue answers with a JSON value, or a page that shows it.
func (r *responder) asValue(v any, p page) error {
	if r.f != "html" {
		if r.f != "pjson" {
			r.f = "json"
		}
		r.json(v)
		return nil
	}
	if p.Rows == nil && p.Grid == nil {
		p.Text = indented(v)
	}
	r.page("inquiry", p, http.StatusOK)
	return nil
}

func (r *responder) rasterRoot(id int64) string { return r.root + "/" + strconv.FormatInt(id, 10) }

// rasterItem answers with the attributes and the outline of a raster.
func (r *responder) rasterItem(id int64, _ url.Values) error {
	res, err := r.service.Query(r.request.Context(), exportimage.QueryRequest{
		IDs: []int64{id}, Fields: []string{"*"}, Outlines: true,
	})
	if err != nil {
		return err
	}
	if len(res.Features) == 0 {
		return notFound("there is no raster %d", id)
	}
	f := res.Features[0]
	j := struct {
		Geometry   polygonJSON `json:"geometry"`
		Attributes ordered     `json:"attributes"`
	}{polygonJSON{ringsJSON{[][][2]float64{f.Outline}}, srOf(res.CRS)}, ordered{res.Fields, f.Values}}
	root := r.rasterRoot(id)
	p := page{
		Title: fmt.Sprintf("Raster %d: %s", id, f.Item.Name), Crumbs: r.crumbs(link{Name: strconv.FormatInt(id, 10)}),
		Image: template.URL(root + "/thumbnail"),
		Links: []link{{"Info", root + "/info"}, {"Image", root + "/image"}, {"Metadata", root + "/info/metadata"}, {"JSON", root + "?f=pjson"}},
	}
	for i, field := range res.Fields {
		p.Rows = append(p.Rows, row{field.Name, attributeText(f.Values[i])})
	}
	return r.asValue(j, p)
}

// rasterInfoJSON describes a raster's file as ArcGIS does.
type rasterInfoJSON struct {
	Origin     pointJSON  `json:"origin"`
	PixelSizeX float64    `json:"pixelSizeX"`
	PixelSizeY float64    `json:"pixelSizeY"`
	Width      int        `json:"width"`
	Height     int        `json:"height"`
	Extent     extentJSON `json:"extent"`
	BandCount  int        `json:"bandCount"`
	BandNames  []string   `json:"bandNames"`
	PixelType  string     `json:"pixelType"`
	NoData     []float64  `json:"noDataValues,omitempty"`
	Min        []float64  `json:"minValues,omitempty"`
	Max        []float64  `json:"maxValues,omitempty"`
	Mean       []float64  `json:"meanValues,omitempty"`
	StdDev     []float64  `json:"stdvValues,omitempty"`
	First      int        `json:"firstPyramidLevel"`
	Last       int        `json:"maximumPyramidLevel"`
	HasColors  bool       `json:"hasColormap"`
	HasRAT     bool       `json:"hasRasterAttributeTable"`
	HasSlices  bool       `json:"hasMultidimensions"`
}

// rasterInfo answers with what is known of a raster's file.
func (r *responder) rasterInfo(id int64, _ url.Values) error {
	d, err := r.service.RasterInfo(r.request.Context(), id)
	if err != nil {
		return err
	}
	g := d.Info.Grid
	x, y := g.Affine.Apply(0, 0)
	as := exportimage.Description{Bands: d.Info.Bands}
	j := rasterInfoJSON{
		Origin: pointOf(mosaic.Point{CRS: g.CRS, X: x, Y: y}), PixelSizeX: d.PixelSize.X, PixelSizeY: d.PixelSize.Y,
		Width: g.Size.X, Height: g.Size.Y, Extent: extentOf(d.Extent, g.CRS), BandCount: len(d.Info.Bands), BandNames: bandNames(&as),
		PixelType: d.Info.Type.String(), Last: max(0, len(d.Info.Levels)-1), HasColors: d.Info.Palette != nil, HasRAT: as.HasClasses(),
	}
	if j.Last > 0 {
		j.First = 1
	}
	if values, ok := noDataValues(&as); ok {
		j.NoData = values
	}
	for _, b := range d.Info.Bands {
		if s := b.Stats; s != nil && finiteAll(s.Min, s.Max, s.Mean, s.StdDev) {
			j.Min, j.Max = append(j.Min, s.Min), append(j.Max, s.Max)
			j.Mean, j.StdDev = append(j.Mean, s.Mean), append(j.StdDev, s.StdDev)
		}
	}
	if len(j.Min) != len(d.Info.Bands) {
		j.Min, j.Max, j.Mean, j.StdDev = nil, nil, nil, nil
	}
	root := r.rasterRoot(id)
	return r.asValue(j, page{
		Title:  "Raster info: " + d.Item.Name,
		Crumbs: r.crumbs(link{strconv.FormatInt(id, 10), root}, link{Name: "info"}),
		Links:  []link{{"Key properties", root + "/info/keyProperties?f=pjson"}, {"JSON", root + "/info?f=pjson"}},
	})
}

func finiteAll(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// lockRule is the mosaic rule that draws one raster.
func lockRule(id int64) string {
	return fmt.Sprintf(`{"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[%d]}`, id)
}

// rasterImage exports one raster, as exportImage with a rule that names it; by default all of it.
func (r *responder) rasterImage(id int64, form url.Values) error {
	d, err := r.service.RasterInfo(r.request.Context(), id)
	if err != nil {
		return err
	}
	out := url.Values{}
	for name, values := range form {
		switch key := strings.ToLower(strings.TrimSpace(name)); key {
		case "mosaicrule", "mosaicproperties", "viewpointproperties":
			if formValue(form, key) != "" {
				return unsupported("mosaicRule", "an image of raster %d has that raster alone", id)
			}
		default:
			out[name] = values
		}
	}
	out.Set("mosaicRule", lockRule(id))
	if formValue(out, params.BBoxParam.Name) == "" {
		text, err := d.Info.Grid.CRS.MarshalJSON()
		if err != nil {
			return unsupported("bbox", "raster %d has no spatial reference that can be written: %w", id, err)
		}
		out.Set("bbox", boxText(d.Extent))
		out.Set("bboxSR", string(text))
		if formValue(out, params.ImageSRParam.Name) == "" {
			out.Set("imageSR", string(text))
		}
	}
	return r.exportImage(out)
}

// rasterThumbnail answers with a small image of one raster.
func (r *responder) rasterThumbnail(id int64, _ url.Values) error {
	d, err := r.service.RasterInfo(r.request.Context(), id)
	if err != nil {
		return err
	}
	req := exportimage.Request{
		BBox: d.Extent, BBoxSR: d.Info.Grid.CRS, ImageSR: d.Info.Grid.CRS, Size: thumbnailSize, Format: imageFormat(r.service),
		MosaicRule: mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{id}},
	}
	a, err := r.shared(fmt.Sprintf("%d/thumbnail", id), req)
	if err != nil {
		return err
	}
	r.sendImage(a)
	return nil
}

// rasterKeyProperties answers with the names and units of a raster's bands.
func (r *responder) rasterKeyProperties(id int64, _ url.Values) error {
	d, err := r.service.RasterInfo(r.request.Context(), id)
	if err != nil {
		return err
	}
	return r.asValue(keyPropertiesOf(&exportimage.Description{Bands: d.Info.Bands}), page{
		Title: "Key properties: " + d.Item.Name, Crumbs: r.crumbs(link{strconv.FormatInt(id, 10), r.rasterRoot(id)}, link{Name: "key properties"}),
	})
}

// rasterMetadata answers with an ArcGIS metadata document of a raster's name and extent.
func (r *responder) rasterMetadata(id int64, _ url.Values) error {
	d, err := r.service.RasterInfo(r.request.Context(), id)
	if err != nil {
		return err
	}
	box := srs.Envelope{}
	inWorld := false
	if d.Info.Grid.CRS != (srs.CRS{}) {
		box, inWorld = inDegrees(r.service, &exportimage.Description{CRS: d.Info.Grid.CRS, Extent: d.Extent})
	}
	return r.sendMetadata(d.Item.Name, "", box, inWorld)
}
