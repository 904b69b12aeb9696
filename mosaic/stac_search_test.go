package mosaic

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// An api is a STAC API in memory: https://stac.example/v1.
type api struct {
	mu      sync.Mutex
	scenes  []apiScene
	asked   []string // URLs
	noCount bool
	broken  bool
}

type apiScene struct {
	collection, id string
	w, s, e, n     float64 // w above e: across the antimeridian
	day            int
}

const apiRoot = "https://stac.example/v1"

func (a *api) Read(_ context.Context, location string, _ int64) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, location)
	u, err := url.Parse(location)
	if err != nil {
		return nil, err
	}
	if a.broken {
		return nil, fmt.Errorf("the API is away")
	}
	switch path := strings.TrimPrefix(location, apiRoot); {
	case path == "" || path == "/":
		return []byte(`{"type":"Catalog","stac_version":"1.0.0","id":"x","links":[
			{"rel":"search","href":"` + apiRoot + `/search","method":"POST"},
			{"rel":"search","href":"` + apiRoot + `/search","method":"GET"},{"rel":"data","href":"./v1/collections"}]}`), nil
	case path == "/none":
		return []byte(`{"type":"Catalog","stac_version":"1.0.0","links":[]}`), nil
	case path == "/collections":
		return json.Marshal(map[string]any{"collections": []any{a.collection("a"), a.collection("b")}})
	case strings.HasPrefix(path, "/collections/"):
		return json.Marshal(a.collection(strings.TrimPrefix(path, "/collections/")))
	case u.Path == "/v1/search":
		return a.search(u.Query())
	}
	return nil, fs.ErrNotExist
}

func (a *api) collection(name string) map[string]any {
	boxes := [][]float64{{-180, -90, 180, 90}}
	first, last := 1000, 0
	for _, s := range a.scenes {
		if s.collection == name {
			boxes = append(boxes, []float64{s.w, s.s, s.e, s.n})
			first, last = min(first, s.day), max(last, s.day)
		}
	}
	return map[string]any{
		"type": "Collection", "id": name, "stac_version": "1.0.0", "summaries": map[string]any{"platform": []string{"x"}},
		"extent": map[string]any{
			"spatial": map[string]any{"bbox": boxes}, "temporal": map[string]any{"interval": [][]string{{dayText(first), dayText(last)}}},
		},
		"links": []any{map[string]any{"rel": "root", "href": apiRoot}, map[string]any{"rel": "items", "href": "items"}},
	}
}

func dayText(n int) string { return time.Date(2024, 1, n, 0, 0, 0, 0, time.UTC).Format(time.RFC3339) }

func (a *api) search(q url.Values) ([]byte, error) {
	var box []float64
	for _, v := range strings.FieldsFunc(q.Get("bbox"), func(r rune) bool { return r == ',' }) {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return nil, err
		}
		box = append(box, n)
	}
	if box != nil && (len(box) != 4 || box[0] > box[2] || box[0] < -180 || box[2] > 180 || box[1] < -90 || box[3] > 90) {
		return nil, fmt.Errorf("bad box %v", box)
	}
	var found []any
	all := 0
	from, _ := strconv.Atoi(q.Get("token"))
	limit, _ := strconv.Atoi(q.Get("limit"))
	for _, s := range a.scenes {
		if c := q.Get("collections"); c != "" && !slices.Contains(strings.Split(c, ","), s.collection) ||
			q.Has("ids") && !slices.Contains(strings.Split(q.Get("ids"), ","), s.id) || box != nil && !s.meets(box) {
			continue
		}
		if all >= from && len(found) < limit {
			found = append(found, s.feature())
		}
		all++
	}
	answer := map[string]any{"type": "FeatureCollection", "features": append([]any{}, found...)}
	if !a.noCount {
		answer["numberMatched"] = all
	}
	if from+len(found) < all {
		q.Set("token", strconv.Itoa(from+len(found)))
		answer["links"] = []any{map[string]any{"rel": "next", "href": apiRoot + "/search?" + q.Encode()}}
	}
	return json.Marshal(answer)
}

func (s apiScene) meets(b []float64) bool {
	in := func(w, e float64) bool { return w <= b[2] && e >= b[0] && s.s <= b[3] && s.n >= b[1] }
	if s.w > s.e {
		return in(s.w, 180) || in(-180, s.e)
	}
	return in(s.w, s.e)
}

