package rest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/quote"
)

// tilePaths answer for the paths of tiles, by the first part of the path, in lower case. They get what follows.
var tilePaths = map[string]func(r *responder, path string, form url.Values) error{
	"tile":    (*responder).tile,
	"tilemap": (*responder).tileMap,
	"xyz":     (*responder).xyz,
	"wmts":    (*responder).wmts,
}

// blankTable holds the parameter of tiles that exports do not have.
var blankTable = params.Table[exportimage.TileRequest]{
	params.Bind(params.BlankTileParam, func(r *exportimage.TileRequest, blank bool) {
		if r.Blank = exportimage.BlankNotFound; blank {
			r.Blank = exportimage.BlankImage
		}
	}),
}

// tileRequest returns the request of a tile at a level, row and column, without a box and a size. All parameters of
// exports count but these.
func tileRequest(form url.Values, level, row, col int) (req exportimage.TileRequest, err error) {
	if _, err := blankTable.Parse(form, &req); err != nil {
		return req, err
	}
	req.Level, req.Row, req.Col = level, row, col
	req.Export, err = params.ParseRequest(form)
	return req, err
}

// pathNumbers returns the whole numbers that the parts of a path are, as many as there are names.
func pathNumbers(path string, names ...string) ([]int, error) {
	parts := strings.Split(path, "/")
	if len(parts) != len(names) {
		return nil, notFound("%s is not served: it must end in {%s}", quote.Text(path), strings.Join(names, "}/{"))
	}
	out := make([]int, len(names))
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if errors.Is(err, strconv.ErrRange) {
			return nil, invalid(names[i], "%s is beyond all numbers of tiles", quote.Text(part))
		}
		if err != nil {
			return nil, invalid(names[i], "%s is not a whole number", quote.Text(part))
		}
		out[i] = n
	}
	return out, nil
}

// tile answers with the image of a tile, at tile/{level}/{row}/{column}.
func (r *responder) tile(path string, form url.Values) error {
	if err := r.onlyImage(); err != nil {
		return err
	}
	n, err := pathNumbers(path, "level", "row", "column")
	if err != nil {
		return err
	}
	req, err := tileRequest(form, n[0], n[1], n[2])
	if err != nil {
		return err
	}
	return r.sendTile(req, form)
}

// onlyImage returns an error if the answer is asked for in another form than that of an image. Other errors are JSON.
func (r *responder) onlyImage() error {
	asked := r.f
	r.f = "json"
	if r.chosen && asked != "image" {
		return invalid("f", "a tile is an image, and not %s", asked)
	}
	return nil
}

// sendTile answers with a tile. Equal requests at the same time share one export, as those of exportImage do.
func (r *responder) sendTile(req exportimage.TileRequest, form url.Values) error {
	export, err := r.service.TileExport(r.request.Context(), req)
	if err != nil {
		return err
	}
	export.Explain = false
	key := fmt.Sprintf("tile %d/%d/%d %q %s", req.Level, req.Row, req.Col, req.Export.Format, queryAs(form, "image"))
	a, err := r.shared(key, export)
	if err != nil {
		return err
	}
	r.sendImage(a)
	return nil
}

// tileMapJSON is which tiles of a block exist, row by row. Adjusted is true if the block is smaller than what was asked
// for.
type tileMapJSON struct {
	Adjusted bool         `json:"adjusted"`
	Location tileLocation `json:"location"`
	Data     []int        `json:"data"`
	Valid    bool         `json:"valid"`
}

type tileLocation struct {
	Left   int `json:"left"`
	Top    int `json:"top"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// tileMap answers which tiles of a block exist, at tilemap/{level}/{row}/{column}/{width}/{height}.
func (r *responder) tileMap(path string, form url.Values) error {
	if !r.chosen || r.f == "image" || r.f == "kmz" {
		r.f = "json"
	}
	n, err := pathNumbers(path, "level", "row", "column", "width", "height")
	if err != nil {
		return err
	}
	req, err := tileRequest(form, n[0], n[1], n[2])
	if err != nil {
		return err
	}
	m, err := r.service.TileMap(r.request.Context(), exportimage.TileMapRequest{
		Level: req.Level, Row: req.Row, Col: req.Col, Width: n[3], Height: n[4], Export: req.Export,
	})
	if err != nil {
		return err
	}
	j := tileMapJSON{
		Adjusted: m.Width != n[3] || m.Height != n[4], Valid: true, Data: make([]int, len(m.Exists)),
		Location: tileLocation{Left: m.Col, Top: m.Row, Width: m.Width, Height: m.Height},
	}
	for i, exists := range m.Exists {
		if exists {
			j.Data[i] = 1
		}
	}
	if r.f != "html" {
		r.json(j)
		return nil
	}
	p := page{Title: "Tile map (" + title(r.service) + ")", Crumbs: r.crumbs(link{Name: "tile map"}), Text: tileMapText(m)}
	p.Links = []link{{"JSON", "?" + queryAs(form, "pjson")}}
	r.page("inquiry", p, http.StatusOK)
	return nil
}

// tileMapText draws a tile map: a line for each row, with a # for each tile that exists.
func tileMapText(m exportimage.TileMap) string {
	var b strings.Builder
	for i, exists := range m.Exists {
		if exists {
			b.WriteByte('#')
		} else {
			b.WriteByte('.')
		}
		if (i+1)%m.Width == 0 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
