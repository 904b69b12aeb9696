package params_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
)

// What the table offers is what it reads: every value of an enumeration, and every default, as the first of the values
// if it is one.
func TestWhatIsOfferedIsRead(t *testing.T) {
	names := map[string]bool{}
	for _, info := range params.ExportImage().Infos() {
		assert.False(t, names[strings.ToLower(info.Name)], "%s is there twice", info.Name)
		names[strings.ToLower(info.Name)] = true
		assert.Contains(t, info.Help, "`", info.Name)
		assert.Contains(t, info.Usage(), info.Help)
		texts := info.Values
		if info.Default != "" {
			texts = append(texts, info.Default)
			if len(info.Values) > 0 {
				assert.Equal(t, info.Default, info.Values[0], info.Name)
			}
		}
		seen := map[string]bool{}
		for _, text := range texts {
			for _, spelled := range []string{text, strings.ToUpper(text), " " + strings.ToLower(text)} {
				r, err := params.ParseRequest(url.Values{info.Name: {spelled}})
				require.NoError(t, err, "%s=%s", info.Name, spelled)
				assert.Empty(t, r.Unknown)
			}
			assert.False(t, seen[text] && text != info.Default, "%s offers %s twice", info.Name, text)
			seen[text] = true
		}
	}
	assert.Len(t, names, 24)
}

func TestEnumerationsGoBothWays(t *testing.T) {
	there := func(names, properties []string, parse func(string) (string, error)) {
		for i, name := range names {
			back, err := parse(name)
			require.NoError(t, err, name)
			assert.Equal(t, name+" "+properties[i], back)
		}
	}
	there(params.Interpolations.Names(), params.Interpolations.Properties(), func(s string) (string, error) {
		v, err := params.Interpolations.Parse(s)
		return params.Interpolations.Name(v) + " " + params.Interpolations.Property(v), err
	})
	there(params.MosaicMethods.Names(), params.MosaicMethods.Properties(), func(s string) (string, error) {
		v, err := params.MosaicMethods.Parse(s)
		return params.MosaicMethods.Name(v) + " " + params.MosaicMethods.Property(v), err
	})
	there(params.MosaicOperations.Names(), params.MosaicOperations.Properties(), func(s string) (string, error) {
		v, err := params.MosaicOperations.Parse(s)
		return params.MosaicOperations.Name(v) + " " + params.MosaicOperations.Property(v), err
	})
	// Every value of the package below has a name, and DefaultMethod and DefaultOperation have none.
	assert.Empty(t, params.MosaicMethods.Name(mosaic.DefaultMethod))
	for m := mosaic.None; m <= mosaic.Seamline; m++ {
		assert.NotEmpty(t, params.MosaicMethods.Name(m), m)
		v, err := params.MosaicMethods.Parse(params.MosaicMethods.Property(m))
		require.NoError(t, err)
		assert.Equal(t, m, v, "by its short name")
	}
	for o := mosaic.First; o <= mosaic.Sum; o++ {
		assert.NotEmpty(t, params.MosaicOperations.Name(o), o)
	}
}

// Each function of a text can be used alone: it bounds the text, takes an empty one for none, and names the parameter
// in its errors.
func TestTextsAreReadAlone(t *testing.T) {
	for name, read := range map[string]func(string) (any, error){
		"mosaicRule":       func(s string) (any, error) { return params.MosaicRule(s) },
		"renderingRule":    func(s string) (any, error) { return params.RenderingRule(s) },
		"time":             func(s string) (any, error) { return params.Time(s) },
		"spatialReference": func(s string) (any, error) { return params.SpatialReference(s) },
		"pixelSize":        func(s string) (any, error) { return params.PixelSize(s) },
		"bandIds":          func(s string) (any, error) { return params.BandIDs(s) },
		"geometry":         func(s string) (any, error) { return params.Geometry(s, "") },
	} {
		v, err := read("  ")
		require.NoError(t, err, name)
		assert.Empty(t, v, name)
		for _, text := range []string{"{", `{"a":`, strings.Repeat("9", 2<<20)} {
			_, err := read(text)
			var e *exportimage.Error
			require.ErrorAs(t, err, &e, "%s=%.9s", name, text)
			assert.Equal(t, "invalid "+name, e.Kind.String()+" "+e.Param)
			assert.Less(t, len(err.Error()), 200)
		}
	}
}
