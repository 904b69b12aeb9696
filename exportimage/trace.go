package exportimage

import (
	"image"
	"sync/atomic"
	"time"

	"github.com/geoexport/geoexport/mosaic"
)

// A Trace is the account of an export: which rasters it was made of, from which level, and what it cost.
type Trace struct {
	Rasters []RasterTrace   // in drawing order, the topmost first
	Skipped []SkippedRaster // in the order of their IDs: see Service.SkipUnreadable
	Ignored []string        // parameters that changed nothing, and why
	Notes   []string        // what was done otherwise than asked, and why
	Covered bool            // some pixel of the picture holds data
	Stages  Stages

	// The following are known if Request.Explain is set.

	Offered int       // rasters whose footprints intersect the image's box
	LeftOut []LeftOut // those of them that the rule left out, or that do not show, by ID, at most Limits.Items
	Plan    string    // what was settled before the first pixel was read, a line for each raster
}

// LeftOut is a raster that the catalogue offered for an image and that is not in it.
type LeftOut struct {
	ID     int64
	Name   string
	Reason mosaic.Reason // why the rule left it out; Chosen if it did not, and none of the raster's pixels shows
}

// RasterTrace is what one raster had to do with an export.
type RasterTrace struct {
	ID           int64
	Name         string
	Level        int   // the overview that was resampled, 0 the full resolution
	Virtual      bool  // the raster does not have that overview: it was made, or found in the cache
	Drawn        bool  // pixels of it were looked at: it lies under the picture, and not all of it is hidden by those above
	Reads        int64 // windows read from the raster; 0 for one that is drawn if all was in the cache
	SourcePixels int64 // pixels in those windows
}

// Stages are how long each stage took, summed over workers.
type Stages struct {
	Plan, Read, Warp, Merge, Render, Encode time.Duration
}

// tally counts while strips are worked on side by side.
type tally struct {
	sources                   []sourceTally
	pixels                    atomic.Int64 // read so far, over all sources
	covered                   atomic.Bool
	read, warp, merge, render atomic.Int64 // nanoseconds
}

type sourceTally struct {
	drawn         atomic.Bool
	reads, pixels atomic.Int64
}

// since adds the time since start to a stage and gives the time now, where the next stage begins.
func since(stage *atomic.Int64, start time.Time) time.Time {
	now := time.Now()
	stage.Add(int64(now.Sub(start)))
	return now
}

// trace is the account so far.
func (t *tally) trace(p *plan) Trace {
	tr := Trace{
		Rasters: make([]RasterTrace, len(p.sources)),
		Skipped: p.skipped.all(),
		Ignored: p.ignored,
		Notes:   p.notes,
		Covered: t.covered.Load(),
		Offered: p.offered, LeftOut: p.leftOut, Plan: p.text,
		Stages: Stages{
			Read: time.Duration(t.read.Load()), Warp: time.Duration(t.warp.Load()),
			Merge: time.Duration(t.merge.Load()), Render: time.Duration(t.render.Load()),
		},
	}
	for i, s := range p.sources {
		tr.Rasters[i] = RasterTrace{
			ID: s.item.ID, Name: s.item.Name, Level: s.level, Virtual: s.pyramid.Virtual(s.level),
			Drawn: t.sources[i].drawn.Load(), Reads: t.sources[i].reads.Load(), SourcePixels: t.sources[i].pixels.Load(),
		}
	}
	return tr
}

func area(r image.Rectangle) int64 { return int64(r.Dx()) * int64(r.Dy()) }
