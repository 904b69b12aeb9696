package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// eachStore runs a test with a store of either kind, in a bubble whose clock can be put forward.
func eachStore(t *testing.T, l rest.StoreLimits, test func(t *testing.T, s rest.Store)) {
	t.Run("memory", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { test(t, rest.NewMemoryStore(l)) })
	})
	t.Run("directory", func(t *testing.T) {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			s, err := rest.OpenDirectoryStore(dir, l)
			require.NoError(t, err)
			defer s.Close()
			test(t, s)
		})
	})
}

func href(t testing.TB, h http.Handler, query string) *url.URL {
	t.Helper()
	var got struct{ Href string }
	w := get(h, "/exportImage?f=json&"+query)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
	u, err := url.Parse(got.Href)
	require.NoError(t, err)
	return u
}

// T95: the link gives the image's bytes under a name that nobody guesses, and after a while a 404.
func TestT95LinksGiveThePictureForAWhile(t *testing.T) {
	eachStore(t, rest.StoreLimits{Age: time.Minute}, func(t *testing.T, store rest.Store) {
		s, _ := service(world(t))
		s.Formats = nil
		h := rest.NewHandler(s, &rest.Options{Output: store, AlwaysOK: true, BaseURL: "https://maps.example.org/x/ImageServer"})

		for format, media := range map[string]string{"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "jpgpng": "image/jpeg"} {
			query := "bbox=0,0,10,10&size=20,20&format=" + format
			want := get(h, "/exportImage?f=image&"+query)
			u := href(t, h, query)
			assert.Equal(t, "maps.example.org", u.Host)
			assert.Regexp(t, `^/x/ImageServer/output/[0-9a-f]{32}\.(png|jpg|gif)$`, u.Path)
			got := get(h, u.RequestURI())
			assert.Equal(t, want.Body.Bytes(), got.Body.Bytes())
			assert.Equal(t, media, got.Header().Get("Content-Type"))
			assert.Equal(t, "nosniff", got.Header().Get("X-Content-Type-Options"))
			assert.Equal(t, "*", got.Header().Get("Access-Control-Allow-Origin"))
			assert.NotEmpty(t, got.Header().Get("Cache-Control"))

			head := do(h, httptest.NewRequest(http.MethodHead, u.RequestURI(), nil))
			assert.Zero(t, head.Body.Len())
			assert.Equal(t, fmt.Sprint(got.Body.Len()), head.Header().Get("Content-Length"))
			part := httptest.NewRequest(http.MethodGet, u.RequestURI(), nil)
			part.Header.Set("Range", "bytes=1-3")
			assert.Equal(t, want.Body.Bytes()[1:4], do(h, part).Body.Bytes())
			known := httptest.NewRequest(http.MethodGet, u.RequestURI(), nil)
			known.Header.Set("If-None-Match", got.Header().Get("ETag"))
			assert.Equal(t, http.StatusNotModified, do(h, known).Code)

			// A 404 beside it, even where errors are sent as successes.
			for _, other := range []string{u.Path + ".aux.xml", path.Dir(u.Path), path.Dir(u.Path) + "/"} {
				assert.Equal(t, http.StatusNotFound, get(h, other).Code, other)
			}
		}
		u := href(t, h, "size=5,5")
		assert.NotEqual(t, u.Path, href(t, h, "size=5,5").Path, "equal requests have names of their own")
		time.Sleep(time.Minute)
		assert.Equal(t, http.StatusNotFound, get(h, u.RequestURI()).Code)
	})
}

