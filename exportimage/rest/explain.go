package rest

import (
	"cmp"
	"slices"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
)

// traceJSON is a trace as explain=true shows it.
type traceJSON struct {
	Offered int          `json:"offered"` // rasters whose footprints intersect the box
	Rasters []rasterJSON `json:"rasters"` // those that the image was made of, the topmost first
	// Skipped are offered rasters that were not used; at most as many as an image may be made of.
	Skipped []skippedJSON `json:"skipped"`
	Ignored []string      `json:"ignored"`
	Notes   []string      `json:"notes"`
	// Forgiven are the things in the request that are not as documented and have one meaning all the same.
	Forgiven []string     `json:"forgiven"`
	Stages   stagesJSON   `json:"milliseconds"`
	Fetched  *fetchedJSON `json:"fetched,omitempty"` // from rasters that are far away
	// DatumOperations lead, in a row, from the box's datum to the image's.
	DatumOperations []string `json:"datumOperations,omitempty"`
}

type fetchedJSON struct {
	Requests int64 `json:"requests"`
	Bytes    int64 `json:"bytes"`
	Repeated int64 `json:"repeated"` // requests that repeat a failed one
}

type rasterJSON struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Level  int    `json:"level"`  // 0 is the full resolution
	Made   bool   `json:"made"`   // the raster does not have that level
	Drawn  bool   `json:"drawn"`  // not hidden by those above
	Reads  int64  `json:"reads"`  // 0 for a drawn raster means that all of it was cached
	Pixels int64  `json:"pixels"` // read
	// DatumOperations lead, in a row, from the raster's datum to the image's.
	DatumOperations []string `json:"datumOperations,omitempty"`
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

// explain converts a trace to JSON, with at most the given number of skipped rasters.
func explain(t exportimage.Trace, most int) *traceJSON {
	j := &traceJSON{
		Offered: t.Offered,
		Rasters: []rasterJSON{}, Skipped: append([]skippedJSON{}, skippedList(t.Skipped)...),
		Ignored: append([]string{}, t.Ignored...), Notes: append([]string{}, t.Notes...),
		Forgiven: append([]string{}, t.Forgiven...),
		Stages: stagesJSON{
			milliseconds(t.Stages.Plan), milliseconds(t.Stages.Read), milliseconds(t.Stages.Warp),
			milliseconds(t.Stages.Merge), milliseconds(t.Stages.Render), milliseconds(t.Stages.Encode),
		},
	}
	j.DatumOperations = t.DatumOperations
	if t.Fetched != (exportimage.Fetched{}) {
		j.Fetched = &fetchedJSON{t.Fetched.Requests, t.Fetched.Bytes, t.Fetched.Repeated}
	}
	for _, r := range t.Rasters {
		j.Rasters = append(j.Rasters, rasterJSON{r.ID, r.Name, r.Level, r.Virtual, r.Drawn, r.Reads, r.SourcePixels, r.DatumOperations})
	}
	for _, l := range t.LeftOut {
		if len(j.Skipped) < most {
			j.Skipped = append(j.Skipped, skippedJSON{l.ID, l.Name, whyLeftOut(l.Reason)})
		}
	}
	slices.SortFunc(j.Skipped, func(a, b skippedJSON) int { return cmp.Compare(a.ID, b.ID) })
	return j
}

// whyLeftOut returns a clause with the reason for which a raster that the catalogue offered is not in the image.
func whyLeftOut(why mosaic.Reason) string {
	switch why {
	case mosaic.Chosen:
		return "none of its pixels shows in the picture"
	case mosaic.NotInIDs:
		return "it is not among fids"
	}
	return why.String()
}

// skippedList converts rasters and reasons to JSON.
func skippedList(rasters []exportimage.SkippedRaster) (list []skippedJSON) {
	for _, r := range rasters {
		list = append(list, skippedJSON(r))
	}
	return list
}
