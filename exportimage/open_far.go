package exportimage

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	files "github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// maxDocument is the length of indexes and STAC documents together, in bytes.
const maxDocument = 256 << 20

// mostListed is the number of files that a URL with a slash at its end may stand for.
const mostListed = 100_000

// pathOf returns the path of a URL.
func pathOf(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	return u.Path
}

// far finds the rasters of a URL. Errors name the URL without what may be secret.
func (o *Opener) far(ctx context.Context, location string) (r Rasters, err error) {
	name := files.Redacted(location)
	pool, err := o.shared()
	if err != nil {
		return Rasters{}, err
	}
	in := &opened{Opener: o, pool: pool}
	base := path.Base(pathOf(location))
	r.Name = stem(base)
	if r.Name == "" || r.Name == "/" || r.Name == "." {
		r.Name = "far"
	}
	scheme, _, err := o.Schemes.Of(location)
	if err != nil {
		return Rasters{}, err
	}
	if strings.HasSuffix(pathOf(location), "/") || scheme.List != nil && strings.ContainsAny(base, "*[") {
		if r.Items, err = in.below(ctx, scheme, location); err != nil {
			return Rasters{}, fmt.Errorf("%s: %w", name, err)
		}
		if strings.ContainsAny(base, "*[") {
			r.Name = cmp.Or(strings.Trim(path.Base(path.Dir(pathOf(location))), "/."), "far")
		}
		return r, r.warn(ctx)
	}
	raw, asset, _ := strings.Cut(location, "#")
	ds, err := pool.Open(ctx, raw)
	if index, ok := errors.AsType[*indexError](err); ok {
		if err := in.farIndex(ctx, &r, raw, asset, index.data); err != nil {
			return Rasters{}, fmt.Errorf("%s: %w", name, err)
		}
		return r, nil
	}
	if err != nil {
		return Rasters{}, naming(name, err)
	}
	if asset != "" {
		return Rasters{}, &Error{Kind: Invalid, Err: fmt.Errorf("%s: it is a raster, and has no asset %q", name, asset)}
	}
	if ds.Info().Grid.CRS.IsZero() {
		return Rasters{}, fmt.Errorf("%s: %w", name, srs.ErrNotStated)
	}
	r.Items = mosaic.Reopened(r.Name, ds.Info(), func(ctx context.Context) (raster.Dataset, error) { return pool.Open(ctx, raw) })
	return r, r.warn(ctx)
}

// naming returns an error with the name of a source, unless it has that already.
func naming(name string, err error) error {
	if _, ok := errors.AsType[*files.FarError](err); ok {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// below returns the rasters below a URL, or those of a folder that match the pattern at its end.
func (in *opened) below(ctx context.Context, scheme files.Scheme, location string) (mosaic.Slice, error) {
	if scheme.List == nil {
		return nil, &Error{Kind: Unsupported, Err: errors.New("its server cannot list files: name a raster, or a STAC document")}
	}
	pattern := ""
	u, err := url.Parse(location)
	if err != nil {
		return nil, errors.New("not a URL") // the error of url.Parse holds all of it, and perhaps a secret
	}
	if base := path.Base(u.Path); !strings.HasSuffix(u.Path, "/") {
		pattern = base
		u.Path, u.RawPath = strings.TrimSuffix(u.Path, base), ""
	}
	found, err := scheme.List(ctx, u.String())
	if err != nil {
		return nil, err
	}
	var extensions []string
	for _, f := range in.formats() {
		if f.OpenSource != nil {
			extensions = append(extensions, f.Extensions...)
		}
	}
	var chosen []string
	for _, file := range found {
		base := path.Base(pathOf(file))
		ok := slices.Contains(extensions, strings.ToLower(path.Ext(base)))
		if pattern != "" {
			ok, err = path.Match(pattern, base)
			ok = ok && path.Dir(pathOf(file)) == path.Clean(u.Path)
		}
		if err != nil {
			return nil, err
		}
		if ok {
			chosen = append(chosen, file)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("there is no raster: %w", fs.ErrNotExist)
	}
	if len(chosen) > mostListed {
		return nil, &Error{Kind: TooLarge, Err: fmt.Errorf("there are %d rasters, more than %d", len(chosen), mostListed)}
	}
	slices.Sort(chosen)
	items, err := mosaic.Files(ctx, in.pool.Open, chosen...)
	for i, it := range items {
		if len(items) != len(chosen) {
			break // they are slices, with names of their own
		}
		it.Name = stem(path.Base(pathOf(chosen[i])))
	}
	return items, err
}

// farIndex finds the rasters of a document that is far away and was read: those that the search of a STAC API finds, if
// it leads to one, and otherwise its items and those of the documents to which it leads.
func (in *opened) farIndex(ctx context.Context, r *Rasters, location, asset string, data []byte) error {
	with := &opened{Opener: &Opener{Schemes: in.Schemes, Allow: in.Allow, Asset: cmp.Or(asset, in.Asset)}, pool: in.pool}
	read := func(ctx context.Context, at string, limit int64) ([]byte, error) {
		if at == location && data != nil {
			return data, nil
		}
		return in.farDocument(ctx, at, limit)
	}
	var head struct{ Type string }
	if json.Unmarshal(data, &head) == nil && (head.Type == "Catalog" || head.Type == "Collection") {
		o := &mosaic.STACSearchOptions{STACOptions: mosaic.STACOptions{FeatureOptions: with.features(nil), Read: read}}
		o.Refresh = max(in.Refresh, 0) // an API is asked again after a while, whatever becomes of folders
		search, err := mosaic.SearchSTAC(ctx, location, o)
		if err == nil {
			data = nil // from now on it is read anew
			r.Catalog = search
			return nil
		}
		if !errors.Is(err, mosaic.ErrNoSearch) {
			return err
		}
	}
	var err error
	r.Items, err = with.documents(ctx, location, nil, read)
	return err
}

func (o *Opener) farDocument(ctx context.Context, location string, limit int64) ([]byte, error) {
	src, err := o.Schemes.Open(ctx, location)
	if err != nil {
		return nil, err
	}
	if c, ok := src.(io.Closer); ok {
		defer c.Close() // it was only read
	}
	return readDocument(ctx, src, limit)
}

func readDocument(ctx context.Context, src files.Source, limit int64) ([]byte, error) {
	if src.Size() > limit {
		return nil, &Error{Kind: TooLarge, Err: fmt.Errorf("a document of %d bytes, more than %d are left", src.Size(), limit)}
	}
	data := make([]byte, src.Size())
	if len(data) == 0 {
		return data, nil
	}
	return data, files.ReadFull(ctx, src, data, 0)
}

// documents returns the items of a GeoJSON or STAC document and of those to which it leads. Documents with paths are
// read by near.
func (in *opened) documents(
	ctx context.Context, location string, folder fs.FS, near func(ctx context.Context, location string, limit int64) ([]byte, error),
) (mosaic.Slice, error) {
	items, err := mosaic.STAC(ctx, location, &mosaic.STACOptions{
		FeatureOptions: in.features(folder),
		Read: func(ctx context.Context, at string, limit int64) ([]byte, error) {
			if _, far, err := in.Schemes.Of(at); at != location && (far || err != nil) {
				if err != nil {
					return nil, err
				}
				return in.farDocument(ctx, at, limit)
			}
			return near(ctx, at, limit)
		},
	})
	if err == nil && len(items) == 0 {
		err = fmt.Errorf("it lists no raster: %w", fs.ErrNotExist)
	}
	return items, err
}
