package kmz

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A document has what a viewer reads from doc.kml.
type document struct {
	XMLName  xml.Name `xml:"http://www.opengis.net/kml/2.2 kml"`
	Overlays []struct {
		Name        string  `xml:"name"`
		Description *string `xml:"description"`
		Href        string  `xml:"Icon>href"`
		Box         struct {
			North    float64  `xml:"north"`
			South    float64  `xml:"south"`
			East     float64  `xml:"east"`
			West     float64  `xml:"west"`
			Rotation *float64 `xml:"rotation"`
		} `xml:"LatLonBox"`
		Quad *struct{} `xml:"LatLonQuad"`
	} `xml:"GroundOverlay"`
}

func pngImage(t testing.TB) []byte {
	var buf bytes.Buffer
	require.NoError(t, png.Encode(&buf, image.NewNRGBA(image.Rect(0, 0, 3, 2))))
	return buf.Bytes()
}

// read unpacks a KMZ by the directory of the archive.
func read(t testing.TB, file []byte) (names []string, doc document, image []byte) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	for _, f := range archive.File {
		names = append(names, f.Name)
		assert.Equal(t, zip.Store, f.Method, f.Name)
		r, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(r) // checks the sum
		require.NoError(t, err)
		if f.Name == "doc.kml" {
			require.NoError(t, xml.Unmarshal(data, &doc))
		} else {
			image = data
		}
	}
	return names, doc, image
}

func write(t testing.TB, o Overlay) []byte {
	var buf bytes.Buffer
	require.NoError(t, Write(&buf, o))
	return buf.Bytes()
}

func TestT69OneOverlayAndOneImage(t *testing.T) {
	o := Overlay{
		Name: "Zion & <friends>", Description: "37° 18′ N",
		West: -113.25, South: 37.125, East: -112.5, North: 37.875, Image: pngImage(t), Ext: "png",
	}
	names, doc, image := read(t, write(t, o))
	assert.Equal(t, []string{"doc.kml", "files/image.png"}, names, "the document comes first")
	assert.Equal(t, o.Image, image)
	require.Len(t, doc.Overlays, 1)
	got := doc.Overlays[0]
	assert.Equal(t, o.Name, got.Name)
	assert.Equal(t, o.Description, *got.Description)
	assert.Equal(t, "files/image.png", got.Href, "relative to the archive")
	assert.Equal(t, [4]float64{o.West, o.South, o.East, o.North}, [4]float64{got.Box.West, got.Box.South, got.Box.East, got.Box.North})
	assert.Nil(t, got.Box.Rotation)
	assert.Nil(t, got.Quad)
}

func TestNoDescriptionNoElement(t *testing.T) {
	_, doc, _ := read(t, write(t, Overlay{East: 1, North: 1, Image: pngImage(t), Ext: "png"}))
	assert.Nil(t, doc.Overlays[0].Description)
}

// A reader of a stream, such as Java's ZipInputStream, needs the sizes of stored files before them.
func TestSizesStandBeforeFiles(t *testing.T) {
	file := write(t, Overlay{East: 1, North: 1, Image: pngImage(t), Ext: "png"})
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	for _, f := range archive.File {
		assert.Zero(t, f.Flags&0x8, "%s: data descriptor", f.Name)
		assert.Equal(t, 1980, f.Modified.Year(), f.Name)
	}
}

func TestBoxesAreWrittenExactly(t *testing.T) {
	image := pngImage(t)
	rapid.Check(t, func(t *rapid.T) {
		west := rapid.Float64Range(-180, math.Nextafter(180, 0)).Draw(t, "west")
		south := rapid.Float64Range(-90, 89).Draw(t, "south")
		o := Overlay{
			West: west, East: west + rapid.Float64Range(1e-6, 359).Draw(t, "width"),
			South: south, North: rapid.Float64Range(math.Nextafter(south, 90), 90).Draw(t, "north"),
			Image: image, Ext: "png",
		}
		var buf bytes.Buffer
		require.NoError(t, Write(&buf, o))
		archive, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
		require.NoError(t, err)
		f, err := archive.Open("doc.kml")
		require.NoError(t, err)
		var doc document
		require.NoError(t, xml.NewDecoder(f).Decode(&doc))
		box := doc.Overlays[0].Box
		require.Equal(t, [4]float64{o.West, o.South, o.East, o.North}, [4]float64{box.West, box.South, box.East, box.North})
	})
}

