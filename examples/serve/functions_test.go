package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// Templates of a folder have the name that they state, or else the file's; what is no template is named.
func TestTemplatesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("a.json", `{"name":"Classes","description":"some","function":{"type":"RemapFunction"},"arguments":{"InputRanges":[0,5],"OutputValues":[1],"type":"RemapFunctionArguments"}}`)
	write("Steep.rft.json", `{"function":{"type":"SlopeFunction"},"arguments":{}}`)
	write("notes.txt", "no template")
	got, err := readTemplates(dir)
	require.NoError(t, err)
	require.Len(t, got, 2)
	assert.Equal(t, []string{"Steep", "Classes"}, []string{got[0].Name, got[1].Name})
	write("b.json", `{"function":{"type":"ContourFunction"}}`)
	_, err = readTemplates(dir)
	require.ErrorContains(t, err, "b.json")
	require.NoError(t, os.Remove(filepath.Join(dir, "b.json")))
	write("c.rft.xml", `<RasterFunctionTemplate/>`)
	_, err = readTemplates(dir)
	require.ErrorContains(t, err, "c.rft.xml")
	require.ErrorContains(t, err, "function")
	const slope = `<RasterFunctionTemplate>%s<Function xsi:type="t:SlopeFunction" xmlns:xsi="x" xmlns:t="t"/></RasterFunctionTemplate>`
	for name, want := range map[string]string{"<Name>classes</Name>": "a.json is called", "<Name>None</Name>": "no function"} {
		write("c.rft.xml", fmt.Sprintf(slope, name))
		_, err = readTemplates(dir)
		require.ErrorContains(t, err, want)
	}
	write("c.rft.xml", fmt.Sprintf(slope, "")+strings.Repeat(" ", maxTemplate))
	_, err = readTemplates(dir)
	require.ErrorContains(t, err, "longer than")
	write("c.rft.xml", fmt.Sprintf(slope, ""))
	got, err = readTemplates(dir)
	require.NoError(t, err)
	assert.Equal(t, "c", got[2].Name)
}

func TestTemplatesSuitRasters(t *testing.T) {
	assert.Len(t, suitable(&exportimage.Description{PixelType: raster.F32, Bands: make([]raster.Band, 1)}), len(function.Elevation()))
	assert.Empty(t, suitable(&exportimage.Description{PixelType: raster.U8, Bands: make([]raster.Band, 1)}))
	bands := []raster.Band{{Name: "Near_Infrared"}, {Color: raster.ColorRed}}
	assert.NotEmpty(t, suitable(&exportimage.Description{PixelType: raster.U8, Bands: bands}))
}

// The demo's heights and its Landsat scene, whose file does not say which bands it has, get templates.
func TestTemplatesOfTheDemo(t *testing.T) {
	demo, err := newShared(options{demo: true}, schemes{}, slog.New(slog.DiscardHandler)).open(t.Context())
	require.NoError(t, err)
	defer demo.rasters.Close()
	for _, s := range demo.services {
		var names strings.Builder
		for _, f := range s.Functions {
			names.WriteString(f.Name + ",")
			_, err := s.DescribeRendered(t.Context(), function.Named(f.Name))
			assert.NoError(t, err, "%s of %s", f.Name, s.Name)
		}
		switch s.Name {
		case "olinda_elevation":
			assert.Contains(t, names.String(), "Hillshade Gray,")
		case "olinda_landsat7":
			assert.Contains(t, names.String(), "NDVI_Color,")
		default:
			assert.Empty(t, names.String(), s.Name)
		}
	}
}
