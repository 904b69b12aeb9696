package mosaic

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// FeatureOptions are options of Features and TileIndex. Open is needed; the zero value of all else works.
type FeatureOptions struct {
	// Open returns the raster at a location, as the collection spells it. It is called for every export that needs the
	// item, from several goroutines, and owns the dataset that it returns (see Item.Open), so it should keep what it
	// opened. The method Open of a Pool does so, and bounds how many are open.
	//
	// It is called only for locations that are allowed: relative paths that do not lead out of their folder, in any
	// spelling; http and https URLs whose hosts are not on this machine or a private network, as far as their text
	// shows; and what Allow allows. The items of others fail with a *LocationError when they are opened. Two things only
	// Open can see: where links lead that somebody puts into Folder meanwhile, or that lie beside a raster, and what names
	// of hosts resolve to. For collections of strangers, it opens files from the FS of an os.Root, and connects by a dialer
	// with source.PublicOnly.
	Open func(ctx context.Context, location string) (raster.Dataset, error)

	// Allow lists the beginnings of further locations that may be opened, up to a slash or the end, such as
	// "/srv/rasters/", "s3://bucket/" or "http://tiles:8080/". Locations that lead out of them again are not allowed.
	Allow []string

	// Folder is the one that relative locations are of. If it reads links, as os.DirFS and the FS of an os.Root do, a
	// location that passes a symbolic link out of it, or an absolute one, is a *LocationError, unless FollowLinks is set.
	// Nil looks at no links; for TileIndex, it is the folder of the index.
	Folder      fs.FS
	FollowLinks bool

	Location string // the property with the raster's location; empty is "location", as gdaltindex writes it

	// Asset is the key of the asset of a STAC item that is drawn. If empty, it is the only asset, or else the only one
	// with the role "data", or else the only one with the role "visual".
	Asset string

	Layer string // the layer of a GeoPackage that lists the rasters; if empty, the only one

	MaxBytes int64 // the largest length of a collection, or of each file of an index; 0 is 256 MiB
}

// Features reads the items of a GeoJSON feature collection: a STAC item collection, a page of the answer of a STAC API,
// or a tile index that gdaltindex -f GeoJSON wrote (see TileIndex for other forms). The items suit a Slice or an Index.
//
// The outer ring of a feature's polygon is the footprint's. If there are several polygons, as when RFC 7946 cuts one at
// the antimeridian, the footprint is the box around all. Coordinates are in WGS 84, unless a member "crs" before the
// features names another CRS.
//
// Properties that are numbers, strings or truth values are attributes: see AttributeOf. An item's Name is the feature's
// "id", or else its location. Its ID is the "id" if all features have different positive integers there; otherwise
// items count from 1. STAC's datetime, or else start_datetime and end_datetime, are the item's Time, and its gsd is the
// PixelSize. Times may lack their zone, which is UTC then; a text that is no time is an error.
//
// A feature without a location or a polygon is an error that counts features from 1. If r is a file, such as *os.File,
// that is written to while it is read, the error is a *source.ChangedError.
func Features(r io.Reader, o *FeatureOptions) ([]*Item, error) {
	f, err := newFeatureReader(o)
	if err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: r, N: f.o.MaxBytes + 1}
	unchanged := watch(r)
	err = f.decode(json.NewDecoder(limited))
	if changed := unchanged(); changed != nil {
		return nil, fmt.Errorf("mosaic: feature collection: %w", changed)
	}
	if limited.N <= 0 {
		return nil, fmt.Errorf("mosaic: the feature collection is longer than %d bytes", f.o.MaxBytes)
	}
	if err != nil {
		return nil, fmt.Errorf("mosaic: feature collection: %w", err)
	}
	f.number()
	return f.items, nil
}

func newFeatureReader(o *FeatureOptions) (*featureReader, error) {
	if o == nil || o.Open == nil {
		return nil, errors.New("mosaic: FeatureOptions.Open is missing")
	}
	f := &featureReader{o: *o}
	if f.o.Location == "" {
		f.o.Location = "location"
	}
	if f.o.MaxBytes <= 0 {
		f.o.MaxBytes = 256 << 20
	}
	return f, nil
}

type featureReader struct {
	o           FeatureOptions
	base        string // the location of the document, which relative ones are resolved against; empty leaves them as they are
	crs         srs.CRS
	items       []*Item
	ids         []string // one a feature; empty if it has none
	collections []string // of STAC, one a feature; empty if it has none
	read        []indexFile
	size        int64 // of the files that were read
	spent       int64 // see spend
}

type feature struct {
	ID         json.RawMessage
	Collection json.RawMessage // of STAC
	Geometry   *geometry
	Properties map[string]any
	Assets     map[string]asset
}

type geometry struct {
	Type        string
	Coordinates json.RawMessage
}

type asset struct {
	Href  string
	Roles []string
}

// decode goes through the members of the collection, and holds one feature at a time.
func (f *featureReader) decode(dec *json.Decoder) (err error) {
	dec.UseNumber()
	if f.crs, err = srs.FromWKID(4326); err != nil {
		return err
	}
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return cmp.Or(err, errors.New("it is not a JSON object"))
	}
	seen := false
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		switch key {
		case "features":
			seen = true
			err = f.features(dec)
		case "crs":
			err = f.readCRS(dec, seen)
		default:
			var skipped json.RawMessage
			err = dec.Decode(&skipped)
		}
		if err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return err
	}
	if !seen {
		return errors.New(`it has no member "features"`)
	}
	return nil
}

