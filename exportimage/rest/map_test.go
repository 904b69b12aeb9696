package rest_test

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

type baseMap struct {
	Coast, Graticule [][]float64
	Labels           []struct {
		X, Y float64
		Text string
	}
	Degrees        *[4]float64
	MetresPerPixel float64
}

func baseOf(t *testing.T, h http.Handler, bbox, sr, size string) baseMap {
	t.Helper()
	return decode[baseMap](t, h, "/map/base?"+url.Values{"bbox": {bbox}, "imageSR": {sr}, "size": {size}}.Encode())
}

// passes reports whether a line passes within half a pixel of a place.
func passes(lines [][]float64, x, y float64) bool {
	for _, l := range lines {
		for i := 0; i+3 < len(l); i += 2 {
			dx, dy := l[i+2]-l[i], l[i+3]-l[i+1]
			s := ((x-l[i])*dx + (y-l[i+1])*dy) / (dx*dx + dy*dy)
			s = min(max(s, 0), 1)
			if math.Abs(l[i]+s*dx-x)+math.Abs(l[i+1]+s*dy-y) < 0.5 {
				return true
			}
		}
	}
	return false
}

// The lines of the graticule pass the places where PROJ puts them.
func TestMapGraticule(t *testing.T) {
	h := handler(t)
	for _, c := range []struct {
		sr   string
		box  [4]float64
		at   [2]float64 // on a line of the graticule
		side float64    // metres a pixel, or degrees
	}{
		{"4326", [4]float64{-180, -90, 180, 90}, [2]float64{30, 20}, 0.5},
		{"4326", [4]float64{100, -90, 460, 90}, [2]float64{390, 20}, 0.5},
		// echo "60 30" | cs2cs -f %.2f +proj=longlat +datum=WGS84 +to +proj=robin +datum=WGS84
		{"54030", [4]float64{-17005833, -8625154, 17005833, 8625154}, [2]float64{5426742.24, 3208372.20}, 50000},
		// echo "30 60" | cs2cs -f %.2f EPSG:4326 EPSG:3857 (latitude first)
		{"3857", [4]float64{-20037508, -20037508, 20037508, 20037508}, [2]float64{3339584.72, 8399737.89}, 50000},
		// echo "-60 120" | cs2cs -f %.2f EPSG:4326 EPSG:3031 (latitude first)
		{"3031", [4]float64{-5e6, -5e6, 5e6, 5e6}, [2]float64{2886777.49, -1666681.76}, 20000},
	} {
		width, height := (c.box[2]-c.box[0])/c.side, (c.box[3]-c.box[1])/c.side
		size := fmt.Sprintf("%.0f,%.0f", math.Ceil(width), math.Ceil(height))
		b := baseOf(t, h, fmt.Sprintf("%f,%f,%f,%f", c.box[0], c.box[1], c.box[2], c.box[3]), c.sr, size)
		x, y := (c.at[0]-c.box[0])/c.side, (c.box[3]-c.at[1])/c.side
		assert.True(t, passes(b.Graticule, x, y), "%s %v", c.sr, c.box)
		assert.False(t, passes(b.Graticule, x+7, y+7), "%s %v", c.sr, c.box)
		assert.NotEmpty(t, b.Labels, c.sr)
		assert.NotEmpty(t, b.Coast, c.sr)
		outside := 0
		for _, l := range append(b.Coast, b.Graticule...) {
			for i := 0; i+1 < len(l); i += 2 {
				if !(l[i] >= -8.1 && l[i] <= width+9.1 && l[i+1] >= -8.1 && l[i+1] <= height+9.1) {
					outside++
				}
			}
		}
		assert.Zero(t, outside, c.sr)
	}
}

