package exportimage_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io/fs"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

var errDisk = errors.New("/srv/secret: input/output error")

// A brokenDataset fails to read the rows from its middle down.
type brokenDataset struct{ raster.Dataset }

func (d brokenDataset) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if win.Max.Y > d.Info().Levels[level].Y/2 {
		return nil, errDisk
	}
	return d.Dataset.Read(ctx, dst, level, win, bands)
}

// nowhere is a row of a catalogue whose raster is gone.
func nowhere(id int64, g raster.Grid) *mosaic.Item {
	return &mosaic.Item{
		ID: id, Name: "gone", Footprint: mosaic.Footprint{CRS: g.CRS, Envelope: g.Envelope()},
		Open: func(context.Context) (raster.Dataset, error) {
			return nil, &fs.PathError{Op: "open", Path: "/srv/secret", Err: fs.ErrNotExist}
		},
	}
}

// damaged serves a raster that is gone over one that fails in the lower half of rows, over one that is whole.
func damaged(t testing.TB, w, h int) (s *exportimage.Service, raw **raster.Block, log *bytes.Buffer) {
	g := flat(t, w, h)
	fill := func(v uint8) raster.Dataset { return rastertest.FromFunc(g, 1, func(int, int, int) uint8 { return v }) }
	s, raw = service()
	broken, whole := item(2, brokenDataset{fill(2)}), item(3, fill(3))
	broken.Name = "broken"
	s.Catalog = mosaic.Slice{nowhere(1, g), broken, whole}
	log = &bytes.Buffer{}
	s.Logger = slog.New(slog.NewTextHandler(log, nil))
	return s, raw, log
}

const damagedQuery = "size=4,4&interpolation=RSP_NearestNeighbor&format=raw"

func TestUnreadableRastersFailByName(t *testing.T) {
	s, _, _ := damaged(t, 4, 4)
	_, err := s.Export(t.Context(), parse(t, damagedQuery))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, `raster "gone": cannot open it`)

	s, _, _ = damaged(t, 4, 4)
	s.Catalog = s.Catalog.(mosaic.Slice)[1:]
	_, err = s.Export(t.Context(), parse(t, damagedQuery))
	require.ErrorIs(t, err, errDisk)
	require.ErrorContains(t, err, `raster "broken": cannot read it`)
}

func TestUnreadableRastersAreSkipped(t *testing.T) {
	s, raw, log := damaged(t, 4, 4)
	s.SkipUnreadable = true
	res, err := s.Export(t.Context(), parse(t, damagedQuery))
	require.NoError(t, err)
	assert.Equal(t, uint8(3), u8(*raw, 0, 0), "of the one that is whole")
	assert.Equal(t, []exportimage.SkippedRaster{
		{ID: 1, Name: "gone", Why: `raster "gone": cannot open it`},
		{ID: 2, Name: "broken", Why: `raster "broken": cannot read it`},
	}, res.Trace.Skipped)
	assert.Contains(t, log.String(), "/srv/secret: file does not exist", "the cause is for the log")
	assert.Contains(t, log.String(), errDisk.Error())

	// The upper half of the second can be read.
	_, err = s.Export(t.Context(), parse(t, "size=4,2&bbox=0,2,4,4&interpolation=RSP_NearestNeighbor&format=raw"))
	require.NoError(t, err)
	assert.Equal(t, uint8(2), u8(*raw, 0, 0))
}

// A large image is made of strips, each with what can be read of it.
func TestSkippingInTheMiddle(t *testing.T) {
	s, raw, _ := damaged(t, 512, 512)
	s.SkipUnreadable = true
	s.Limits.Workers = 4
	res, err := s.Export(t.Context(), parse(t, "size=512,512&interpolation=RSP_NearestNeighbor&format=raw"))
	require.NoError(t, err)
	assert.Equal(t, uint8(2), u8(*raw, 100, 20))
	assert.Equal(t, uint8(3), u8(*raw, 100, 500))
	assert.Len(t, res.Trace.Skipped, 2, "each once")
}

// Nothing is skipped that no raster is to blame for, or that its catalogue should not hold; and one raster must be
// left.
func TestWhatIsNotSkipped(t *testing.T) {
	s, _, _ := damaged(t, 4, 4)
	s.SkipUnreadable = true
	s.Catalog = mosaic.Slice{nowhere(1, flat(t, 4, 4))}
	_, err := s.Export(t.Context(), parse(t, damagedQuery))
	require.ErrorContains(t, err, `raster "gone": cannot open it`)

	s, _, _ = damaged(t, 4, 4)
	s.SkipUnreadable = true
	s.Limits.SourcePixels = 1
	_, err = s.Export(t.Context(), parse(t, damagedQuery))
	require.ErrorContains(t, err, "limit SourcePixels")

	ctx, cancel := context.WithCancel(t.Context())
	s, _, _ = damaged(t, 4, 4)
	s.SkipUnreadable = true
	_, err = s.Plan(ctx, parse(t, damagedQuery))
	require.NoError(t, err)
	cancel()
	_, err = s.Export(ctx, parse(t, damagedQuery))
	require.ErrorIs(t, err, context.Canceled)

	s, _ = service(
		rastertest.FromFunc(flat(t, 4, 4), 1, func(int, int, int) uint8 { return 1 }),
		rastertest.FromFunc(flat(t, 4, 4), 1, func(int, int, int) float32 { return 1 }))
	s.SkipUnreadable = true
	_, err = s.Export(t.Context(), parse(t, damagedQuery))
	require.ErrorContains(t, err, "pixels of type F32 in a mosaic of U8")
}
