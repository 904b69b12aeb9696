package rest

import (
	"image"
	"image/color"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// wmsExtra are the parameters of exportImage that requests for maps may have besides those of the standard, under names
// that it does not use.
var wmsExtra = params.Table[exportimage.Request]{
	params.Bind(params.MosaicRuleParam, func(r *exportimage.Request, m params.Mosaic) {
		r.MosaicRule, r.ItemFunction = m.Rule, m.ItemFunction
	}),
	params.Bind(params.RenderingRuleParam, func(r *exportimage.Request, f function.Function) { r.Function = f }),
	params.Bind(params.BandIDsParam, func(r *exportimage.Request, b []int) { r.BandIDs = b }),
	params.Bind(params.InterpolationParam, func(r *exportimage.Request, i resample.Interpolation) { r.Interpolation = i }),
	params.Bind(params.NoDataParam, func(r *exportimage.Request, v []float64) { r.NoData = v }),
	params.Bind(params.NoDataInterpretationParam,
		func(r *exportimage.Request, m exportimage.NoDataMatch) { r.NoDataMatch = m }),
	params.Bind(params.CompressionQualityParam, func(r *exportimage.Request, q int) { r.CompressionQuality = &q }),
}

// form returns the parameters as those of an image are read.
func (p wmsParams) form() url.Values {
	out := url.Values{}
	for name, value := range p {
		out.Set(name, value)
	}
	return out
}

// wmsMap answers GetMap with the export that the map is.
func (r *responder) wmsMap(p wmsParams) error {
	if err := r.readWMSForm(p); err != nil {
		return err
	}
	req, _, err := r.wmsRequest(p)
	if err != nil {
		return err
	}
	answer := r.wmsAnswer
	req.Format = answer.format.Name
	if answer.format.Bands > 0 && !(answer.clear && answer.format.Alpha) {
		req.Background = &answer.background
	}
	a, err := r.shared("wms "+p.form().Encode(), req)
	if err != nil {
		return err
	}
	r.sendImage(a)
	return nil
}

// readWMSForm reads what the image of a map is like, whatever it shows. An exception can then be an image, too.
func (r *responder) readWMSForm(p wmsParams) (err error) {
	if err := checkWMSVersion(p); err != nil {
		return err
	}
	answer := r.wmsAnswer
	if answer.background, err = backgroundOf(p["BGCOLOR"]); err != nil {
		return err
	}
	if answer.clear, err = p.flag("TRANSPARENT"); err != nil {
		return err
	}
	if answer.size, err = r.wmsSize(p); err != nil {
		return err
	}
	text := p["FORMAT"]
	if text == "" {
		return wmsMissing("FORMAT")
	}
	f, ok := wmsFormat(r.service.Settings().Formats, text, answer.clear)
	if !ok {
		return wmsInvalid("InvalidFormat", "FORMAT", "maps of format %s are not served", quote.Text(text))
	}
	answer.format = f
	return nil
}

// wmsSize reads the size of a map, which must be within the limits.
func (r *responder) wmsSize(p wmsParams) (size image.Point, err error) {
	limits := r.service.Settings().Limits
	for _, side := range []struct {
		name string
		into *int
	}{{"WIDTH", &size.X}, {"HEIGHT", &size.Y}} {
		n, err := p.number(side.name)
		if err != nil {
			return image.Point{}, err
		}
		if n < 1 || n > limits.Side {
			return image.Point{}, wmsInvalid("InvalidParameterValue", side.name,
				"%s is from 1 to %d, not %d (limit Side)", side.name, limits.Side, n)
		}
		*side.into = n
	}
	if size.X > limits.Pixels/size.Y {
		return image.Point{}, wmsInvalid("InvalidParameterValue", "WIDTH",
			"%d by %d is more than %d pixels (limit Pixels)", size.X, size.Y, limits.Pixels)
	}
	return size, nil
}

// backgroundOf reads BGCOLOR, 0xRRGGBB; white by default.
func backgroundOf(text string) (color.NRGBA, error) {
	if text == "" {
		return color.NRGBA{255, 255, 255, 255}, nil
	}
	digits := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "#"), "0x"), "0X")
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 6 {
		return color.NRGBA{}, wmsInvalid("InvalidParameterValue", "BGCOLOR", "a color is 0xRRGGBB, not %s", quote.Text(text))
	}
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}, nil
}

