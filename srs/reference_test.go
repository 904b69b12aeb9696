package srs

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReferencePoints checks every supported code in a larger set of points, made with PROJ without grids, which is not
// part of this project: the columns are code, authority, longitude and latitude on WGS 84, x, y and more.
func TestReferencePoints(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "reference", "srs")
	for _, name := range []string{"srs_points.dev.tsv.gz", "srs_points_deprecated.dev.tsv.gz"} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(filepath.Join(dir, name))
			if errors.Is(err, fs.ErrNotExist) {
				t.Skipf("%s is not there", filepath.Join(dir, name))
			}
			require.NoError(t, err)
			defer f.Close()
			z, err := gzip.NewReader(f)
			require.NoError(t, err)

			world := mustCRS(t, 4326)
			codes, rows, worst := map[int]bool{}, 0, 0.0
			s := bufio.NewScanner(z)
			for s.Scan() {
				field := strings.Split(s.Text(), "\t")
				if strings.HasPrefix(field[0], "#") {
					continue
				}
				var v [4]float64
				for i := range v {
					v[i], err = strconv.ParseFloat(field[2+i], 64)
					require.NoError(t, err)
				}
				wkid, err := strconv.Atoi(field[0])
				require.NoError(t, err)
				crs, err := FromWKID(wkid)
				if err != nil {
					continue
				}
				codes[wkid] = true
				rows++
				tr, err := NewTransformer(world, crs)
				require.NoError(t, err)
				metres := crs.Unit()
				if crs.Geographic() {
					metres *= 6378137
				}
				xs, ys := []float64{v[0]}, []float64{v[1]}
				require.Zero(t, tr.Transform(xs, ys), s.Text())
				off := math.Hypot(xs[0]-v[2], ys[0]-v[3]) * metres
				assert.Less(t, off, 2e-3, s.Text())
				worst = max(worst, off)

				xs, ys = []float64{v[2]}, []float64{v[3]}
				require.Zero(t, tr.Inverse().Transform(xs, ys), s.Text())
				assert.Less(t, math.Hypot(xs[0]-v[0], ys[0]-v[1])*degree*6378137, 2e-3, s.Text())
			}
			require.NoError(t, s.Err())
			t.Logf("%d codes, %d points, at most %.2g m off", len(codes), rows, worst)
		})
	}
}
