package worldfile

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// again is what it takes to decode an image again.
type again struct {
	fsys    fs.FS
	name    string
	options Options
}

// A cacheKey identifies the pixels of an image.
type cacheKey struct{ image *Image }

// keep gives the pixels to the cache, if there is one, or keeps them.
func (p *Image) keep(ctx context.Context, b *raster.Block) error {
	c := p.again.options.Cache
	if c == nil || p.version == nil { // without a version, nothing states that the file is still the same
		p.all = b
		return nil
	}
	if bytes := cost(b); bytes > c.Bytes() {
		pixels := int64(b.Bounds().Dx()) * int64(b.Bounds().Dy())
		return &LimitError{Name: p.again.name, Pixels: pixels, Bytes: bytes, Max: c.Bytes(), Cache: true}
	}
	_, err := raster.Cached(ctx, c, cacheKey{p}, func(context.Context) (*raster.Block, int64, error) { return b, cost(b), nil })
	return err
}

// cost returns the number of bytes that a block takes.
func cost(b *raster.Block) int64 {
	const besides = 256 // of an entry in the cache
	pixels := int64(b.Bounds().Dx()) * int64(b.Bounds().Dy())
	bytes := pixels * int64(len(b.Bands)*b.Type.Size())
	if b.Valid != nil {
		bytes += pixels
	}
	return bytes + besides
}

// pixels returns all pixels, and decodes the file again if the cache has forgotten them.
func (p *Image) pixels(ctx context.Context) (*raster.Block, error) {
	if p.all != nil {
		return p.all, nil
	}
	return raster.Cached(ctx, p.again.options.Cache, cacheKey{p}, func(ctx context.Context) (*raster.Block, int64, error) {
		b, err := p.decodeAgain(ctx)
		if err != nil {
			return nil, 0, p.version.Because(ctx, err)
		}
		return b, cost(b), nil
	})
}

func (p *Image) decodeAgain(ctx context.Context) (*raster.Block, error) {
	src, err := source.OpenFS(p.again.fsys, p.again.name)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	d, err := decode(ctx, newPicture(ctx, src), p.again.name, &p.again.options)
	if err != nil {
		return nil, err
	}
	// After the last byte was read, the file of this name is the one that was opened first, so this one was it, too.
	if err := p.version.Current(ctx); err != nil {
		return nil, err
	}
	if d.block.Type != p.info.Type || d.block.Bounds().Max != p.info.Grid.Size || len(d.bands) != len(p.info.Bands) {
		return nil, fmt.Errorf("worldfile: %s: its pixels are of another kind than before", p.again.name)
	}
	return d.block, nil
}
