package exportimage_test

import (
	"image"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
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

// T55: the founding text's example and its later equivalent put the months in the same order, 6, 9, 1, 12, and give the
// same pixels.
func TestT55BothDialectsOrderAlike(t *testing.T) {
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
