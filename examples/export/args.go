package main

import (
	"errors"
	"flag"
	"net/url"

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

// flags returns the flags, which set query and output: the operation's parameters, by their own names.
func flags(query url.Values, output *string) *flag.FlagSet {
	fs := command.NewFlags("export")
	fs.StringVar(output, "o", "", "the `file` to write; required")
	formats := encode.Default()
	for _, p := range params.ExportImage().Infos() {
		switch p.Name {
		case params.FormatParam.Name:
			p.Values = formats.Names()
		case params.CompressionParam.Name:
			p.Values = formats.Compressions()
		}
		fs.Func(p.Name, p.Usage(), func(v string) error { query.Add(p.Name, v); return nil })
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

Makes one image of GeoTIFF files, folders of them, patterns such as 'tiles/*.tif', tile indexes,
STAC items and collections, or their URLs.
`
