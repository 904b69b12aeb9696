package exportimage_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// A tile exists exactly if its export shows something: rasters without holes, in three references, one of them across
// the antimeridian, which no tile's edge just touches.
func TestTileMapsAreTrue(t *testing.T) {
	s, raw := scattered(t)
	for name, scheme := range map[string]exportimage.TileScheme{
		"web Mercator": exportimage.WebMercatorTiles(), "degrees": exportimage.GeographicTiles(),
	} {
		t.Run(name, func(t *testing.T) {
			of := exportimage.Service{Catalog: s.Catalog, Formats: s.Formats, Tiles: &scheme}
			scheme.Request.Format, scheme.Size = "raw", image.Pt(64, 64)
			for i := range scheme.Levels {
				scheme.Levels[i].Resolution *= 4
			}
			seen := map[bool]int{}
			for _, level := range []int{0, 2, 3} {
				tiles := scheme0(t, &of).Tiles(level)
				m, err := of.TileMap(t.Context(), exportimage.TileMapRequest{
					Level: level, Width: tiles.Dx() + 2, Height: tiles.Dy() + 1})
				require.NoError(t, err)
				require.Len(t, m.Exists, (tiles.Dx()+2)*(tiles.Dy()+1))
				for i, exists := range m.Exists {
					row, col := i/m.Width, i%m.Width
					if row >= tiles.Max.Y || col >= tiles.Max.X {
						require.False(t, exists, "beyond the scheme")
						continue
					}
					_, err := of.Tile(t.Context(), exportimage.TileRequest{Level: level, Row: row, Col: col})
					require.NoError(t, err)
					require.Equal(t, exists, shows(*raw), "level %d row %d column %d", level, row, col)
					seen[exists]++
					if level != 2 {
						continue
					}
					_, err = of.TileExport(t.Context(), exportimage.TileRequest{
						Level: level, Row: row, Col: col, Blank: exportimage.BlankNotFound})
					if exists {
						require.NoError(t, err)
					} else {
						require.ErrorContains(t, err, "blankTile: no raster reaches the tile")
					}
				}
			}
			assert.Greater(t, seen[true], 10)
			assert.Greater(t, seen[false], 20)
		})
	}
}

func scheme0(t *testing.T, s *exportimage.Service) *exportimage.TileScheme {
	scheme, err := s.TileScheme(t.Context())
	require.NoError(t, err)
	return &scheme
}

// shows reports whether any pixel holds data.
func shows(b *raster.Block) bool {
	if b.Valid == nil {
		return true
	}
	for _, v := range b.Valid.Pix {
		if v != 0 {
			return true
		}
	}
	return false
}

// scattered is a service of rasters here and there.
func scattered(t *testing.T) (*exportimage.Service, **raster.Block) {
	var all []raster.Dataset
	add := func(wkid int, box srs.Envelope) {
		g := raster.NorthUp(crs(t, wkid), box, image.Pt(64, 64))
		all = append(all, rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(1 + x + y) }))
	}
	add(4326, srs.Envelope{XMin: 10, YMin: 20, XMax: 31, YMax: 33})
	add(32633, srs.Envelope{XMin: 300000, YMin: 7000000, XMax: 700000, YMax: 7300000})
	add(4326, srs.Envelope{XMin: 170, YMin: -40, XMax: 195, YMax: -15})
	add(3031, srs.Envelope{XMin: -4000000, YMin: 1000000, XMax: -2000000, YMax: 3000000})
	return service(all...)
}

// The service's rule chooses the rasters that count, as it does for the tiles.
func TestTileMapsFollowTheRule(t *testing.T) {
	s, _ := scattered(t)
	s.Tiles = new(exportimage.GeographicTiles())
	count := func(r mosaic.Rule) (n int) {
		m, err := s.TileMap(t.Context(), exportimage.TileMapRequest{
			Level: 4, Width: 32, Height: 16, Export: exportimage.Request{MosaicRule: r}})
		require.NoError(t, err)
		for _, v := range m.Exists {
			if v {
				n++
			}
		}
		return n
	}
	all, first := count(mosaic.Rule{}), count(mosaic.Rule{Where: "OBJECTID = 1"})
	assert.Less(t, first, all)
	assert.Equal(t, first, count(mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{1}}))
	assert.Equal(t, 3*2, first, "10 to 31 degrees east and 20 to 33 north, in tiles of 11.25 degrees")
	s.Defaults.MosaicRule.Where = "OBJECTID = 1"
	assert.Equal(t, first, count(mosaic.Rule{}))
	_, err := s.TileMap(t.Context(), exportimage.TileMapRequest{
		Level: 4, Width: 1, Height: 1, Export: exportimage.Request{MosaicRule: mosaic.Rule{Where: "nothing ="}}})
	require.ErrorContains(t, err, "mosaicRule")
}

func TestTileMapsOutOfRange(t *testing.T) {
	s, _ := scattered(t)
	s.Tiles = new(exportimage.WebMercatorTiles())
	for _, c := range []struct {
		level, row, col, width, height int
		message                        string
	}{
		{24, 0, 0, 1, 1, "level: 24 is not one of 0 to 23"},
		{-1, 0, 0, 1, 1, "level: -1"},
		{3, -1, 0, 1, 1, "row: -1 is less than 0"},
		{3, 0, math.MinInt, 1, 1, "column: "},
		{3, 0, 0, 0, 1, "width: 0 is less than 1"},
		{3, 0, 0, 1, -7, "height: -7 is less than 1"},
	} {
		_, err := s.TileMap(t.Context(), exportimage.TileMapRequest{
			Level: c.level, Row: c.row, Col: c.col, Width: c.width, Height: c.height})
		require.ErrorContains(t, err, c.message)
	}
	m, err := s.TileMap(t.Context(), exportimage.TileMapRequest{
		Level: 3, Row: math.MaxInt, Col: math.MaxInt, Width: math.MaxInt, Height: math.MaxInt})
	require.NoError(t, err)
	assert.Equal(t, exportimage.MaxTileMap, m.Width)
	assert.Equal(t, exportimage.MaxTileMap, m.Height)
	assert.NotContains(t, m.Exists, true)
}

// Whatever numbers come, a tile map is an error or has one answer for each tile.
func FuzzTileMap(f *testing.F) {
	f.Add(3, 0, 0, 8, 8)
	f.Add(23, math.MaxInt32, 0, 300, 1)
	f.Fuzz(func(t *testing.T, level, row, col, width, height int) {
		s, _ := scattered(t)
		s.Tiles = new(exportimage.WebMercatorTiles())
		m, err := s.TileMap(t.Context(), exportimage.TileMapRequest{
			Level: level, Row: row, Col: col, Width: width, Height: height})
		if err == nil {
			require.Len(t, m.Exists, m.Width*m.Height)
			return
		}
		require.NotEmpty(t, exportimage.AsError(err).Param)
	})
}
