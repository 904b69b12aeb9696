package rest

import (
	"net/url"
	"path"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
)

// tileJSON is the document of TileJSON 3.0.0 (https://github.com/mapbox/tilejson-spec). tileSize is no part of it;
// programs that know of it do without being told the size of tiles.
type tileJSON struct {
	Version     string     `json:"tilejson"`
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Attribution string     `json:"attribution,omitempty"`
	Scheme      string     `json:"scheme"`
	Tiles       []string   `json:"tiles"`
	MinZoom     int        `json:"minzoom"`
	MaxZoom     int        `json:"maxzoom"`
	Bounds      [4]float64 `json:"bounds"`
	TileSize    int        `json:"tileSize"`
}

// maxMercatorLatitude is that of the upper edge of the scheme of maps on the web.
const maxMercatorLatitude = 85.05112877980659

// xyz answers with a tile at xyz/{level}/{column}/{row}.EXT, as the templates of many map libraries have it, and with
// the TileJSON of these tiles at xyz/tilejson.json.
func (r *responder) xyz(at string, form url.Values) error {
	if strings.EqualFold(at, "tilejson.json") || at == "" {
		return r.tileJSON()
	}
	if err := r.onlyImage(); err != nil {
		return err
	}
	t, err := r.tiles()
	if err != nil {
		return err
	}
	ext := path.Ext(at)
	n, err := pathNumbers(strings.TrimSuffix(at, ext), "level", "column", "row")
	if err != nil {
		return err
	}
	req, err := tileRequest(form, n[0], n[2], n[1])
	if err != nil {
		return err
	}
	if format, ok := formatOf(r.service, t, strings.ToLower(strings.TrimPrefix(ext, "."))); !ok {
		return notFound("tiles %s are not served, but %s", quote.Text(ext), "."+tileExt(r.service, t))
	} else if req.Export.Format == "" {
		req.Export.Format = format
	}
	return r.sendTile(req, form)
}

// formatOf returns the format that the extension of a tile's name stands for, "" for that of all tiles.
func formatOf(s *exportimage.Service, t *exportimage.TileScheme, ext string) (format string, ok bool) {
	formats := s.Settings().Formats
	own := formats[t.Request.Format]
	chosen := own.Choose != nil && (ext == "png" || ext == "jpg") // from image to image
	if ext == "" || ext == t.Request.Format || ext == own.Ext || chosen {
		return "", true
	}
	if ext == "jpeg" {
		ext = "jpg"
	}
	_, ok = formats[ext]
	return ext, ok
}

// tileExt returns the extension of the names of tiles.
func tileExt(s *exportimage.Service, t *exportimage.TileScheme) string {
	if f := s.Settings().Formats[t.Request.Format]; f.Ext != "" && f.Choose == nil {
		return strings.TrimPrefix(f.Ext, ".")
	}
	return t.Request.Format
}

// xyzTemplate returns the template of the addresses of tiles.
func (r *responder) xyzTemplate(t *exportimage.TileScheme) string {
	return r.base() + "/xyz/{z}/{x}/{y}." + tileExt(r.service, t)
}

// tileJSON answers with the description of tiles on the scheme of the web.
func (r *responder) tileJSON() error {
	if r.f != "pjson" {
		r.f = "json"
	}
	t, err := r.pictureTiles()
	if err != nil {
		return err
	}
	if !inWebMercator(t) {
		return unsupported("", "TileJSON is about tiles on the scheme of the web, and the service has another in %v", t.CRS)
	}
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	j := tileJSON{
		Version: "3.0.0", Name: title(r.service), Description: r.service.Description, Attribution: r.service.Copyright,
		Scheme: "xyz", Tiles: []string{r.xyzTemplate(t)}, MinZoom: t.MinLevel, MaxZoom: t.MaxLevel,
		Bounds: [4]float64{-180, -maxMercatorLatitude, 180, maxMercatorLatitude}, TileSize: t.Size.X,
	}
	if e, ok := inDegrees(r.service, &d); ok && e.XMin >= -180 && e.XMax <= 180 { // others cross the antimeridian
		j.Bounds[0], j.Bounds[2] = e.XMin, e.XMax
		j.Bounds[1], j.Bounds[3] = max(e.YMin, -maxMercatorLatitude), min(e.YMax, maxMercatorLatitude)
	}
	r.json(j)
	return nil
}

// pictureTiles returns the scheme of tiles that are pictures.
func (r *responder) pictureTiles() (*exportimage.TileScheme, error) {
	t, err := r.service.TileScheme(r.request.Context())
	if err != nil {
		return nil, err
	}
	if t.Elevation {
		return nil, &exportimage.Error{Kind: exportimage.Unsupported, Err: errHeights}
	}
	return &t, nil
}
