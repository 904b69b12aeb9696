package exportimage

import (
	"context"
	"image"

	"github.com/geoexport/geoexport/srs"
)

// A TileRequest asks for one tile of the service's Tiles.
type TileRequest struct {
	Level, Row, Col int
	// Export is what this tile is exported with in place of what the scheme's Request and the service's Defaults state,
	// such as Function or Time. Its fields about box and size must be zero.
	Export Request
	// Blank is what the tile is if no raster reaches it (default what the scheme states).
	Blank BlankTiles
}

// errNoTiles is the error of a service that has no tiles.
var errNoTiles = &Error{Kind: NotFound, Err: clientWording("the service has no tiles")}

// TileScheme returns the scheme of the service's tiles, with everything filled in that the service leaves to its
// default. The error is of kind NotFound if the service has no Tiles.
func (s *Service) TileScheme(ctx context.Context) (TileScheme, error) {
	return guarded(ctx, s, "describing tiles", func() (TileScheme, error) {
		t, _, err := s.tileScheme(ctx)
		return t, err
	})
}

func (s *Service) tileScheme(ctx context.Context) (TileScheme, *Description, error) {
	if s.Tiles == nil {
		return TileScheme{}, nil, errNoTiles
	}
	d, err := s.describe(ctx)
	if err != nil {
		return TileScheme{}, nil, err
	}
	t, err := s.Tiles.complete(s, d)
	return t, d, err
}

// Tile makes one tile: the image that Export makes of its TileExport, to the bit. Errors are of type *Error, and of
// kind NotFound if the scheme has no such tile.
func (s *Service) Tile(ctx context.Context, req TileRequest) (Result, error) {
	export, err := s.TileExport(ctx, req)
	if err != nil {
		return Result{}, err
	}
	return s.Export(ctx, export)
}

// TileExport returns the request of which the image is a tile: its box, with one pixel more where the scheme is of
// heights. It asks the catalogue only where blank tiles are to be errors.
func (s *Service) TileExport(ctx context.Context, req TileRequest) (Request, error) {
	return guarded(ctx, s, "planning a tile", func() (Request, error) {
		t, _, err := s.tileScheme(ctx)
		if err != nil {
			return Request{}, err
		}
		if err := t.has(req.Level, req.Row, req.Col); err != nil {
			return Request{}, err
		}
		export, err := t.export(req)
		if err != nil {
			return Request{}, err
		}
		if req.Blank > BlankNotFound {
			return Request{}, invalid("blankTile", "there is no kind %d of blank tiles", req.Blank)
		}
		if fill(&req.Blank, t.Blank); req.Blank != BlankNotFound {
			return export, nil
		}
		m, err := s.tileMap(ctx, TileMapRequest{req.Level, req.Row, req.Col, 1, 1, req.Export})
		if err == nil && !m.Exists[0] {
			err = notFound("blankTile", "no raster reaches the tile in row %d and column %d of level %d",
				req.Row, req.Col, req.Level)
		}
		return export, err
	})
}

// export returns the request of which the image is a tile.
func (t *TileScheme) export(req TileRequest) (Request, error) {
	r := req.Export
	if err := alien(&r); err != nil {
		return r, err
	}
	r = r.withDefaults(t.Request)
	r.BBox, r.BBoxSR, r.ImageSR, r.Aspect, r.Size = t.Box(req.Level, req.Row, req.Col), t.CRS, t.CRS, ExactBox, t.Size
	if t.Elevation {
		half := float64(t.Levels[req.Level].Resolution / 2)
		r.BBox.XMin, r.BBox.XMax = r.BBox.XMin-half, r.BBox.XMax+half
		r.BBox.YMin, r.BBox.YMax = r.BBox.YMin-half, r.BBox.YMax+half
		r.Size = r.Size.Add(image.Pt(1, 1))
	}
	return r, nil
}

// alien returns an error for what a request for a tile may not state.
func alien(r *Request) error {
	for _, p := range []struct {
		name   string
		stated bool
	}{
		{"bbox", r.BBox != srs.Envelope{}}, {"bboxSR", !r.BBoxSR.IsZero()}, {"imageSR", !r.ImageSR.IsZero()},
		{"size", r.Size != image.Point{}}, {"adjustAspectRatio", r.Aspect != DefaultAspect},
	} {
		if p.stated {
			return invalid(p.name, "a tile has the box and the size that its level, row and column give it")
		}
	}
	return nil
}

// has returns an error that names what is out of the scheme's range.
func (t *TileScheme) has(level, row, col int) error {
	if err := t.hasLevel(level); err != nil {
		return err
	}
	n := t.Tiles(level)
	if row < n.Min.Y || row >= n.Max.Y {
		return notFound("row", "%d is not one of %d to %d, the rows of level %d", row, n.Min.Y, n.Max.Y-1, level)
	}
	if col < n.Min.X || col >= n.Max.X {
		return notFound("column", "%d is not one of %d to %d, the columns of level %d", col, n.Min.X, n.Max.X-1, level)
	}
	return nil
}

func (t *TileScheme) hasLevel(level int) error {
	if level < t.MinLevel || level > t.MaxLevel {
		return notFound("level", "%d is not one of %d to %d", level, t.MinLevel, t.MaxLevel)
	}
	return nil
}
