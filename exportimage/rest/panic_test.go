package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"io"
	"iter"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// unlucky is the key of contexts under which a fault shows; under others, all is well.
type unlucky struct{}

func isUnlucky(ctx context.Context) bool { return ctx.Value(unlucky{}) != nil }

// A faultyCatalog yields item under a lucky context, and what faulty returns otherwise.
type faultyCatalog struct {
	item   *mosaic.Item
	faulty func(ctx context.Context, lucky mosaic.Slice, q mosaic.Query) iter.Seq2[*mosaic.Item, error]
}

func (c *faultyCatalog) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	if isUnlucky(ctx) {
		return c.faulty(ctx, mosaic.Slice{c.item}, q)
	}
	return mosaic.Slice{c.item}.Items(ctx, q)
}

// A faultyDataset is a raster whose Info and Read can be replaced.
type faultyDataset struct {
	*rastertest.Memory
	info func(raster.Info) raster.Info
	read func(ctx context.Context, b *raster.Block, dst *raster.Block) (*raster.Block, error)
}

func (d *faultyDataset) Info() raster.Info {
	if d.info == nil {
		return d.Memory.Info()
	}
	return d.info(d.Memory.Info())
}

func (d *faultyDataset) Read(
	ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int,
) (*raster.Block, error) {
	b, err := d.Memory.Read(ctx, dst, level, win, bands)
	if err != nil || d.read == nil || !isUnlucky(ctx) {
		return b, err
	}
	return d.read(ctx, b, dst)
}

// item makes an item of which Open fails as open does, under unlucky contexts.
func faultyItem(t *testing.T, open func() (raster.Dataset, error)) *mosaic.Item {
	ds := ramp(t)
	g := ds.Info().Grid
	return &mosaic.Item{
		ID: 1, Name: "the raster", Footprint: mosaic.Footprint{CRS: g.CRS, Envelope: g.Envelope()},
		Open: func(ctx context.Context) (raster.Dataset, error) {
			if isUnlucky(ctx) {
				return open()
			}
			return ds, nil
		},
	}
}

func catalogFault(
	t *testing.T, faulty func(ctx context.Context, lucky mosaic.Slice, q mosaic.Query) iter.Seq2[*mosaic.Item, error],
) *exportimage.Service {
	item := faultyItem(t, func() (raster.Dataset, error) { return ramp(t), nil })
	return &exportimage.Service{Catalog: &faultyCatalog{item, faulty}}
}

func itemFault(t *testing.T, change func(*mosaic.Item)) *exportimage.Service {
	return catalogFault(t, func(ctx context.Context, lucky mosaic.Slice, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
		it := *lucky[0]
		change(&it)
		return mosaic.Slice{&it}.Items(context.Background(), mosaic.Query{})
	})
}

func openFault(t *testing.T, open func() (raster.Dataset, error)) *exportimage.Service {
	return &exportimage.Service{Catalog: mosaic.Slice{faultyItem(t, open)}}
}

func infoFault(t *testing.T, info func(raster.Info) raster.Info) *exportimage.Service {
	return openFault(t, func() (raster.Dataset, error) { return &faultyDataset{Memory: ramp(t), info: info}, nil })
}

func readFault(
	t *testing.T, read func(ctx context.Context, b, dst *raster.Block) (*raster.Block, error),
) *exportimage.Service {
	return openFault(t, func() (raster.Dataset, error) { return &faultyDataset{Memory: ramp(t), read: read}, nil })
}

// formatFault has a format "faulty", which unlucky requests ask for.
func formatFault(t *testing.T, f encode.Format) *exportimage.Service {
	s, _ := service(ramp(t))
	f.Name, f.MediaType, f.Ext, f.Types = "faulty", "image/x", "x", []raster.PixelType{raster.U8, raster.F32}
	s.Formats["faulty"] = f
	return s
}

func spoil(f func(b *raster.Block)) func(ctx context.Context, b, dst *raster.Block) (*raster.Block, error) {
	return func(_ context.Context, b, _ *raster.Block) (*raster.Block, error) {
		out := *b
		f(&out)
		return &out, nil
	}
}

var errFault = errors.New("the fault")

