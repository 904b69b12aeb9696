//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"

	"gocloud.dev/blob"

	"github.com/geoexport/geoexport/examples/catalog/postgis"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
	"github.com/geoexport/geoexport/testdata"
)

// side is that of a scene in pixels.
const side = 512

// scenes are the world of the demo, cut into squares, each an object of the bucket and a row of the table.
type scenes struct {
	degrees int
	world   *exportimage.Service
	bucket  *blob.Bucket
	query   string // of the URLs of the bucket's objects
	rows    []postgis.Row
}

func newScenes(ctx context.Context, degrees int, bucket *blob.Bucket, query string) (*scenes, error) {
	data, err := testdata.Demo.ReadFile("demo/world.tif")
	if err != nil {
		return nil, err
	}
	ds, err := geotiff.Open(ctx, source.FromReaderAt(bytes.NewReader(data), int64(len(data))), nil)
	if err != nil {
		return nil, err
	}
	s := &scenes{degrees: degrees, bucket: bucket, query: query,
		world: &exportimage.Service{Catalog: mosaic.Of("world", ds)}}
	for y := -90; y < 90; y += degrees {
		for x := -180; x < 180; x += degrees {
			row, err := s.put(ctx, int64(len(s.rows)+1), x, y, 0)
			if err != nil {
				return nil, err
			}
			s.rows = append(s.rows, row)
		}
	}
	return s, nil
}

// put writes the scene with a lower left corner into the bucket and returns its row. Editions of a scene differ in all
// pixels, and are objects of their own: one that was there is never written again.
func (s *scenes) put(ctx context.Context, id int64, x, y, edition int) (row postgis.Row, err error) {
	box := srs.Envelope{XMin: float64(x), YMin: float64(y), XMax: float64(x + s.degrees), YMax: float64(y + s.degrees)}
	block, _, err := s.world.Render(ctx, exportimage.Request{
		BBox: box, BBoxSR: srs.WGS84(), ImageSR: srs.WGS84(), Size: image.Pt(side, side), Aspect: exportimage.ExactBox,
	})
	if err != nil {
		return row, err
	}
	for band := range block.Bands {
		samples, err := raster.Values[uint8](block, band)
		if err != nil {
			return row, err
		}
		for i := range samples {
			samples[i] ^= uint8(edition * 37)
		}
	}
	grid := raster.NorthUp(srs.WGS84(), box, image.Pt(side, side))
	var file bytes.Buffer
	err = geotiff.Encode(&file, &raster.Image{
		Grid: grid, Type: raster.U8, Bands: len(block.Bands), Opaque: true,
		Strips: func(yield func(*raster.Block, error) bool) { yield(block, nil) },
	}, &geotiff.EncodeOptions{Compression: geotiff.Deflate, Overviews: true})
	if err != nil {
		return row, err
	}
	key := fmt.Sprintf("%d_%d_%d.tif", x, y, edition)
	if err := s.bucket.WriteAll(ctx, key, file.Bytes(), nil); err != nil {
		return row, err
	}
	return postgis.Row{ID: id, Path: "s3://" + scenesName + "/" + key + s.query, Item: &mosaic.Item{
		Name: key, Footprint: mosaic.Footprint{CRS: srs.WGS84(), Envelope: box}, Type: raster.U8,
		PixelSize: float64(s.degrees) / side, Attrs: map[string]any{"Edition": int64(edition)},
	}}, nil
}
