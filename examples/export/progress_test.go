package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var line bytes.Buffer
		var done work
		stop := watch(&line, &done)
		time.Sleep(patience - time.Millisecond)
		synctest.Wait()
		assert.Empty(t, line.String(), "too early for a word")

		done.pixels.Store(12_340_000)
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		assert.Contains(t, line.String(), "1s: 12.3 megapixels read, 0.0 MB written")

		_, err := done.Write(make([]byte, 2_500_000))
		require.NoError(t, err)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		assert.Contains(t, line.String(), "3s: 12.3 megapixels read, 2.5 MB written")

		stop()
		assert.Regexp(t, `\r {20,}\r$|\r$`, line.String(), "the line is cleared")
		n := line.Len()
		time.Sleep(time.Hour)
		assert.Len(t, line.Bytes(), n, "nothing comes later")
	})
}

func TestProgressOfWhatIsQuick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var line bytes.Buffer
		stop := watch(&line, &work{})
		time.Sleep(patience / 2)
		stop()
		time.Sleep(time.Hour)
		assert.Empty(t, line.String())
	})
}

func TestOnlyTerminalsAreTold(t *testing.T) {
	assert.False(t, isTerminal(new(bytes.Buffer)))
}

func TestCountedReads(t *testing.T) {
	ds := rastertest.FromFunc(raster.Grid{Size: image.Pt(10, 10)}, 1, func(_, x, y int) uint8 { return uint8(x + y) })
	broken := errors.New("broken")
	s := mosaic.Slice{
		{ID: 1, Open: func(context.Context) (raster.Dataset, error) { return ds, nil }},
		{ID: 2, Open: func(context.Context) (raster.Dataset, error) { return nil, broken }},
	}
	var done work
	counted := done.counted(s)
	got, err := counted[0].Open(t.Context())
	require.NoError(t, err)
	rastertest.Test(t, got)

	done.pixels.Store(0)
	_, err = got.Read(t.Context(), nil, 0, image.Rect(1, 2, 4, 7), nil)
	require.NoError(t, err)
	_, err = got.Read(t.Context(), nil, 0, image.Rect(0, 0, 11, 1), nil)
	require.Error(t, err)
	assert.EqualValues(t, 15, done.pixels.Load(), "what fails does not count")

	_, err = counted[1].Open(t.Context())
	require.ErrorIs(t, err, broken)
	assert.EqualValues(t, 1, s[0].ID)
}
