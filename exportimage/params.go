package exportimage

import (
	"fmt"
	"image"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A parameter is one of the operation's: its name as documented, and how its text is read into a Request. Text comes
// trimmed and is never empty.
type parameter struct {
	name string
	read func(r *Request, text string) error
}

// parameters are read in this order: what stands later wins where two say the same, as bboxSR over the spatial reference
// inside bbox, and mosaicRule over the properties of 9.3.
var parameters = []parameter{
	{"bbox", readBBox},
	{"bboxSR", func(r *Request, s string) error { return readCRS(&r.BBoxSR, s) }},
	{"imageSR", func(r *Request, s string) error { return readCRS(&r.ImageSR, s) }},
	{"size", readSize},
	{"adjustAspectRatio", readAspect},
	{"format", readFormat},
	{"compressionQuality", readQuality},
	{"pixelType", readPixelType},
	{"noData", readNoData},
	{"noDataInterpretation", readNoDataMatch},
	{"interpolation", readInterpolation},
	{"bandIds", readBandIDs},
	{"validateExtent", func(r *Request, s string) error { return readBool(&r.ValidateExtent, s) }},
	{"mosaicProperties", readMosaicProperties},
	{"viewpointProperties", readViewpointProperties},
	{"mosaicRule", readMosaicRule},
	{"renderingRule", readRenderingRule},
	{"time", readTime},
	{"sliceId", readSliceID},
	{"datumTransformation", func(r *Request, s string) error { r.DatumTransformation = s; return nil }},
	{"compression", readCompression},
	{"compressionTolerance", readTolerance},
	{"lercVersion", readLERCVersion},
}

// maxUnknown is how many unknown parameters are named.
const maxUnknown = 64

// maxParameter is how many bytes one parameter may have. The longest that clients send, rendering rules, are well below.
const maxParameter = 64 << 10

// ParseRequest reads the parameters of the operation, as a query string or a form holds them. Names and enumerated values
// are read in any case and with blanks around them; an empty value is the same as none. Parameters that the operation
// does not have are listed in Request.Unknown; "f", "callback", "explain" and "token", which are the transport's, are
// passed over.
//
// A parameter that comes twice with different values, or whose value has no meaning, is an *Error of kind Invalid that
// names it.
func ParseRequest(v url.Values) (Request, error) {
	var r Request
	texts := map[string]string{}
	for name, values := range v {
		key := strings.ToLower(strings.TrimSpace(name))
		known := slices.IndexFunc(parameters, func(p parameter) bool { return strings.ToLower(p.name) == key })
		for _, text := range values {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			if known >= 0 {
				if len(text) > maxParameter {
					return Request{}, invalid(parameters[known].name, "the value is longer than %d bytes", maxParameter)
				}
				if old, ok := texts[key]; ok && old != text {
					return Request{}, invalid(parameters[known].name, "the parameter comes twice, with different values")
				}
			}
			texts[key] = text
		}
	}
	for _, p := range parameters {
		key := strings.ToLower(p.name)
		text, ok := texts[key]
		if !ok {
			continue
		}
		delete(texts, key)
		if err := p.read(&r, text); err != nil {
			if e, ok := err.(*Error); ok {
				e.Param = p.name
				return Request{}, e
			}
			return Request{}, &Error{Kind: Invalid, Param: p.name, Err: err}
		}
	}
	for name := range texts {
		if !slices.Contains(transportParameters, name) {
			r.Unknown = append(r.Unknown, short(name))
		}
	}
	slices.Sort(r.Unknown)
	r.Unknown = r.Unknown[:min(len(r.Unknown), maxUnknown)]
	return r, nil
}

func readBBox(r *Request, s string) error {
	if strings.HasPrefix(s, "{") {
		return readJSONBox(r, s)
	}
	n, err := numbers(s, 4)
	if err != nil {
		return err
	}
	if len(n) != 4 {
		return fmt.Errorf("four numbers are wanted, xmin,ymin,xmax,ymax, not %d", len(n))
	}
	return setBox(r, srs.Envelope{XMin: n[0], YMin: n[1], XMax: n[2], YMax: n[3]})
}

// setBox refuses the one box that a Request cannot tell from none.
func setBox(r *Request, e srs.Envelope) error {
	if (e == srs.Envelope{}) {
		return fmt.Errorf("the box has no area")
	}
	r.BBox = e
	return nil
}

func readCRS(c *srs.CRS, s string) (err error) {
	*c, err = srs.Parse(s)
	return err
}

// readSize takes two numbers, or one for a square. Clients send floats: they are rounded.
func readSize(r *Request, s string) error {
	n, err := numbers(s, 2)
	if err != nil {
		return err
	}
	side := func(v float64) (int, error) {
		if v = math.Floor(v + 0.5); v < 1 || v > math.MaxInt32 {
			return 0, fmt.Errorf("width and height must be at least 1 and at most %d", math.MaxInt32)
		}
		return int(v), nil
	}
	var size image.Point
	if len(n) == 0 || len(n) > 2 {
		return fmt.Errorf("two numbers are wanted, width,height, not %d", len(n))
	}
	if size.X, err = side(n[0]); err != nil {
		return err
	}
	if size.Y, err = side(n[len(n)-1]); err != nil {
		return err
	}
	r.Size = size
	return nil
}

func readAspect(r *Request, s string) error {
	var grow bool
	if err := readBool(&grow, s); err != nil {
		return err
	}
	r.Aspect = ExactBox
	if grow {
		r.Aspect = GrowBox
	}
	return nil
}

func readBool(b *bool, s string) error {
	switch strings.ToLower(s) {
	case "true", "1":
		*b = true
	case "false", "0":
		*b = false
	default:
		return fmt.Errorf("%s is neither true nor false", quote(s))
	}
	return nil
}

// formatAliases are spellings of formats that clients use. "None" leaves the choice to the service.
var formatAliases = map[string]string{"jpeg": "jpg", "tif": "tiff", "none": ""}

func readFormat(r *Request, s string) error {
	r.Format = strings.ToLower(s)
	if f, ok := formatAliases[r.Format]; ok {
		r.Format = f
	}
	return nil
}

func readQuality(r *Request, s string) error {
	n, err := integer(s)
	if err != nil {
		return err
	}
	if n < 0 || n > 100 {
		return fmt.Errorf("%d is not between 0 and 100", n)
	}
	r.CompressionQuality = new(int(n))
	return nil
}

func readPixelType(r *Request, s string) error {
	t, ok := raster.ParsePixelType(s)
	if !ok {
		return fmt.Errorf("%s is no pixel type", quote(s))
	}
	r.PixelType = t
	return nil
}

// maxNoData is how many noData values a request may list, one a band.
const maxNoData = 1024

func readNoData(r *Request, s string) (err error) {
	r.NoData, err = numbers(s, maxNoData)
	return err
}

func readNoDataMatch(r *Request, s string) error {
	return enumerated(&r.NoDataMatch, s, map[string]NoDataMatch{
		"esrinodatamatchany": MatchAny, "esrinodatamatchall": MatchAll,
	})
}

func readInterpolation(r *Request, s string) error {
	return enumerated(&r.Interpolation, s, map[string]resample.Interpolation{
		"rsp_nearestneighbor":       resample.Nearest,
		"rsp_bilinearinterpolation": resample.Bilinear,
		"rsp_cubicconvolution":      resample.Cubic,
		"rsp_majority":              resample.Majority,
	})
}

// maxBands is how many bands a request may list. The service's own limit is checked when it is known.
const maxBands = 1024

func readBandIDs(r *Request, s string) error {
	n, err := integers(s, maxBands)
	if err != nil {
		return err
	}
	for _, b := range n {
		if b < 0 || b > math.MaxUint16 {
			return fmt.Errorf("there is no band %d", b)
		}
		r.BandIDs = append(r.BandIDs, int(b))
	}
	return nil
}

// readTime takes milliseconds since 1970, one instant or the two ends of an extent, of which "null" is open.
func readTime(r *Request, s string) error {
	ends := strings.Split(s, ",")
	if len(ends) > 2 {
		return fmt.Errorf("one or two times are wanted, not %d", len(ends))
	}
	at := func(s string) (time.Time, error) {
		if s = strings.TrimSpace(s); strings.EqualFold(s, "null") {
			return time.Time{}, nil
		}
		ms, err := integer(s)
		return time.UnixMilli(ms).UTC(), err
	}
	from, err := at(ends[0])
	if err != nil {
		return err
	}
	to, err := at(ends[len(ends)-1])
	if err != nil {
		return err
	}
	if !from.IsZero() && !to.IsZero() && from.After(to) {
		return fmt.Errorf("the extent ends before it starts")
	}
	r.Time = mosaic.TimeExtent{From: from, To: to}
	return nil
}

func readSliceID(r *Request, s string) error {
	n, err := integer(s)
	r.SliceID = &n
	return err
}

func readCompression(r *Request, s string) error {
	return enumerated(&r.Compression, s, map[string]string{
		"none": "None", "jpeg": "JPEG", "lz77": "LZ77", "lzw": "LZW", "deflate": "Deflate", "zstd": "ZSTD", "lerc": "LERC",
	})
}

func readTolerance(r *Request, s string) error {
	n, err := number(s)
	if err == nil && n < 0 {
		err = fmt.Errorf("%v is below 0", n)
	}
	r.CompressionTolerance = &n
	return err
}

func readLERCVersion(r *Request, s string) error {
	n, err := integer(s)
	if err == nil && n != 1 && n != 2 {
		err = fmt.Errorf("%d is neither 1 nor 2", n)
	}
	r.LERCVersion = int(n)
	return err
}

func enumerated[T any](v *T, s string, values map[string]T) error {
	got, ok := values[strings.ToLower(s)]
	if !ok {
		return fmt.Errorf("%s is no value of it", quote(s))
	}
	*v = got
	return nil
}

// decimal is a number as the operation writes it: a point whatever the locale, digits alone otherwise, an exponent. What
// Go's parser takes besides (hexadecimal, underscores, "inf", "nan") is refused.
var decimal = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)

