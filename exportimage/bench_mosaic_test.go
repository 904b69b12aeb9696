package exportimage_test

import (
	"context"
	"image"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// sceneSide is the side of a scene in pixels of 10 m. Scenes begin 3/4 of a scene apart, so that neighbours overlap by
// a quarter.
const sceneSide = 1024

// fourScenes is a box around the corner that four scenes share, of 512² pixels of 10 m.
const fourScenes = "bbox=389000,5076480,394120,5081600&bboxSR=32633&imageSR=32633&size=512,512&interpolation=RSP_BilinearInterpolation"

// sceneIndex is an index of columns × rows scenes, which counts how often one is opened. They share their pixels.
func sceneIndex(t testing.TB, columns, rows int) (*mosaic.Index, *atomic.Int64) {
	index, err := mosaic.NewIndex(sceneItems(t, columns, rows))
	require.NoError(t, err)
	opened := new(atomic.Int64)
	for it, err := range index.Items(context.Background(), mosaic.Query{}) {
		require.NoError(t, err)
		open := it.Open
		it.Open = func(ctx context.Context) (raster.Dataset, error) { opened.Add(1); return open(ctx) }
	}
	return index, opened
}

func sceneItems(t testing.TB, columns, rows int) []*mosaic.Item {
	utm := crs(t, 32633)
	block := rastertest.FillBlock(image.Rect(0, 0, sceneSide, sceneSide), 3, func(band, x, y int) uint8 { return uint8(x*band + y) })
	var items []*mosaic.Item
	for i := range columns * rows {
		x, y := 2e5+float64(i%columns)*sceneSide*7.5, 53e5-float64(i/columns)*sceneSide*7.5
		g := raster.NorthUp(utm, srs.Envelope{XMin: x, YMin: y - sceneSide*10, XMax: x + sceneSide*10, YMax: y}, image.Pt(sceneSide, sceneSide))
		it := item(int64(i+1), rastertest.New(g, block))
		it.Attrs = map[string]any{"Month": int64(i % 12)}
		items = append(items, it)
	}
	return items
}

// BenchmarkFourOf10000 exports 512² pixels over four of 10 000 overlapping scenes, and over those four alone.
func BenchmarkFourOf10000(b *testing.B) {
	all := sceneItems(b, 100, 100)
	index, err := mosaic.NewIndex(all)
	require.NoError(b, err)
	s := &exportimage.Service{Catalog: index}
	req := parse(b, fourScenes)
	res, err := s.Plan(context.Background(), req)
	require.NoError(b, err)
	require.Len(b, res.Trace.Rasters, 4)
	var four mosaic.Slice
	for _, r := range res.Trace.Rasters {
		four = append(four, all[r.ID-1])
	}
	for _, c := range []struct {
		name    string
		catalog mosaic.Catalog
	}{{"4 alone", four}, {"4 of 10000", index}} {
		b.Run(c.name, func(b *testing.B) {
			s := &exportimage.Service{Catalog: c.catalog}
			_, err := s.Plan(context.Background(), req) // which finds out about the service, once
			require.NoError(b, err)
			for b.Loop() {
				_, err := s.Export(context.Background(), req)
				require.NoError(b, err)
			}
		})
	}
}
