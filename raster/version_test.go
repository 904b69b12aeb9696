package raster_test

import (
	"context"
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

type text string

func (v text) String() string                { return string(v) }
func (v text) Current(context.Context) error { return nil }

type versioned struct {
	raster.Dataset
	v raster.Version
}

func (d versioned) Version() raster.Version { return d.v }

func TestVersions(t *testing.T) {
	require.Nil(t, raster.VersionOf(nil))
	require.Equal(t, text("1"), raster.VersionOf(versioned{v: text("1")}))
	require.True(t, raster.SameVersion(text("1"), text("1")))
	require.False(t, raster.SameVersion(text("1"), text("2")))
	require.True(t, raster.SameVersion(nil, nil))
	require.False(t, raster.SameVersion(nil, text("1")))
}

type panicking struct{ raster.Dataset }

func (panicking) Info() raster.Info       { return oneBand() }
func (panicking) Version() raster.Version { panic("no version") }

type panickingVersion struct{}

func (panickingVersion) String() string                { panic("no text") }
func (panickingVersion) Current(context.Context) error { panic("no time") }

type withVersion struct {
	raster.Dataset
	v raster.Version
}

func (withVersion) Info() raster.Info         { return oneBand() }
func (d withVersion) Version() raster.Version { return d.v }

func oneBand() raster.Info {
	return raster.Info{
		Grid: raster.NorthUp(srs.CRS{}, srs.Envelope{XMax: 1, YMax: 1}, image.Pt(1, 1)), Type: raster.U8,
		Bands: make([]raster.Band, 1), Levels: []image.Point{{X: 1, Y: 1}},
	}
}

// A Checked has the version of its dataset, and panics of that are errors.
func TestVersionsUnderChecks(t *testing.T) {
	version := func(ds raster.Dataset) raster.Version {
		c, err := raster.Check(ds)
		require.NoError(t, err)
		return raster.VersionOf(c)
	}
	require.Nil(t, version(withVersion{}))
	one := version(withVersion{v: text("1")})
	require.Equal(t, "1", one.String())
	require.NoError(t, one.Current(t.Context()))
	for _, ds := range []raster.Dataset{panicking{}, withVersion{v: panickingVersion{}}} {
		v := version(ds)
		require.ErrorAs(t, v.Current(t.Context()), new(*guard.PanicError))
		require.NotEmpty(t, v.String())
	}
}
