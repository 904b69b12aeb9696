package raster

import "fmt"

// ColorInterp is a band's colour interpretation, from the raster's metadata. It is informational: nothing here acts on
// it, and which bands make an image is up to the caller.
type ColorInterp uint8

// The colour interpretations. Their names, as String returns them, are GDAL's.
const (
	ColorUndefined ColorInterp = iota // not stated, or not in this list
	ColorGray
	ColorPalette // index of a colour: see Info.Palette
	ColorRed
	ColorGreen
	ColorBlue
	ColorAlpha
	ColorCyan
	ColorMagenta
	ColorYellow
	ColorBlack
)

var colorNames = [...]string{
	"Undefined", "Gray", "Palette", "Red", "Green", "Blue", "Alpha", "Cyan", "Magenta", "Yellow", "Black",
}

// String returns the name, such as "Red".
func (c ColorInterp) String() string {
	if int(c) < len(colorNames) {
		return colorNames[c]
	}
	return fmt.Sprintf("ColorInterp(%d)", uint8(c))
}

// ParseColorInterp returns the interpretation with a name, and ColorUndefined for names that are not in the list.
func ParseColorInterp(name string) ColorInterp {
	for i, n := range colorNames {
		if n == name {
			return ColorInterp(i)
		}
	}
	return ColorUndefined
}
