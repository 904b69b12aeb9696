package exportimage_test

import (
	"errors"
	"image"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// months serves four rasters of one place, of the months 1, 6, 9 and 12, whose pixels are the month.
func months(t testing.TB) (*exportimage.Service, **raster.Block) {
	g := flat(t, 2, 1)
	s, raw := service()
	var catalog mosaic.Slice
	for i, month := range []int64{12, 1, 9, 6} {
		it := item(int64(i+1), rastertest.FromFunc(g, 1, func(_, _, _ int) uint8 { return uint8(month) }))
		it.Attrs = map[string]any{"Month": month}
		catalog = append(catalog, it)
	}
	s.Catalog = catalog
	return s, raw
}

// T55: the example of 9.3's documentation and its later equivalent put the months in the same order, 6, 9, 1, 12, and
// give the same pixels.
func TestT55BothDialectsOrderAlike(t *testing.T) {
	var bytes []byte
	for name, rule := range map[string]url.Values{
		"9.3": {"mosaicProperties": {"<MosaicMethod>ByAttribute</MosaicMethod> <TileOrderField>Month</TileOrderField> <TileOrderBase>6</TileOrderBase>"}},
		"10":  {"mosaicRule": {`{"mosaicMethod":"esriMosaicAttribute","sortField":"Month","sortValue":6,"ascending":true,"mosaicOperation":"MT_FIRST"}`}},
	} {
		s, raw := months(t)
		got, res := export(t, s, raw, "size=2,1&"+rule.Encode())
		assert.Equal(t, uint8(6), u8(got, 0, 0), name)
		var order []int64
		for _, r := range res.Trace.Rasters {
			order = append(order, r.ID)
		}
		assert.Equal(t, []int64{4, 3, 2, 1}, order, name)
		png, err := s.Export(t.Context(), parse(t, "format=png&"+rule.Encode()))
		require.NoError(t, err)
		if bytes == nil {
			bytes = png.Data
		}
		assert.Equal(t, bytes, png.Data, name)
	}
}

func TestMosaicOperations(t *testing.T) {
	for operation, want := range map[string]uint8{
		"MT_FIRST": 12, "MT_LAST": 6, "MT_MIN": 1, "MT_MAX": 12, "MT_MEAN": 7, "MT_SUM": 28, "MT_BLEND": 7,
	} {
		s, raw := months(t)
		got, _ := export(t, s, raw, "size=2,1&mosaicRule="+url.QueryEscape(`{"mosaicOperation":"`+operation+`"}`))
		assert.Equal(t, want, u8(got, 0, 0), operation)
	}
}

func TestMosaicRuleChooses(t *testing.T) {
	for rule, want := range map[string]uint8{
		`{"where":"Month > 6 AND Month < 12"}`: 9,
		`{"fids":[2,4]}`:                       1,
		`{"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[3,1]}`:  9,
		`{"mosaicMethod":"esriMosaicNone","ascending":false}`:            6,
		`{"mosaicMethod":"esriMosaicAttribute","sortField":"Month"}`:     1,
		`{"mosaicMethod":"esriMosaicCenter","mosaicOperation":"MT_MAX"}`: 12,
	} {
		s, raw := months(t)
		got, _ := export(t, s, raw, "size=2,1&mosaicRule="+url.QueryEscape(rule))
		assert.Equal(t, want, u8(got, 0, 0), rule)
	}
}

// The rule of a service counts where a request has none, and its own method makes a request's.
func TestDefaultMosaicRule(t *testing.T) {
	s, raw := months(t)
	s.Defaults.MosaicRule = mosaic.Rule{Method: mosaic.Attribute, SortField: "Month", SortValue: 9.0}
	got, _ := export(t, s, raw, "size=2,1")
	assert.Equal(t, uint8(9), u8(got, 0, 0))
	got, _ = export(t, s, raw, "size=2,1&mosaicRule="+url.QueryEscape(`{"mosaicMethod":"esriMosaicNone"}`))
	assert.Equal(t, uint8(12), u8(got, 0, 0))
}

// T44: every pixel has all its bands from one raster.
func TestT44BandsOfAPixelAreOfOneRaster(t *testing.T) {
	g := flat(t, 4, 1)
	with := func(value uint8, holes ...uint8) *rastertest.Memory {
		b := rastertest.FillBlock(g.Bounds(), 3, func(band, _, _ int) uint8 { return value + uint8(band) })
		b.Valid = image.NewAlpha(g.Bounds())
		copy(b.Valid.Pix, holes)
		return rastertest.New(g, b)
	}
	s, raw := service(with(10, 255, 0, 255, 0), with(20, 255, 255, 0, 0))
	got, _ := export(t, s, raw, "size=4,1&adjustAspectRatio=false&bbox=0,0,4,1&interpolation=RSP_NearestNeighbor")
	for band := range 3 {
		row := got.Bands[band].(*raster.PlaneOf[uint8]).Row(0)
		assert.Equal(t, []uint8{10, 20, 10}, []uint8{row[0] - uint8(band), row[1] - uint8(band), row[2] - uint8(band)})
	}
	assert.Equal(t, []uint8{255, 255, 255, 0}, got.Valid.Pix)
}

// T48: 400 tiles side by side, one half in UTM zone 32 and the other in 33, whose rows are 4.6° askew. Every pixel says
// where it is: its bands are longitude and latitude in tile pixels. No image has a gap, and none shows a place twice or
// leaves one out, which would put it off by a pixel.
func TestT48TilesOfTwoZones(t *testing.T) {
	const side, size = 32, 100.0 // pixels a tile, metres a pixel
	const perLon, perLat = 715.0, 1112.0
	// The two meet at 12° E, 50° N, which is 715 km east in one and 285 km in the other, and overlap.
	corners := map[int][2]float64{32632: {690e3, 5575e3}, 32633: {278e3, 5575e3}}
	lonLat := crs(t, 4326)
	var tiles []raster.Dataset
	for _, zone := range []int{32632, 32633} {
		utm := crs(t, zone)
		to, err := srs.NewTransformer(utm, lonLat)
		require.NoError(t, err)
		for i := range 200 {
			x, y := corners[zone][0]+float64(i%10)*side*size, corners[zone][1]-float64(i/10)*side*size
			g := raster.NorthUp(utm, srs.Envelope{XMin: x, YMin: y - side*size, XMax: x + side*size, YMax: y}, image.Pt(side, side))
			tiles = append(tiles, rastertest.FromFunc(g, 2, func(band, col, row int) float32 {
				xs, ys := []float64{x + (float64(col)+0.5)*size}, []float64{y - (float64(row)+0.5)*size}
				to.Transform(xs, ys)
				return float32([]float64{(xs[0] - 12) * perLon, (ys[0] - 50) * perLat}[band])
			}))
		}
	}
	s, raw := service(tiles...)
	for _, interpolation := range []string{"RSP_NearestNeighbor", "RSP_BilinearInterpolation", "RSP_CubicConvolution"} {
		got, res := export(t, s, raw, "bbox=11.75,49.85,12.25,50.15&bboxSR=4326&imageSR=4326&size=500,400&adjustAspectRatio=false&interpolation="+interpolation)
		require.Nil(t, got.Valid, "no gap")
		require.Greater(t, len(res.Trace.Rasters), 100)
		lon, lat := got.Bands[0].(*raster.PlaneOf[float32]), got.Bands[1].(*raster.PlaneOf[float32])
		for y := range 400 {
			for x := range 500 {
				wantX := (11.75 + (float64(x)+0.5)*0.5/500 - 12) * perLon
				wantY := (50.15 - (float64(y)+0.5)*0.3/400 - 50) * perLat
				if dx, dy := float64(lon.Row(y)[x])-wantX, float64(lat.Row(y)[x])-wantY; max(dx*dx, dy*dy) > 0.75*0.75 {
					t.Fatalf("%s: pixel %d, %d is %.2f, %.2f off", interpolation, x, y, dx, dy)
				}
			}
		}
	}
}

// T50: rasters that nothing but the ID tells apart lie in the same order, however the catalogue gives them, so that
// images are the same byte for byte.
func TestT50OrderOfTheCatalogueIsNoInput(t *testing.T) {
	var items []*mosaic.Item
	for i := range 12 {
		it := item(int64(i+1), rastertest.FromFunc(flat(t, 16, 16), 1, func(_, x, y int) uint8 { return uint8(i*20 + x*y%19) }))
		it.Attrs = map[string]any{"Month": int64(6)}
		items = append(items, it)
	}
	rng := rand.New(rand.NewPCG(50, 100))
	for _, rule := range []string{
		`{"mosaicMethod":"esriMosaicNone"}`, `{"mosaicMethod":"esriMosaicCenter"}`, `{"mosaicMethod":"esriMosaicNadir"}`,
		`{"mosaicMethod":"esriMosaicNorthwest"}`, `{"mosaicMethod":"esriMosaicSeamline"}`,
		`{"mosaicMethod":"esriMosaicViewpoint","viewpoint":{"x":3,"y":4}}`,
		`{"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[7,3,9]}`,
		`{"mosaicMethod":"esriMosaicAttribute","sortField":"Month","sortValue":2,"ascending":false}`,
		`{"mosaicMethod":"esriMosaicNone","mosaicOperation":"MT_MEAN"}`, `{"mosaicMethod":"esriMosaicNone","mosaicOperation":"MT_BLEND"}`,
		`{"mosaicMethod":"esriMosaicNone","mosaicOperation":"MT_LAST"}`,
	} {
		var first []byte
		for range 100 {
			rng.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
			s := &exportimage.Service{Catalog: mosaic.Slice(slices.Clone(items))}
			res, err := s.Export(t.Context(), parse(t, "size=8,8&bbox=1,1,9,9&mosaicRule="+url.QueryEscape(rule)))
			require.NoError(t, err, rule)
			if first == nil {
				first = res.Data
			}
			require.Equal(t, first, res.Data, rule)
		}
	}
}

// T52: more rasters than an image may be made of are an error that names the limit.
func TestT52TooManyRasters(t *testing.T) {
	var all []raster.Dataset
	for range 25 {
		all = append(all, rastertest.FromFunc(flat(t, 4, 4), 1, func(int, int, int) uint8 { return 1 }))
	}
	s, _ := service(all...)
	s.Limits.Items = 20
	_, err := s.Export(t.Context(), parse(t, ""))
	e, ok := errors.AsType[*exportimage.Error](err)
	require.True(t, ok)
	assert.Equal(t, exportimage.TooLarge, e.Kind)
	require.ErrorContains(t, err, "more than 20 rasters (limit Items)")
	s.Limits.Items = 25
	_, err = s.Export(t.Context(), parse(t, ""))
	require.NoError(t, err)
}

// T53: of 10 000 rasters, those that meet the box are opened, and no other; besides, once, the one with the lowest ID,
// which describes the service.
func TestT53OnlyWhatMeetsTheBoxIsOpened(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, and shorter tests run the same code")
	}
	index, opened := sceneIndex(t, 100, 100)
	s := &exportimage.Service{Catalog: index}
	_, err := s.Plan(t.Context(), parse(t, fourScenes))
	require.NoError(t, err)
	opened.Store(0)
	res, err := s.Export(t.Context(), parse(t, fourScenes))
	require.NoError(t, err)
	assert.Len(t, res.Trace.Rasters, 4)
	assert.Equal(t, int64(4), opened.Load())
}

