package exportimage

import (
	"fmt"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/mosaic"
)

// ignoredParameters lists, for the trace, the parts of a request that change nothing in its image, and why.
func ignoredParameters(r Request, f encode.Format) []string {
	var out []string
	for _, name := range r.Unknown {
		out = append(out, fmt.Sprintf("%s: the operation has no such parameter", name))
	}
	if r.CompressionQuality != nil && !f.HasQuality(r.Compression) {
		out = append(out, "compressionQuality: format "+r.Format+" has no loss")
	}
	for _, p := range []struct {
		name string
		set  bool
	}{
		{"compression", r.Compression != "" && len(f.Compressions) == 0},
		{"compressionTolerance", r.CompressionTolerance != nil && !f.Tolerance},
		{"background", r.Background != nil && f.Bands == 0},
		{"lercVersion", r.LERCVersion != 0 && f.Name != "lerc"},
	} {
		if p.set {
			out = append(out, p.name+": not for format "+r.Format)
		}
	}
	if m := r.MosaicRule; m.Viewpoint != nil && m.Method != mosaic.Viewpoint {
		out = append(out, fmt.Sprintf("viewpoint: the mosaic method is %v", m.Method))
	}
	if r.NoDataMatch != DefaultMatch && len(r.NoData) == 0 {
		out = append(out, "noDataInterpretation: there is no noData")
	}
	return out
}
