package exportimage

import (
	"context"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// A raster function is a file of this package: the type with its two methods. Its arguments as text are a line in
// package params.

type negative struct{ Input RasterFunction }

func (f *negative) input() RasterFunction { return f.Input }

func (f *negative) compile(_ context.Context, _ *Service, _ *Description, in samples) (step, samples, error) {
	if in.typ != raster.U8 {
		return nil, in, unsupported("", "a negative of pixels of type %v is not supported", in.typ)
	}
	return func(b *raster.Block) (*raster.Block, error) {
		out := raster.NewBlock(b.Type, len(b.Bands), b.Bounds())
		out.Valid = b.Valid
		for i, p := range b.Bands {
			for j, v := range p.(*raster.PlaneOf[uint8]).Pix {
				out.Bands[i].(*raster.PlaneOf[uint8]).Pix[j] = 255 - v
			}
		}
		return out, nil
	}, in, nil
}

func TestAFunctionIsAFile(t *testing.T) {
	crs, err := srs.FromWKID(3857)
	require.NoError(t, err)
	g := raster.NorthUp(crs, srs.Envelope{XMax: 4, YMax: 4}, image.Pt(4, 4))
	ds := rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(x + 4*y) })
	s := &Service{Catalog: mosaic.Slice{{
		Footprint: mosaic.Footprint{CRS: crs, Envelope: g.Envelope()},
		Open:      func(context.Context) (raster.Dataset, error) { return ds, nil },
	}}}
	res, err := s.Export(t.Context(), Request{Size: g.Size, Format: "bip", RenderingRule: &negative{Input: &ExtractBandFunction{BandIDs: []int{0}}}})
	require.NoError(t, err)
	assert.Equal(t, []byte{255, 254, 253, 252, 251, 250, 249, 248, 247, 246, 245, 244, 243, 242, 241, 240}, res.Data[:16])
}
