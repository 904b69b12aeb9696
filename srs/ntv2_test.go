package srs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// gridFile gives one of the files that testdata/ntv2.py makes.
func gridFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return b
}

func mustNTv2(t testing.TB, b []byte) *NTv2 {
	t.Helper()
	g, err := ReadNTv2(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	return g
}

// The table is PROJ's: see testdata/ntv2.py. Its inverse stays in the grid that holds the point it starts from, so that
// next to an edge it gives points that do not lead back, or that no grid holds; such rows hold no inverse for us.
func TestNTv2AgainstPROJ(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("testdata", "ntv2.tsv"))
	require.NoError(t, err)
	for _, name := range []string{"ntv2_le.gsb", "ntv2_be.gsb"} {
		g := mustNTv2(t, gridFile(t, name))
		from, to := g.Systems()
		assert.Equal(t, "OLD NEW", from+" "+to)
		assert.InDelta(t, math.Hypot(0.083, 0.04), g.accuracy, 1e-7)
		compared := map[string]int{}
		for line := range strings.Lines(string(table)) {
			f := strings.Fields(line)
			if strings.HasPrefix(line, "#") {
				continue
			}
			var v [4]float64
			for i := range v {
				if v[i], err = strconv.ParseFloat(f[i+1], 64); f[i+1] == "*" {
					v[i], err = math.NaN(), nil
				}
				require.NoError(t, err)
			}
			// PROJ rounds shifts to 24 bits after it has made radians of them, and its iteration ends at 1e-12.
			const tolerance = 1e-10
			way := g.forward
			if f[0] == "inverse" {
				way = g.inverse
				u, w, ok := g.forward(v[2]*degree, v[3]*degree)
				if !math.IsNaN(v[2]) && (!ok || math.Hypot(u-v[0]*degree, w-v[1]*degree) > 1e-10) {
					continue
				}
			}
			compared[f[0]]++
			lon, lat, ok := way(v[0]*degree, v[1]*degree)
			require.Equal(t, !math.IsNaN(v[2]), ok, line)
			if ok {
				assert.InDelta(t, 0, math.Remainder(lon/degree-v[2], 360), tolerance, line)
				assert.InDelta(t, v[3], lat/degree, tolerance, line)
			}
		}
		assert.Equal(t, 62, compared["forward"])
		assert.Greater(t, compared["inverse"], 40)
	}
}

// There and back returns, also across the edges of finer grids, as long as those agree with the coarser ones there.
func TestNTv2ThereAndBack(t *testing.T) {
	g := mustNTv2(t, gridFile(t, "ntv2_le.gsb"))
	rapid.Check(t, func(t *rapid.T) {
		lon := rapid.Float64Range(-4, 4).Draw(t, "lon") * degree
		lat := rapid.Float64Range(49, 53).Draw(t, "lat") * degree
		turn := 2 * math.Pi * float64(rapid.IntRange(-2, 2).Draw(t, "turn"))
		u, v, ok := g.forward(lon+turn, lat)
		require.True(t, ok)
		u, v, ok = g.inverse(u, v)
		require.True(t, ok)
		w, z, ok := g.forward(u, v)
		require.True(t, ok)
		w0, z0, _ := g.forward(lon+turn, lat)
		// In BETA's and GAMMA's rims, which shift otherwise than what is around them, two points may lead to one place.
		rim := false
		for _, s := range [...]float64{lon/degree + 2, lon/degree + 1.5, lon/degree + 1, lon / degree, lat/degree - 50, lat/degree - 51, lat/degree - 51.5, lat/degree - 52} {
			rim = rim || math.Abs(s) < 2e-3
		}
		if !rim {
			require.InDelta(t, lon+turn, u, 1e-12)
			require.InDelta(t, lat, v, 1e-12)
			require.InDelta(t, w0, w, 1e-12)
			require.InDelta(t, z0, z, 1e-12)
		}
	})
}

