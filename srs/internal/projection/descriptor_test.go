package projection

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-spatial/proj/support"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	wgs84 = Ellipsoid{A: 6378137, RF: 298.257223563}
	grs80 = Ellipsoid{A: 6378137, RF: 298.257222101}
)

// sampleArguments reads a PROJ string with its ellipsoid.
func sampleArguments(t testing.TB, sample string) (name string, e Ellipsoid, args Arguments) {
	t.Helper()
	e, args = wgs84, Arguments{}
	b := 0.0
	for field := range strings.FieldsSeq(sample) {
		key, value, _ := strings.Cut(strings.TrimPrefix(field, "+"), "=")
		v, err := strconv.ParseFloat(value, 64)
		switch key {
		case "proj":
			name = value
			continue
		case "R":
			e = Ellipsoid{A: v}
		case "a":
			e.A = v
		case "rf":
			e.RF = v
		case "b":
			b = v
		default:
			args[key] = Value{Word: value}
			continue
		}
		require.NoError(t, err, sample)
	}
	if b != 0 {
		e.RF = e.A / (e.A - b)
	}
	return name, e, args
}

// eachSample calls f with the projection of each sample.
func eachSample(t *testing.T, f func(t *testing.T, d *Descriptor, sample string, p Projection, datum Ellipsoid)) {
	for _, d := range All {
		for _, sample := range d.Samples {
			t.Run(sample, func(t *testing.T) {
				name, e, args := sampleArguments(t, sample)
				p, err := Parse(name, e, args)
				require.NoError(t, err)
				require.Same(t, d, p.Descriptor)
				f(t, d, sample, p, e)
			})
		}
	}
}

// newerOperations are the names that PROJ has got since version 5, of which go-spatial's table is.
var newerOperations = strings.Fields("webmerc etmerc eqearth adams_ws2 col_urban mod_krovak igh_o times peirce_q spilhaus adams_ws1 adams_hemi guyou tobmerc imoll imoll_o som")

// TestEveryProjectionIsDescribed demands of every projection all that a descriptor has, and the spelling of every
// authority that is not said to lack it.
func TestEveryProjectionIsDescribed(t *testing.T) {
	ids := map[string]bool{}
	for _, d := range All {
		require.NotEmpty(t, d.Operations, d.Name)
		assert.False(t, ids[d.ID()], "%s is there twice", d.ID())
		ids[d.ID()] = true
		assert.NotEmpty(t, d.Name, d.ID())
		assert.NotEmpty(t, d.Domain, d.ID())
		assert.NotEmpty(t, d.Source, d.ID())
		assert.NotEmpty(t, d.Samples, d.ID())
		assert.NotNil(t, d.New, d.ID())

		var epsg, esri, geoTIFF bool
		for _, m := range d.Methods {
			epsg, esri, geoTIFF = epsg || m.Code != 0, esri || m.Esri != "", geoTIFF || m.GeoTIFF != 0
		}
		_, proj := support.ProjectionsTable[d.ID()]
		proj = proj || slices.Contains(newerOperations, d.ID())
		for _, c := range []struct {
			name  string
			has   bool
			lacks Authority
		}{{"PROJ", proj, LacksPROJ}, {"EPSG", epsg, LacksEPSG}, {"Esri", esri, LacksEsri}, {"GeoTIFF", geoTIFF, LacksGeoTIFF}} {
			assert.NotEqual(t, c.has, d.Lacks&c.lacks != 0, "%s: a spelling of %s is missing, or said to be", d.ID(), c.name)
		}
		used := map[string]bool{}
		for _, sample := range d.Samples {
			name, _, _ := sampleArguments(t, sample)
			used[name] = true
		}
		for _, o := range d.Operations {
			assert.True(t, used[o.Name] || o.Name == "etmerc", "%s has no sample", o.Name)
		}
	}
	assert.Len(t, ids, len(All))
}

// eachParameter calls f with all parameters of all methods.
func eachParameter(f func(d *Descriptor, m *Method, p Parameter)) {
	for _, d := range All {
		for i := range d.Methods {
			for _, p := range d.Methods[i].Parameters {
				f(d, &d.Methods[i], p)
			}
		}
	}
}

// TestParametersMeanOneThing: a name of a parameter has one key, and a code one name.
func TestParametersMeanOneThing(t *testing.T) {
	keys, codes := map[string]string{}, map[int]string{}
	eachParameter(func(d *Descriptor, m *Method, p Parameter) {
		for _, name := range []string{Canonical(p.EPSG), Canonical(p.Esri)} {
			if key, ok := keys[name]; ok && name != "" {
				assert.Equal(t, key, p.Key, "%s: %s", d.ID(), name)
			}
			keys[name] = p.Key
		}
		if name, ok := codes[p.Code]; ok && p.Code != 0 {
			assert.Equal(t, name, p.EPSG, "%s: %d", d.ID(), p.Code)
		}
		codes[p.Code] = p.EPSG
	})
}

