package rest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"image"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
)

// indexedName is the location in the indexes of mosaic's testdata that is replaced by hostile ones, which are as long.
const indexedName = "olinda_coarse.tif"

// strangersLocations get at what lies beside the folder, or elsewhere.
var strangersLocations = []string{
	"../outside/se.tif", "sub/../../out.tif", "..\\outside\\s.tif", "%2e%2e/out/s.tif", "file:///etc/hosts", "http://127.0.0.1/",
	"http://localhost/", "//server/share/a", "\\\\server\\share\\a", "C:\\windows\\a.tif", "/etc/hosts/a/b/c", "escape/secret.tif",
}

// strangersFolder is a folder with a raster, a link to a folder beside it, and the indexes, in which the location of one
// item is replaced.
func strangersFolder(t *testing.T, location string) *os.Root {
	dir := t.TempDir()
	folder, outside := filepath.Join(dir, "folder"), filepath.Join(dir, "outside")
	require.NoError(t, os.Mkdir(folder, 0o777))
	require.NoError(t, os.Mkdir(outside, 0o777))
	secret := (&tiffmake.File{Size: image.Pt(8, 8), EPSG: 4326, Geographic: true,
		Sample: func(_, _, _, _ int) float64 { return 1 }}).NorthUp(-35, -7, 1).Bytes()
	for _, name := range []string{"secret.tif", "se.tif", "s.tif"} {
		require.NoError(t, os.WriteFile(filepath.Join(outside, name), secret, 0o666))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "out.tif"), secret, 0o666))
	require.NoError(t, os.Symlink("../outside", filepath.Join(folder, "escape")))
	for _, name := range []string{"index.dbf", "index.geojson", "index.gpkg.gz", "index.prj", "index.shp"} {
		data, err := os.ReadFile("../../mosaic/testdata/" + name)
		require.NoError(t, err)
		if base, ok := strings.CutSuffix(name, ".gz"); ok {
			z, err := gzip.NewReader(bytes.NewReader(data))
			require.NoError(t, err)
			data, err = io.ReadAll(z)
			require.NoError(t, err)
			name = base
		}
		spelled := location
		if name == "index.geojson" {
			spelled = strings.ReplaceAll(location, `\`, `\\`)
		}
		data = bytes.ReplaceAll(data, []byte(indexedName), fmt.Appendf(nil, "%-*s", len(indexedName), spelled))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), data, 0o666))
	}
	root, err := os.OpenRoot(folder)
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

// TestStrangersIndexes: a service over an index that somebody else wrote opens nothing outside the index's folder,
// whatever the index says; the answer names the item and tells nothing of the machine.
func TestStrangersIndexes(t *testing.T) {
	for _, location := range strangersLocations {
		for _, index := range []string{"index.shp", "index.gpkg", "index.geojson"} {
			t.Run(location+" in "+index, func(t *testing.T) {
				root := strangersFolder(t, location)
				var mu sync.Mutex
				var read []string
				items, err := mosaic.TileIndex(t.Context(), root.FS(), index, &mosaic.FeatureOptions{
					Open: func(ctx context.Context, location string) (raster.Dataset, error) {
						f, err := source.OpenFS(root.FS(), location)
						if err != nil {
							return nil, err
						}
						mu.Lock()
						read = append(read, location)
						mu.Unlock()
						return geotiff.Open(ctx, f, nil)
					}})
				require.NoError(t, err)
				service := &exportimage.Service{Catalog: mosaic.Slice(items), Logger: servicetest.Logger(io.Discard)}
				handler := rest.NewHandler(service, nil)
				for _, query := range []string{"f=image", "f=json", "f=html", "f=image&size=16,16&bbox=-35,-9,-34,-7&bboxSR=4326"} {
					w := httptest.NewRecorder()
					handler.ServeHTTP(w, httptest.NewRequest("GET", "/exportImage?"+query, nil))
					assert.NotEqual(t, http.StatusOK, w.Code)
					assert.NotContains(t, w.Body.String(), filepath.Dir(root.Name()))
					if strings.HasPrefix(query, "f=image") {
						named := strings.Trim(fmt.Sprintf("%q", strings.TrimSpace(location)), `"`)
						assert.Contains(t, strings.ReplaceAll(w.Body.String(), `\\\\`, `\\`), named)
					}
				}
				assert.Empty(t, read)
			})
		}
	}
}

