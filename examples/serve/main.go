// Command serve is a server of image services:
//
//	go run ./examples/serve [-addr HOST:PORT] [-drain DURATION] [-refresh DURATION] [-url URL] [-demo=false] [-follow-links] [-functions DIR] [-keep DIR] [-asset KEY] [-private] [-tiles SCHEME] [[NAME=]PATH...]
//
// It serves the rasters of package testdata, which are embedded in it, and every PATH besides: a GeoTIFF file, a folder
// of them, a pattern such as "tiles/*.tif", a tile index, a STAC item or collection, or the URL of a GeoTIFF or of a STAC
// document (see exportimage.Opener). Each is one service, a mosaic of what it holds; the
// attributes of a folder are those of its catalog.csv (see mosaic.Folder). What becomes of the files of a folder shows within
// -refresh, without a restart. A service is called NAME, or else like the
// file, without its extension, or the folder. -demo=false leaves out what is embedded. Symbolic links in a folder that lead
// out of it are not followed, and an error if they are rasters, unless -follow-links is set.
//
// The services are found under http://HOST:PORT/arcgis/rest/services/, where ArcGIS clients look for them; the address
// is 127.0.0.1:8080 unless -addr names another, and a port of 0 lets the system choose a free one. Once it serves, the
// program prints the services' URLs. Later errors are logged on the standard error. Links in answers begin with that
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
	"slices"
	"time"

	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster"
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
	logger := slog.New(slog.NewTextHandler(stderr, nil))

	schemes, err := openSchemes(o)
	if err != nil {
		return err
	}
	defer schemes.Close()
	rasters := &exportimage.Opener{
		Schemes: schemes.web, FollowLinks: o.followLinks, Asset: o.asset, Cache: raster.NewCache(cacheBytes), Logger: logger,
		Refresh: o.refresh,
	}
	if o.private {
		rasters.Allow = []string{"http://", "https://"}
	}
	defer rasters.Close() // they were only read
	services, err := openServices(ctx, rasters, o, logger)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.addr)
	if err != nil {
		return err
	}
	// The system holds connections until serve takes them.
	if err := announce(ctx, stdout, baseURL(listener.Addr()), services, logger); err != nil {
		listener.Close()
		return err
	}
	health := &rest.Health{Services: services}
	h := withHealth(newHandler(services, linkBase(o.url, listener.Addr())), health)
	return serve(ctx, listener, h, logger, ending{health.Drain, o.drain, o.grace})
}

// options are read from the command line.
type options struct {
	addr  string
	url   string
	demo  bool
	paths []string // each with or without a name

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
	fs.BoolVar(&o.demo, "demo", true, "serve the embedded rasters")
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
	if !slices.Contains([]string{"", webTiles, ownTiles, elevationTiles}, o.tiles) {
		return options{}, &command.UsageError{Err: fmt.Errorf("-tiles %q is not web, own or elevation", o.tiles)}
	}
	if o.drain < 0 || o.grace < 0 {
		return options{}, &command.UsageError{Err: errors.New("-drain and -grace are not below 0")}
	}
	if !o.demo && len(o.paths) == 0 {
		return options{}, &command.UsageError{Err: errors.New("there is nothing to serve")}
	}
	return o, nil
}

const usage = `usage: serve [flags] [[NAME=]PATH...]

Serves the embedded demo, and each PATH (a GeoTIFF file, a folder of them, a pattern such as
'tiles/*.tif', a tile index, a STAC item or collection, or the https URL of a GeoTIFF or of a
STAC document) as one more image service.
`