// Where shifts change by more than the way, the search for what they shifted does not settle: there is no such point.
func TestNTv2InverseThatDoesNotSettle(t *testing.T) {
	b := gridFile(t, "ntv2_le.gsb")
	n := 0
	eachNode(b, func(node []byte) {
		putFloat32(node[4:], float32(n%2*20000)) // arc seconds, in turn with none
		n++
	})
	g := mustNTv2(t, b)
	found, lost := 0, 0
	for i := range 1000 {
		lon, lat := (-3+float64(i)*0.006)*degree, 51*degree
		u, v, ok := g.inverse(lon, lat)
		if !ok {
			lost++
			require.Equal(t, [2]float64{lon, lat}, [2]float64{u, v})
			continue
		}
		found++
		x, y, ok := g.forward(u, v)
		require.True(t, ok)
		require.InDelta(t, 0, math.Hypot(x-lon, y-lat), 2e-5)
	}
	require.NotZero(t, lost, found)
}

// change writes into a copy of the little endian file.
func change(t testing.TB, at int, with ...any) []byte {
	b := gridFile(t, "ntv2_le.gsb")
	var w bytes.Buffer
	for _, v := range with {
		if s, ok := v.(string); ok {
			v = []byte(s)
		}
		require.NoError(t, binary.Write(&w, binary.LittleEndian, v))
	}
	copy(b[at:], w.Bytes())
	return b
}

func TestBadNTv2(t *testing.T) {
	const first = 176 // ALPHA's header; GAMMA's comes after 35 nodes
	const second = first + 176 + 35*16
	whole := gridFile(t, "ntv2_le.gsb")
	for _, c := range []struct {
		name, reason string
		file         []byte
	}{
		{"empty", "cut short", nil},
		{"text", "NUM_OREC", bytes.Repeat([]byte("x"), 1000)},
		{"records", "11 records", change(t, 8, int32(12))},
		{"no grids", "0 grids", change(t, 40, int32(0))},
		{"negative grids", "-1 grids", change(t, 40, int32(-1))},
		{"many grids", "4097 grids", change(t, 40, int32(4097))},
		{"one grid too many", "cut short", change(t, 40, int32(5))},
		{"unit", "RADIANS", change(t, 56, "RADIANS ")},
		{"count", "has 36 nodes", change(t, first+168, int32(36))},
		{"large count", "nodes", change(t, first+168, int32(math.MaxInt32))},
		{"large grid", "beyond the limit", change(t, first+136, 2.0, "LONG_INC", 2.0, "GS_COUNT", int32(7201*10801))},
		{"no header", "SUB_NAME", change(t, second, "SUB_NAMF")},
		{"no step", "no sense", change(t, first+136, 0.0)},
		{"NaN", "no sense", change(t, first+72, math.NaN())},
		{"infinity", "no sense", change(t, first+104, math.Inf(-1))},
		{"upside down", "no sense", change(t, first+72, 54*3600.0)},
		{"pole", "no sense", change(t, first+88, 91*3600.0)},
		{"one row", "fewer than two", change(t, first+136, 86400.0)},
		{"orphan", "not there", change(t, second+24, "OMEGA   ")},
		{"own parent", "ancestors", change(t, second+24, "BETA    ")},
		{"twice", "comes twice", change(t, second+8, "ALPHA   ")},
	} {
		g, err := ReadNTv2(bytes.NewReader(c.file), int64(len(c.file)))
		bad, ok := errors.AsType[*NTv2Error](err)
		if assert.True(t, ok, "%s: %v", c.name, err) {
			assert.Contains(t, bad.Error(), c.reason, c.name)
		}
		assert.Nil(t, g)
	}
	for n := range len(whole) - 16 { // the END record is not needed
		_, err := ReadNTv2(bytes.NewReader(whole[:n]), int64(n))
		require.Error(t, err, n)
		_, err = ReadNTv2(bytes.NewReader(whole[:n]), int64(len(whole)))
		_, ok := errors.AsType[*NTv2Error](err)
		require.True(t, ok, n)
	}
	broken := errors.New("broken")
	_, err := ReadNTv2(brokenReader{broken}, 1000)
	require.ErrorIs(t, err, broken)
}

type brokenReader struct{ err error }

func (r brokenReader) ReadAt([]byte, int64) (int, error) { return 0, r.err }

