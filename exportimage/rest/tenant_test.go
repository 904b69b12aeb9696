package rest_test

import (
	"context"
	"image"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

type tenantKey struct{}

// tenantOf returns the number of the tenant whose request it is.
func tenantOf(ctx context.Context) int {
	n, _ := ctx.Value(tenantKey{}).(int)
	return n
}

// tenantRaster returns the raster of a tenant: its own values, place and size.
func tenantRaster(t *testing.T, tenant int) *rastertest.Memory {
	side := 300 + 20*tenant
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: float64(side), YMax: float64(side)}, image.Pt(side, side))
	return rastertest.FromFunc(g, 1, func(_, x, y int) uint16 { return uint16(1000*tenant + x%7 + y%5) })
}

// byTenant is a catalogue of the tenant's raster alone.
type byTenant []*mosaic.Item

func (c byTenant) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return mosaic.Slice{c[tenantOf(ctx)]}.Items(ctx, q)
}

// A wrapped catalogue embeds one of the library's and changes what it yields.
type wrapped struct{ mosaic.Slice }

func (c wrapped) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return mosaic.Slice{c.Slice[tenantOf(ctx)]}.Items(ctx, q)
}

// A tenantDataset is equal for all tenants and reads the tenant's raster.
type tenantDataset struct{ rasters *[3]*rastertest.Memory }

func (d tenantDataset) Info() raster.Info { return d.rasters[0].Info() }

func (d tenantDataset) Read(
	ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int,
) (*raster.Block, error) {
	return d.rasters[tenantOf(ctx)].Read(ctx, dst, level, win, bands)
}

// tenantServices are services of which each tenant sees its own, in all the ways in which that can be made.
func tenantServices(t *testing.T) map[string]*exportimage.Service {
	var items []*mosaic.Item
	var rasters [3]*rastertest.Memory
	for tenant := range 3 {
		ds := tenantRaster(t, tenant)
		items = append(items, servicetest.Item(1, ds))
		g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 300, YMax: 300}, image.Pt(300, 300))
		rasters[tenant] = rastertest.FromFunc(g, 1, func(_, x, y int) uint16 { return uint16(1000*tenant + x%7 + y%5) })
	}
	byOpen := *items[0]
	byOpen.Open = func(ctx context.Context) (raster.Dataset, error) { return items[tenantOf(ctx)].Open(ctx) }
	byRead := servicetest.Item(1, tenantDataset{&rasters})
	return map[string]*exportimage.Service{
		"the catalogue": {Catalog: byTenant(items)},
		"a wrapper":     {Catalog: wrapped{items}},
		"Open":          {Catalog: mosaic.Slice{&byOpen}},
		"Read":          {Catalog: mosaic.Slice{byRead}},
	}
}

// get asks a handler on behalf of a tenant.
func getAs(h http.Handler, tenant int, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), tenantKey{}, tenant)))
	return w
}

// tenantPaths are the answers that depend on rasters: images at full size and of made overviews, descriptions, statistics.
var tenantPaths = []string{
	"/exportImage?f=image&bbox=0,0,64,64&size=32,32&format=tiff",
	"/exportImage?f=image&bbox=0,0,300,300&size=40,40&format=tiff",
	"/exportImage?f=image&size=30,30&format=png",
	"/exportImage?f=json&size=30,30",
	"/exportImage?f=kmz&bbox=0,0,300,300&bboxSR=3857&size=30,30",
	`/exportImage?f=image&size=30,30&renderingRule={"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":6,"MinPercent":1,"MaxPercent":1}}`,
	"/?f=json", "/statistics?f=json", "/legend?f=json", "/info/thumbnail",
}