// A mosaic of several types is of one that holds all; samples lose nothing.
func TestMixedTypes(t *testing.T) {
	g := flat(t, 2, 1)
	left, right := image.Rect(0, 0, 1, 1), image.Rect(1, 0, 2, 1)
	half := func(ds *rastertest.Memory, r image.Rectangle) *rastertest.Memory {
		b, err := ds.Read(t.Context(), nil, 0, g.Bounds(), nil)
		require.NoError(t, err)
		out := *b
		out.Valid = image.NewAlpha(g.Bounds())
		out.Valid.Pix[r.Min.X] = 255
		return rastertest.New(g, &out)
	}
	bytes := half(rastertest.FromFunc(g, 1, func(int, int, int) uint8 { return 200 }), left)
	shorts := half(rastertest.FromFunc(g, 1, func(int, int, int) int16 { return -3000 }), right)
	s, _ := service(bytes, shorts)
	_, err := s.Export(t.Context(), parse(t, "size=2,1"))
	require.ErrorContains(t, err, `raster "raster 2": cannot draw it: pixels of type S16 in a mosaic of U8 are not supported`)

	s, raw := service(bytes, shorts)
	s.Catalog.(mosaic.Slice)[1].Type = raster.S16
	got, _ := export(t, s, raw, "size=2,1&interpolation=RSP_NearestNeighbor")
	require.Equal(t, raster.S16, got.Type)
	assert.Equal(t, []int16{200, -3000}, got.Bands[0].(*raster.PlaneOf[int16]).Row(0)[:2])

	s, raw = service(bytes, shorts)
	s.PixelType = raster.F32
	got, _ = export(t, s, raw, "size=2,1&interpolation=RSP_NearestNeighbor")
	require.Equal(t, raster.F32, got.Type)
}

