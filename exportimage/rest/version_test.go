package rest_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/worldfile"
)

// flat is a PNG file of one value.
func flat(t *testing.T, v uint8) []byte {
	m := image.NewGray(image.Rect(0, 0, 100, 100))
	for i := range m.Pix {
		m.Pix[i] = v
	}
	var buf bytes.Buffer
	require.NoError(t, png.Encode(&buf, m))
	return buf.Bytes()
}

// TestPicturesThatChangeUnderReaders: while pictures with world files are replaced and written over, each answer is of
// one version or an error that names the raster; in the end, the answer and its tag are those of the last version.
func TestPicturesThatChangeUnderReaders(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.png")
	write := func(file string, data []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), data, 0o600))
	}
	versions := [3][]byte{nil, flat(t, 50), flat(t, 200)}
	world := []byte("1\n0\n0\n-1\n.5\n99.5\n")
	write("a.png", versions[1])
	write("a.pgw", world)
	write("a.prj", []byte("EPSG:32618"))
	fsys := os.DirFS(dir)
	pool := mosaic.NewPool(0, func(ctx context.Context, file string) (raster.Dataset, error) {
		p, err := worldfile.Open(ctx, fsys, file, nil)
		if err != nil {
			return nil, err
		}
		return p, nil
	})
	items, err := mosaic.Folder(t.Context(), fsys, &mosaic.FolderOptions{Open: pool.Open, Extensions: []string{".png"}})
	require.NoError(t, err)
	h := rest.NewHandler(&exportimage.Service{Catalog: items}, nil)
	// read returns the version of an image, 0 for an error.
	read := func(target string) int {
		w := get(h, target)
		if w.Code != http.StatusOK {
			assert.Contains(t, w.Body.String(), `raster \"a\"`)
			want := http.StatusInternalServerError // a picture that is half written cannot be opened
			if strings.Contains(w.Body.String(), "it changed") {
				want = http.StatusServiceUnavailable
			}
			assert.Equal(t, want, w.Code)
			return 0
		}
		m, err := png.Decode(w.Body)
		if !assert.NoError(t, err) {
			return 0
		}
		value := func(x, y int) uint8 { return color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y }
		first := value(0, 0)
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				if v := value(x, y); v != first {
					t.Errorf("an image of %d and %d", first, v)
					return 0
				}
			}
		}
		return map[uint8]int{50: 1, 200: 2}[first]
	}
	const whole = "/exportImage?bbox=0,0,100,100&size=100,100&f=image&format=png"
	before := get(h, whole).Header().Get("ETag")
	require.NotEmpty(t, before)

	stop := make(chan struct{})
	var counts [3]atomic.Int64
	var running sync.WaitGroup
	for i := range 8 {
		running.Go(func() {
			targets := []string{whole, strings.Replace(whole, "100,100&size=100,100", "60,60&size=30,30", 1)}
			for {
				select {
				case <-stop:
					return
				default:
					counts[read(targets[i%2])].Add(1)
				}
			}
		})
	}
	for n := 2; n < 14; n++ {
		if data := versions[1+n%2]; n%3 == 0 {
			write("b.new", data)
			require.NoError(t, os.Rename(filepath.Join(dir, "b.new"), name))
		} else {
			write("a.png", data)
			write("a.pgw", world)
		}
		time.Sleep(time.Duration(50+n*17%200) * time.Millisecond)
	}
	write("a.png", versions[2])
	close(stop)
	running.Wait()
	t.Logf("images of version 1: %d, of version 2: %d, errors: %d", counts[1].Load(), counts[2].Load(), counts[0].Load())
	require.Equal(t, 2, read(whole))
	after := get(h, whole).Header().Get("ETag")
	require.NotEmpty(t, after)
	require.NotEqual(t, before, after)

	require.NoError(t, os.Remove(filepath.Join(dir, "a.pgw")))
	require.Zero(t, read(whole), "a picture without a world file lies nowhere")
	write("a.pgw", world)
	require.Equal(t, 2, read(whole))
	require.NoError(t, pool.Close())
}

// A raster that goes on changing is a reason to try again later. The answer names it and says no more.
func TestAnswerAboutARasterThatChanges(t *testing.T) {
	s, _ := service(changes{world(t)})
	s.Formats = nil
	w := get(rest.NewHandler(s, nil), documented+"&f=image")
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.NotEmpty(t, w.Header().Get("Retry-After"))
	require.Contains(t, w.Body.String(), `it changed while it was read`)
	require.NotContains(t, w.Body.String(), "secret")

	s.SkipUnreadable = true
	require.Equal(t, http.StatusOK, get(rest.NewHandler(s, nil), documented+"&f=image").Code)
}

// changes is a raster that changes at every read.
type changes struct{ raster.Dataset }

func (changes) Read(context.Context, *raster.Block, int, image.Rectangle, []int) (*raster.Block, error) {
	return nil, &source.ChangedError{Name: "/secret/a.tif"}
}