func TestT95NoPathLeadsOutOfTheStore(t *testing.T) {
	outside := t.TempDir()
	inside := filepath.Join(outside, "store")
	require.NoError(t, os.Mkdir(inside, 0o700))
	const name = "00000000000000000000000000000000.png"
	require.NoError(t, os.WriteFile(filepath.Join(outside, name), []byte("secret"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(inside, "mine.png"), []byte("secret"), 0o600))
	store, err := rest.OpenDirectoryStore(inside, rest.StoreLimits{})
	require.NoError(t, err)
	defer store.Close()
	s, _ := service(world(t))
	h := rest.NewHandler(s, &rest.Options{Output: store})
	for _, target := range []string{
		"/output/", "/output", "/output/mine.png", "/output/../" + name, "/output/..%2f" + name, "/output/%2e%2e/" + name,
		"/output/" + name, "/output/" + name + "%00", "/output/..%5c" + name, "/output//" + name, "/output/" + outside + "/" + name,
	} {
		w := get(h, target)
		assert.GreaterOrEqual(t, w.Code, 400, target)
		assert.NotContains(t, w.Body.String(), "secret", target)
	}
	for _, bad := range []string{"../" + name, "mine.png", "", "/etc/passwd", name + "\x00"} {
		_, err := store.Open(context.Background(), bad)
		assert.ErrorIs(t, err, fs.ErrNotExist, bad)
		assert.ErrorIs(t, store.Put(context.Background(), bad, nil), fs.ErrInvalid, bad)
	}
}

// T95: 10 000 files stay under the quota, and the newest are there.
func TestT95ManyFilesStayUnderTheQuota(t *testing.T) {
	const quota, size = 100_000, 1000
	eachStore(t, rest.StoreLimits{Bytes: quota}, func(t *testing.T, store rest.Store) {
		ctx := context.Background()
		name := func(i int) string { return fmt.Sprintf("%032x.png", i) }
		there := func(i int) bool {
			f, err := store.Open(ctx, name(i))
			if err != nil {
				require.ErrorIs(t, err, fs.ErrNotExist)
				return false
			}
			defer f.Close()
			data, err := io.ReadAll(f)
			require.NoError(t, err)
			return bytes.Equal(data, bytes.Repeat([]byte{byte(i)}, size))
		}
		const files = 10_000
		for i := range files {
			require.NoError(t, store.Put(ctx, name(i), bytes.Repeat([]byte{byte(i)}, size)))
		}
		for i := range files {
			assert.Equal(t, i >= files-quota/size, there(i), i)
		}
		err := store.Put(ctx, name(files), make([]byte, quota+1))
		var e *exportimage.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, exportimage.TooLarge, e.Kind)
		assert.True(t, there(files-1), "what does not fit drives nothing out")
	})
}

// A directory's files outlive the program, for as long as they would have; others' are not touched.
func TestDirectoryStoreGoesOn(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	name := func(i int) string { return fmt.Sprintf("%032x.png", i) }
	open := func(l rest.StoreLimits) *rest.DirectoryStore {
		s, err := rest.OpenDirectoryStore(dir, l)
		require.NoError(t, err)
		t.Cleanup(func() { s.Close() })
		return s
	}
	first := open(rest.StoreLimits{})
	for i := range 3 {
		require.NoError(t, first.Put(ctx, name(i), []byte("picture")))
	}
	old := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(dir, name(0)), old, old))
	for _, other := range []string{"notes.txt", name(9) + ".part"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, other), nil, 0o600))
		require.NoError(t, os.Chtimes(filepath.Join(dir, other), old, old))
	}
	second := open(rest.StoreLimits{Bytes: 7})
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	assert.Equal(t, []string{name(2), "notes.txt"}, names)
	f, err := second.Open(ctx, name(2))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	_, err = rest.OpenDirectoryStore(filepath.Join(dir, "nosuch"), rest.StoreLimits{})
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestStoresAreSafeForConcurrentUse(t *testing.T) {
	dir, err := rest.OpenDirectoryStore(t.TempDir(), rest.StoreLimits{Bytes: 500})
	require.NoError(t, err)
	defer dir.Close()
	for _, store := range []rest.Store{dir, rest.NewMemoryStore(rest.StoreLimits{Bytes: 500})} {
		var group sync.WaitGroup
		for g := range 8 {
			group.Go(func() {
				for i := range 50 {
					name := fmt.Sprintf("%032x.png", g<<16+i)
					assert.NoError(t, store.Put(context.Background(), name, []byte(name)))
					if f, err := store.Open(context.Background(), name); err == nil {
						data, err := io.ReadAll(f)
						assert.NoError(t, err)
						assert.Equal(t, name, string(data))
						assert.NoError(t, f.Close())
					} else {
						assert.ErrorIs(t, err, fs.ErrNotExist)
					}
				}
			})
		}
		group.Wait()
	}
}

// The number of files is bounded, since many small files could take less than their names do.
func TestStoresHoldSoManyFiles(t *testing.T) {
	eachStore(t, rest.StoreLimits{Files: 3}, func(t *testing.T, store rest.Store) {
		name := func(i int) string { return fmt.Sprintf("%032x.png", i) }
		for i := range 5 {
			require.NoError(t, store.Put(t.Context(), name(i), nil))
		}
		for i := range 5 {
			f, err := store.Open(t.Context(), name(i))
			assert.Equal(t, i >= 2, err == nil, i)
			if err == nil {
				require.NoError(t, f.Close())
			}
		}
	})
}
