package rest

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// lettersFont is the font of texts in pictures. It has Latin, Greek and Cyrillic letters.
var lettersFont = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(goregular.TTF) })

// lettersSize is the size of letters in pixels.
const lettersSize = 12

// A lettering draws texts in pictures. It serves one goroutine.
type lettering struct{ face font.Face }

func newLettering() (*lettering, error) {
	f, err := lettersFont()
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: lettersSize, DPI: 72, Hinting: font.HintingFull})
	return &lettering{face}, err
}

// width returns the width of a text in pixels, rounded up.
func (l *lettering) width(text string) int { return font.MeasureString(l.face, text).Ceil() }

// height is the height of a line.
func (l *lettering) height() int { return l.face.Metrics().Height.Ceil() }

// line draws a text whose line begins at a corner.
func (l *lettering) line(dst draw.Image, corner image.Point, text string, ink color.Color) {
	d := font.Drawer{
		Dst: dst, Src: image.NewUniform(ink), Face: l.face,
		Dot: fixed.P(corner.X, corner.Y+l.face.Metrics().Ascent.Ceil()),
	}
	d.DrawString(text)
}

// paragraph draws as much of a text as fits into a rectangle, broken between words and, where a word is longer than a line,
// inside of it.
func (l *lettering) paragraph(dst *image.NRGBA, in image.Rectangle, text string, ink color.Color) {
	if in.Empty() {
		return
	}
	within := dst.SubImage(in).(*image.NRGBA)
	at := in.Min
	for _, line := range l.lines(text, in.Dx(), in.Dy()/l.height()) {
		l.line(within, at, line, ink)
		at.Y += l.height()
	}
}

// lines breaks a text into lines that are no wider than a number of pixels, up to a number of them.
func (l *lettering) lines(text string, wide, most int) (out []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		for len(out) < most {
			longer := strings.TrimPrefix(line+" "+word, " ")
			if l.width(longer) <= wide {
				line = longer
				break
			}
			if line != "" {
				out, line = append(out, line), ""
				continue
			}
			fits := l.fitting(word, wide)
			out, word = append(out, word[:fits]), word[fits:]
		}
	}
	if line != "" && len(out) < most {
		out = append(out, line)
	}
	return out
}

// fitting returns how many bytes of a word that is too wide fit into a width: at least one letter.
func (l *lettering) fitting(word string, wide int) int {
	fits := 0
	for i := range word {
		if i == 0 {
			continue
		}
		if fits > 0 && l.width(word[:i]) > wide {
			break
		}
		fits = i
	}
	if fits == 0 {
		return len(word)
	}
	return fits
}
