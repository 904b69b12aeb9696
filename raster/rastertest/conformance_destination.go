package rastertest

import (
	"errors"
	"image"
	"testing"

	"github.com/geoexport/geoexport/raster"
)

// testDestinations checks that reads into a destination give what other reads give, and that the dataset neither reads
// the destination nor keeps it.
func testDestinations(t testing.TB, ds raster.Dataset) {
	info := ds.Info()
	last := len(info.Bands) - 1
	var buf raster.Buffer
	for l, size := range info.Levels {
		for i, win := range windows(whole(size), uint64(200+l))[:10] {
			var bands []int
			if i%3 == 2 {
				bands = []int{last, 0}
			}
			want := clone(read(t, ds, l, win, bands))
			dst := buf.Block(info.Type, len(want.Bands), win)
			scribble(dst)
			if i%2 == 1 {
				dst.Valid = nil
			}
			got, err := checkedReadInto(t.Context(), dst, ds, l, win, bands)
			if err != nil {
				t.Fatalf("into a destination: %v", err)
			}
			if d := Diff(want, got); d != "" {
				t.Errorf("level %d: window %v read into a destination: %s", l, win, d)
			}
			if got == dst && dst.Valid != nil && dst.Valid.Rect != win {
				t.Errorf("level %d: window %v read into a destination: the validity plane is %v", l, win, dst.Valid.Rect)
			}
			scribble(dst)
			if got != dst {
				if d := Diff(want, got); d != "" {
					t.Errorf("level %d: window %v: the block is not the destination, but shares its memory: %s", l, win, d)
				}
			}
			if d := Diff(want, read(t, ds, l, win, bands)); d != "" {
				t.Errorf("level %d: window %v after its destination was written to: %s", l, win, d)
			}
		}
	}
	testWrongDestinations(t, ds)
}

func testWrongDestinations(t testing.TB, ds raster.Dataset) {
	info := ds.Info()
	n, win := len(info.Bands), image.Rect(0, 0, 1, 1)
	other := raster.F64
	if info.Type == other {
		other = raster.U8
	}
	aside := win.Add(image.Pt(1, 0))
	right := func() *raster.Block { return raster.NewBlock(info.Type, n, win) }
	mixed, holes := right(), right()
	mixed.Bands[n-1] = raster.NewPlanes(info.Type, 1, aside)[0]
	holes.Valid = image.NewAlpha(aside)
	disguised := raster.NewBlock(other, n, win)
	disguised.Type = info.Type
	for _, c := range []struct {
		name  string
		dst   *raster.Block
		bands []int
	}{
		{"of another type", raster.NewBlock(other, n, win), nil},
		{"with planes of another type", disguised, nil},
		{"of no type", &raster.Block{}, nil},
		{"with a band too many", raster.NewBlock(info.Type, n+1, win), nil},
		{"with a band too few", raster.NewBlock(info.Type, n, win), make([]int, n+1)},
		{"elsewhere", raster.NewBlock(info.Type, n, aside), nil},
		{"too large", raster.NewBlock(info.Type, n, image.Rect(0, 0, 2, 1)), nil},
		{"with a plane elsewhere", mixed, nil},
		{"with its validity elsewhere", holes, nil},
	} {
		_, err := ds.Read(t.Context(), c.dst, 0, win, c.bands)
		if _, ok := errors.AsType[*raster.DestinationError](err); !ok {
			t.Errorf("a destination %s: %v, want a *raster.DestinationError", c.name, err)
		}
	}
}

// clone returns a copy of b in memory of its own.
func clone(b *raster.Block) *raster.Block {
	c := raster.NewBlock(b.Type, len(b.Bands), b.Bounds())
	for i, p := range b.Bands {
		raster.Copy(c.Bands[i], p, p.Bounds())
	}
	c.Valid = b.CopyValid()
	return c
}

// scribble writes to all of a block, as its owner may.
func scribble(b *raster.Block) {
	for _, p := range b.Bands {
		switch p := p.(type) {
		case *raster.PlaneOf[uint8]:
			scribbleOn(p)
		case *raster.PlaneOf[int8]:
			scribbleOn(p)
		case *raster.PlaneOf[uint16]:
			scribbleOn(p)
		case *raster.PlaneOf[int16]:
			scribbleOn(p)
		case *raster.PlaneOf[uint32]:
			scribbleOn(p)
		case *raster.PlaneOf[int32]:
			scribbleOn(p)
		case *raster.PlaneOf[float32]:
			scribbleOn(p)
		case *raster.PlaneOf[float64]:
			scribbleOn(p)
		case *raster.PlaneOf[complex64]:
			scribbleOn(p)
		case *raster.PlaneOf[complex128]:
			scribbleOn(p)
		}
	}
	if b.Valid != nil {
		for i := range b.Valid.Pix {
			b.Valid.Pix[i] = uint8(i) | 1
		}
	}
}

func scribbleOn[T raster.Sample](p *raster.PlaneOf[T]) {
	const odd = 85
	for i := range p.Pix {
		p.Pix[i] = odd
	}
}
