package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// peakHeap is how many bytes more than at the start objects take at most while do runs, those included that nobody
// needs any more but the collector has not found yet.
func peakHeap(do func()) uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	now := func() uint64 { metrics.Read(sample); return sample[0].Value.Uint64() }
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // so that a late collector does not count as need
	runtime.GC()
	before := now()
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for {
			most = max(most, now())
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	do()
	close(stop)
	if most := <-peak; most > before {
		return most - before
	}
	return 0
}

// Images of 20 000 pixels a row take little memory, however many rows they have. As RGBA these are 48 MB.
func TestLargePicturesStream(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 512, YMax: 512}, image.Pt(512, 512))
	at := func(band, x, y int) uint8 { return uint8(x*y>>band + x*31 + y*17) }
	hole := rastertest.FillBlock(image.Rect(0, 0, 512, 512), 3, at)
	hole.Valid = image.NewAlpha(hole.Bounds())
	for i := range hole.Valid.Pix {
		if i%512 > 3 {
			hole.Valid.Pix[i] = 255
		}
	}
	for _, c := range []struct{ format, compression string }{
		{"png", ""}, {"jpg", ""}, {"jpgpng", ""}, {"tiff", ""}, {"tiff", "LZW"}, {"tiff", "Deflate"}, {"png8", ""}, {"gif", ""},
	} {
		s := &exportimage.Service{Catalog: mosaic.Slice{item(1, rastertest.New(g, hole))}}
		s.Limits.Side, s.Limits.Pixels, s.Limits.Time = 20000, 20000*20000, time.Hour
		height := 600
		req := parse(t, fmt.Sprintf("bbox=0,0,512,%g&bboxSR=3857&imageSR=3857&size=20000,%d&interpolation=RSP_NearestNeighbor&format=%s&compression=%s",
			512.0*float64(height)/20000, height, c.format, c.compression))
		peak := peakHeap(func() {
			_, err := s.ExportTo(context.Background(), io.Discard, req)
			require.NoError(t, err)
		})
		t.Logf("%s %s: %.0f MB", c.format, c.compression, float64(peak)/1e6)
		assert.Less(t, peak, uint64(64e6), "%s %s", c.format, c.compression)
	}
}