// faults are places where code that is not the service's panics or returns what it must not.
var faults = map[string]struct {
	service func(t *testing.T) *exportimage.Service
	want    string // in the error
	raster  bool   // named by the error
	panics  bool   // so the log has a stack
}{
	"Items panics": {func(t *testing.T) *exportimage.Service {
		return catalogFault(t, func(context.Context, mosaic.Slice, mosaic.Query) iter.Seq2[*mosaic.Item, error] { panic("ouch") })
	}, "the catalogue's Items panicked: ouch", false, true},
	"Items is nil": {func(t *testing.T) *exportimage.Service {
		return catalogFault(t, func(context.Context, mosaic.Slice, mosaic.Query) iter.Seq2[*mosaic.Item, error] { return nil })
	}, "the catalogue's Items panicked", false, true},
	"the iterator panics": {func(t *testing.T) *exportimage.Service {
		return catalogFault(t, func(ctx context.Context, lucky mosaic.Slice, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
			return func(yield func(*mosaic.Item, error) bool) {
				yield(lucky[0], nil)
				panic("ouch")
			}
		})
	}, "the catalogue's Items panicked: ouch", false, true},
	"an item is nil": {func(t *testing.T) *exportimage.Service {
		return catalogFault(t, func(context.Context, mosaic.Slice, mosaic.Query) iter.Seq2[*mosaic.Item, error] {
			return func(yield func(*mosaic.Item, error) bool) { yield(nil, nil) }
		})
	}, "it is nil", false, false},
	"the catalogue is a nil pointer": {func(t *testing.T) *exportimage.Service {
		return catalogFault(t, func(ctx context.Context, _ mosaic.Slice, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
			return (*mosaic.Index)(nil).Items(ctx, q)
		})
	}, "the catalogue's Items panicked", false, true},
	"a footprint is no place": {func(t *testing.T) *exportimage.Service {
		return itemFault(t, func(it *mosaic.Item) { it.Footprint.Envelope.XMin = math.NaN() })
	}, `item 1 "the raster": its box is not finite`, false, false},
	"Open is nil": {func(t *testing.T) *exportimage.Service {
		return itemFault(t, func(it *mosaic.Item) { it.Open = nil })
	}, "its item has no function Open", true, false},
	"Open panics": {func(t *testing.T) *exportimage.Service {
		return openFault(t, func() (raster.Dataset, error) { panic("ouch") })
	}, `opening raster "the raster" panicked: ouch`, true, true},
	"Open returns nil": {func(t *testing.T) *exportimage.Service {
		return openFault(t, func() (raster.Dataset, error) { return nil, nil })
	}, "it is nil", true, false},
	"Open returns a nil pointer": {func(t *testing.T) *exportimage.Service {
		return openFault(t, func() (raster.Dataset, error) { return (*faultyDataset)(nil), nil })
	}, "Dataset.Info panicked", true, true},
	"Info panics": {func(t *testing.T) *exportimage.Service {
		return infoFault(t, func(raster.Info) raster.Info { panic("ouch") })
	}, "Dataset.Info panicked: ouch", true, true},
	"Info contradicts itself": {func(t *testing.T) *exportimage.Service {
		return infoFault(t, func(i raster.Info) raster.Info { i.Levels = []image.Point{{7, 7}}; return i })
	}, "its first level is (7,7), and its grid is (512,512)", true, false},
	"Read panics": {func(t *testing.T) *exportimage.Service {
		return readFault(t, func(context.Context, *raster.Block, *raster.Block) (*raster.Block, error) { panic("ouch") })
	}, "Dataset.Read panicked: ouch", true, true},
	"Read panics with an error": {func(t *testing.T) *exportimage.Service {
		return readFault(t, func(context.Context, *raster.Block, *raster.Block) (*raster.Block, error) { panic(context.Canceled) })
	}, "Dataset.Read panicked: context canceled", true, true},
	"Read returns nil": {func(t *testing.T) *exportimage.Service {
		return readFault(t, func(context.Context, *raster.Block, *raster.Block) (*raster.Block, error) { return nil, nil })
	}, "neither a block nor an error", true, false},
	"a block lies elsewhere": {func(t *testing.T) *exportimage.Service {
		return readFault(t, spoil(func(b *raster.Block) { *b = *raster.NewBlock(b.Type, 1, image.Rect(0, 0, 3, 3)) }))
	}, "plane 0 of (0,0)-(3,3)", true, false},
	"a block is of another type": {func(t *testing.T) *exportimage.Service {
		return readFault(t, spoil(func(b *raster.Block) { *b = *raster.NewBlock(raster.U8, 1, b.Bounds()) }))
	}, "samples of type U8, want F32", true, false},
	"a block has no bands": {func(t *testing.T) *exportimage.Service {
		return readFault(t, spoil(func(b *raster.Block) { b.Bands = nil }))
	}, "0 bands, want 1", true, false},
	"a block's validity lies elsewhere": {func(t *testing.T) *exportimage.Service {
		return readFault(t, spoil(func(b *raster.Block) { b.Valid = image.NewAlpha(image.Rect(0, 0, 1, 1)) }))
	}, "validity of (0,0)-(1,1)", true, false},
	"Encode panics": {func(t *testing.T) *exportimage.Service {
		return formatFault(t, encode.Format{Encode: func(io.Writer, *raster.Image, *encode.Options) error { panic("ouch") }})
	}, `encoding as "faulty" panicked: ouch`, false, true},
	"Encode panics among the strips": {func(t *testing.T) *exportimage.Service {
		return formatFault(t, encode.Format{Encode: func(w io.Writer, m *raster.Image, _ *encode.Options) error {
			for range m.Strips {
				_, _ = io.WriteString(w, "the beginning")
				panic("ouch")
			}
			return nil
		}})
	}, `encoding as "faulty" panicked: ouch`, false, true},
	"Encode is nil": {func(t *testing.T) *exportimage.Service {
		return formatFault(t, encode.Format{})
	}, `format "faulty" has no function Encode`, false, false},
	"Choose panics": {func(t *testing.T) *exportimage.Service {
		return formatFault(t, encode.Format{Choose: func(*raster.Image) encode.Format { panic("ouch") }})
	}, `choosing a format for "faulty" panicked: ouch`, false, true},
	"Choose returns nothing": {func(t *testing.T) *exportimage.Service {
		return formatFault(t, encode.Format{Choose: func(*raster.Image) encode.Format { return encode.Format{} }})
	}, "has no function Encode", false, false},
}

