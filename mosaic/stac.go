package mosaic

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster/source"
)

// STACOptions are options of STAC. Open and Read are needed; the zero value of all else works.
type STACOptions struct {
	// FeatureOptions are those of Features. Open gets locations that are resolved: what an item states in relation to
	// itself becomes a URL if the item's location is one, and otherwise a path from where the location of the first document
	// is counted. MaxBytes bounds all documents together.
	FeatureOptions

	// Read returns the document at a location, a URL or a path, or fails if it is longer than limit bytes. It is called from
	// several goroutines. Documents are named by links of other documents, which lead only where rasters may lie: see
	// FeatureOptions.Open.
	Read func(ctx context.Context, location string, limit int64) ([]byte, error)

	Documents int // the largest number of documents that are read; 0 is 10000
}

// documentsAtOnce is the number of documents of a STAC catalogue that are read side by side.
const documentsAtOnce = 16

// STAC reads the items of the document at a location: of a STAC item, an item collection, a page of the answer of a STAC
// API with the pages that follow, or a STAC catalogue or collection with all items and catalogues below it, to which its links lead.
// Features says what becomes of an item. A GeoJSON feature collection of another kind, such as a tile index, is
// read as Features reads it. Items are in the order of the links, and none is read twice. If a collection states a list of its
// items by a link "items", as those of APIs do, that is used and not its links to single items.
func STAC(ctx context.Context, location string, o *STACOptions) ([]*Item, error) {
	if o == nil || o.Read == nil {
		return nil, errors.New("mosaic: STACOptions.Read is missing")
	}
	f, err := newFeatureReader(&o.FeatureOptions)
	if err != nil {
		return nil, err
	}
	w := &stacWalk{o: f.o, read: o.Read, left: f.o.MaxBytes, seen: map[string]bool{location: true}, most: cmp.Or(o.Documents, 10000)}
	docs := []*stacDocument{{location: location}}
	for next := docs; len(next) > 0; {
		if next, err = w.level(ctx, next); err != nil {
			return nil, err
		}
	}
	w.gather(docs[0], f)
	f.number()
	return f.items, nil
}

// A stacWalk reads documents, those that are equally far from the first one side by side.
type stacWalk struct {
	o    FeatureOptions
	read func(ctx context.Context, location string, limit int64) ([]byte, error)
	most int

	mu   sync.Mutex
	left int64           // bytes that may still be read
	seen map[string]bool // locations of documents
}

// A stacDocument is a document that has been read, or is about to be.
type stacDocument struct {
	location string
	own      *featureReader // its own items
	below    []*stacDocument
}

