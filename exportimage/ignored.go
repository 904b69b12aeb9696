package exportimage

import (
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
)

// ignoredParameters lists what of a request changes nothing in its picture, and why, for the trace.
func ignoredParameters(r Request) []string {
	var out []string
	for _, name := range r.Unknown {
		out = append(out, fmt.Sprintf("%s: the operation has no such parameter", name))
	}
	if r.CompressionQuality != nil && !strings.HasPrefix(r.Format, "jpg") && !(r.Format == "tiff" && r.Compression == "JPEG") {
		out = append(out, "compressionQuality: format "+r.Format+" has no loss")
	}
	for _, p := range []struct {
		name string
		set  bool
	}{
		{"compression", r.Compression != "" && r.Format != "tiff"},
		{"compressionTolerance", r.CompressionTolerance != nil},
		{"lercVersion", r.LERCVersion != 0},
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
