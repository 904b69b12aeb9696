package exportimage

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/geoexport/geoexport/mosaic"
)

// LeftOut returns how many rasters a catalogue offered for a picture, and which the request's rule left out of it.
func (s *Service) LeftOut(ctx context.Context, req Request, res Result) (offered int, left []SkippedRaster, err error) {
	used := map[int64]bool{} // or accounted for
	for _, r := range res.Trace.Rasters {
		used[r.ID] = true
	}
	for _, r := range res.Trace.Skipped {
		used[r.ID] = true
	}
	left = append(left, res.Trace.Skipped...)
	r := req.withDefaults(s.Defaults)
	rule := r.MosaicRule
	rule.Time = r.Time
	view := mosaic.View{CRS: res.CRS, Envelope: res.Envelope, Resolution: math.Sqrt(
		res.Envelope.Width() / float64(res.Size.X) * (res.Envelope.Height() / float64(res.Size.Y)))}
	_, err = rule.Choose(ctx, s.Catalog, view, &mosaic.ChooseOptions{Offered: func(it *mosaic.Item, why mosaic.Reason) {
		offered++
		if !used[it.ID] && len(left) < s.limits().Items {
			left = append(left, SkippedRaster{it.ID, it.Name, whySkipped(why)})
		}
	}})
	if err != nil {
		return 0, nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	slices.SortFunc(left, func(a, b SkippedRaster) int { return cmp.Compare(a.ID, b.ID) })
	return offered, left, nil
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
