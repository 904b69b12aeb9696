package encode

import (
	"bytes"
	"errors"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/faultdisk"
	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// Every format that spools writes the same bytes whether an image waits in memory or in files, and on a faulty disk the
// same bytes or the disk's error. No file stays open, also if the strips panic.
func TestFormatsOnAFaultyDisk(t *testing.T) {
	size := image.Pt(60, 50)
	b := block(raster.U8, 3, size, noise(1), ring(size))
	for name, f := range Default() {
		var want bytes.Buffer
		require.NoError(t, f.Encode(&want, imageOf(b, nil), nil), name)
		disk := &faultdisk.Disk{Dir: t.TempDir(), Faults: &rastertest.Faults{Seed: 1, Rate: .1}}
		o := &Options{SpoolBytes: 100, TempFile: disk.TempFile, Workers: 1}
		if name == "tiff" { // which spools compressed tiles
			o.Compression = "LZ77"
			want.Reset()
			require.NoError(t, f.Encode(&want, imageOf(b, nil), &Options{Compression: "LZ77"}))
		}
		failed := 0
		for range 200 {
			var got bytes.Buffer
			err := f.Encode(&got, imageOf(b, nil), o)
			require.Zero(t, disk.Open(), name)
			if err == nil {
				require.Equal(t, want.Bytes(), got.Bytes(), name)
				continue
			}
			failed++
			_, ok := errors.AsType[*spool.Error](err)
			require.True(t, ok, "%s: %v", name, err)
		}
		spools := map[string]bool{"png8": true, "gif": true, "bsq": true, "bip": true, "tiff": true}[name]
		assert.Equal(t, spools, failed > 0, "%s", name)

		disk.Faults.Pause(true)
		angry := imageOf(b, nil)
		angry.Strips = func(yield func(*raster.Block, error) bool) {
			_ = yield(b.Sub(image.Rectangle{Min: b.Bounds().Min, Max: b.Bounds().Max.Sub(image.Pt(0, 9))}), nil)
			panic("ouch")
		}
		assert.Panics(t, func() { _ = f.Encode(new(bytes.Buffer), angry, o) }, name)
		assert.Zero(t, disk.Open(), "%s", name)
	}
}
