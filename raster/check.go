package raster

import (
	"context"
	"fmt"
	"image"
	"reflect"
	"slices"

	"github.com/geoexport/geoexport/internal/guard"
)

// A ContractError reports a dataset that does not keep what Dataset promises.
type ContractError struct{ Reason string }

func (e *ContractError) Error() string { return "raster: a dataset breaks its contract: " + e.Reason }

func broken(format string, args ...any) *ContractError {
	return &ContractError{fmt.Sprintf(format, args...)}
}

// A Checked is a dataset of which nothing is taken on trust: a panic in it is an error, and so is a block that is not what
// was asked for. It looks at shapes and not at samples, so that it costs nothing a pixel. Check makes one; the zero value
// has no dataset, and reading from it is an error.
type Checked struct {
	dataset Dataset
	info    Info
	clears  bool // what a destination holds from former reads is wiped out before a read
}

var _ Dataset = (*Checked)(nil)

// Check returns ds under checks. It asks for Info, once, and returns a *ContractError if a reader could not rely on it, and
// an error if ds is nil or panics. A Checked is returned as it is.
func Check(ds Dataset) (*Checked, error) {
	if c, ok := ds.(*Checked); ok && c != nil && c.dataset != nil {
		return c, nil
	}
	if ds == nil {
		return nil, broken("it is nil")
	}
	c := &Checked{dataset: ds, clears: !fillsDestinations(ds)}
	err := guard.Call("Dataset.Info", func() error {
		c.info = ds.Info()
		return nil
	})
	if err == nil {
		err = checkInfo(c.info)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// fillsDestinations reports whether a dataset is one of this module's readers, of the exact type, which set all samples of
// a destination. Of others that is not known, and what they leave out would be the pixels of a former read.
func fillsDestinations(ds Dataset) bool {
	t := reflect.TypeOf(ds)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	const here = "github.com/geoexport/geoexport/"
	return slices.Contains([]string{
		here + "raster/geotiff", here + "raster/grid", here + "raster/worldfile", here + "raster/rastertest", here + "mosaic",
	}, t.PkgPath())
}

// Dataset returns the dataset that is checked.
func (c *Checked) Dataset() Dataset { return c.dataset }

// Info returns what the dataset stated when Check was called.
func (c *Checked) Info() Info { return c.info }

// Read reads from the dataset, as Dataset describes. A block of another shape is a *ContractError.
func (c *Checked) Read(ctx context.Context, dst *Block, level int, win image.Rectangle, bands []int) (*Block, error) {
	if c.dataset == nil {
		return nil, broken("it is nil")
	}
	n := len(bands)
	if n == 0 {
		n = len(c.info.Bands)
	}
	if c.clears && dst != nil {
		for _, p := range dst.Bands {
			p.wipe()
		}
	}
	var b *Block
	err := guard.Call("Dataset.Read", func() (err error) {
		if b, err = c.dataset.Read(ctx, dst, level, win, bands); err == nil {
			err = checkBlock(b, c.info.Type, n, win)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// checkBlock returns a *ContractError unless b is what a read of n bands of type t over win may return.
func checkBlock(b *Block, t PixelType, n int, win image.Rectangle) error {
	switch {
	case b == nil:
		return broken("a read returned neither a block nor an error")
	case b.Type != t:
		return broken("a read returned samples of type %v, want %v", b.Type, t)
	case len(b.Bands) != n:
		return broken("a read returned %d bands, want %d", len(b.Bands), n)
	}
	for i, p := range b.Bands {
		if !t.Fits(p) || reflect.ValueOf(p).IsNil() {
			return broken("a read returned plane %d as a %T, which does not hold %v", i, p, t)
		}
		if p.Bounds() != win {
			return broken("a read returned plane %d of %v, want %v", i, p.Bounds(), win)
		}
		if !p.complete() {
			return broken("a read returned plane %d with too few samples for %v", i, win)
		}
	}
	if v := b.Valid; v != nil {
		if v.Rect != win {
			return broken("a read returned validity of %v, want %v", v.Rect, win)
		}
		if !complete(len(v.Pix), v.Stride, win) {
			return broken("a read returned validity with too few samples for %v", win)
		}
	}
	return nil
}

// complete reports whether n samples, in rows stride apart, are enough for r.
func complete(n, stride int, r image.Rectangle) bool {
	return stride >= r.Dx() && (r.Empty() || n >= r.Dx() && (r.Dy()-1) <= (n-r.Dx())/max(stride, 1))
}

// checkInfo returns a *ContractError for what no reader could make sense of.
func checkInfo(i Info) error {
	switch {
	case i.Type.Size() == 0:
		return broken("its pixel type is %v", i.Type)
	case len(i.Bands) == 0:
		return broken("it has no bands")
	case len(i.Levels) == 0:
		return broken("it has no levels")
	case i.Levels[0] != i.Grid.Size:
		return broken("its first level is %v, and its grid is %v", i.Levels[0], i.Grid.Size)
	case !i.Grid.Affine.finite():
		return broken("its georeference is not finite: %v", i.Grid.Affine)
	case slices.Contains(i.Palette, nil):
		return broken("its palette has entries without a colour")
	}
	for n, size := range i.Levels {
		if size.X <= 0 || size.Y <= 0 {
			return broken("level %d is %v", n, size)
		}
		if n == 0 {
			continue
		}
		if before := i.Levels[n-1]; size.X > before.X || size.Y > before.Y || size == before {
			return broken("level %d is %v after %v, and must be smaller", n, size, before)
		}
	}
	return nil
}