// TestStrangersFolder: nor does a service over a folder of rasters follow a link out of it, or a row of its table.
func TestStrangersFolder(t *testing.T) {
	root := strangersFolder(t, indexedName)
	open := func(context.Context, string) (raster.Dataset, error) { panic("opened") }
	require.NoError(t, root.Symlink("../outside/secret.tif", "link.tif"))
	_, err := mosaic.Folder(t.Context(), root.FS(), &mosaic.FolderOptions{Open: open})
	require.ErrorContains(t, err, "link.tif")
	assert.NotContains(t, err.Error(), filepath.Dir(root.Name()))
	require.NoError(t, root.Remove("link.tif"))

	require.NoError(t, root.WriteFile("b.tif", nil, 0o666))
	for _, file := range append(strangersLocations, "b.tif/../../outside/secret.tif", "b.tif\x00") {
		require.NoError(t, root.WriteFile("catalog.csv", []byte("file,name\n\""+file+"\",x\n"), 0o666))
		_, err := mosaic.Folder(t.Context(), root.FS(), &mosaic.FolderOptions{Open: open})
		require.ErrorContains(t, err, "line 2", file)
	}
}

// TestStrangersLinks: links out of the folder are not followed either where the mounter's own code would follow them, in
// indexes and in folders, unless FollowLinks is set or an entry of Allow begins with the link.
func TestStrangersLinks(t *testing.T) {
	const location = "escape/secret.tif"
	folder := strangersFolder(t, location).Name()
	fsys := os.DirFS(folder)
	read := 0
	open := func(ctx context.Context, location string) (raster.Dataset, error) {
		read++
		f, err := source.OpenFS(fsys, location)
		if err != nil {
			return nil, err
		}
		return geotiff.Open(ctx, f, nil)
	}
	ask := func(items mosaic.Slice) (int, string) {
		handler := rest.NewHandler(&exportimage.Service{Catalog: items, Logger: servicetest.Logger(io.Discard)}, nil)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", "/exportImage?f=image&size=16,16&bbox=-35,-9,-34,-7&bboxSR=4326", nil))
		return w.Code, w.Body.String()
	}
	refused := func(items mosaic.Slice) {
		for _, it := range items {
			if it.Name == location {
				_, err := it.Open(t.Context())
				require.ErrorAs(t, err, new(*mosaic.LocationError))
				require.ErrorContains(t, err, "symbolic link")
			}
		}
	}
	for _, index := range []string{"index.shp", "index.gpkg", "index.geojson"} {
		items, err := mosaic.TileIndex(t.Context(), fsys, index, &mosaic.FeatureOptions{Open: open})
		require.NoError(t, err)
		read = 0
		code, text := ask(items)
		assert.NotEqual(t, http.StatusOK, code)
		assert.Contains(t, text, location)
		assert.Zero(t, read)
		refused(items)
		for _, allowed := range []*mosaic.FeatureOptions{{FollowLinks: true}, {Allow: []string{"escape/"}}} {
			allowed.Open = open
			items, err := mosaic.TileIndex(t.Context(), fsys, index, allowed)
			require.NoError(t, err)
			for _, it := range items {
				if it.Name == location {
					_, err = it.Open(t.Context())
					require.NoError(t, err)
				}
			}
		}
	}
	collection, err := os.ReadFile(filepath.Join(folder, "index.geojson"))
	require.NoError(t, err)
	items, err := mosaic.Features(bytes.NewReader(collection), &mosaic.FeatureOptions{Open: open, Folder: fsys})
	require.NoError(t, err)
	read = 0
	code, text := ask(items)
	assert.NotEqual(t, http.StatusOK, code)
	assert.Contains(t, text, location)
	assert.Zero(t, read)
	refused(items)

	for _, name := range []string{"index.dbf", "index.prj"} {
		require.NoError(t, os.Rename(filepath.Join(folder, name), filepath.Join(filepath.Dir(folder), name)))
		require.NoError(t, os.Symlink("../"+name, filepath.Join(folder, name)))
		_, err = mosaic.TileIndex(t.Context(), fsys, "index.shp", &mosaic.FeatureOptions{Open: open})
		require.ErrorAs(t, err, new(*mosaic.LinkError), name)
		_, err = mosaic.TileIndex(t.Context(), fsys, "index.shp", &mosaic.FeatureOptions{Open: open, FollowLinks: true})
		require.NoError(t, err)
		require.NoError(t, os.Remove(filepath.Join(folder, name)))
		require.NoError(t, os.Rename(filepath.Join(filepath.Dir(folder), name), filepath.Join(folder, name)))
	}

	require.NoError(t, os.Symlink("../outside/secret.tif", filepath.Join(folder, "link.tif")))
	_, err = mosaic.Folder(t.Context(), fsys, &mosaic.FolderOptions{Open: open})
	require.ErrorAs(t, err, new(*mosaic.LinkError))
	followed, err := mosaic.Folder(t.Context(), fsys, &mosaic.FolderOptions{Open: open, FollowLinks: true})
	require.NoError(t, err)
	require.Len(t, followed, 1)
}