func (s apiScene) feature() map[string]any {
	ring := func(w, e float64) [][][2]float64 {
		return [][][2]float64{{{w, s.s}, {e, s.s}, {e, s.n}, {w, s.n}, {w, s.s}}}
	}
	geometry := map[string]any{"type": "Polygon", "coordinates": ring(s.w, s.e)}
	if s.w > s.e {
		geometry = map[string]any{"type": "MultiPolygon", "coordinates": [][][][2]float64{ring(s.w, 180), ring(-180, s.e)}}
	}
	return map[string]any{
		"type": "Feature", "stac_version": "1.0.0", "id": s.id, "collection": s.collection, "geometry": geometry,
		"properties": map[string]any{"datetime": dayText(s.day), "cloud": s.day * 2},
		"assets":     map[string]any{"visual": map[string]any{"href": "https://data.example/" + s.collection + "/" + s.id + ".tif"}},
	}
}

func newAPI() *api {
	a := &api{}
	for i := range 30 {
		x := float64(i*11 - 170)
		a.scenes = append(a.scenes, apiScene{"a", fmt.Sprint("a", i), x, float64(i - 15), x + 5, float64(i - 10), i + 1})
	}
	a.scenes = append(a.scenes, apiScene{"b", "b0", 176, -20, -175, -10, 40}, apiScene{"b", "a1", -60, 40, -50, 50, 41})
	return a
}

// APIOfTests returns what reads the documents of an API, and the grid of each of its rasters.
func APIOfTests() (read func(context.Context, string, int64) ([]byte, error), grids func(location string) raster.Grid) {
	a := newAPI()
	return a.Read, func(location string) raster.Grid {
		for _, s := range a.scenes {
			if location != "https://data.example/"+s.collection+"/"+s.id+".tif" {
				continue
			}
			box := srs.Envelope{XMin: s.w, YMin: s.s, XMax: s.e, YMax: s.n}
			if box.XMax < box.XMin {
				box.XMax += 360
			}
			return raster.NorthUp(srs.WGS84(), box, image.Pt(4, 4))
		}
		return raster.Grid{}
	}
}

// over returns the catalogue of an API, whose moment is now.
func over(t *testing.T, a *api, location string, change func(*STACSearchOptions), now *time.Time) *STACSearch {
	t.Helper()
	o := &STACSearchOptions{Page: 16}
	o.Read = a.Read
	o.Open = func(_ context.Context, location string) (raster.Dataset, error) {
		return nil, fmt.Errorf("opened %s", location)
	}
	if change != nil {
		change(o)
	}
	s, err := SearchSTAC(t.Context(), location, o)
	require.NoError(t, err)
	s.now = func() time.Time { return *now }
	return s
}

func names(t *testing.T, c Catalog, q Query) (out []string) {
	t.Helper()
	for it, err := range c.Items(t.Context(), q) {
		require.NoError(t, err)
		out = append(out, it.Name)
	}
	slices.Sort(out)
	return out
}

func TestSTACSearch(t *testing.T) {
	a, now := newAPI(), time.Now()
	s := over(t, a, apiRoot, nil, &now)
	lonLat, err := srs.FromWKID(4326)
	require.NoError(t, err)
	assert.Len(t, names(t, s, Query{}), 32)
	box := Query{CRS: lonLat, Envelope: srs.Envelope{XMin: 170, YMin: -15, XMax: 190, YMax: -12}}
	a.asked = nil
	assert.Equal(t, []string{"a0", "b0"}, names(t, s, box)) // a0 begins at 170 west, where the box ends
	require.Len(t, a.asked, 2, "the box in two parts")
	assert.Contains(t, a.asked[0], "bbox=169.99")
	assert.Equal(t, []string{"a0", "b0"}, names(t, s, box))
	assert.Len(t, a.asked, 2, "nothing is asked again")

	one := over(t, a, apiRoot+"/collections/b", nil, &now)
	assert.Equal(t, []string{"a1", "b0"}, names(t, one, Query{}), "of one collection")
	some := over(t, a, apiRoot, func(o *STACSearchOptions) { o.Collections = []string{"b"} }, &now)
	assert.Equal(t, []string{"a1", "b0"}, names(t, some, Query{}))

	// IDs are the same in another process, and items are found by them.
	var ids []int64
	for it, err := range s.Items(t.Context(), Query{}) {
		require.NoError(t, err)
		if it.Name == "a1" || it.Name == "b0" {
			ids = append(ids, it.ID)
		}
		_, err := it.Open(t.Context())
		require.EqualError(t, err, fmt.Sprintf("opened https://data.example/%s/%s.tif", it.Attrs["collection"], it.Name))
	}
	require.Len(t, ids, 3, "two of the same name in two collections")
	for _, c := range []*STACSearch{s, over(t, a, apiRoot, nil, &now)} {
		items, err := c.Lookup(t.Context(), append(ids, 5))
		require.NoError(t, err)
		assert.Len(t, items, 3)
	}
}