// One band beside three is refused by name, whichever comes first, unless the request says which bands it means. More
// bands than the first raster has are passed over, fewer are refused.
func TestMixedBands(t *testing.T) {
	of := func(bands int) *rastertest.Memory {
		return rastertest.FromFunc(flat(t, 4, 4), bands, func(band, _, _ int) uint8 { return uint8(band) })
	}
	for _, c := range []struct {
		first, second int
		query, want   string
	}{
		{1, 3, "", `raster "raster 2": cannot draw it: a raster of 3 bands in a mosaic of 1 needs the bands to be named`},
		{3, 1, "", `raster "raster 2": cannot draw it: a raster of 1 bands in a mosaic of 3 needs the bands to be named`},
		{1, 3, "&bandIds=0", ""},
		{3, 1, "&bandIds=0", ""},
		{3, 4, "", ""},
		{4, 3, "", `raster "raster 2": cannot draw it: it has 3 bands, and band 3 is drawn`},
		{4, 3, "&bandIds=2,1,0", ""},
	} {
		s, _ := service(of(c.first), of(c.second))
		_, err := s.Export(t.Context(), parse(t, "format=raw"+c.query))
		if c.want == "" {
			require.NoError(t, err, "%v", c)
		} else {
			require.ErrorContains(t, err, c.want)
		}
	}
}

// T54: of 51 rasters that cover the box, the one on top is read, once, and no other.
func TestT54OneOf51IsRead(t *testing.T) {
	var all []raster.Dataset
	for range 51 {
		all = append(all, rastertest.FromFunc(flat(t, 64, 64), 3, func(int, int, int) uint8 { return 1 }))
	}
	s, raw := service(all...)
	_, res := export(t, s, raw, "size=64,64")
	require.Len(t, res.Trace.Rasters, 51)
	for i, ds := range all {
		assert.Equal(t, i == 0, ds.(*rastertest.Memory).Reads() == 1, "raster %d", i+1)
		assert.Equal(t, i == 0, res.Trace.Rasters[i].Reads == 1, "raster %d", i+1)
	}
}
