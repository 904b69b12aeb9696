package geotiff

import (
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// isRGB reports whether the first three bands of an image are red, green and blue: because its bands are described so, or, of
// three or four bands of bytes or of three of 16 bits, if nothing is said about their colours. GDAL takes bands for colours in
// the same way, and plain readers know no other four bands.
func isRGB(m *raster.Image) bool {
	if m.Bands < 3 || m.Type != raster.U8 && m.Type != raster.U16 {
		return false
	}
	stated := false
	colours := [3]raster.ColorInterp{raster.ColorRed, raster.ColorGreen, raster.ColorBlue}
	rgb := true
	for i, b := range m.Info {
		switch b.Color {
		case raster.ColorUndefined, raster.ColorGray:
		default:
			stated = true
		}
		if i < len(colours) {
			rgb = rgb && b.Color == colours[i]
		}
	}
	if stated {
		return rgb
	}
	return m.Bands == 3 || m.Bands == 4 && m.Type == raster.U8
}

// bandMetadata returns the text of the GDAL_METADATA tag: the names of bands, and their colours where the photometric
// interpretation does not state them; empty if there is nothing to say.
func bandMetadata(m *raster.Image, photometric int) string {
	var b strings.Builder
	item := func(band int, name, role, value string) {
		b.WriteString(`  <Item name="` + name + `" sample="` + strconv.Itoa(band) + `" role="` + role + `">`)
		// The text is escaped twice: as a value, and again as a part of the document.
		b.WriteString(escaped(escaped(value)))
		b.WriteString("</Item>\n")
	}
	for i, info := range m.Info {
		if info.Name != "" {
			item(i, "DESCRIPTION", "description", info.Name)
		}
		switch {
		case info.Color == raster.ColorUndefined, info.Color == raster.ColorAlpha, info.Color == raster.ColorPalette,
			photometric == photometricRGB && i < 3, photometric != photometricRGB && i == 0 && info.Color == raster.ColorGray:
		default:
			item(i, "COLORINTERP", "colorinterp", info.Color.String())
		}
		if info.Unit != "" {
			item(i, "UNITTYPE", "unittype", info.Unit)
		}
		if scale := info.Scale; scale != 0 && (scale != 1 || info.Offset != 0) {
			item(i, "SCALE", "scale", strconv.FormatFloat(scale, 'g', -1, 64))
			item(i, "OFFSET", "offset", strconv.FormatFloat(info.Offset, 'g', -1, 64))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "<GDALMetadata>\n" + b.String() + "</GDALMetadata>\n"
}

// escape replaces what XML takes for its own, by the entities that GDAL writes and unescapes.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escaped returns a text as it stands in an XML document, without characters that must not stand there.
func escaped(s string) string {
	return escape.Replace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd")))
}
