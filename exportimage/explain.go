package exportimage

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/geoexport/geoexport/mosaic"
)

// traceJSON is a trace as explain=true shows it.
type traceJSON struct {
	Offered int           `json:"offered"` // rasters whose footprints meet the box
	Rasters []rasterJSON  `json:"rasters"` // those the picture was made of, the topmost first
	Skipped []skippedJSON `json:"skipped"` // offered ones that were left aside, at most as many as a picture may be made of
	Ignored []string      `json:"ignored"`
	Notes   []string      `json:"notes"`
	Stages  stagesJSON    `json:"milliseconds"`
}

type rasterJSON struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Level  int    `json:"level"`  // 0 is the full resolution
	Made   bool   `json:"made"`   // the raster does not have that level
	Drawn  bool   `json:"drawn"`  // not hidden by those above
	Reads  int64  `json:"reads"`  // 0 for one that is drawn: all of it was cached
	Pixels int64  `json:"pixels"` // read
}

type skippedJSON struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Why  string `json:"why"`
}

// stagesJSON is in milliseconds, summed over workers.
type stagesJSON struct {
	Plan   float64 `json:"plan"`
	Read   float64 `json:"read"`
	Warp   float64 `json:"warp"`
	Merge  float64 `json:"merge"`
	Render float64 `json:"render"`
	Encode float64 `json:"encode"`
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// explain is the account of an export, together with the rasters that the catalogue offered and the rule left aside.
func (s *Service) explain(ctx context.Context, req Request, res Result) (*traceJSON, error) {
	t := res.Trace
	j := &traceJSON{
		Rasters: []rasterJSON{}, Skipped: []skippedJSON{},
		Ignored: append([]string{}, t.Ignored...), Notes: append([]string{}, t.Notes...),
		Stages: stagesJSON{
			milliseconds(t.Stages.Plan), milliseconds(t.Stages.Read), milliseconds(t.Stages.Warp),
			milliseconds(t.Stages.Merge), milliseconds(t.Stages.Render), milliseconds(t.Stages.Encode),
		},
	}
	used := map[int64]bool{} // or accounted for
	for _, r := range t.Rasters {
		used[r.ID] = true
		j.Rasters = append(j.Rasters, rasterJSON{r.ID, r.Name, r.Level, r.Virtual, r.Drawn, r.Reads, r.SourcePixels})
	}
	for _, r := range t.Skipped {
		used[r.ID] = true
	}
	j.Skipped = append(j.Skipped, skippedList(t)...)
	r := req.withDefaults(s.Defaults)
	rule := r.MosaicRule
	rule.Time = r.Time
	view := mosaic.View{CRS: res.CRS, Envelope: res.Envelope, Resolution: math.Sqrt(
		res.Envelope.Width() / float64(res.Size.X) * (res.Envelope.Height() / float64(res.Size.Y)))}
	_, err := rule.Choose(ctx, s.Catalog, view, &mosaic.ChooseOptions{Offered: func(it *mosaic.Item, why mosaic.Reason) {
		j.Offered++
		if !used[it.ID] && len(j.Skipped) < s.limits().Items {
			j.Skipped = append(j.Skipped, skippedJSON{it.ID, it.Name, whySkipped(why)})
		}
	}})
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	slices.SortFunc(j.Skipped, func(a, b skippedJSON) int { return cmp.Compare(a.ID, b.ID) })
	return j, nil
}

// skippedList is the rasters that a picture should have been made of, and that could not be read.
func skippedList(t Trace) (list []skippedJSON) {
	for _, r := range t.Skipped {
		list = append(list, skippedJSON(r))
	}
	return list
}

// whySkipped words the reason for which an item that the catalogue offered is not in the picture.
func whySkipped(why mosaic.Reason) string {
	switch why {
	case mosaic.Chosen:
		return "none of its pixels shows in the picture"
	case mosaic.NotInIDs:
		return "it is not among fids"
	}
	return why.String()
}
