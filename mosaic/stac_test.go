package mosaic_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// stacItem is an item, with its links and the href of its only asset.
func stacItem(id, href string, more ...string) string {
	return fmt.Sprintf(`{"type":"Feature","stac_version":"1.0.0","id":%q,"properties":{"datetime":"2020-01-02T03:04:05Z","eo:cloud_cover":7},
		"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]},
		"assets":{"data":{"href":%q}}%s}`, id, href, strings.Join(more, ""))
}

func stacLinks(links ...string) string {
	var out []string
	for i := 0; i < len(links); i += 2 {
		out = append(out, fmt.Sprintf(`{"rel":%q,"href":%q}`, links[i], links[i+1]))
	}
	return `"links":[` + strings.Join(out, ",") + `]`
}

// A library holds documents by their locations, and counts how often each is read.
type library struct {
	docs map[string]string
	mu   sync.Mutex
	read map[string]int
}

func (l *library) options() *mosaic.STACOptions {
	l.read = map[string]int{}
	return &mosaic.STACOptions{
		FeatureOptions: mosaic.FeatureOptions{Open: func(_ context.Context, location string) (raster.Dataset, error) {
			return nil, fmt.Errorf("opened %s", location)
		}},
		Read: func(_ context.Context, location string, _ int64) ([]byte, error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.read[location]++
			if text, ok := l.docs[location]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		},
	}
}

// located lists items with what opening them says.
func located(t *testing.T, items []*mosaic.Item) (out []string) {
	t.Helper()
	for _, it := range items {
		_, err := it.Open(t.Context())
		out = append(out, fmt.Sprintf("%d:%s %v", it.ID, it.Name, err))
	}
	return out
}

func TestSTACDocuments(t *testing.T) {
	collection := func(links ...string) string {
		return `{"type":"Collection","stac_version":"1.0.0",` + stacLinks(links...) + `}`
	}
	page := func(next string, items ...string) string {
		links := ""
		if next != "" {
			links = "," + stacLinks("next", next)
		}
		return `{"type":"FeatureCollection","features":[` + strings.Join(items, ",") + `]` + links + `}`
	}
	for name, c := range map[string]struct {
		location string
		docs     map[string]string
		want     []string
	}{
		"one item": {"item.json", map[string]string{"item.json": stacItem("A", "./a.tif")}, []string{"1:A opened a.tif"}},
		"an item in a folder": {"x/item.json", map[string]string{"x/item.json": stacItem("A", "../y/a.tif")},
			[]string{"1:A opened y/a.tif"}},
		"an item that leads out": {"item.json", map[string]string{"item.json": stacItem("A", "../a.tif")},
			[]string{`1:A mosaic: item "A": location "../a.tif" leads out of its folder, and no entry of FeatureOptions.Allow allows it`}},
		"a byte order mark": {"item.json", map[string]string{"item.json": "\xef\xbb\xbf" + stacItem("A", "a.tif")}, []string{"1:A opened a.tif"}},
		"far assets": {"item.json", map[string]string{"item.json": stacItem("A", "https://example.com/a.tif")},
			[]string{"1:A opened https://example.com/a.tif"}},
		"a far item": {"https://example.com/c/item.json?sig=1", map[string]string{"https://example.com/c/item.json?sig=1": stacItem("A", "a.tif")},
			[]string{"1:A opened https://example.com/c/a.tif"}},
		"an item of a bucket": {"s3://b/c/item.json?region=x", map[string]string{"s3://b/c/item.json?region=x": stacItem("A", "../a.tif")},
			[]string{"1:A opened s3://b/a.tif?region=x"}},
		"a server at home": {"http://127.0.0.1:9/i.json", map[string]string{"http://127.0.0.1:9/i.json": stacItem("A", "a.tif")},
			[]string{"1:A opened http://127.0.0.1:9/a.tif"}},
		"a collection": {"c/collection.json", map[string]string{
			"c/collection.json": collection("self", "zzz", "item", "./b.json", "item", "a/a.json", "item", "./b.json", "child", "../d.json"),
			"c/b.json":          stacItem("B", "b.tif"), "c/a/a.json": stacItem("A", "a.tif"),
			"d.json": collection("item", "e.json", "root", "c/collection.json", "child", "c/collection.json"), "e.json": stacItem("E", "e.tif"),
		}, []string{"1:E opened e.tif", "2:B opened c/b.tif", "3:A opened c/a/a.tif"}},
		"an old catalogue": {"c.json", map[string]string{"c.json": `{"stac_version":"0.9.0",` + stacLinks("item", "a.json") + `}`,
			"a.json": stacItem("A", "a.tif")}, []string{"1:A opened a.tif"}},
		"an API": {"https://example.com/c", map[string]string{
			"https://example.com/c":              collection("item", "https://example.com/not-read", "items", "c/items"),
			"https://example.com/c/items":        page("?page=2", stacItem("1", "a.tif")),
			"https://example.com/c/items?page=2": page("", stacItem("7", "b.tif")),
		}, []string{"1:1 opened https://example.com/c/a.tif", "7:7 opened https://example.com/c/b.tif"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := library{docs: c.docs}
			items, err := mosaic.STAC(t.Context(), c.location, l.options())
			require.NoError(t, err)
			assert.Equal(t, c.want, located(t, items))
			for location, n := range l.read {
				assert.Equal(t, 1, n, location)
			}
			assert.False(t, items[0].Time.IsZero())
			assert.Equal(t, int64(7), items[0].Attribute("eo:cloud_cover"))
		})
	}
}