func TestSTACSearchSummary(t *testing.T) {
	a, now := newAPI(), time.Now()
	s := over(t, a, apiRoot, func(o *STACSearchOptions) { o.Page = 100 }, &now)
	sum, err := s.Summary(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 32, sum.Count)
	assert.Len(t, sum.Boxes, 32)
	assert.Equal(t, srs.Envelope{XMin: 176, YMin: -20, XMax: 185, YMax: -10}, sum.Boxes[30].Envelope)
	assert.Equal(t, dayText(1)+" "+dayText(41), sum.Time.From.Format(time.RFC3339)+" "+sum.Time.To.Format(time.RFC3339))
	for name, want := range map[string]bool{"Cloud": true, "platform": true, "none": false} {
		has, err := s.HasField(t.Context(), name)
		require.NoError(t, err)
		assert.Equal(t, want, has, name)
	}
	a.noCount = true
	s = over(t, a, apiRoot, nil, &now)
	sum, err = s.Summary(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 32, sum.Count, "counted, page by page")
	assert.Len(t, sum.First, 16)
}

// What is added shows after the time of Refresh, with another version; nothing else makes one.
func TestSTACSearchChanges(t *testing.T) {
	a, now := newAPI(), time.Now()
	s := over(t, a, apiRoot, func(o *STACSearchOptions) { o.Refresh = time.Minute }, &now)
	version := func() string {
		v, err := s.Version(t.Context())
		require.NoError(t, err)
		return v
	}
	first := version()
	now = now.Add(2 * time.Minute)
	assert.Equal(t, first, version(), "nothing has changed")
	require.Len(t, names(t, s, Query{}), 32)
	a.scenes = append(a.scenes, apiScene{"a", "new", 0, 0, 1, 1, 3})
	assert.Equal(t, first, version())
	assert.Len(t, names(t, s, Query{}), 32)
	now = now.Add(2 * time.Minute)
	second := version()
	assert.NotEqual(t, first, second)
	assert.Len(t, names(t, s, Query{}), 33)
	a.scenes = a.scenes[:32]
	now = now.Add(2 * time.Minute)
	third := version()
	assert.NotEqual(t, second, third)
	assert.NotEqual(t, first, third, "a former version does not come again")

	a.broken = true
	now = now.Add(2 * time.Minute)
	_, err := s.Version(t.Context())
	require.ErrorContains(t, err, "the API is away")
}

func TestSTACSearchThatIsWrong(t *testing.T) {
	a, now := newAPI(), time.Now()
	o := &STACSearchOptions{}
	_, err := SearchSTAC(t.Context(), apiRoot, o)
	require.ErrorContains(t, err, "missing")
	o.Read, o.Open = a.Read, func(context.Context, string) (raster.Dataset, error) { return nil, nil }
	_, err = SearchSTAC(t.Context(), apiRoot+"/none", o)
	require.ErrorIs(t, err, ErrNoSearch)
	_, err = SearchSTAC(t.Context(), apiRoot+"/missing", o)
	require.ErrorIs(t, err, fs.ErrNotExist)

	few := over(t, a, apiRoot, func(o *STACSearchOptions) { o.Documents = 1 }, &now)
	var last error
	for _, err := range few.Items(t.Context(), Query{}) {
		last = err
	}
	require.ErrorContains(t, last, "more than 1 STAC documents")
	for name, doc := range map[string]string{
		"no name":    `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"assets":{"d":{"href":"https://x.example/a.tif"}},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}`,
		"twice":      `{"type":"FeatureCollection","features":[` + strings.TrimSuffix(strings.Repeat(`{"type":"Feature","id":"a","properties":{},"assets":{"d":{"href":"https://x.example/a.tif"}},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},`, 2), ",") + `]}`,
		"no JSON":    `<html>`,
		"next home":  `{"type":"FeatureCollection","features":[],"links":[{"rel":"next","href":"http://169.254.169.254/latest"}]}`,
		"next POST":  `{"type":"FeatureCollection","features":[],"links":[{"rel":"next","href":"https://stac.example/v1/x","method":"POST"}]}`,
		"not a page": `{"type":"Collection"}`,
	} {
		s := over(t, a, apiRoot, func(o *STACSearchOptions) {
			o.Read = func(ctx context.Context, at string, n int64) ([]byte, error) {
				if strings.Contains(at, "/search") {
					return []byte(doc), nil
				}
				return a.Read(ctx, at, n)
			}
		}, &now)
		last = nil
		for _, err := range s.Items(t.Context(), Query{}) {
			last = err
		}
		require.Error(t, last, name)
		_, err := s.Summary(t.Context())
		require.Error(t, err, name)
	}
}