// No tenant ever gets what is another's, whatever the services remember and share, under load, with a key and without.
func TestTenantsNeverSeeOneAnother(t *testing.T) {
	options := map[string]*rest.Options{
		"without a key": {},
		"with a key": {ShareKey: func(r *http.Request) (string, bool) {
			return string(rune('a' + tenantOf(r.Context()))), true
		}},
		"some with a key": {ShareKey: func(r *http.Request) (string, bool) { return "first", tenantOf(r.Context()) == 0 }},
	}
	for way := range tenantServices(t) {
		want := map[string][3]string{}
		for _, path := range tenantPaths {
			var bodies [3]string
			for tenant := range bodies {
				w := getAs(rest.NewHandler(tenantServices(t)[way], nil), tenant, path)
				require.Equal(t, 200, w.Code, w.Body.String())
				bodies[tenant] = w.Body.String()
			}
			want[path] = bodies
		}
		require.NotEqual(t, want[tenantPaths[0]][1], want[tenantPaths[0]][2])
		for name, o := range options {
			t.Run(way+" "+name, func(t *testing.T) {
				h := rest.NewHandler(tenantServices(t)[way], o)
				var running sync.WaitGroup
				for i := range 6 {
					running.Go(func() {
						for n := range len(tenantPaths) {
							path, tenant := tenantPaths[n%len(tenantPaths)], (i+n)%3
							w := getAs(h, tenant, path)
							assert.Equal(t, 200, w.Code)
							if w.Body.String() != want[path][tenant] {
								t.Errorf("tenant %d got another's %s", tenant, path)
							}
						}
					})
				}
				running.Wait()
			})
		}
	}
}

// By Go, too, tenants get their own descriptions and statistics, and those with a key have them remembered.
func TestAServiceRemembersForThoseAlike(t *testing.T) {
	for way, s := range tenantServices(t) {
		var opened atomic.Int64
		if c, ok := s.Catalog.(byTenant); ok {
			for _, it := range c {
				open := it.Open
				it.Open = func(ctx context.Context) (raster.Dataset, error) { opened.Add(1); return open(ctx) }
			}
		}
		for round := range 3 {
			before := opened.Load()
			for tenant := range 3 {
				ctx := context.WithValue(t.Context(), tenantKey{}, tenant)
				if round > 0 {
					ctx = exportimage.WithShareKey(ctx, string(rune('a'+tenant)))
				}
				stats, err := s.Statistics(ctx, nil)
				require.NoError(t, err)
				assert.Equal(t, float64(1000*tenant), stats[0].Min, way)
				d, err := s.Describe(ctx)
				require.NoError(t, err)
				if way != "Read" {
					assert.Equal(t, 1, d.Rasters)
				}
				if way == "the catalogue" || way == "a wrapper" {
					assert.EqualValues(t, 300+20*tenant, d.Extent.XMax, way)
				}
			}
			if round == 2 {
				assert.Equal(t, before, opened.Load(), "all was remembered")
			}
		}
	}
}

// Requests of those with one key are exported once, whatever the catalogue looks at; those of others are not.
func TestShareKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		wait := make(chan struct{})
		f := encode.Format{Name: "slow", MediaType: "x/x", Types: []raster.PixelType{raster.U16}}
		f.Encode = func(w io.Writer, m *raster.Image, _ *encode.Options) error {
			made.Add(1)
			<-wait
			_, err := io.WriteString(w, "image")
			return err
		}
		for _, c := range []struct {
			key  func(*http.Request) (string, bool)
			want int64
		}{
			{nil, 12},
			{rest.ShareAll, 1},
			{func(r *http.Request) (string, bool) { return string(rune('a' + tenantOf(r.Context()))), true }, 3},
			{func(r *http.Request) (string, bool) { return "", tenantOf(r.Context()) > 0 }, 5},
		} {
			s := tenantServices(t)["the catalogue"]
			s.Formats, s.Limits.Exports = encode.Formats{"slow": f}, 100
			h := rest.NewHandler(s, &rest.Options{ShareKey: c.key})
			made.Store(0)
			wait = make(chan struct{})
			var running sync.WaitGroup
			for i := range 12 {
				running.Go(func() {
					assert.Equal(t, 200, getAs(h, i%3, "/exportImage?f=image&bbox=0,0,9,9&size=9,9&format=slow").Code)
				})
			}
			synctest.Wait()
			assert.Equal(t, c.want, made.Load())
			close(wait)
			running.Wait()
		}
	})
}
