package exportimage

import (
	"context"
	"errors"
	"image"
	"iter"
	"math"

	"github.com/geoexport/geoexport/internal/relate"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// A TileMapRequest asks which tiles of a block exist. Export is as in a TileRequest.
type TileMapRequest struct {
	Level, Row, Col int // of the block's upper left tile
	Width, Height   int // columns and rows
	Export          Request
}

// A TileMap states which tiles of a block exist: those that the outline of a raster reaches, which the rule chooses.
type TileMap struct {
	Level, Row, Col int
	Width, Height   int    // as asked for, but at most MaxTileMap
	Exists          []bool // of each tile, row by row
}

// MaxTileMap is the most rows and columns of a TileMap.
const MaxTileMap = 256

// tileEdge is the part of a pixel by which an outline must reach into a tile for the tile to exist. A pixel is drawn if
// its middle is in the outline, which is much farther in.
const tileEdge = 1e-3

// TileMap returns which tiles of a block exist. Tiles beyond the scheme's last row or column do not. Errors are of type
// *Error, and of kind NotFound if the scheme has no such level.
func (s *Service) TileMap(ctx context.Context, req TileMapRequest) (TileMap, error) {
	return guarded(ctx, s, "mapping tiles", func() (TileMap, error) { return s.tileMap(ctx, req) })
}

func (s *Service) tileMap(ctx context.Context, req TileMapRequest) (TileMap, error) {
	ctx, ticket, leave, err := s.enter(ctx, planPixels)
	if err != nil {
		return TileMap{}, err
	}
	defer leave()
	defer ticket.keep(need{})
	t, d, err := s.tileScheme(ctx)
	if err != nil {
		return TileMap{}, err
	}
	if err := t.hasLevel(req.Level); err != nil {
		return TileMap{}, err
	}
	for _, n := range []struct {
		name     string
		is, from int
	}{{"row", req.Row, 0}, {"column", req.Col, 0}, {"width", req.Width, 1}, {"height", req.Height, 1}} {
		if n.is < n.from {
			return TileMap{}, invalid(n.name, "%d is less than %d", n.is, n.from)
		}
	}
	m := &tileMapping{scheme: &t, level: req.Level}
	m.Level, m.Row, m.Col = req.Level, req.Row, req.Col
	m.Width, m.Height = min(req.Width, MaxTileMap), min(req.Height, MaxTileMap)
	m.Exists = make([]bool, m.Width*m.Height)
	known := t.Tiles(req.Level)
	// Tiles that programs may ask for end at maxTiles, so that these sums are far from the largest int.
	m.block = image.Rect(min(m.Col, maxTiles), min(m.Row, maxTiles),
		min(m.Col, maxTiles)+m.Width, min(m.Row, maxTiles)+m.Height).Intersect(known)
	if m.left = m.block.Dx() * m.block.Dy(); m.left == 0 {
		return m.TileMap, nil
	}
	export, err := t.export(TileRequest{Level: req.Level, Row: m.block.Min.Y, Col: m.block.Min.X, Export: req.Export})
	if err != nil {
		return TileMap{}, err
	}
	return m.TileMap, m.fill(ctx, s, d, s.dated(export.withDefaults(s.Defaults)))
}

// tileMapping is a TileMap in the making.
type tileMapping struct {
	TileMap
	scheme *TileScheme
	level  int
	block  image.Rectangle // of the tiles that are asked for and that the scheme has
	left   int             // of the block's tiles, those that are not known to exist
}

// fill marks the tiles that rasters reach.
func (m *tileMapping) fill(ctx context.Context, s *Service, d *Description, r Request) error {
	t := m.scheme
	resolution := t.Levels[m.level].Resolution
	first, last := t.Box(m.level, m.block.Min.Y, m.block.Min.X), t.Box(m.level, m.block.Max.Y-1, m.block.Max.X-1)
	view := mosaic.View{CRS: t.CRS, Resolution: resolution, Envelope: srs.Envelope{
		XMin: first.XMin, YMin: last.YMin, XMax: last.XMax, YMax: first.YMax}}
	outlines := s.outliner(t.CRS, resolution/2)
	work := relate.Work{Left: maxRelating}
	for it, err := range s.tileItems(ctx, r, view) {
		if err != nil {
			return ruleError(err)
		}
		ring, err := outlines.footprint(it.Footprint, d)
		if err != nil {
			return &RasterError{"place", it.Name, err}
		}
		for _, turn := range turns(t.CRS.Period()) {
			m.mark(movedBy(ring, turn), resolution*tileEdge, &work)
		}
		if work.Done() {
			return &Error{Kind: TooLarge, Err: errors.New(
				"comparing tiles with the rasters' outlines takes too long: ask for fewer at a time")}
		}
		if m.left == 0 {
			return nil
		}
	}
	return nil
}

// tileItems yields the rasters that the rule of a request chooses in a view.
func (s *Service) tileItems(ctx context.Context, r Request, view mosaic.View) iter.Seq2[*mosaic.Item, error] {
	rule := r.MosaicRule
	rule.Time = common(rule.Time, r.Time)
	if rule.Method != mosaic.LockRaster {
		return rule.Select(ctx, s.Catalog, view)
	}
	return func(yield func(*mosaic.Item, error) bool) {
		items, err := rule.Choose(ctx, s.Catalog, view, &mosaic.ChooseOptions{Limit: s.limits().Items})
		if err != nil {
			yield(nil, err)
			return
		}
		for _, it := range items {
			if !yield(it, nil) {
				return
			}
		}
	}
}

// turns returns by how much shapes are to be moved where x repeats: they may lie a turn away.
func turns(period float64) []float64 {
	if period == 0 {
		return []float64{0}
	}
	return []float64{0, -period, period}
}

// movedBy returns a ring with a number added to every x.
func movedBy(ring [][2]float64, by float64) [][2]float64 {
	if by == 0 {
		return ring
	}
	out := make([][2]float64, len(ring))
	for i, p := range ring {
		out[i] = [2]float64{p[0] + by, p[1]}
	}
	return out
}

// mark marks the tiles into whose interior a ring reaches by more than a tolerance.
func (m *tileMapping) mark(ring [][2]float64, tolerance float64, work *relate.Work) {
	box := boxOf([][][2]float64{ring})
	if !box.Finite() || math.IsInf(box.Width(), 0) {
		return
	}
	reached := m.scheme.reached(m.level, box, tileEdge).Intersect(m.block)
	if reached.Empty() {
		return
	}
	area := relate.NewShape(relate.Area, [][][2]float64{ring})
	for row := reached.Min.Y; row < reached.Max.Y; row++ {
		for col := reached.Min.X; col < reached.Max.X && !work.Done(); col++ {
			at := &m.Exists[(row-m.Row)*m.Width+col-m.Col]
			if *at {
				continue
			}
			if !area.FillsBox() {
				tile := relate.NewBox(boxIn(m.scheme.Box(m.level, row, col)))
				if !tile.To(area, tolerance, work).Interiors {
					continue
				}
			}
			*at = true
			m.left--
		}
	}
}
