package raster

import "fmt"

// ColorInterp is what a band is to a picture, as the raster's own metadata have it. It is told, and nothing is done because
// of it: which bands make a picture is up to whoever asks.
type ColorInterp uint8

// What a band may be to a picture. The names, as String gives them, are GDAL's.
const (
	ColorUndefined ColorInterp = iota // the raster does not say, or says something that is not in this list
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

// String is the name, such as "Red".
func (c ColorInterp) String() string {
	if int(c) < len(colorNames) {
		return colorNames[c]
	}
	return fmt.Sprintf("ColorInterp(%d)", uint8(c))
}

// ParseColorInterp is what a name stands for; names that are not in the list are ColorUndefined.
func ParseColorInterp(name string) ColorInterp {
	for i, n := range colorNames {
		if n == name {
			return ColorInterp(i)
		}
	}
	return ColorUndefined
}