func TestSTACThatIsWrong(t *testing.T) {
	chain := map[string]string{}
	for i := range 30 {
		chain[fmt.Sprint("c", i, ".json")] = `{"type":"Catalog","stac_version":"1.0.0",` + stacLinks("child", fmt.Sprint("c", i+1, ".json")) + `}`
	}
	for name, c := range map[string]struct {
		doc  string
		more map[string]string
		want string
	}{
		"no JSON":            {`<html>`, nil, "a.json: it is not the JSON of"},
		"another JSON":       {`{"type":"Topology"}`, nil, `its type is "Topology": neither a feature collection nor STAC`},
		"nothing":            {`{}`, nil, `its type is ""`},
		"a list":             {`[]`, nil, "it is not the JSON of"},
		"a missing item":     {`{"type":"Catalog",` + stacLinks("item", "b.json") + `}`, nil, "b.json: file does not exist"},
		"a link out":         {`{"type":"Catalog",` + stacLinks("item", "../b.json") + `}`, nil, `"../b.json" leads out of its folder`},
		"a link to home":     {`{"type":"Catalog",` + stacLinks("item", "http://127.0.0.1/b.json") + `}`, nil, "is on a private address"},
		"a file URL":         {`{"type":"Catalog",` + stacLinks("item", "file:///etc/passwd") + `}`, nil, `is of the kind "file"`},
		"a link to post":     {`{"type":"FeatureCollection","features":[],"links":[{"rel":"next","href":"b","method":"POST"}]}`, nil, "POST, which is not supported"},
		"a link without one": {`{"type":"Catalog",` + stacLinks("item", "") + `}`, nil, "has no address"},
		"an item without":    {`{"type":"Feature","id":"x","geometry":null,"properties":{}}`, nil, `it has no property "location"`},
		"too deep":           {chain["c0.json"], chain, "more than 20 STAC documents (limit STACOptions.Documents)"},
		"too long":           {`{"type":"Catalog","description":"` + strings.Repeat("x", 5000) + `"}`, nil, "longer than 4000 bytes together"},
	} {
		t.Run(name, func(t *testing.T) {
			l := library{docs: map[string]string{"a.json": c.doc}}
			maps.Copy(l.docs, c.more)
			o := l.options()
			o.Documents, o.MaxBytes = 20, 4000
			_, err := mosaic.STAC(t.Context(), "a.json", o)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := mosaic.STAC(t.Context(), "a.json", nil)
	require.Error(t, err)
	_, err = mosaic.STAC(t.Context(), "a.json", &mosaic.STACOptions{})
	require.Error(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	o := (&library{}).options()
	o.Read = func(ctx context.Context, _ string, _ int64) ([]byte, error) { cancel(); return nil, ctx.Err() }
	_, err = mosaic.STAC(ctx, "a.json", o)
	require.ErrorIs(t, err, context.Canceled)
}

func FuzzSTAC(f *testing.F) {
	f.Add(`{"type":"Catalog","links":[{"rel":"item","href":"b.json"}]}`, stacItem("B", "b.tif"))
	f.Add(`{"type":"FeatureCollection","features":[`+stacItem("A", "../a.tif")+`],"links":[{"rel":"next","href":"b.json"}]}`, `{"type":"Catalog","links":[{"rel":"item","href":"a.json"}]}`)
	f.Fuzz(func(t *testing.T, a, b string) {
		l := library{docs: map[string]string{"d/a.json": a, "d/b.json": b}}
		o := l.options()
		o.Documents, o.MaxBytes = 50, 1<<16
		o.Open = func(_ context.Context, location string) (raster.Dataset, error) {
			if !filepath.IsLocal(location) && !strings.HasPrefix(strings.ToLower(location), "http") {
				t.Errorf("%q was opened", location)
			}
			return nil, fs.ErrNotExist
		}
		items, err := mosaic.STAC(t.Context(), "d/a.json", o)
		if err != nil {
			return
		}
		for _, it := range items {
			_, err := it.Open(t.Context())
			require.Error(t, err)
		}
		for location := range l.read {
			require.True(t, filepath.IsLocal(location) || strings.Contains(location, "://"), location)
		}
	})
}
