// Command serve is a server of image services:
//
//	go run ./examples/serve [FLAG...] [[NAME=]PATH...]
//
// Each PATH is a GeoTIFF file, a folder of them, a pattern such as "tiles/*.tif", a tile index, a STAC item or collection, or
// the URL of a GeoTIFF or of a STAC document (see exportimage.Opener). Each is one service, a mosaic of what it holds; the
// attributes of a folder are those of its catalog.csv (see mosaic.Folder). What becomes of the files of a folder shows within
// -refresh, without a restart. A service is called NAME, or else like the file, without its extension, or the folder. Symbolic
// links in a folder that lead out of it are not followed, and an error if they are rasters, unless -follow-links is set.
//
// The file of -config describes more services, in YAML, or in JSON if its name ends in .json:
//
//	services:
//	  - path: heights/             # or a list; relative paths begin at the file's folder
//	    name: terrain/heights      # the rest may be left out; a service may be in a folder
//	    description: Heights of the north, in metres.
//	    credits: Survey of the north
//	    sr: EPSG:25832             # the spatial reference
//	    format: jpgpng             # of images for which a request names none
//	    tiles: web                 # or own, elevation
//	    functions: templates/      # a folder of raster function templates
//	    max-size: 4000             # pixels
//	    skip-unreadable: true      # draw without rasters that cannot be read
//	    stretch: [[0, 2500]]       # of each band, what is black and what is white
//	demo: true                     # the embedded rasters, too
//
// Members that do not exist are errors. On SIGHUP the program reads the file again and opens everything anew; requests that run
// are answered by the services as they were, and where anything is wrong all stays as it was, and an error is logged.
//
// Without any PATH and -config, or with -demo, it serves the rasters of package testdata, which are embedded in it.
//
// The services are found under http://HOST:PORT/arcgis/rest/services/, where ArcGIS clients look for them; the address
// is 127.0.0.1:8080 unless -addr names another, and a port of 0 lets the system choose a free one. Once it serves, the
// program prints the URL of the page that has them all, and their names. Later errors are logged on the standard error. Links in answers begin with that
// address or, where clients reach the server by another, such as a proxy's, with the one that -url names; a server that
// listens at all addresses, such as 0.0.0.0:8080, and has no -url makes links without a host.
//
// Services of heights offer raster functions such as "Hillshade Gray" and "Slope Map", those with bands of red and near
// infrared such as "NDVI", and all of them the templates in the folder of -functions, which are files .rft.xml and .json of
// ArcGIS. What is fetched from URLs is kept in the folder of -keep, if there is one.
//
// With -tiles, all services have tiles: on the scheme of the web (-tiles web), on each service's own (-tiles own), or on that
// of the web with heights in LERC for three-dimensional maps, of services of heights (-tiles elevation). Services are then in
// the spatial reference of their tiles, and their pages link tiles, TileJSON and WMTS.
//
// Under /healthz and /readyz it answers load balancers and whoever restarts processes (see rest.Health). On an interrupt or
// SIGTERM /readyz answers 503, for the time of -drain, in which requests are still taken, so that a load balancer notices. Then
// the program takes no further requests, answers those that it has, and ends with status 0; those that are not answered after
// -grace are cut off, and the status is 1. A wrong command line ends with status 2.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/geoexport/geoexport/examples/internal/command"
)

func main() { command.Main("serve", run) }

// run serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseArgs(args)
	if errors.Is(err, flag.ErrHelp) {
		return command.PrintUsage(stdout, usage, flags(new(options)))
	}
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: o.level}))

	schemes, err := openSchemes(o)
	if err != nil {
		return err
	}
	defer schemes.Close()
	shared := newShared(o, schemes, logger)
	first, err := shared.open(ctx)
	if err != nil {
		return err
	}
	services := new(live)
	services.replace(first)
	defer services.replace(nil)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.addr)
	if err != nil {
		return err
	}
	handle := func(g *generation) { g.handler = newHandler(g.services, linkBase(o.url, listener.Addr()), o.origins) }
	handle(first)
	// The system holds connections until serve takes them.
	if err := announce(stdout, baseURL(listener.Addr()), first.services); err != nil {
		listener.Close()
		return err
	}
	reloading, stop := context.WithCancel(ctx)
	wait := reloadOnHangup(reloading, services, func(ctx context.Context) (*generation, error) {
		g, err := shared.open(ctx)
		if err == nil {
			handle(g)
		}
		return g, err
	}, logger)
	defer wait()
	defer stop()
	return serve(ctx, listener, services, logger, ending{services.drain, o.drain, o.grace})
}

