package exportimage_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"log"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// The resolutions and scales that ArcGIS Online states for its basemaps:
// https://services.arcgisonline.com/arcgis/rest/services/World_Imagery/MapServer?f=json
func TestWebMercatorTilesAreThoseOfArcGISOnline(t *testing.T) {
	s, _ := service(world(t))
	s.Tiles = new(exportimage.WebMercatorTiles())
	scheme, err := s.TileScheme(t.Context())
	require.NoError(t, err)
	require.Len(t, scheme.Levels, 24)
	for level, want := range map[int]exportimage.TileLevel{
		0:  {Resolution: 156543.03392800014, Scale: 5.91657527591555e8},
		1:  {Resolution: 78271.51696399994, Scale: 2.95828763795777e8},
		10: {Resolution: 152.87405657041106, Scale: 577790.554289},
		19: {Resolution: 0.29858214164761665, Scale: 1128.497176},
		23: {Resolution: 0.01866138385297604, Scale: 70.5310735},
	} {
		assert.InEpsilon(t, want.Resolution, scheme.Levels[level].Resolution, 1e-9, level)
		assert.InEpsilon(t, want.Scale, scheme.Levels[level].Scale, 1e-7, level)
		assert.Equal(t, image.Rect(0, 0, 1<<level, 1<<level), scheme.Tiles(level))
	}
	assert.InDelta(t, -20037508.342787, scheme.Origin.X, 1e-4)
	assert.InDelta(t, 20037508.342787, scheme.Origin.Y, 1e-4)
	d, err := s.Describe(t.Context())
	require.NoError(t, err)
	wkid, latest := d.CRS.WKID()
	assert.Equal(t, [2]int{102100, 3857}, [2]int{wkid, latest}, "the service takes over the tiles' reference")
	assert.Equal(t, 0, scheme.LevelOf(1e9))
	assert.Equal(t, 10, scheme.LevelOf(scheme.Levels[10].Resolution))
	assert.Equal(t, 11, scheme.LevelOf(scheme.Levels[10].Resolution*0.99))
	assert.Equal(t, 23, scheme.LevelOf(0))
}

// Level 0 of ArcGIS's scheme in degrees has 0.703125 degrees a pixel and the scale 2.95828763795777E8:
// https://wi.maptiles.arcgis.com/arcgis/rest/services/World_Imagery/MapServer?f=json
func TestGeographicTiles(t *testing.T) {
	s, _ := service(world(t))
	s.Tiles = new(exportimage.GeographicTiles())
	scheme, err := s.TileScheme(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 0.703125, scheme.Levels[0].Resolution)
	assert.InEpsilon(t, 2.95828763795777e8, scheme.Levels[0].Scale, 1e-9)
	assert.Equal(t, image.Rect(0, 0, 2, 1), scheme.Tiles(0))
	assert.Equal(t, image.Rect(0, 0, 2<<21, 1<<21), scheme.Tiles(21))
}

// A tile is the export of its box, to the bit, whatever the scheme.
func TestTilesAreExports(t *testing.T) {
	for name, scheme := range schemes() {
		t.Run(name, func(t *testing.T) {
			s, _ := demo(t, "world.tif")
			s.Formats, s.Tiles = nil, &scheme
			full, err := s.TileScheme(t.Context())
			require.NoError(t, err)
			random := rand.New(rand.NewPCG(1, 2))
			for _, level := range []int{0, 2, min(full.MaxLevel, 6)} {
				tiles := full.Tiles(level)
				row, col := tiles.Min.Y+random.IntN(tiles.Dy()), tiles.Min.X+random.IntN(tiles.Dx())
				got, err := s.Tile(t.Context(), exportimage.TileRequest{Level: level, Row: row, Col: col})
				require.NoError(t, err)
				box, size := full.Box(level, row, col), image.Pt(256, 256)
				if full.Elevation {
					half := full.Levels[level].Resolution / 2
					box = srs.Envelope{XMin: box.XMin - half, YMin: box.YMin - half, XMax: box.XMax + half, YMax: box.YMax + half}
					size = image.Pt(257, 257)
				}
				want, err := s.Export(t.Context(), exportimage.Request{BBox: box, BBoxSR: full.CRS, ImageSR: full.CRS,
					Size: size, Aspect: exportimage.ExactBox, Format: full.Request.Format, PixelType: full.Request.PixelType,
					LERCVersion: full.Request.LERCVersion, CompressionTolerance: full.Request.CompressionTolerance})
				require.NoError(t, err)
				require.True(t, bytes.Equal(want.Data, got.Data), "level %d row %d column %d", level, row, col)
				require.InDelta(t, box.XMin, got.Envelope.XMin, 1e-6*full.Levels[level].Resolution)
				require.InDelta(t, box.YMin, got.Envelope.YMin, 1e-6*full.Levels[level].Resolution)
				require.Equal(t, full.Box(level, row, col).XMax, full.Box(level, row, col+1).XMin)
				require.Equal(t, full.Box(level, row, col).YMin, full.Box(level, row+1, col).YMax)
			}
		})
	}
}