// No line of a coast leads across a map where the map is cut open.
func TestMapLinesEndAtCuts(t *testing.T) {
	h := handler(t)
	for _, c := range []struct{ sr, box string }{
		{"4326", "-180,-90,180,90"}, {"54030", "-17005833,-8625154,17005833,8625154"}, {"54009", "-18040096,-9020048,18040096,9020048"},
		{"32633", "-9000000,-9900000,9000000,9900000"}, {"3857", "-20037508,-20037508,20037508,20037508"}, {"3995", "-12000000,-12000000,12000000,12000000"},
	} {
		b := baseOf(t, h, c.box, c.sr, "400,400")
		require.NotEmpty(t, b.Coast, c.sr)
		for _, l := range append(b.Coast, b.Graticule...) {
			for i := 0; i+3 < len(l); i += 2 {
				assert.Less(t, math.Abs(l[i+2]-l[i]), 100.0, "%s: from %v to %v", c.sr, l[i:i+2], l[i+2:i+4])
			}
		}
	}
}

func TestMapBase(t *testing.T) {
	h := handler(t)
	b := baseOf(t, h, "-10,-5,10,5", "4326", "200,100")
	assert.Equal(t, 11131.949, math.Round(b.MetresPerPixel*1000)/1000, "a tenth of a degree of the equator: 6378137 * π / 1800")
	assert.InDelta(t, -10, b.Degrees[0], 1)
	assert.InDelta(t, 5, b.Degrees[3], 1)
	names := map[string]bool{}
	for _, l := range b.Labels {
		names[l.Text] = true
	}
	assert.True(t, names["5°W"] && names["0°"] && names["5°N"] && names["10°E"], names)
	// The step falls with the view.
	b = baseOf(t, h, "10,50,10.01,50.01", "4326", "200,200")
	assert.Contains(t, fmt.Sprint(b.Labels), "10°00′10″E")
	// A place beyond the Earth has lines of none, and no scale.
	b = baseOf(t, h, "30000000,30000000,31000000,31000000", "54009", "100,100")
	assert.Empty(t, b.Graticule)
	assert.Zero(t, b.MetresPerPixel)
	assert.Nil(t, b.Degrees)
	for query, fault := range map[string]string{
		"bbox=0,0,1,1": "size", "size=9,9": "bbox", "bbox=1,1,0,0&size=9": "bbox", "bbox=0,0,1,1&size=9&imageSR=5": "imageSR",
		"bbox=0,0,1,1&size=9&bboxSR=3857": "bboxSR", "bbox=0,0,0,1&size=9,9": "bbox", "bbox=NaN,0,1,1&size=9": "bbox",
	} {
		w := get(h, "/map/base?"+query)
		assert.Equal(t, http.StatusBadRequest, w.Code, query)
		assert.Contains(t, w.Body.String(), `"'`+fault, query)
	}
}

// A frame is the service's extent and a view in another spatial reference; where there is none, the error names it.
func TestMapFrame(t *testing.T) {
	h := handler(t)
	type frame struct {
		SR, Name     string
		Extent, View [4]float64
	}
	f := decode[frame](t, h, "/map/frame?imageSR=3857&bbox=0,0,10,10&bboxSR=4326")
	assert.Equal(t, "3857", f.SR)
	assert.Equal(t, "WGS 84 / Pseudo-Mercator (3857)", f.Name)
	// echo "10 10" | cs2cs -f %.3f EPSG:4326 EPSG:3857
	assert.InDeltaSlice(t, []float64{0, 0, 1113194.908, 1118889.975}, f.View[:], 1e-3)
	assert.InDelta(t, 20037508.343, f.Extent[2], 1e-3)
	// The other pole is beyond all bounds, and left out.
	f = decode[frame](t, h, "/map/frame?imageSR=3031&bbox=0,89,10,90&bboxSR=4326")
	assert.Less(t, f.Extent[2], 2e7)
	assert.Greater(t, f.Extent[2], 3e6)
	f = decode[frame](t, h, "/map/frame")
	assert.Equal(t, f.Extent, f.View)
	for _, query := range []string{"imageSR=5", "imageSR=<b>", "imageSR=5703"} {
		w := get(h, "/map/frame?"+url.PathEscape(query))
		assert.NotEqual(t, http.StatusOK, w.Code, query)
		assert.Contains(t, w.Body.String(), "imageSR", query)
	}
}

var configOf = regexp.MustCompile(`data-config="([^"]*)"`)