// TestParametersAreComplete: a method that a spelling has a name for has what the spelling needs of each parameter.
func TestParametersAreComplete(t *testing.T) {
	eachParameter(func(d *Descriptor, m *Method, p Parameter) {
		if m.GeoTIFF != 0 && p.EPSG != "" {
			assert.NotZero(t, p.GeoKey, "%s: %s has no key", d.ID(), p.EPSG)
		}
		if m.Esri != "" && p.Esri != "" {
			assert.Contains(t, esriOrder, p.Esri, d.ID())
		}
	})
	for code := range lookup().geoTIFF {
		for _, has := range []bool{false, true} {
			m := GeoTIFFMethod(code, func(uint16) bool { return has })
			require.NotEmpty(t, m.OGC, "GeoTIFF %d", code)
			_, back := lookup().methodNamed(m.OGC[0], OGC)
			assert.Same(t, m, back, "GeoTIFF %d is read by the name %s", code, m.OGC[0])
		}
	}
}

// TestEveryMethodIsWritten: each method of a descriptor is the one by which some sample is spelled.
func TestEveryMethodIsWritten(t *testing.T) {
	written := map[*Method]bool{}
	eachSample(t, func(t *testing.T, d *Descriptor, sample string, p Projection, datum Ellipsoid) {
		if s, ok := p.Spell(datum); ok {
			written[s.Method] = true
		}
		if s, ok := p.SpellEsri(datum); ok {
			written[s.Method] = true
		}
	})
	for _, d := range All {
		for i := range d.Methods {
			m := &d.Methods[i]
			assert.True(t, written[m] || m.EPSG == "" && m.Esri == "", "%s: %s %s is never written", d.ID(), m.EPSG, m.Esri)
		}
	}
}

// inWords returns a spelling as a text of a dialect that states the axes if WKT 2 would.
func inWords(t *testing.T, s Spelling, dialect Dialect, axes Axes) Text {
	text := Text{Method: s.Method.EPSG, Dialect: dialect, Values: map[string]TextValue{}}
	name := func(v SpelledValue) string { return v.EPSG }
	if dialect == Esri {
		text.Method = s.Method.Esri
		name = func(v SpelledValue) string { return v.Esri }
	} else {
		text.Axes = map[Axes]TextAxes{EastNorth: AxesPlain, SouthWest: AxesSouthWest, WestSouth: AxesReversed, WestNorth: AxesReversed}[axes]
	}
	for _, v := range s.Values {
		known, ok := TextParameter(name(v))
		require.True(t, ok, name(v))
		text.Values[known.Key] = TextValue{name(v), v.Value}
	}
	return text
}

// TestWordsComeBack: what a projection is spelled as is read as the same projection, in the words of EPSG and of Esri.
func TestWordsComeBack(t *testing.T) {
	eachSample(t, func(t *testing.T, d *Descriptor, sample string, p Projection, datum Ellipsoid) {
		if d.ID() != "nsper" && d.ID() != "ob_tran" { // which have no false origin
			p.FalseEasting, p.FalseNorthing = 1000, 2000
		}
		s, inEPSG := p.Spell(datum)
		if inEPSG {
			text := inWords(t, s, EPSG, p.Axes)
			back, err := FromText(text, datum)
			require.NoError(t, err, "%+v", text)
			assert.Equal(t, p, back, "%+v", text)
		}
		s, inEsri := p.SpellEsri(datum)
		if inEsri {
			text := inWords(t, s, Esri, p.Axes)
			back, err := FromText(text, datum)
			require.NoError(t, err, "%+v", text)
			if p.ID() == "merc" && p.ScaleFactor != 1 { // which became a standard parallel
				back.ScaleFactor, back.StandardParallel1 = p.ScaleFactor, 0
			}
			assert.Equal(t, p, back, "%+v", text)
		}
		assert.True(t, inEPSG || inEsri || sample == "+proj=cea +k_0=0.9")
	})
}

// TestZeroValues: the zero Projection has no kernel and no words, and the zero Arguments lack what must be given.
func TestZeroValues(t *testing.T) {
	_, err := NewKernel(Projection{})
	assert.EqualError(t, err, "srs: there is no projection")
	_, ok := Projection{}.Spell(wgs84)
	assert.False(t, ok)
	_, ok = Projection{}.SpellEsri(wgs84)
	assert.False(t, ok)
	assert.Empty(t, Projection{}.ID())
	_, err = Parse("utm", wgs84, nil)
	assert.Equal(t, &Unsupported{"projection", "utm without zone"}, err)
	_, err = FromText(Text{}, wgs84)
	assert.Equal(t, &Unsupported{"projection", ""}, err)
	assert.Nil(t, GeoTIFFMethod(0, nil))
}
