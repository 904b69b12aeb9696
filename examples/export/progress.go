package main

import (
	"context"
	"fmt"
	"image"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// work counts what an export has done so far.
type work struct {
	pixels atomic.Int64 // read from rasters
	bytes  atomic.Int64 // written
}

// Write counts bytes that go by.
func (w *work) Write(p []byte) (int, error) {
	w.bytes.Add(int64(len(p)))
	return len(p), nil
}

// counted returns the catalogue with its reads counted.
func (w *work) counted(s mosaic.Slice) mosaic.Slice {
	var out mosaic.Slice
	for _, it := range s {
		c := *it
		c.Open = func(ctx context.Context) (raster.Dataset, error) {
			ds, err := it.Open(ctx)
			if err != nil {
				return nil, err
			}
			return counter{ds, w}, nil
		}
		out = append(out, &c)
	}
	return out
}

type counter struct {
	raster.Dataset
	work *work
}

func (c counter) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	b, err := c.Dataset.Read(ctx, dst, level, win, bands)
	if err == nil {
		c.work.pixels.Add(int64(win.Dx()) * int64(win.Dy()))
	}
	return b, err
}

func (w *work) String() string {
	return fmt.Sprintf("%.1f megapixels read, %.1f MB written", float64(w.pixels.Load())/1e6, float64(w.bytes.Load())/1e6)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Work that takes less than patience shows no progress.
const (
	patience = time.Second
	tick     = 200 * time.Millisecond
)

// watch shows on a line of w how far the work is. stop clears the line and ends everything that watch began.
func watch(w io.Writer, done *work) (stop func()) {
	start, over := time.Now(), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		select {
		case <-time.After(patience):
		case <-over:
			return
		}
		// Without an interval of its own the spinner starts no goroutine, and turns when it is described.
		spinner := progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSpinnerType(14),
			progressbar.OptionSetSpinnerChangeInterval(0), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionSetPredictTime(false))
		defer func() { _ = spinner.Clear() }()
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		for {
			spinner.Describe(fmt.Sprintf("%v: %v", time.Since(start).Truncate(time.Second), done))
			select {
			case <-ticker.C:
			case <-over:
				return
			}
		}
	})
	return func() {
		close(over)
		running.Wait()
	}
}