// The page of a service shows the map, with the choices that the service has.
func TestPagesWithAMap(t *testing.T) {
	many := scenes(t)
	many.Name = "scenes"
	one, _ := service(world(t))
	for target, s := range map[string]http.Handler{"/": rest.NewHandler(many, nil), "/map": rest.NewHandler(one, nil)} {
		w := get(s, target+"?f=html&interpolation=RSP_Majority&opacity=35")
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		page := w.Body.String()
		policy := w.Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'", "base-uri 'none'"} {
			assert.Contains(t, policy, part)
		}
		assert.NotContains(t, policy, "unsafe")
		assert.Contains(t, page, `<option value="RSP_Majority" selected>`)
		assert.Contains(t, page, `name="opacity" min="0" max="100" step="5" value="35"`)
		assert.Contains(t, page, "<noscript>")
		var config struct {
			Extent  []float64
			Catalog bool
			SR      string
		}
		require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(configOf.FindStringSubmatch(page)[1])), &config))
		assert.Len(t, config.Extent, 4)
		assert.Equal(t, target == "/", config.Catalog)
		assert.Equal(t, target == "/", strings.Contains(page, `name="mosaicMethod"`))
		assert.Equal(t, target == "/", strings.Contains(page, `name="footprints"`))
		for _, name := range regexp.MustCompile(`(?:src|href)="([^"]*/map/[^"]*)"`).FindAllStringSubmatch(page, -1) {
			assert.Equal(t, http.StatusOK, get(s, name[1]).Code, name[1])
		}
	}
}

// Every script that a script imports is served, as JavaScript.
func TestMapScripts(t *testing.T) {
	h := handler(t)
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		w := get(h, "/map/"+name)
		require.Equal(t, http.StatusOK, w.Code, name)
		assert.Contains(t, w.Header().Get("Content-Type"), "javascript", name)
		for _, m := range regexp.MustCompile(`from "\./([\w.]+)"`).FindAllStringSubmatch(w.Body.String(), -1) {
			visit(m[1])
		}
	}
	visit("map.js")
	assert.GreaterOrEqual(t, len(seen), 7)
}

// Without scripts a map is an image with links to the views beside it, and each of them is drawn.
func TestMapWithoutScripts(t *testing.T) {
	s, _ := countingService(t)
	h := rest.NewHandler(s, nil)
	still := func(target string) (image string, links map[string]string) {
		page := get(h, target).Body.String()
		_, page, ok := strings.Cut(page, "<noscript>")
		require.True(t, ok)
		page, _, _ = strings.Cut(page, "</noscript>")
		links = map[string]string{}
		for _, m := range regexp.MustCompile(`<a href="([^"]*)">([^<]*)</a>`).FindAllStringSubmatch(page, -1) {
			links[m[2]] = html.UnescapeString(m[1])
		}
		return html.UnescapeString(regexp.MustCompile(`<img src="([^"]*)"`).FindStringSubmatch(page)[1]), links
	}
	first, links := still("/map")
	seen := map[string]bool{first: true}
	for _, name := range []string{"Nearer", "Farther", "North", "South", "West", "East", "Hillshade Gray"} {
		image, _ := still(links[name])
		assert.False(t, seen[image], name)
		seen[image] = true
		w := get(h, image)
		assert.Equal(t, http.StatusOK, w.Code, name)
		assert.Contains(t, w.Header().Get("Content-Type"), "image/", name)
	}
	image, _ := still(links["Nearer"])
	u, err := url.Parse(image)
	require.NoError(t, err)
	box := func(q url.Values) (v [4]float64) {
		_, err := fmt.Sscanf(q.Get("bbox"), "%f,%f,%f,%f", &v[0], &v[1], &v[2], &v[3])
		require.NoError(t, err)
		return v
	}
	at, err := url.Parse(first)
	require.NoError(t, err)
	a, b := box(at.Query()), box(u.Query())
	assert.InDelta(t, (a[2]-a[0])/2, b[2]-b[0], 1e-9)
	assert.InDelta(t, a[0]+a[2], b[0]+b[2], 1e-9)
}
