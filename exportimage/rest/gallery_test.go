package rest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// The page of a directory shows each service: its picture, its words, and where it is.
func TestGallery(t *testing.T) {
	a, _ := service(world(t))
	a.Name, a.Description, a.Copyright = "World", `All of <it> & "more"`, "The makers"
	b, _ := service(ramp(t))
	b.Name, b.Description = "maps/ramp", "Heights of a slope"
	c := &exportimage.Service{Name: "broken", Catalog: mosaic.Slice{}}
	const mount = "/arcgis/rest/services"
	h := http.StripPrefix(mount, rest.NewDirectory([]*exportimage.Service{a, b, c}, nil))
	page := func(query string) string {
		w := get(h, mount+"/"+query)
		require.Equal(t, http.StatusOK, w.Code)
		assert.NotContains(t, w.Header().Get("Content-Security-Policy"), "script-src")
		return w.Body.String()
	}
	top := page("")
	for _, part := range []string{
		`<img src="/arcgis/rest/services/World/ImageServer/info/thumbnail"`, "All of &lt;it&gt; &amp; &#34;more&#34;", "The makers",
		"1 raster, 1 band of U8, WGS 84 (4326)", `<a href="/arcgis/rest/services/maps/">maps</a>`,
		`<a href="/arcgis/rest/services/World/ImageServer/" aria-label="World"><title>World</title><rect`,
		`class="fault"`, // of the service without rasters
	} {
		assert.Contains(t, top, part)
	}
	assert.NotContains(t, top, "broken/ImageServer/info/thumbnail", "there is nothing to draw")
	assert.NotContains(t, top, "Heights of a slope")
	assert.Equal(t, http.StatusOK, get(h, mount+"/World/ImageServer/info/thumbnail").Code)

	for query, want := range map[string][]string{
		"?q=slope": {"maps/ramp"}, "?q=HEIGHTS+ramp": {"maps/ramp"}, "?q=more+makers": {"World"}, "?Q=world": {"World"}, "?q=r": {"World", "maps/ramp", "broken"},
		"?q=nowhere": nil, "?q=%20": {"World", "broken"},
	} {
		body := page(query)
		for _, name := range []string{"World", "maps/ramp", "broken"} {
			shown := strings.Contains(body, "<strong>"+name+"</strong>")
			assert.Equal(t, strings.Contains(" "+strings.Join(want, " ")+" ", " "+name+" "), shown, "%s shows %s", query, name)
		}
	}
	assert.Contains(t, page("?q=nowhere"), "There is no service here with these words.")
	assert.Contains(t, page("?q=slope"), "1 of 3 services")
	assert.Contains(t, page("?q=%3Cscript%3E"), `value="&lt;script&gt;"`)
	assert.Contains(t, page("maps"), `<strong>maps/ramp</strong>`)

	thin := rest.NewDirectory([]*exportimage.Service{a}, &rest.Options{Without: rest.Resources})
	assert.NotContains(t, get(thin, "/").Body.String(), "<img")
	assert.Contains(t, get(rest.NewDirectory(nil, nil), "/").Body.String(), "There is no service here.")
}

// Many services are on several pages, which link one another and show each service once.
func TestGalleryPages(t *testing.T) {
	var all []*exportimage.Service
	for i := range 100 {
		s, _ := service(ramp(t))
		s.Name = fmt.Sprintf("s%03d", i)
		all = append(all, s)
	}
	h := rest.NewDirectory(all, nil)
	seen := map[string]int{}
	next, pages := "/", 0
	for next != "" {
		body := get(h, next).Body.String()
		for _, s := range all {
			seen[s.Name] += strings.Count(body, "<strong>"+s.Name+"</strong>")
		}
		_, later, _ := strings.Cut(body, `<a href="?from=`)
		if strings.Contains(later, "Earlier</a>") {
			_, later, _ = strings.Cut(later, `<a href="?from=`)
		}
		from, _, _ := strings.Cut(later, `"`)
		if next = ""; from != "" {
			next = "/?from=" + from
		}
		pages++
		require.Less(t, pages, 9)
	}
	assert.Equal(t, 3, pages)
	assert.Len(t, seen, 100)
	for name, times := range seen {
		assert.Equal(t, 1, times, name)
	}
	assert.Contains(t, get(h, "/?q=s0&from=48").Body.String(), "100 of 100 services, 49 to 96 are here")
	assert.Contains(t, get(h, "/?from=-1").Body.String(), "1 to 48 are here")
	assert.Contains(t, get(h, "/?from=1000").Body.String(), "1 to 48 are here")
}

// A service whose catalogue fails shows that, and holds up no other.
func TestGalleryOfACatalogThatFails(t *testing.T) {
	a, _ := service(world(t))
	a.Name = "fine"
	bad := &exportimage.Service{Name: "bad", Catalog: failingCatalog{}, Logger: slog.New(slog.DiscardHandler)}
	body := get(rest.NewDirectory([]*exportimage.Service{a, bad}, nil), "/").Body.String()
	assert.Contains(t, body, `class="fault"`)
	assert.NotContains(t, body, "secret")
	assert.Contains(t, body, "1 raster, 1 band of U8")
}

// The drawing is of the part of the world that the services are in, twice as wide as it is high, and within the world.
func TestWorldMap(t *testing.T) {
	for _, e := range []srs.Envelope{
		{XMin: -180, YMin: -90, XMax: 180, YMax: 90}, {XMin: 10, YMin: 50, XMax: 10.1, YMax: 50.1}, {XMin: 179, YMin: 80, XMax: 180, YMax: 90},
		{XMin: -180, YMin: -90, XMax: -179, YMax: 0}, {XMin: 170, YMin: -20, XMax: 190, YMax: -10},
	} {
		v := rest.ViewOf(e)
		assert.InDelta(t, 2*v.Height(), v.Width(), 1e-9)
		assert.True(t, v.XMin >= -180 && v.XMax <= 180 && v.YMin >= -90 && v.YMax <= 90, v)
		assert.True(t, v.Intersects(e), e)
		assert.GreaterOrEqual(t, v.Width(), 40.0)
	}
}

// failingCatalog fails with an error that is not for strangers.
type failingCatalog struct{}

func (failingCatalog) Items(context.Context, mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) { yield(nil, errors.New("secret")) }
}