// one reads a document that is a single feature.
func (f *featureReader) one(data []byte) (err error) {
	if f.crs, err = srs.FromWKID(4326); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var ft feature
	if err := dec.Decode(&ft); err != nil {
		return err
	}
	return f.add(&ft)
}

func (f *featureReader) features(dec *json.Decoder) error {
	if tok, err := dec.Token(); err != nil || tok != json.Delim('[') {
		return cmp.Or(err, errors.New(`"features" is not a list`))
	}
	for dec.More() {
		var ft feature
		err := dec.Decode(&ft)
		if err == nil {
			err = f.add(&ft)
		}
		if err != nil {
			return fmt.Errorf("feature %d: %w", len(f.items)+1, err)
		}
	}
	_, err := dec.Token()
	return err
}

// crsCode matches the code in names that GDAL writes, such as urn:ogc:def:crs:EPSG::32618.
var crsCode = regexp.MustCompile(`(?i)EPSG:[^:]*:?(\d+)$`)

func (f *featureReader) readCRS(dec *json.Decoder, late bool) error {
	var c *struct{ Properties struct{ Name string } }
	if err := dec.Decode(&c); err != nil || c == nil {
		return err
	}
	name := c.Properties.Name
	if strings.HasSuffix(name, "CRS84") {
		return nil
	}
	m := crsCode.FindStringSubmatch(name)
	if m == nil {
		return fmt.Errorf("spatial reference %q is not understood", name)
	}
	if late {
		return errors.New("the spatial reference comes after the features")
	}
	crs, err := srs.Parse(m[1])
	f.crs = crs
	return err
}

func (f *featureReader) add(ft *feature) error {
	location, err := f.location(ft)
	if err != nil {
		return err
	}
	location = resolved(f.base, location)
	it := &Item{Name: location, Attrs: map[string]any{}}
	for name, v := range ft.Properties {
		if v := AttributeOf(v); v != nil {
			it.Attrs[name] = v
		}
	}
	id := strings.Trim(string(ft.ID), `"`)
	if id == "null" {
		id = ""
	}
	if id != "" {
		it.Name = id
	}
	it.Open = f.checked(it.Name, location)
	if it.Footprint, err = f.footprint(ft.Geometry); err != nil {
		return err
	}
	if it.Time, err = timeOf(ft.Properties); err != nil {
		return err
	}
	if v, ok := valueOf(it.Attrs["gsd"]); ok && v.num > 0 {
		it.PixelSize = v.num / f.crs.Unit()
		if f.crs.Geographic() {
			it.PixelSize /= earthRadius
		}
	}
	f.items, f.ids = append(f.items, it), append(f.ids, id)
	var collection string
	_ = json.Unmarshal(ft.Collection, &collection) // of other documents it is anything
	f.collections = append(f.collections, collection)
	return nil
}

// timeOf returns the time that STAC's properties state. A text that is no time is an error: an item without a time is of
// all times.
func timeOf(properties map[string]any) (TimeExtent, error) {
	var bad error
	at := func(name string) time.Time {
		v := properties[name]
		if v == nil || v == "" {
			return time.Time{}
		}
		if s, ok := v.(string); ok {
			if t, ok := parseInstant(s); ok {
				return t
			}
		}
		if bad == nil {
			bad = fmt.Errorf("its %s %.40q is no time", name, fmt.Sprint(v))
		}
		return time.Time{}
	}
	t := TimeExtent{From: at("datetime"), To: at("datetime")}
	if from, to := at("start_datetime"), at("end_datetime"); t.IsZero() {
		t = TimeExtent{From: from, To: to}
	}
	return t, bad
}

// location returns the location of a feature's raster.
func (f *featureReader) location(ft *feature) (string, error) {
	if len(ft.Assets) == 0 {
		if s, ok := ft.Properties[f.o.Location].(string); ok && s != "" {
			return s, nil
		}
		return "", fmt.Errorf("it has no property %q", f.o.Location)
	}
	if f.o.Asset != "" {
		if a := ft.Assets[f.o.Asset]; a.Href != "" {
			return a.Href, nil
		}
		return "", fmt.Errorf("it has no asset %q", f.o.Asset)
	}
	for _, role := range []string{"", "data", "visual"} {
		var found []string
		for _, a := range ft.Assets {
			if a.Href != "" && (role == "" || slices.Contains(a.Roles, role)) {
				found = append(found, a.Href)
			}
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	return "", fmt.Errorf("which of its %d assets is meant is not stated", len(ft.Assets))
}

func (f *featureReader) footprint(g *geometry) (Footprint, error) {
	out := Footprint{CRS: f.crs}
	if g == nil {
		return out, errors.New("it has no geometry")
	}
	var polygons [][][][]float64
	var err error
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	default:
		return out, fmt.Errorf("its geometry is %q, not a polygon", g.Type)
	}
	if err != nil {
		return out, errors.New("its coordinates are malformed")
	}
	var outer []Ring
	for _, p := range polygons {
		var r Ring
		if len(p) > 0 {
			for _, c := range p[0] {
				if len(c) < 2 {
					return out, errors.New("its coordinates are malformed")
				}
				r = append(r, [2]float64{c[0], c[1]})
			}
		}
		outer = append(outer, r)
	}
	return outline(f.crs, outer)
}

// number sets the items' IDs.
func (f *featureReader) number() {
	seen := make(map[int64]bool, len(f.ids))
	var ids []int64
	for _, s := range f.ids {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil || id < 1 || id > maxID || seen[id] {
			break
		}
		seen[id] = true
		ids = append(ids, id)
	}
	for i, it := range f.items {
		it.ID = int64(i + 1)
		if len(ids) == len(f.items) {
			it.ID = ids[i]
		}
	}
}
