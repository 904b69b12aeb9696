package pngfilter

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func abs(v int) int { return max(v, -v) }

// slowPaeth returns the predictor as section 9.4 of the standard states it.
func slowPaeth(a, b, c int) int {
	p := a + b - c
	pa, pb, pc := abs(p-a), abs(p-b), abs(p-c)
	if pa <= pb && pa <= pc {
		return a
	}
	if pb <= pc {
		return b
	}
	return c
}

// slowFilter applies a filter as section 9.2 states it, one byte at a time.
func slowFilter(filter int, cur, prev []byte, pixel int) (row []byte, cost int) {
	row = []byte{byte(filter)}
	for i, x := range cur {
		a, b, c := 0, int(prev[i]), 0
		if i >= pixel {
			a, c = int(cur[i-pixel]), int(prev[i-pixel])
		}
		v := x - byte([...]int{0, a, b, (a + b) / 2, slowPaeth(a, b, c)}[filter])
		row = append(row, v)
		cost += abs(int(int8(v)))
	}
	return row, cost
}

func TestFilterAgreesWithTheStandard(t *testing.T) {
	var f Chooser
	rapid.Check(t, func(t *rapid.T) {
		pixel := rapid.SampledFrom([]int{1, 2, 3, 4, 6, 8}).Draw(t, "pixel")
		n := pixel * rapid.IntRange(1, 70).Draw(t, "width")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		mask := rapid.SampledFrom([]byte{0xff, 0x0f, 0x80, 0x00, 0x01}).Draw(t, "mask") // of little and of much
		cur, prev := make([]byte, pixel+n), make([]byte, pixel+n)
		for i := pixel; i < len(cur); i++ {
			cur[i], prev[i] = byte(r.Uint32())&mask, byte(r.Uint32())&mask
			if i%3 == 0 {
				cur[i] = prev[i] + 1
			}
		}
		var best []byte
		least := -1
		for filter := range filterCount {
			row, cost := slowFilter(filter, cur[pixel:], prev[pixel:], pixel)
			if least < 0 || cost < least {
				best, least = row, cost
			}
		}
		require.Equal(t, best, f.Filter(cur, prev, pixel))
		for filter := range filterCount {
			want, wantCost := slowFilter(filter, cur[pixel:], prev[pixel:], pixel)
			dst := make([]byte, n)
			left, corner := cur[:n], prev[:n]
			var cost int
			switch filter {
			case None:
				copy(dst, cur[pixel:])
				cost = costNone(dst)
			case Sub:
				cost = difference(dst, cur[pixel:], left)
			case Up:
				cost = difference(dst, cur[pixel:], prev[pixel:])
			case Average:
				cost = average(dst, cur[pixel:], left, prev[pixel:])
			case Paeth:
				cost = paeth(dst, cur[pixel:], left, prev[pixel:], corner)
			}
			require.Equal(t, want[1:], dst, "filter %d", filter)
			require.Equal(t, wantCost, cost, "filter %d", filter)
		}
	})
}

// TestLanesAgreeForAllBytes tries every pair and triple of bytes, each with different neighbours in the other lanes.
func TestLanesAgreeForAllBytes(t *testing.T) {
	bytes8 := func(v uint64) (b [8]byte) { binary.LittleEndian.PutUint64(b[:], v); return b }
	r := rand.New(rand.NewPCG(1, 2))
	for a := range 256 {
		for b := range 256 {
			lane := 8 * (b % 8)
			x := r.Uint64()&^(0xff<<lane) | uint64(a)<<lane
			y := r.Uint64()&^(0xff<<lane) | uint64(b)<<lane
			xs, ys, ds, ms := bytes8(x), bytes8(y), bytes8(sub8(x, y)), bytes8(average8(x, y))
			cost := 0
			for i := range xs {
				if ds[i] != xs[i]-ys[i] || int(ms[i]) != (int(xs[i])+int(ys[i]))/2 {
					t.Fatalf("%#x and %#x: difference %#x, average %#x", x, y, ds, ms)
				}
				cost += abs(int(int8(xs[i])))
			}
			if got := cost8(x); got != cost {
				t.Fatalf("cost of %#x is %d, want %d", x, got, cost)
			}
		}
	}
	step := 1
	if testing.Short() {
		step = 7
	}
	for a := 0; a < 256; a += step {
		for b := range uint64(256) {
			for c := uint64(0); c < 256; c += 4 {
				as, bs := uint64(a)*ones16, (255-b)<<48|b<<32|b<<16|b
				cs := (c+3)<<48 | (c+2)<<32 | (c+1)<<16 | c
				got := paeth16(as, bs, cs)
				for lane := range 4 {
					s := 16 * lane
					want := slowPaeth(a, int(bs>>s&0xffff), int(cs>>s&0xffff))
					if int(got>>s&0xffff) != want {
						t.Fatal(fmt.Sprint(a, bs>>s&0xffff, cs>>s&0xffff, want))
					}
				}
			}
		}
	}
}

// The differences of this machine and those in lanes agree, for every triple of neighbours and for rows of any length.
func TestDifferencesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	n := 256 * 16
	cur, left, up, corner := make([]byte, n), make([]byte, n), make([]byte, n), make([]byte, n)
	var got, want [filterCount][]byte
	for i := range got {
		got[i], want[i] = make([]byte, n), make([]byte, n)
	}
	step := 1
	if testing.Short() {
		step = 7
	}
	for a := 0; a < 256; a += step {
		for c := range 16 {
			for i := range n {
				cur[i], left[i], up[i], corner[i] = byte(r.Uint32()), byte(a), byte(i/16), byte(16*c+i%16)
			}
			costs := differences(&got, cur, left, up, corner)
			require.Equal(t, differencesLanes(&want, cur, left, up, corner), costs)
			for i := Sub; i < filterCount; i++ {
				require.True(t, bytes.Equal(want[i], got[i]), "filter %d, a %d", i, a)
			}
		}
	}
	for n := range 70 {
		for i := range got {
			got[i], want[i] = make([]byte, n), make([]byte, n)
		}
		costs := differences(&got, cur[:n], left[:n], up[:n], corner[:n])
		require.Equal(t, differencesLanes(&want, cur[:n], left[:n], up[:n], corner[:n]), costs)
		require.Equal(t, want, got)
	}
}

func BenchmarkDifferences(b *testing.B) {
	const n = 1 << 12
	r := rand.New(rand.NewPCG(5, 6))
	rows := make([][]byte, 4)
	for i := range rows {
		rows[i] = make([]byte, n)
		for x := range rows[i] {
			rows[i][x] = byte(r.Uint32())
		}
	}
	var out [filterCount][]byte
	for i := range out {
		out[i] = make([]byte, n)
	}
	for _, f := range []struct {
		name string
		do   func(*[filterCount][]byte, []byte, []byte, []byte, []byte) [filterCount]int
	}{{"used", differences}, {"lanes", differencesLanes}} {
		b.Run(f.name, func(b *testing.B) {
			b.SetBytes(n)
			for b.Loop() {
				f.do(&out, rows[0], rows[1], rows[2], rows[3])
			}
		})
	}
}
