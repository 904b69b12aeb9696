package main

import (
	"errors"
	"flag"
	"net/url"
	"strings"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
)

// options are read from the command line.
type options struct {
	request exportimage.Request
	output  string
	sources []string
}

// parameters are those of the operation, with the part of their usage that the flag package shows.
var parameters = []struct{ name, usage string }{
	{"bbox", "the box to draw, `xmin,ymin,xmax,ymax`; default: all of the sources"},
	{"bboxSR", "`CRS` of the box: a code such as 4326, JSON, or WKT; default: that of the first raster"},
	{"imageSR", "`CRS` of the picture; default: that of the first raster"},
	{"size", "`width,height` in pixels; default: 400,400"},
	{"adjustAspectRatio", "`true` grows the box until pixels are square, false keeps it; default: true"},
	{"format", "`name` of the format: " + strings.Join(encode.Default().Names(), ", ") + "; default: png"},
	{"compressionQuality", "`quality` of formats with loss, 0 to 100; default: 75"},
	{"pixelType", "`type` of the picture's samples, such as U8 or F32; default: that of the rasters"},
	{"noData", "`values` that are transparent: one, or one a band"},
	{"noDataInterpretation", "`how` bands are matched: esriNoDataMatchAny or esriNoDataMatchAll"},
	{"interpolation", "`method`: RSP_NearestNeighbor, RSP_BilinearInterpolation, RSP_CubicConvolution, RSP_Majority"},
	{"bandIds", "`bands` to draw, the first is 0, such as 2,1,0; default: all"},
	{"mosaicRule", "`JSON` that says which rasters are drawn, and in which order"},
	{"mosaicProperties", "`XML`, the same in the dialect of 9.3"},
	{"viewpointProperties", "`XML`, the same in the dialect of 9.3"},
	{"renderingRule", "`JSON` of a raster function"},
	{"time", "`instant` or from,to, in milliseconds since 1970"},
	{"validateExtent", "`true` fails where the box lies outside the rasters"},
	{"sliceId", "`number` of a slice"},
	{"datumTransformation", "`transformation` between datums"},
	{"compression", "`method` of formats that have a choice"},
	{"compressionTolerance", "`error` allowed by formats that have a choice"},
	{"lercVersion", "`version` of LERC"},
}

// flags returns the flags, which set query and output.
func flags(query url.Values, output *string) *flag.FlagSet {
	fs := command.NewFlags("export")
	fs.StringVar(output, "o", "", "the `file` to write; required")
	for _, p := range parameters {
		fs.Func(p.name, p.usage, func(v string) error { query.Add(p.name, v); return nil })
	}
	return fs
}

func parseArgs(args []string) (o options, err error) {
	query := url.Values{}
	fs := flags(query, &o.output)
	if err := command.Parse(fs, args); err != nil {
		return options{}, err
	}
	if o.request, err = params.ParseRequest(query); err != nil {
		return options{}, &command.UsageError{Err: err}
	}
	o.sources = fs.Args()
	switch {
	case o.output == "":
		return options{}, &command.UsageError{Err: errors.New("-o FILE is missing; flags go before the sources")}
	case len(o.sources) == 0:
		return options{}, &command.UsageError{Err: errors.New("no source: a file, a folder or a pattern is wanted")}
	}
	return o, nil
}

const usage = `usage: export [flags] -o FILE SOURCE...

Makes one picture of GeoTIFF files, folders of them, or patterns such as 'tiles/*.tif'.
`