// A header that promises more than there is takes no more memory than what is there.
func TestNTv2PromisesTooMuch(t *testing.T) {
	const first = 176
	b := change(t, first+72, -80*3600.0, "N_LAT   ", 80*3600.0, "E_LONG  ", -170*3600.0, "W_LONG  ", 170*3600.0,
		"LAT_INC ", 160*3600.0/4000, "LONG_INC", 340*3600.0/8000, "GS_COUNT", int32(4001*8001))
	var err error
	allocated := testing.Benchmark(func(bench *testing.B) {
		for bench.Loop() {
			_, err = ReadNTv2(bytes.NewReader(b), math.MaxInt64)
		}
	}).AllocedBytesPerOp()
	require.ErrorContains(t, err, "cut short")
	assert.Less(t, allocated, int64(200_000))
}

// Units other than seconds scale the headers' limits and the shifts.
func TestNTv2Units(t *testing.T) {
	seconds := mustNTv2(t, gridFile(t, "ntv2_le.gsb"))
	for unit, scale := range map[string]float64{"MINUTES ": 60, "DEGREES ": 3600} {
		g := mustNTv2(t, scaled(gridFile(t, "ntv2_le.gsb"), unit, scale))
		for _, at := range [][2]float64{{-1.2, 51.3}, {3, 50}, {-3.3, 52.7}} {
			u, v, ok := g.forward(at[0]*degree, at[1]*degree)
			require.True(t, ok)
			x, y, _ := seconds.forward(at[0]*degree, at[1]*degree)
			assert.InDelta(t, x, u, 1e-11)
			assert.InDelta(t, y, v, 1e-11)
		}
	}
}

// scaled is the file in another unit.
func scaled(b []byte, unit string, scale float64) []byte {
	copy(b[56:], unit)
	eachHeader(b, func(header []byte) {
		for i := 4; i < 10; i++ {
			v := header[16*i+8:]
			binary.LittleEndian.PutUint64(v, math.Float64bits(math.Float64frombits(binary.LittleEndian.Uint64(v))/scale))
		}
	})
	eachNode(b, func(node []byte) {
		for v := range slices.Chunk(node[:8], 4) {
			putFloat32(v, math.Float32frombits(binary.LittleEndian.Uint32(v))/float32(scale))
		}
	})
	return b
}

// stretched is the file with everything four times as far from 49° N 2° E: ALPHA then begins at 22° W and ends at 65° N.
func stretched(b []byte) []byte {
	eachHeader(b, func(header []byte) {
		for i, at := range []float64{4: 49, 5: 49, 6: -2, 7: -2, 8: 0, 9: 0} {
			v := header[16*i+8:]
			if i >= 4 {
				value := math.Float64frombits(binary.LittleEndian.Uint64(v)) / 3600
				binary.LittleEndian.PutUint64(v, math.Float64bits((at+4*(value-at))*3600))
			}
		}
	})
	return b
}

func putFloat32(b []byte, v float32) { binary.LittleEndian.PutUint32(b, math.Float32bits(v)) }

func eachHeader(b []byte, do func(header []byte)) {
	for at := 176; string(b[at:at+3]) != "END"; at += 176 + 16*int(binary.LittleEndian.Uint32(b[at+168:])) {
		do(b[at : at+176])
	}
}

func eachNode(b []byte, do func(node []byte)) {
	eachHeader(b, func(header []byte) {
		nodes := header[176 : 176+16*int(binary.LittleEndian.Uint32(header[168:]))]
		for node := range slices.Chunk(nodes, 16) {
			do(node)
		}
	})
}

func FuzzNTv2(f *testing.F) {
	f.Add(gridFile(f, "ntv2_le.gsb"), -1.2, 51.3)
	f.Add(gridFile(f, "ntv2_be.gsb"), 3.0, 49.0)
	f.Fuzz(func(t *testing.T, b []byte, lon, lat float64) {
		if len(b) > 1<<16 {
			t.Skip("large")
		}
		g, err := ReadNTv2(io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))), int64(len(b)))
		if err != nil {
			return
		}
		u, v, ok := g.forward(lon*degree, lat*degree)
		if !ok {
			return
		}
		if math.IsNaN(u) || math.IsNaN(v) {
			t.Fatal("a point that is held has no image")
		}
		g.inverse(u, v)
		g.inverse(lon*degree, lat*degree)
	})
}