func number(s string) (float64, error) {
	if !decimal.MatchString(s) {
		return 0, fmt.Errorf("%s is not a number", quote(s))
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is too large", quote(s))
	}
	return v, nil
}

func integer(s string) (int64, error) {
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is not a whole number", quote(s))
	}
	return v, nil
}

// fields cuts a list at commas, or at blanks where there are none. A list of more than max is cut to max+1, which no
// caller takes, so that the length of a text does not become the length of a slice.
func fields(s string, max int) []string {
	if !strings.Contains(s, ",") {
		f := strings.Fields(s)
		return f[:min(len(f), max+1)]
	}
	f := strings.SplitN(s, ",", max+2)
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	return f[:min(len(f), max+1)]
}

func list[T any](s string, max int, read func(string) (T, error)) ([]T, error) {
	f := fields(s, max)
	if len(f) > max {
		return nil, fmt.Errorf("there are more than %d numbers", max)
	}
	out := make([]T, len(f))
	for i := range f {
		var err error
		if out[i], err = read(f[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func numbers(s string, max int) ([]float64, error) { return list(s, max, number) }
func integers(s string, max int) ([]int64, error)  { return list(s, max, integer) }

// quote shows a text from outside in a message, cut where it is long.
func quote(s string) string { return strconv.QuoteToASCII(short(s)) }

func short(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return s
}