// wmsRequest returns the export of a map, without its format, and the map's reference.
func (r *responder) wmsRequest(p wmsParams) (req exportimage.Request, crs wmsCRS, err error) {
	style, err := r.checkLayer("LAYERS", p["LAYERS"])
	if err != nil {
		return req, crs, err
	}
	named, err := r.style("STYLES", p["STYLES"])
	if err != nil {
		return req, crs, err
	}
	version := r.wmsAnswer.version
	if crs, err = parseWMSCRS(p[crsParam(version)], version); err != nil {
		return req, crs, err
	}
	box, err := parseWMSBox(p["BBOX"], crs)
	if err != nil {
		return req, crs, err
	}
	if _, err := wmsExtra.Parse(p.form(), &req); err != nil {
		return req, crs, err
	}
	if req.Time, err = r.wmsTime(p["TIME"]); err != nil {
		return req, crs, err
	}
	if req.Slices, err = r.wmsSlices(p); err != nil {
		return req, crs, err
	}
	switch {
	case style != "" && named != "" && style != named:
		return req, crs, wmsInvalid("StyleNotDefined", "STYLES", "the layer %s has no style but its own", quote.Text(p["LAYERS"]))
	case style+named != "" && req.Function != nil:
		return req, crs, wmsInvalid("InvalidParameterValue", "STYLES", "a map has a style or a renderingRule, and not both")
	case style != "":
		req.Function = function.Named(style)
	case named != "":
		req.Function = function.Named(named)
	}
	req.BBox, req.BBoxSR, req.ImageSR = box, crs.CRS, crs.CRS
	req.Size, req.Aspect = r.wmsAnswer.size, exportimage.ExactBox
	return req, crs, nil
}

// wmsTime reads TIME.
func (r *responder) wmsTime(text string) (mosaic.TimeExtent, error) {
	if text == "" {
		return mosaic.TimeExtent{}, nil
	}
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return mosaic.TimeExtent{}, err
	}
	return parseWMSTime(text, d.Time)
}

// The formats of a media type that several have: one for maps with transparency, and one for maps without.
var (
	clearPNG  = []string{"png32", "png"}
	opaquePNG = []string{"png24", "png32", "png"}
)

// pngMedia is the media type of several formats.
const pngMedia = "image/png"

// wmsFormats returns the names of the formats of maps: the media type of one that is the only one of its type, and a name
// such as image/png8 for others, as ArcGIS names them.
func wmsFormats(formats encode.Formats) []string {
	var out []string
	for _, key := range formats.Names() {
		out = append(out, wmsFormatName(formats, key))
	}
	slices.Sort(out)
	usual := []string{"image/jpeg", pngMedia}
	for _, name := range usual {
		if _, ok := wmsFormat(formats, name, true); ok {
			out = slices.DeleteFunc(out, func(s string) bool { return s == name })
			out = slices.Insert(out, 0, name)
		}
	}
	return out
}

// wmsFormatName returns the name of one format.
func wmsFormatName(formats encode.Formats, key string) string {
	media, alone := formats[key].MediaType, true
	for other, f := range formats {
		alone = alone && (other == key || f.MediaType != media)
	}
	if alone && strings.HasPrefix(media, "image/") {
		return media
	}
	return "image/" + key
}

// formatAliases are names of formats that other servers and former versions have.
var formatAliases = map[string]string{
	"image/jpg": "image/jpeg", "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": pngMedia, "gif": "image/gif",
	"image/png;mode=8bit": "image/png8", "image/png;mode=24bit": "image/png24", "image/png;mode=32bit": "image/png32",
	"image/vnd.jpeg-png": "image/jpgpng", "image/geotiff": "image/tiff",
}

// wmsFormat returns the format with a name, for maps with transparency or without.
func wmsFormat(formats encode.Formats, name string, transparent bool) (f encode.Format, ok bool) {
	name = strings.ReplaceAll(strings.ToLower(name), " ", "")
	if plain, ok := formatAliases[name]; ok {
		name = plain
	}
	if name == pngMedia {
		choice := opaquePNG
		if transparent {
			choice = clearPNG
		}
		for _, key := range choice {
			if f, ok := formats[key]; ok && f.MediaType == pngMedia {
				f.Name = key
				return f, true
			}
		}
	}
	for key := range formats {
		if strings.EqualFold(wmsFormatName(formats, key), name) {
			f = formats[key]
			f.Name = key
			return f, true
		}
	}
	return f, false
}

// pixelBox returns the box of a pixel of a map.
func pixelBox(e srs.Envelope, size image.Point, at image.Point) srs.Envelope {
	w, h := e.Width()/float64(size.X), e.Height()/float64(size.Y)
	x, y := e.XMin+float64(float64(at.X)*w), e.YMax-float64(float64(at.Y)*h)
	return srs.Envelope{XMin: x, YMin: y - h, XMax: x + w, YMax: y}
}