// faultQuery asks for an image of which some pixels are read, in the format that an unlucky service may have.
func faultQuery(s *exportimage.Service, bad bool) string {
	q := "bbox=0,0,64,64&size=32,32&pixelType=U8&format=png"
	if _, ok := s.Formats["faulty"]; ok && bad {
		q = strings.Replace(q, "format=png", "format=faulty", 1)
	}
	return q
}

// Two requests at a time, of which one meets a fault: it gets an error that names the fault, the other one its image, and so do
// later ones. So it is by Go and over HTTP, if the fault comes first and if it comes later.
func TestFaultsOfOthersAreErrorsOfOneExport(t *testing.T) {
	good, err := catalogFault(t, nil).Export(t.Context(), parse(t, faultQuery(&exportimage.Service{}, false)))
	require.NoError(t, err)
	bad := context.WithValue(t.Context(), unlucky{}, true)
	for name, fault := range faults {
		for _, cold := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				s := fault.service(t)
				var log bytes.Buffer
				s.Name, s.Logger = "test", slog.New(slog.NewTextHandler(&locked{w: &log}, nil))
				h := rest.NewHandler(s, nil)
				get := func(ctx context.Context, wrong bool) *httptest.ResponseRecorder {
					r := httptest.NewRequest(http.MethodGet, "/exportImage?f=image&"+faultQuery(s, wrong), nil)
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r.WithContext(ctx))
					return w
				}
				checkGood := func() {
					res, err := s.Export(t.Context(), parse(t, faultQuery(s, false)))
					if assert.NoError(t, err) {
						assert.Equal(t, good.Data, res.Data)
					}
					w := get(t.Context(), false)
					assert.Equal(t, http.StatusOK, w.Code)
					assert.Equal(t, good.Data, w.Body.Bytes())
				}
				if !cold {
					checkGood()
				}
				var running sync.WaitGroup
				for range 2 {
					running.Go(checkGood)
					running.Go(func() {
						_, err := s.Export(bad, parse(t, faultQuery(s, true)))
						checkFault(t, err, fault.want, fault.raster)
					})
					running.Go(func() {
						w := get(bad, true)
						assert.Equal(t, http.StatusInternalServerError, w.Code)
						assert.Equal(t, "application/json; charset=utf-8", w.Header().Get("Content-Type"))
						var body struct{ Error struct{ Code int } }
						if assert.NoError(t, json.Unmarshal(w.Body.Bytes(), &body), w.Body.String()) {
							assert.Equal(t, 500, body.Error.Code)
						}
						assert.NotContains(t, w.Body.String(), "ouch")
					})
				}
				running.Wait()
				checkGood()
				assert.Equal(t, fault.panics, strings.Contains(log.String(), "runtime/debug.Stack"), log.String())
			})
		}
	}
}