// level reads documents, and returns those to which they lead.
func (w *stacWalk) level(ctx context.Context, docs []*stacDocument) (next []*stacDocument, err error) {
	links := make([][]string, len(docs))
	g, ctx := guard.WithContext(ctx)
	g.SetLimit(documentsAtOnce)
	for i, d := range docs {
		g.Go("reading a STAC document", func() error {
			var err error
			if links[i], err = w.document(ctx, d); err != nil {
				return fmt.Errorf("mosaic: %s: %w", source.Redacted(d.location), err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i, d := range docs {
		for _, location := range links[i] {
			if w.seen[location] {
				continue
			}
			w.seen[location] = true
			below := &stacDocument{location: location}
			d.below = append(d.below, below)
			next = append(next, below)
		}
	}
	if len(w.seen) > w.most {
		return nil, fmt.Errorf("mosaic: there are more than %d STAC documents (limit STACOptions.Documents)", w.most)
	}
	return next, nil
}

// gather adds the items of a document and of those below it to f.
func (w *stacWalk) gather(d *stacDocument, f *featureReader) {
	if d.own != nil {
		f.items, f.ids = append(f.items, d.own.items...), append(f.ids, d.own.ids...)
		f.collections = append(f.collections, d.own.collections...)
	}
	for _, below := range d.below {
		w.gather(below, f)
	}
}

// A stacLink leads from one document to another.
type stacLink struct{ Rel, Href, Method string }

// document reads one document, and returns the locations of those to which it leads.
func (w *stacWalk) document(ctx context.Context, d *stacDocument) ([]string, error) {
	data, err := w.bytes(ctx, d.location)
	if err != nil {
		return nil, err
	}
	var head struct {
		Type        string
		STACVersion string `json:"stac_version"`
		Links       []stacLink
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("it is not the JSON of a catalogue, collection, item or feature collection: %w", err)
	}
	kind := head.Type
	if kind == "" && head.STACVersion != "" {
		kind = "Catalog" // of a version below 1.0, which did not say so
	}
	follow := []string{"child", "item"}
	switch kind {
	case "Feature", "FeatureCollection":
		follow = []string{"next"}
		if d.own, err = newFeatureReader(&w.o); err != nil {
			return nil, err
		}
		d.own.base = d.location
		if at := origin(d.location); at != "" {
			d.own.o.Allow = append(slices.Clone(w.o.Allow), at)
		}
		if kind == "Feature" {
			follow = nil
			err = d.own.one(data)
		} else {
			err = d.own.decode(json.NewDecoder(bytes.NewReader(data)))
		}
		if err != nil {
			return nil, err
		}
	case "Catalog", "Collection":
		for _, l := range head.Links {
			if l.Rel == "items" {
				follow = []string{"child", "items"}
			}
		}
	default:
		return nil, fmt.Errorf("its type is %q: neither a feature collection nor STAC", head.Type)
	}
	return w.links(d.location, head.Links, follow)
}

// links returns the locations of a document's links of the given kinds.
func (w *stacWalk) links(from string, links []stacLink, follow []string) (locations []string, err error) {
	for _, rel := range follow {
		for _, l := range links {
			if l.Rel != rel {
				continue
			}
			if l.Href == "" || l.Method != "" && !strings.EqualFold(l.Method, "GET") {
				return nil, fmt.Errorf("its link %q has no address, or must be followed with %s, which is not supported", rel, l.Method)
			}
			to := resolved(from, l.Href)
			allow := w.o.Allow
			if at := origin(from); at != "" {
				allow = append(slices.Clone(allow), at)
			}
			reason := refused(to, allow)
			if reason == "" && w.o.Folder != nil && !w.o.FollowLinks && !isURL(to) {
				reason = linked(w.o.Folder, to)
			}
			if reason != "" {
				return nil, &LocationError{"link " + rel, to, reason}
			}
			locations = append(locations, to)
		}
	}
	return locations, nil
}

// bytes returns a document.
func (w *stacWalk) bytes(ctx context.Context, location string) ([]byte, error) {
	w.mu.Lock()
	left := w.left
	w.mu.Unlock()
	data, err := w.read(ctx, location, left)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left -= int64(len(data)); w.left < 0 {
		return nil, fmt.Errorf("the documents are longer than %d bytes together", w.o.MaxBytes)
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), nil
}

func isURL(location string) bool {
	u, err := url.Parse(location)
	return err == nil && len(u.Scheme) > 1 && u.Host != ""
}

// origin returns the beginning of a URL up to its path, which was reached already, with a slash; empty for a path.
func origin(location string) string {
	if !isURL(location) {
		return ""
	}
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String()
}

// resolved returns the location that a document states by a relative one. base is the document's own location; if it is
// empty, locations stay as they are.
func resolved(base, location string) string {
	if base == "" || schemePattern.MatchString(location) {
		return location
	}
	if isURL(base) {
		u, err := url.Parse(base)
		to, wrong := url.Parse(location)
		if err != nil || wrong != nil {
			return location
		}
		to = u.ResolveReference(to)
		if u.Scheme != "http" && u.Scheme != "https" && to.RawQuery == "" {
			to.RawQuery = u.RawQuery // the options of a bucket, such as its region
		}
		return to.String()
	}
	dir := path.Dir(base)
	if dir == "." || path.IsAbs(location) {
		return strings.TrimPrefix(location, "./")
	}
	return path.Join(dir, location)
}