// options are read from the command line.
type options struct {
	addr   string
	url    string
	demo   bool
	config string   // a file with more services
	paths  []string // each with or without a name

	level   slog.Level // of what is logged
	origins []string   // see rest.Options
	cache   int        // MiB of decoded blocks
	maxSize int        // pixels of an image's side, 0 for the default

	followLinks bool
	private     bool
	keep        string // a folder for what is fetched of files on servers
	asset       string // of STAC items
	functions   string // a folder of templates
	tiles       string // the scheme of tiles, "" for none

	refresh      time.Duration
	drain, grace time.Duration // see ending
}

func flags(o *options) *flag.FlagSet {
	fs := command.NewFlags("serve")
	fs.StringVar(&o.addr, "addr", "127.0.0.1:8080", "the `address` to listen at; port 0 is a free one")
	fs.StringVar(&o.url, "url", "", "the `URL` by which clients reach the server, for links; default http:// and the address")
	fs.StringVar(&o.functions, "functions", "", "offer the raster function templates in the `folder`, .rft.xml and .json files of ArcGIS")
	fs.StringVar(&o.tiles, "tiles", "", "serve tiles, too: the `scheme` is web, own or elevation")
	fs.BoolVar(&o.demo, "demo", false, "serve the embedded rasters, as without any PATH and -config")
	fs.StringVar(&o.config, "config", "", "serve what the `file` describes in YAML or JSON, too")
	fs.IntVar(&o.cache, "cache", 256, "keep up to that many `MiB` of decoded blocks of rasters")
	fs.Func("cors", "let pages of these `origins`, with commas between them, read the answers, or of none; default: of all", o.setOrigins)
	fs.TextVar(&o.level, "log", slog.LevelInfo, "log what has this `level`, or more: debug (each operation), info, warn or error")
	fs.IntVar(&o.maxSize, "max-size", 0, "draw images of up to that many `pixels` a side; default: 15000, and 4096² of them")
	fs.BoolVar(&o.followLinks, "follow-links", false, "follow symbolic links that lead out of their folder")
	fs.BoolVar(&o.private, "private", false, "let URLs of rasters lead to addresses that are not on the public internet")
	fs.StringVar(&o.asset, "asset", "", "draw the asset with the `key` of STAC items; default: the only one, or the only one of data")
	fs.StringVar(&o.keep, "keep", "", "keep what is fetched from URLs in the `folder`, up to 1 GiB, also for later runs")
	fs.DurationVar(&o.refresh, "refresh", 30*time.Second, "the `time` after which files that came, changed or went show; negative: never")
	fs.DurationVar(&o.drain, "drain", 0, "the `time` for which requests are still taken after a signal to end, while /readyz answers 503")
	fs.DurationVar(&o.grace, "grace", 10*time.Second, "the `time` after that in which running requests are answered")
	return fs
}

func parseArgs(args []string) (o options, err error) {
	fs := flags(&o)
	if err := command.Parse(fs, args); err != nil {
		return options{}, err
	}
	o.paths = fs.Args()
	own := len(o.paths) > 0 || o.config != ""
	asked := false
	fs.Visit(func(f *flag.Flag) { asked = asked || f.Name == "demo" })
	if !asked {
		o.demo = !own
	}
	wrong := func(err error) (options, error) { return options{}, &command.UsageError{Err: err} }
	switch {
	case !isScheme(o.tiles):
		return wrong(fmt.Errorf("-tiles %q is not web, own or elevation", o.tiles))
	case o.drain < 0 || o.grace < 0:
		return wrong(errors.New("-drain and -grace are not below 0"))
	case o.cache < 0 || o.cache > maxCache:
		return wrong(fmt.Errorf("-cache %d is not between 0 and %d", o.cache, maxCache))
	case o.maxSize < 0 || o.maxSize > maxSide:
		return wrong(fmt.Errorf("-max-size %d is not between 0 and %d", o.maxSize, maxSide))
	case !o.demo && !own:
		return wrong(errors.New("there is nothing to serve"))
	}
	return o, nil
}

// Limits of flags.
const (
	maxCache = 1 << 20 // MiB
	maxSide  = 1 << 20 // pixels
)

// setOrigins reads -cors.
func (o *options) setOrigins(text string) error {
	o.origins = []string{}
	if text == "none" {
		return nil
	}
	for origin := range strings.SplitSeq(text, ",") {
		origin = strings.TrimSuffix(strings.TrimSpace(origin), "/")
		u, err := url.Parse(origin)
		if err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			return fmt.Errorf("%q is not like https://maps.example.org", origin)
		}
		o.origins = append(o.origins, origin)
	}
	return nil
}

const usage = `usage: serve [flags] [[NAME=]PATH...]

Serves each PATH (a GeoTIFF file, a folder of them, a pattern such as 'tiles/*.tif', a tile index,
a STAC item or collection, or the https URL of a GeoTIFF or of a STAC document) as an image service,
and those that the file of -config describes. Without any it serves an embedded demo.
`