func TestWholeTurnsDoNotCount(t *testing.T) {
	for _, c := range []struct{ west, east, wantWest, wantEast float64 }{
		{170, 190, 170, 190},
		{-190, -170, 170, 190},
		{190, 200, -170, -160},
		{180, 181, -180, -179},
		{-180, 180, -180, 180},
		{530, 560, 170, 200},
		{0, 360, 0, 360},
	} {
		_, doc, _ := read(t, write(t, Overlay{West: c.west, East: c.east, North: 1, Image: pngImage(t), Ext: "png"}))
		box := doc.Overlays[0].Box
		assert.Equal(t, [2]float64{c.wantWest, c.wantEast}, [2]float64{box.West, box.East}, "%v", c)
	}
}

func TestBadOverlaysAreNamed(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		field  string
		change func(o *Overlay)
	}{
		{"West", func(o *Overlay) { o.West = nan }},
		{"South", func(o *Overlay) { o.South = -inf }},
		{"East", func(o *Overlay) { o.East = inf }},
		{"North", func(o *Overlay) { o.North = nan }},
		{"North", func(o *Overlay) { o.North = o.South }},
		{"North", func(o *Overlay) { o.South, o.North = o.North, o.South }},
		{"North", func(o *Overlay) { o.North = math.Nextafter(90, 91) }},
		{"South", func(o *Overlay) { o.South = -90.5 }},
		{"East", func(o *Overlay) { o.East = o.West }},
		{"East", func(o *Overlay) { o.West, o.East = 170, -170 }},
		{"East", func(o *Overlay) { o.West, o.East = -180, 180.5 }},
		{"Image", func(o *Overlay) { o.Image = nil }},
		{"Ext", func(o *Overlay) { o.Ext = "" }},
		{"Ext", func(o *Overlay) { o.Ext = "../../x" }},
		{"Ext", func(o *Overlay) { o.Ext = ".png" }},
		{"Ext", func(o *Overlay) { o.Ext = "pneumono" + "ultra" }},
	} {
		o := Overlay{West: 1, South: 2, East: 3, North: 4, Image: []byte{1}, Ext: "png"}
		c.change(&o)
		var buf bytes.Buffer
		err := Write(&buf, o)
		e, ok := errors.AsType[*OverlayError](err)
		if assert.True(t, ok, "%s: %v", c.field, err) {
			assert.Equal(t, c.field, e.Field, "%v", err)
		}
		assert.Zero(t, buf.Len(), "nothing is written")
	}
}

// failing is a writer that fails after n bytes.
type failing struct{ n int }

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.n {
		return f.n, errFull
	}
	f.n -= len(p)
	return len(p), nil
}

func TestErrorsOfTheWriterComeBack(t *testing.T) {
	o := Overlay{East: 1, North: 1, Image: make([]byte, 9000), Ext: "png"}
	n := len(write(t, o))
	for _, at := range []int{0, 10, 5000, n - 1} {
		assert.ErrorIs(t, Write(&failing{at}, o), errFull, "%d of %d", at, n)
	}
	assert.NoError(t, Write(&failing{n}, o))
}

func TestSameOverlaySameBytes(t *testing.T) {
	o := Overlay{Name: "n", East: 1, North: 1, Image: pngImage(t), Ext: "png"}
	assert.Equal(t, write(t, o), write(t, o))
}

// FuzzNames checks that any name and description come back from the XML, except characters that XML cannot hold.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"", "plain", "a & b < c > d \"e\" 'f'", "]]>", "<![CDATA[x]]>", "\x00\x1f\ufffe", "\xff\xfe", "a\r\nb\tc", "日本 🗾", "</name>"} {
		f.Add(s, s)
	}
	image := pngImage(f)
	f.Fuzz(func(t *testing.T, name, description string) {
		if len(name)+len(description) > 1<<16 {
			t.Skip("large")
		}
		_, doc, _ := read(t, write(t, Overlay{Name: name, Description: description, East: 1, North: 1, Image: image, Ext: "png"}))
		require.Len(t, doc.Overlays, 1)
		assert.Equal(t, inXML(name), doc.Overlays[0].Name)
		if description != "" {
			assert.Equal(t, inXML(description), *doc.Overlays[0].Description)
		}
	})
}

// inXML returns s with U+FFFD for each code point that is no Char of XML 1.0, section 2.2.
func inXML(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		if r != '\t' && r != '\n' && r != '\r' && (r < 0x20 || r > 0xd7ff && r < 0xe000 || r > 0xfffd && r < 0x10000) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}