func schemes() map[string]exportimage.TileScheme {
	return map[string]exportimage.TileScheme{
		"web Mercator": exportimage.WebMercatorTiles(),
		"degrees":      exportimage.GeographicTiles(),
		"own":          {},
		"heights":      exportimage.WebMercatorTiles().ElevationTiles(),
		"own, UTM":     {CRS: must(srs.FromWKID(32633))},
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Tiles side by side are a larger export, cut.
func TestTilesStitchedAreTheWhole(t *testing.T) {
	for name, scheme := range schemes() {
		if scheme.Elevation || name == "own, UTM" { // of which the whole world is not an image
			continue
		}
		t.Run(name, func(t *testing.T) {
			s, raw := demo(t, "world.tif")
			scheme.Request = exportimage.Request{Format: "raw", Interpolation: resample.Bilinear}
			s.Tiles = &scheme
			full, err := s.TileScheme(t.Context())
			require.NoError(t, err)
			level := 2
			at := full.Tiles(level).Intersect(image.Rect(1, 1, 4, 3))
			first, last := full.Box(level, at.Min.Y, at.Min.X), full.Box(level, at.Max.Y-1, at.Max.X-1)
			_, err = s.Export(t.Context(), exportimage.Request{
				BBox:   srs.Envelope{XMin: first.XMin, YMin: last.YMin, XMax: last.XMax, YMax: first.YMax},
				BBoxSR: full.CRS, ImageSR: full.CRS, Size: at.Size().Mul(256), Aspect: exportimage.ExactBox,
				Format: "raw", Interpolation: resample.Bilinear,
			})
			require.NoError(t, err)
			whole := *raw
			for row := at.Min.Y; row < at.Max.Y; row++ {
				for col := at.Min.X; col < at.Max.X; col++ {
					_, err := s.Tile(t.Context(), exportimage.TileRequest{Level: level, Row: row, Col: col})
					require.NoError(t, err)
					corner := image.Pt(col, row).Sub(at.Min).Mul(256)
					for b := range whole.Bands {
						w, g := whole.Bands[b].(*raster.PlaneOf[uint8]), (*raw).Bands[b].(*raster.PlaneOf[uint8])
						for y := range 256 {
							from, to := (corner.Y+y)*w.Stride+corner.X, y*g.Stride
							require.Equal(t, w.Pix[from:from+256], g.Pix[to:to+256], "tile %d,%d band %d line %d", row, col, b, y)
						}
					}
				}
			}
		})
	}
}

// The finest level of a service's own scheme has the pixels of its raster.
func TestOwnTilesHaveTheRastersPixels(t *testing.T) {
	s, raw := service(ramp(t)) // 512 by 512 pixels of 1 m from 0,512 on, value = column + 1000·row
	s.Tiles = &exportimage.TileScheme{Request: exportimage.Request{Format: "raw"}}
	full, err := s.TileScheme(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []float64{2, 1}, []float64{full.Levels[0].Resolution, full.Levels[1].Resolution})
	require.Len(t, full.Levels, 2)
	assert.Equal(t, image.Rect(0, 0, 1, 1), full.Tiles(0))
	assert.Equal(t, image.Rect(0, 0, 2, 2), full.Tiles(1))
	_, err = s.Tile(t.Context(), exportimage.TileRequest{Level: 1, Row: 1, Col: 0})
	require.NoError(t, err)
	pixels := (*raw).Bands[0].(*raster.PlaneOf[float32])
	assert.Equal(t, float32(1000*256), pixels.Pix[0])
	assert.Equal(t, float32(255+1000*511), pixels.Pix[255*pixels.Stride+255])
}

// Heights stand at the corners of cells: with cells of a size of 1 m between corners, the corner at column c and row r
// of the plane z = column + 1000·row, whose middles are half a pixel off, is between four samples.
func TestElevationTilesShareTheirEdges(t *testing.T) {
	s, raw := service(ramp(t))
	lerc := s.Formats["raw"]
	lerc.Name = "lerc"
	s.Formats["lerc"] = lerc
	s.Tiles = new(exportimage.TileScheme{Size: image.Pt(64, 64)}.ElevationTiles())
	tile := func(row, col int) *raster.PlaneOf[float32] {
		_, err := s.Tile(t.Context(), exportimage.TileRequest{Level: 3, Row: row, Col: col})
		require.NoError(t, err)
		return (*raw).Bands[0].(*raster.PlaneOf[float32])
	}
	left, right, below := tile(2, 3), tile(2, 4), tile(3, 3)
	require.Equal(t, image.Rect(0, 0, 65, 65), left.Rect)
	for i := range 65 {
		assert.Equal(t, left.Pix[i*left.Stride+64], right.Pix[i*right.Stride], i)
		assert.Equal(t, left.Pix[64*left.Stride+i], below.Pix[i], i)
	}
	assert.InDelta(t, (3*64-0.5)+1000*(2*64-0.5), left.Pix[0], 1e-2)
	assert.InDelta(t, (3*64+10-0.5)+1000*(2*64+20-0.5), left.Pix[20*left.Stride+10], 1e-2)
}

// What an HTTP client can ask for by way of numbers, and what the error names.
func TestTilesThatDoNotExist(t *testing.T) {
	s, _ := demo(t, "world.tif")
	s.Tiles = new(exportimage.WebMercatorTiles())
	s.Tiles.MinLevel, s.Tiles.MaxLevel = 1, 5
	for _, c := range []struct {
		level, row, col int
		message         string
	}{
		{0, 0, 0, "level: 0 is not one of 1 to 5"},
		{6, 0, 0, "level: 6 is not one of 1 to 5"},
		{-1, 0, 0, "level: -1 is not"},
		{math.MaxInt, 0, 0, "level: "},
		{math.MinInt, 0, 0, "level: "},
		{1, -1, 0, "row: -1 is not one of 0 to 1, the rows of level 1"},
		{1, 2, 0, "row: 2 is not"},
		{1, math.MaxInt, 0, "row: "},
		{1, 0, 2, "column: 2 is not one of 0 to 1, the columns of level 1"},
		{1, 0, math.MinInt, "column: "},
	} {
		_, err := s.Tile(t.Context(), exportimage.TileRequest{Level: c.level, Row: c.row, Col: c.col})
		require.ErrorContains(t, err, c.message)
		assert.Equal(t, exportimage.NotFound, exportimage.AsError(err).Kind)
	}
	for message, e := range map[string]exportimage.Request{
		"bbox: ":                        {BBox: srs.Envelope{XMax: 1, YMax: 1}},
		"size: ":                        {Size: image.Pt(9, 9)},
		"imageSR: ":                     {ImageSR: crs(t, 4326)},
		"bboxSR: ":                      {BBoxSR: crs(t, 4326)},
		"adjustAspectRatio: ":           {Aspect: exportimage.GrowBox},
		"there is no interpolation 200": {Interpolation: 200},
	} {
		_, err := s.Tile(t.Context(), exportimage.TileRequest{Level: 1, Export: e})
		require.ErrorContains(t, err, message)
		assert.Equal(t, exportimage.Invalid, exportimage.AsError(err).Kind, message)
	}
	_, err := s.Tile(t.Context(), exportimage.TileRequest{Level: 1, Blank: 9})
	require.ErrorContains(t, err, "blankTile: ")
	s, _ = service(world(t))
	_, err = s.Tile(t.Context(), exportimage.TileRequest{})
	require.EqualError(t, err, "the service has no tiles")
	_, err = s.TileMap(t.Context(), exportimage.TileMapRequest{Width: 1, Height: 1})
	require.EqualError(t, err, "the service has no tiles")
}

// A scheme without a meaning is refused by name, by every method of its service.
func TestSchemesWithoutAMeaning(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	mercator := func(change func(*exportimage.TileScheme)) exportimage.TileScheme {
		s := exportimage.WebMercatorTiles()
		change(&s)
		return s
	}
	levels := func(r ...float64) (out []exportimage.TileLevel) {
		for _, v := range r {
			out = append(out, exportimage.TileLevel{Resolution: v})
		}
		return out
	}
	for message, scheme := range map[string]exportimage.TileScheme{
		"Origin is NaN,0":                  {Origin: exportimage.Origin{X: nan}},
		"Origin is 0,+Inf":                 {Origin: exportimage.Origin{Y: inf}},
		"Size is -1 by 5":                  {Size: image.Pt(-1, 5)},
		"Size is 5000 by 256":              {Size: image.Pt(5000, 256)},
		"DPI is NaN":                       {DPI: nan},
		"DPI is -96":                       {DPI: -96},
		"Extent is no box":                 mercator(func(s *exportimage.TileScheme) { s.Extent.XMin = nan }),
		"Levels are 65":                    {Levels: make([]exportimage.TileLevel, 65)},
		"stated without Levels":            {Origin: exportimage.Origin{X: 1}},
		"Blank is 9":                       {Blank: 9},
		"Request states a box or a size":   {Request: exportimage.Request{Size: image.Pt(5, 5)}},
		"Request.Format is png":            {Elevation: true, Request: exportimage.Request{Format: "png"}},
		"MinLevel 9 and MaxLevel 5":        mercator(func(s *exportimage.TileScheme) { s.MinLevel, s.MaxLevel = 9, 5 }),
		"MinLevel 24 and MaxLevel 0":       mercator(func(s *exportimage.TileScheme) { s.MinLevel = 24 }),
		"MinLevel 0 and MaxLevel -1":       mercator(func(s *exportimage.TileScheme) { s.MaxLevel = -1 }),
		"Levels[1] has resolution NaN":     {Levels: levels(1, nan)},
		"Levels[0] has resolution -1":      {Levels: levels(-1)},
		"Levels[0] has resolution +Inf":    {Levels: levels(inf)},
		"Levels[1] has resolution 2":       {Levels: levels(1, 2)},
		"Levels[0] has resolution 1":       {Levels: []exportimage.TileLevel{{Resolution: 1, Scale: nan}}},
		"there is no interpolation":        {Request: exportimage.Request{Interpolation: 200}},
		"no tile of the finest level lies": {Levels: levels(1), Origin: exportimage.Origin{X: 1000}},
		"more than 2147483647":             {Levels: levels(1e-12), Origin: exportimage.Origin{X: -180, Y: 90}},
	} {
		s, _ := service(world(t))
		s.Tiles = &scheme
		_, err := s.TileScheme(t.Context())
		require.ErrorContains(t, err, "the service's Tiles: ")
		require.ErrorContains(t, err, message)
		assert.Equal(t, exportimage.Internal, exportimage.AsError(err).Kind, message)
		_, err = s.Tile(t.Context(), exportimage.TileRequest{})
		require.ErrorContains(t, err, message)
	}
}

// What is asked for takes the place of what the scheme states, and that of the service's defaults.
func TestTilesTakeParametersOfExports(t *testing.T) {
	s, _ := demo(t, "world.tif")
	s.Formats, s.Tiles = nil, new(exportimage.WebMercatorTiles())
	s.Defaults.BandIDs = []int{2, 1, 0}
	s.Tiles.Request = exportimage.Request{Format: "jpg", BandIDs: []int{1}}
	plain, err := s.Tile(t.Context(), exportimage.TileRequest{Level: 1})
	require.NoError(t, err)
	assert.Equal(t, "image/jpeg", plain.MediaType)
	asked := exportimage.Request{BandIDs: []int{0}, Function: function.Named("Hillshade"), Format: "png"}
	got, err := s.Tile(t.Context(), exportimage.TileRequest{Level: 1, Export: asked})
	require.NoError(t, err)
	asked.BBox, asked.BBoxSR, asked.ImageSR = plain.Envelope, plain.CRS, plain.CRS
	asked.Size, asked.Aspect = image.Pt(256, 256), exportimage.ExactBox
	want, err := s.Export(t.Context(), asked)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(want.Data, got.Data))

	_, err = s.Tile(t.Context(), exportimage.TileRequest{Level: 1, Export: exportimage.Request{SliceID: new(int64)}})
	require.ErrorContains(t, err, "sliceId", "slices are of services that have them")
}

func ExampleService_Tile() {
	service, closeFile := openWorld()
	defer closeFile()
	scheme := exportimage.WebMercatorTiles()
	scheme.Request.Format = "jpg"
	service.Tiles = &scheme

	tile, err := service.Tile(context.Background(), exportimage.TileRequest{Level: 3, Row: 2, Col: 4})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tile.MediaType, tile.Size)
	fmt.Printf("%.0f %.0f\n", tile.Envelope.XMin, tile.Envelope.YMax)
	// Output:
	// image/jpeg (256,256)
	// 0 10018754
}

func ExampleService_TileMap() {
	service, closeFile := openWorld()
	defer closeFile()
	service.Tiles = &exportimage.TileScheme{Size: image.Pt(960, 960)}

	m, err := service.TileMap(context.Background(), exportimage.TileMapRequest{Level: 1, Width: 3, Height: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Exists)
	// Output: [true true false false false false]
}
