package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

const nearest = resample.Nearest

// tileCache makes the tiles of the web's scheme, as files LEVEL/COLUMN/ROW.FORMAT. Tiles without data are left
// out.
type tileCache struct {
	o       *options
	to      place
	m       *folder
	service *exportimage.Service
	scheme  exportimage.TileScheme
	blocks  []block
	ext     string
}

// A block is a unit of tiles: a square of one level.
type block struct{ level, col, row int }

// blockSide is the tiles in the width and height of a block.
const blockSide = 8

func (c *tileCache) phases(ctx context.Context) ([]phase, error) {
	web := exportimage.WebMercatorTiles()
	if !c.o.crs.IsZero() && c.o.crs != web.CRS {
		return nil, fmt.Errorf("tiles are in %v, not in %v", web.CRS, c.o.crs)
	}
	if c.o.most < 0 || c.o.most >= len(web.Levels) {
		return nil, fmt.Errorf("-level %d is not one of 0 to %d", c.o.most, len(web.Levels)-1)
	}
	web.MaxLevel = max(c.o.most, 1)
	_, box, _, err := c.m.extent(ctx, web.CRS)
	if err != nil {
		return nil, err
	}
	web.Extent = box
	c.service = serviceOf(c.m.items, web.CRS)
	c.service.Tiles, c.service.Cache = &web, c.m.cache
	f, ok := c.service.Formats[c.o.format]
	if !ok {
		return nil, fmt.Errorf("there is no format %q", c.o.format)
	}
	c.ext = f.Ext
	if c.scheme, err = c.service.TileScheme(ctx); err != nil {
		return nil, err
	}
	p := phase{name: "draw tiles"}
	for l := 0; l <= c.o.most; l++ {
		r := c.scheme.Tiles(l)
		for row := r.Min.Y / blockSide; row*blockSide < r.Max.Y; row++ {
			for col := r.Min.X / blockSide; col*blockSide < r.Max.X; col++ {
				c.blocks = append(c.blocks, block{l, col, row})
				p.units = append(p.units, fmt.Sprintf("level %d, block %d %d", l, col, row))
			}
		}
		if len(c.blocks) > mostTiles {
			return nil, fmt.Errorf("level %d makes more than %d units: a smaller -level is wanted", l, mostTiles)
		}
	}
	return []phase{c.m.checked(), p}, nil
}

func (c *tileCache) do(ctx context.Context, phase, unit int, _ map[string]string) error {
	if phase == 0 {
		return c.m.check(ctx, unit)
	}
	b := c.blocks[unit]
	r := c.scheme.Tiles(b.level)
	for row := max(b.row*blockSide, r.Min.Y); row < min((b.row+1)*blockSide, r.Max.Y); row++ {
		for col := max(b.col*blockSide, r.Min.X); col < min((b.col+1)*blockSide, r.Max.X); col++ {
			name := path.Join(strconv.Itoa(b.level), strconv.Itoa(col), strconv.Itoa(row)+"."+c.ext)
			res, err := c.service.Tile(ctx, exportimage.TileRequest{
				Level: b.level, Row: row, Col: col, Export: exportimage.Request{Format: c.o.format},
			})
			if err != nil {
				return err
			}
			if !res.Trace.Covered {
				continue
			}
			if err := c.to.put(ctx, name, res.Data); err != nil {
				return err
			}
		}
	}
	return nil
}

// statistics writes, for each raster, the statistics of its bands and the outline of its data, and then all of them
// as one GeoJSON document.
type statistics struct {
	m  *folder
	to place
}

func (s *statistics) phases(context.Context) ([]phase, error) {
	return []phase{{"statistics", s.m.files}, {"put together", []string{"statistics.geojson"}}}, nil
}

func (s *statistics) do(ctx context.Context, phase, unit int, failed map[string]string) error {
	if phase == 0 {
		return s.one(ctx, s.m.files[unit])
	}
	all := struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}{Type: "FeatureCollection"}
	for _, name := range s.m.files {
		if _, ok := failed[name]; ok {
			continue // it is listed at the end
		}
		text, err := s.to.get(ctx, name+".json")
		if err != nil {
			return err
		}
		all.Features = append(all.Features, text)
	}
	return s.putJSON(ctx, "statistics.geojson", all)
}

// A bandJSON is the statistics of one band.
type bandJSON struct {
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	StdDev float64 `json:"stddev"`
	Count  int64   `json:"count"`
}

// one writes what is known of one raster, as a feature.
func (s *statistics) one(ctx context.Context, name string) error {
	ds, err := s.m.open(ctx, name)
	if err != nil {
		return err
	}
	service := serviceOf(mosaic.Of(name, ds), srs.CRS{})
	d, err := service.Describe(ctx)
	if err != nil {
		return err
	}
	res, err := service.ComputeStatisticsHistograms(ctx, exportimage.HistogramsRequest{
		Geometry: exportimage.Geometry{Type: exportimage.EnvelopeGeometry, CRS: d.CRS, Envelope: d.Extent},
	})
	if err != nil {
		return err
	}
	lonLat, err := srs.FromWKID(4326)
	if err != nil {
		return err
	}
	outline, err := service.Boundary(ctx, lonLat)
	if err != nil {
		return err
	}
	bands := []bandJSON{}
	for _, b := range res.Statistics {
		bands = append(bands, bandJSON{b.Min, b.Max, b.Mean, b.StdDev, b.Count})
	}
	return s.putJSON(ctx, name+".json", map[string]any{
		"type": "Feature", "id": name,
		"geometry":   map[string]any{"type": "MultiPolygon", "coordinates": polygonsOf(outline.Rings)},
		"properties": map[string]any{"location": name, "type": res.Type.String(), "bands": bands},
	})
}

// polygonsOf puts the holes of a boundary, which turn against the clock, into the outer rings around them, and makes
// all rings turn as GeoJSON wants it: outer ones against the clock.
func polygonsOf(rings [][][2]float64) [][][][2]float64 {
	out := [][][][2]float64{}
	for _, r := range rings {
		if area(r) < 0 {
			out = append(out, [][][2]float64{reversed(r)})
		}
	}
	for _, r := range rings {
		if area(r) < 0 {
			continue
		}
		for i, p := range out {
			if inside(p[0], r[0]) {
				out[i] = append(p, reversed(r))
				break
			}
		}
	}
	return out
}

func reversed(r [][2]float64) [][2]float64 {
	out := slices.Clone(r)
	slices.Reverse(out)
	return out
}

// area returns twice the area of a closed ring, above 0 if it turns against the clock.
func area(r [][2]float64) (sum float64) {
	for i := 1; i < len(r); i++ {
		sum += float64(r[i-1][0]*r[i][1]) - float64(r[i][0]*r[i-1][1])
	}
	return sum
}

// inside reports whether a point is inside a closed ring, by the even-odd rule.
func inside(r [][2]float64, p [2]float64) bool {
	odd := false
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+float64((b[0]-a[0])*(p[1]-a[1]))/(b[1]-a[1]) {
			odd = !odd
		}
	}
	return odd
}

func (s *statistics) putJSON(ctx context.Context, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.to.put(ctx, name, append(text, '\n'))
}
