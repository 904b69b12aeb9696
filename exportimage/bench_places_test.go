package exportimage_test

import (
	"math"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// What a click costs: the pixel at a place, warm, beside the export of a tile of the same service.
func BenchmarkPlaces(b *testing.B) {
	s, _ := servicetest.Demo(b, "world.tif")
	s.Formats = nil
	at := exportimage.Geometry{Type: exportimage.PointGeometry, Envelope: srs.Envelope{XMin: 7.4, YMin: 46.9, XMax: 7.4, YMax: 46.9}}
	box := srs.Envelope{XMin: 0, YMin: 40, XMax: 20, YMax: 60}
	for _, c := range []struct {
		name string
		do   func() error
	}{
		{"identify", func() error {
			_, err := s.Identify(b.Context(), exportimage.IdentifyRequest{Geometry: at, Items: true})
			return err
		}},
		{"histograms", func() error {
			_, err := s.ComputeStatisticsHistograms(b.Context(), exportimage.HistogramsRequest{
				Geometry: exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: box}})
			return err
		}},
		{"export", func() error {
			_, err := s.Export(b.Context(), exportimage.Request{BBox: box})
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, c.do())
			}
		})
	}
}

// Statistics and histograms of a large file are found in its overviews. BENCH_COG names the file, which is too large for
// this repository: gdal_translate -of COG makes one.
func BenchmarkStatisticsOfLargeFiles(b *testing.B) {
	name := os.Getenv("BENCH_COG")
	if name == "" {
		b.Skip("no BENCH_COG")
	}
	for _, c := range []struct {
		name string
		do   func(s *exportimage.Service) error
	}{
		{"statistics", func(s *exportimage.Service) error { _, err := s.Statistics(b.Context(), nil); return err }},
		{"histograms", func(s *exportimage.Service) error { _, err := s.Histograms(b.Context(), nil); return err }},
		{"everywhere", func(s *exportimage.Service) error {
			d, err := s.Describe(b.Context())
			require.NoError(b, err)
			_, err = s.ComputeStatisticsHistograms(b.Context(), exportimage.HistogramsRequest{
				Geometry: exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: d.Extent}})
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				f, err := os.Open(name)
				require.NoError(b, err)
				st, err := f.Stat()
				require.NoError(b, err)
				ds, err := geotiff.Open(b.Context(), source.FromReaderAt(f, st.Size()), nil)
				require.NoError(b, err)
				s, _ := service(ds)
				require.NoError(b, c.do(s))
				require.NoError(b, ds.Close())
				require.NoError(b, f.Close())
			}
		})
	}
}

// BenchmarkTile makes a tile, and exports its box, in turns, and reports the ratio of the shortest times, which other
// programs disturb least.
func BenchmarkTile(b *testing.B) {
	s, _ := servicetest.Demo(b, "world.tif")
	s.Formats, s.Tiles = nil, new(exportimage.WebMercatorTiles())
	tile := exportimage.TileRequest{Level: 3, Row: 3, Col: 4}
	same, err := s.TileExport(b.Context(), tile)
	require.NoError(b, err)
	least := [2]time.Duration{math.MaxInt64, math.MaxInt64}
	for b.Loop() {
		for i, do := range []func() (exportimage.Result, error){
			func() (exportimage.Result, error) { return s.Tile(b.Context(), tile) },
			func() (exportimage.Result, error) { return s.Export(b.Context(), same) },
		} {
			start := time.Now()
			_, err := do()
			require.NoError(b, err)
			least[i] = min(least[i], time.Since(start))
		}
	}
	b.ReportMetric(least[0].Seconds()*1e3, "ms")
	b.ReportMetric(float64(least[0])/float64(least[1]), "times-export")
}
