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
var newerOperations = strings.Fields("webmerc etmerc eqearth adams_ws2 col_urban mod_krovak igh_o times peirce_q")

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

// TestParameters holds the spellings of parameters together: a name means one thing, a code has one name, and what a
// method needs for a spelling is there.
func TestParameters(t *testing.T) {
	keys, codes := map[string]string{}, map[int]string{}
	for _, d := range All {
		for _, m := range d.Methods {
			for _, p := range m.Parameters {
				for _, name := range []string{p.EPSG, p.Esri} {
					if name == "" {
						continue
					}
					if key, ok := keys[Canonical(name)]; ok {
						assert.Equal(t, key, p.Key, "%s: %s", d.ID(), name)
					}
					keys[Canonical(name)] = p.Key
				}
				if p.Code != 0 {
					if name, ok := codes[p.Code]; ok {
						assert.Equal(t, name, p.EPSG, "%s: %d", d.ID(), p.Code)
					}
					codes[p.Code] = p.EPSG
				}
				if m.GeoTIFF != 0 && p.EPSG != "" {
					assert.NotZero(t, p.GeoKey, "%s: %s has no key", d.ID(), p.EPSG)
				}
				if m.Esri != "" && p.Esri != "" {
					assert.Contains(t, esriOrder, p.Esri, d.ID())
				}
			}
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

// TestWordsComeBack: what a projection is spelled as is read as the same projection, in the words of EPSG and of Esri.
func TestWordsComeBack(t *testing.T) {
	eachSample(t, func(t *testing.T, d *Descriptor, sample string, p Projection, datum Ellipsoid) {
		p.FalseEasting, p.FalseNorthing = 1000, 2000
		if strings.Contains(sample, "=nsper") {
			p.FalseEasting, p.FalseNorthing = 0, 0 // EPSG's method has no false origin
		}
		dialects := 0
		for dialect, spell := range map[Dialect]func(Ellipsoid) (Spelling, bool){EPSG: p.Spell, Esri: p.SpellEsri} {
			s, ok := spell(datum)
			if !ok {
				continue
			}
			dialects++
			text := Text{Method: s.Method.EPSG, Dialect: dialect, Values: map[string]TextValue{}}
			if dialect == Esri {
				text.Method = s.Method.Esri
			}
			switch p.Axes {
			case EastNorth:
				if dialect == EPSG {
					text.Axes = AxesPlain
				}
			case SouthWest:
				text.Axes = AxesSouthWest
			default:
				text.Axes = AxesReversed
			}
			if dialect == Esri {
				text.Axes = AxesNotStated
			}
			for _, v := range s.Values {
				name := v.EPSG
				if dialect == Esri {
					name = v.Esri
				}
				known, ok := TextParameter(name)
				require.True(t, ok, name)
				text.Values[known.Key] = TextValue{name, v.Value}
			}
			back, err := FromText(text, datum)
			require.NoError(t, err, "%+v", text)
			if dialect == Esri && p.ID() == "merc" && p.ScaleFactor != 1 { // which became a standard parallel
				back.ScaleFactor, back.StandardParallel1 = p.ScaleFactor, 0
			}
			assert.Equal(t, p, back, "%+v", text)
		}
		if !strings.Contains(sample, "+proj=cea +k_0") {
			assert.NotZero(t, dialects)
		}
	})
}
