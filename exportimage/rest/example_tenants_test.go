package rest_test

import (
	"context"
	"fmt"
	"image"
	"iter"
	"net/http"
	"net/http/httptest"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

type loginKey struct{}

// perTenant shows each tenant its own rasters: it looks at the context of the request.
type perTenant map[string]mosaic.Slice

func (p perTenant) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	tenant, _ := ctx.Value(loginKey{}).(string)
	return p[tenant].Items(ctx, q)
}

// One handler for several tenants, each of whom sees rasters of its own. The service notices that its catalogue looks at the
// context, and shares no image between callers; with ShareKey, those of one tenant share theirs. A bip ends with its mask.
func ExampleNewHandler_tenants() {
	grid := raster.NorthUp(srs.WGS84(), srs.Envelope{XMin: 0, YMin: 0, XMax: 10, YMax: 10}, image.Pt(10, 10))
	of := func(value uint8) mosaic.Slice {
		return mosaic.Of("field", rastertest.FromFunc(grid, 1, func(_, _, _ int) uint8 { return value }))
	}
	service := &exportimage.Service{Name: "fields", Catalog: perTenant{"alice": of(1), "bob": of(2)}}
	tenant := func(r *http.Request) string { return r.Header.Get("X-Tenant") } // who is logged in, in a real program
	handler := rest.NewHandler(service, &rest.Options{
		ShareKey: func(r *http.Request) (key string, ok bool) { return tenant(r), true },
	})
	behindLogin := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tenant(r) == "" {
			http.Error(w, "log in first", http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), loginKey{}, tenant(r))))
	})

	for _, who := range []string{"alice", "bob", ""} {
		r := httptest.NewRequest(http.MethodGet, "/exportImage?f=image&format=bip&size=1,1&bbox=1,1,2,2", nil)
		r.Header.Set("X-Tenant", who)
		w := httptest.NewRecorder()
		behindLogin.ServeHTTP(w, r)
		fmt.Printf("%q %d %q\n", who, w.Code, w.Body.String())
	}
	// Output:
	// "alice" 200 "\x01\x80"
	// "bob" 200 "\x02\x80"
	// "" 401 "log in first\n"
}
