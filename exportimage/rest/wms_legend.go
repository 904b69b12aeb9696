package rest

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/url"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster/function"
)

func queryEscape(s string) string { return url.QueryEscape(s) }

// legendFormats returns the formats of legends: those of maps that draw.
func legendFormats(formats encode.Formats) (out []string) {
	for _, name := range wmsFormats(formats) {
		if f, ok := wmsFormat(formats, name, true); ok && f.Bands > 0 {
			out = append(out, name)
		}
	}
	return out
}

// maxSwatch bounds the sides of a swatch in pixels.
const maxSwatch = 256

// wmsLegend answers GetLegendGraphic with the swatches of a style and their labels, one below the other. WIDTH and HEIGHT
// are of a swatch.
func (r *responder) wmsLegend(p wmsParams) error {
	if err := checkItemRule("legend", p.form()); err != nil {
		return err
	}
	layer := p["LAYER"]
	if layer == "" {
		layer = p["LAYERS"]
	}
	style, err := r.checkLayer("LAYER", layer)
	if err != nil {
		return err
	}
	named := p["STYLE"]
	if named == "" {
		named = p["STYLES"]
	}
	if named, err = r.style("STYLE", named); err != nil {
		return err
	}
	if named == "" {
		named = style
	}
	text := p["FORMAT"]
	if text == "" {
		text = pngMedia
	}
	answer := r.wmsAnswer
	if answer.clear, err = p.flag("TRANSPARENT"); err != nil {
		return err
	}
	if answer.background, err = backgroundOf(p["BGCOLOR"]); err != nil {
		return err
	}
	f, ok := wmsFormat(r.service.Settings().Formats, text, answer.clear)
	if !ok || f.Bands == 0 {
		return wmsInvalid("InvalidFormat", "FORMAT", "legends of format %s are not served", quote.Text(text))
	}
	req := exportimage.LegendRequest{Format: imageFormat(r.service)}
	if named != "" {
		req.Function = function.Named(named)
	}
	for _, side := range []struct {
		name string
		into *int
	}{{"WIDTH", &req.Size.X}, {"HEIGHT", &req.Size.Y}} {
		*side.into = 20
		if p[side.name] == "" {
			continue
		}
		n, err := p.number(side.name)
		if err != nil {
			return err
		}
		if n < 1 || n > maxSwatch {
			return wmsInvalid("InvalidParameterValue", side.name, "%s is from 1 to %d, not %d", side.name, maxSwatch, n)
		}
		*side.into = n
	}
	l, err := r.service.Legend(r.request.Context(), req)
	if err != nil {
		return err
	}
	var background color.Color = color.Transparent
	if !answer.clear || !f.Alpha {
		background = answer.background
	}
	img, err := drawLegend(l, background)
	if err != nil {
		return err
	}
	media, body, err := encodePicture(f, img)
	if err != nil {
		return err
	}
	r.send(media, body)
	return nil
}

// legendGap is the room around swatches and labels in pixels.
const legendGap = 4

// maxLabel bounds the letters of a label that are drawn.
const maxLabel = 80

// drawLegend draws swatches one below the other, with their labels beside them.
func drawLegend(l exportimage.Legend, background color.Color) (*image.NRGBA, error) {
	letters, err := newLettering()
	if err != nil {
		return nil, err
	}
	swatches, labels := make([]image.Image, len(l.Swatches)), make([]string, len(l.Swatches))
	gap := legendGap
	if l.Kind == exportimage.LegendStretched {
		gap = 0 // the swatches are one ramp
	}
	wide, text, high := 0, 0, 2*legendGap-gap
	for i, s := range l.Swatches {
		if swatches[i], err = decodePicture(s.Image); err != nil {
			return nil, err
		}
		labels[i] = shortLabel(s.Label)
		size := swatches[i].Bounds().Size()
		wide, text = max(wide, size.X), max(text, letters.width(labels[i]))
		high += rowHeight(l.Kind, size.Y, letters.height()) + gap
	}
	img := image.NewNRGBA(image.Rect(0, 0, wide+text+3*legendGap, high))
	draw.Draw(img, img.Rect, image.NewUniform(background), image.Point{}, draw.Src)
	if l.Kind == exportimage.LegendStretched && wide > 0 {
		frame(img, image.Rect(legendGap-1, legendGap-1, legendGap+wide+1, high-legendGap+1))
	}
	y := legendGap
	for i, swatch := range swatches {
		size := swatch.Bounds().Size()
		line := rowHeight(l.Kind, size.Y, letters.height())
		at := image.Pt(legendGap, y+(line-size.Y)/2)
		if l.Kind != exportimage.LegendStretched {
			frame(img, image.Rectangle{at, at.Add(size)}.Inset(-1))
		}
		draw.Draw(img, image.Rectangle{at, at.Add(size)}, swatch, swatch.Bounds().Min, draw.Over)
		letters.line(img, image.Pt(wide+2*legendGap, y+(line-letters.height())/2), labels[i], color.NRGBA{A: 255})
		y += line + gap
	}
	return img, nil
}

// rowHeight returns the height of a swatch with its label. Parts of a ramp have that of the swatch.
func rowHeight(kind exportimage.LegendKind, swatch, letters int) int {
	if kind == exportimage.LegendStretched {
		return swatch
	}
	return max(swatch, letters)
}

// frame draws a line inside the sides of a rectangle, so that swatches of the background's colour are seen.
func frame(img draw.Image, r image.Rectangle) {
	grey := image.NewUniform(color.Gray{Y: 128})
	for _, side := range []image.Rectangle{
		{r.Min, image.Pt(r.Max.X, r.Min.Y+1)}, {image.Pt(r.Min.X, r.Max.Y-1), r.Max},
		{r.Min, image.Pt(r.Min.X+1, r.Max.Y)}, {image.Pt(r.Max.X-1, r.Min.Y), r.Max},
	} {
		draw.Draw(img, side, grey, image.Point{}, draw.Src)
	}
}

// shortLabel returns as much of a label as is drawn.
func shortLabel(s string) string {
	s = oneLine(s)
	n := 0
	for i := range s {
		if n++; n > maxLabel {
			return s[:i] + "…"
		}
	}
	return s
}

// decodePicture decodes a swatch that the service has encoded.
func decodePicture(res exportimage.Result) (image.Image, error) {
	if res.MediaType == pngMedia {
		return png.Decode(bytes.NewReader(res.Data))
	}
	img, _, err := image.Decode(bytes.NewReader(res.Data))
	return img, err
}
