package exportimage_test

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// Memory that exports use again shows in no later image: neither what tests leave in it nor what other exports of the same
// moment draw. The images reach beyond the rasters, so that pixels without data show what was there before.
func TestMemoryUsedAgainLeavesNoTrace(t *testing.T) {
	scene := servicetest.Scene(t)
	below := rastertest.FromFunc(scene.Info().Grid, 3, func(b, x, y int) uint8 { return uint8(x ^ y + b) })
	fresh := func() *exportimage.Service {
		s, _ := service(scene, below)
		return s
	}
	var queries []string
	for _, format := range []string{"png", "jpgpng", "tiff", "bip", "lerc"} {
		for _, more := range []string{
			"", "&mosaicRule={\"mosaicOperation\":\"MT_MEAN\"}", "&renderingRule={\"rasterFunction\":\"Hillshade\"}",
			"&mosaicRule={\"itemRenderingRule\":{\"rasterFunction\":\"Slope\"}}&pixelType=U8", "&bandIds=2",
		} {
			queries = append(queries, "bbox=497000,5297000,504000,5304000&size=90,70&format="+format+more)
		}
	}
	want := map[string][]byte{}
	for _, q := range queries {
		res, err := fresh().Export(t.Context(), parse(t, q))
		require.NoError(t, err, q)
		want[q] = res.Data
	}
	s := fresh()
	for round := range 3 {
		s.Poison(round)
		g, ctx := errgroup.WithContext(t.Context())
		g.SetLimit(4)
		for i := range queries {
			q := queries[(i*7+round)%len(queries)]
			g.Go(func() error {
				res, err := s.Export(ctx, parse(t, q))
				assert.Equal(t, want[q], res.Data, q)
				if err != nil {
					return err
				}
				a, err := s.ExportSpooled(ctx, parse(t, q))
				if err != nil {
					return err
				}
				data, err := a.Bytes(ctx)
				assert.Equal(t, want[q], data, q)
				return errors.Join(err, a.Close())
			})
		}
		require.NoError(t, g.Wait())
	}
}

// An export of a warm service takes little memory beside its answer, in one piece or spooled.
func TestWarmExportsAllocateLittle(t *testing.T) {
	if underRace {
		t.Skip("the race detector drops a part of what pools hold")
	}
	s, _ := servicetest.Demo(t, "world.tif")
	for _, c := range []struct {
		side int
		most int64
	}{{256, 100e3}, {1024, 1 << 20}} {
		req := parse(t, fmt.Sprintf("bbox=0,40,20,60&size=%d,%d&format=png", c.side, c.side))
		least, leastSpooled := int64(math.MaxInt64), int64(math.MaxInt64)
		for range 6 { // a collection may empty the pools at any time
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			res, err := s.Export(t.Context(), req)
			runtime.ReadMemStats(&after)
			require.NoError(t, err)
			least = min(least, int64(after.TotalAlloc-before.TotalAlloc)-int64(len(res.Data)))
			runtime.ReadMemStats(&before)
			a, err := s.ExportSpooled(t.Context(), req)
			runtime.ReadMemStats(&after)
			require.NoError(t, err)
			leastSpooled = min(leastSpooled, int64(after.TotalAlloc-before.TotalAlloc)-a.Size())
			require.NoError(t, a.Close())
		}
		assert.Less(t, least, c.most, "%d", c.side)
		assert.Less(t, leastSpooled, c.most, "%d, spooled", c.side)
	}
}