func checkFault(t *testing.T, err error, want string, raster bool) {
	var e *exportimage.Error
	if !assert.ErrorAs(t, err, &e) {
		return
	}
	assert.Equal(t, exportimage.Internal, e.Kind, err)
	assert.ErrorContains(t, err, want)
	var of *exportimage.RasterError
	if assert.Equal(t, raster, errors.As(err, &of), err) && raster {
		assert.Equal(t, "the raster", of.Name)
	}
}

// locked is a writer for several goroutines.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// A format that passes over the error of a strip does not make an image with a hole of it.
func TestAFormatCannotPassOverAFailedStrip(t *testing.T) {
	ds := ramp(t)
	s, _ := service(ds)
	s.Stretch = []exportimage.Range{{Max: 1}}
	s.Formats["deaf"] = encode.Format{Name: "deaf", Types: []raster.PixelType{raster.F32}, Encode: func(w io.Writer, m *raster.Image, _ *encode.Options) error {
		for range m.Strips {
			_, _ = io.WriteString(w, "strip")
		}
		return nil
	}}
	req := parse(t, "bbox=0,0,512,512&size=3000,3000")
	req.Format = "deaf"
	_, err := s.Export(t.Context(), req)
	require.NoError(t, err)
	ds.Err = errFault
	_, err = s.Export(t.Context(), req)
	require.ErrorIs(t, err, errFault)
}

// A faultyStore panics, or returns neither a file nor an error.
type faultyStore struct{ panics bool }

func (f faultyStore) Put(context.Context, string, []byte) error {
	if f.panics {
		panic("ouch")
	}
	return nil
}

func (f faultyStore) Open(context.Context, string) (io.ReadSeekCloser, error) {
	if f.panics {
		panic("ouch")
	}
	return nil, nil
}

// A faultyFile panics when it is closed.
type faultyFile struct{ io.ReadSeeker }

// An angryReader panics when it is read.
type angryReader struct{ io.ReadSeeker }

func (angryReader) Read([]byte) (int, error) { panic("ouch") }

func (f faultyFile) Close() error { panic("ouch") }

type fileStore struct{ file io.ReadSeeker }

func (f fileStore) Put(context.Context, string, []byte) error { return nil }
func (f fileStore) Open(context.Context, string) (io.ReadSeekCloser, error) {
	return faultyFile{f.file}, nil
}

func TestFaultyStores(t *testing.T) {
	s, _ := service(ramp(t))
	s.Logger = slog.New(slog.DiscardHandler)
	name := strings.Repeat("0", 32) + ".png"
	get := func(store rest.Store, path string) (w *httptest.ResponseRecorder, aborted any) {
		defer func() { aborted = recover() }()
		w = httptest.NewRecorder()
		rest.NewHandler(s, &rest.Options{Output: store}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w, nil
	}
	w, aborted := get(faultyStore{true}, "/exportImage?f=json&size=9,9")
	assert.Nil(t, aborted)
	assert.Equal(t, 500, w.Code)
	for _, store := range []rest.Store{faultyStore{true}, faultyStore{false}, fileStore{nil}} {
		w, aborted = get(store, "/output/"+name+"?f=json")
		assert.Nil(t, aborted)
		assert.Equal(t, 500, w.Code, store)
		assert.Contains(t, w.Body.String(), `"code":500`)
	}
	// A fault after the first byte ends the connection: a client must not take what it has for the whole.
	_, aborted = get(fileStore{angryReader{strings.NewReader("data")}}, "/output/"+name+"?f=json")
	assert.Equal(t, http.ErrAbortHandler, aborted)
	// One after the last does not.
	w, aborted = get(fileStore{strings.NewReader("data")}, "/output/"+name+"?f=json")
	assert.Nil(t, aborted)
	assert.Equal(t, "data", w.Body.String())
}

// A logger that panics takes nothing with it.
func TestAFaultyLogger(t *testing.T) {
	s := openFault(t, func() (raster.Dataset, error) { panic("ouch") })
	s.Logger = slog.New(faultyHandler{})
	bad := context.WithValue(t.Context(), unlucky{}, true)
	w := httptest.NewRecorder()
	rest.NewHandler(s, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/exportImage?f=image", nil).WithContext(bad))
	assert.Equal(t, 500, w.Code)
	_, err := s.Describe(bad)
	checkFault(t, err, "ouch", true)
}

type faultyHandler struct{ slog.Handler }

func (faultyHandler) Enabled(context.Context, slog.Level) bool { return true }
