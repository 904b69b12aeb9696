package exportimage

import (
	"image"
	"sync/atomic"
	"time"

	"github.com/geoexport/geoexport/mosaic"
)

// A Trace is the account of an export: the rasters that the image was made of, their levels, and the costs.
type Trace struct {
	Rasters []RasterTrace   // in drawing order, the topmost first
	Skipped []SkippedRaster // by ID: see Service.SkipUnreadable
	Ignored []string        // parameters that changed nothing, and why
	Notes   []string        // where the image differs from what was asked for, and why
	// Forgiven are the things in the request that are not as documented and have one meaning all the same, such as a
	// number as text.
	Forgiven []string
	Covered  bool // some pixel of the image holds data
	// Coverage is the fraction of the image's pixels that hold data. Of a Plan, it is the fraction that lies under the
	// rasters' extents, which may be more.
	Coverage float64
	Stages   Stages
	Fetched  Fetched // from rasters that are far away

	// The following are known if Request.Explain is set.

	Offered int       // rasters whose footprints intersect the image's box
	LeftOut []LeftOut // of those, the ones that are not in the image, by ID, at most Limits.Items
	Plan    string    // what was settled before the first pixel was read, a line for each raster

	// DatumOperations are the names of the datum operations, in a row, by which the box came to the image's reference.
	// There is none if the datum is the same.
	DatumOperations []string
}

// LeftOut is a raster that the catalogue offered for an image and that is not in it.
type LeftOut struct {
	ID     int64
	Name   string
	Reason mosaic.Reason // for which the rule left it out; Chosen if none of its pixels shows
}

// RasterTrace is one raster's part in an export.
type RasterTrace struct {
	ID           int64
	Name         string
	Level        int   // the overview that was resampled, 0 the full resolution
	Virtual      bool  // the raster does not store that overview: it was made, or found in the cache
	Drawn        bool  // pixels of it were looked at: it is not completely hidden by rasters above
	Reads        int64 // windows read from the raster; 0 for a drawn one if the cache held everything
	SourcePixels int64 // pixels in those windows

	// DatumOperations are the names of the datum operations, in a row, from the raster's reference to the image's, if
	// Request.Explain is set. There is none if the datum is the same.
	DatumOperations []string
}

// Fetched is what was fetched from sources that are far away and count with a source.Counter.
type Fetched struct {
	Requests int64 // that were sent
	Bytes    int64 // of answers, headers aside
	Repeated int64 // requests that repeat a failed one
}

// Stages are how long the stages took, each summed over workers.
type Stages struct {
	Plan, Read, Warp, Merge, Render, Encode time.Duration
}

// A tally counts while several strips are worked on.
type tally struct {
	sources                   []sourceTally
	pixels                    atomic.Int64 // read so far, over all sources
	covered                   atomic.Int64 // pixels that hold data
	read, warp, merge, render atomic.Int64 // nanoseconds
}

type sourceTally struct {
	drawn         atomic.Bool
	reads, pixels atomic.Int64
}

// since adds the time since start to a stage and returns the current time, at which the next stage begins.
func since(stage *atomic.Int64, start time.Time) time.Time {
	now := time.Now()
	stage.Add(int64(now.Sub(start)))
	return now
}

// trace returns the account so far.
func (t *tally) trace(p *plan) Trace {
	tr := Trace{
		Rasters:  make([]RasterTrace, len(p.sources)),
		Skipped:  p.skipped.all(),
		Ignored:  p.ignored,
		Notes:    p.notes,
		Forgiven: p.req.Forgiven,
		Covered:  t.covered.Load() > 0,
		Coverage: float64(t.covered.Load()) / float64(max(1, area(p.rect))),
		Offered:  p.offered, LeftOut: p.leftOut, Plan: p.text,
		DatumOperations: p.req.datum.box,
		Stages: Stages{
			Read: time.Duration(t.read.Load()), Warp: time.Duration(t.warp.Load()),
			Merge: time.Duration(t.merge.Load()), Render: time.Duration(t.render.Load()),
		},
	}
	for i, s := range p.sources {
		tr.Rasters[i] = RasterTrace{
			ID: s.item.ID, Name: s.item.Name, Level: s.level, Virtual: s.pyramid.Virtual(s.level),
			Drawn: t.sources[i].drawn.Load(), Reads: t.sources[i].reads.Load(), SourcePixels: t.sources[i].pixels.Load(),
			DatumOperations: s.operations,
		}
	}
	return tr
}

func area(r image.Rectangle) int64 { return int64(r.Dx()) * int64(r.Dy()) }
