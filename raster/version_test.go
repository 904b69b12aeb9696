package raster_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
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
