package params

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// The parameters, for the tables of operations. They must not be changed.
var (
	BBoxParam = Param[Box]{
		Info: Info{
			Name: "bbox", Help: "the box to draw, `xmin,ymin,xmax,ymax`; default: all of the sources",
		},
		Read: readBBox,
	}
	BBoxSRParam = Param[srs.CRS]{
		Info: Info{
			Name: "bboxSR",
			Help: "`CRS` of the box: a code such as 4326, JSON, or WKT; default: that of the first raster",
		},
		Read: readCRS,
	}
	ImageSRParam = Param[srs.CRS]{
		Info: Info{
			Name: "imageSR", Help: "`CRS` of the image; default: that of the first raster",
		},
		Read: readCRS,
	}
	SizeParam = Param[image.Point]{
		Info: Info{
			Name: "size", Help: "`width,height` in pixels",
			Default: "400,400",
		},
		Read: readSize,
	}
	AdjustAspectRatioParam = Param[bool]{
		Info: Info{
			Name: "adjustAspectRatio", Help: "`whether` the box grows until pixels are square",
			Values: []string{"true", "false"}, Default: "true",
		},
		Read: readBoolean,
	}
	FormatParam = Param[string]{
		Info: Info{
			Name: "format", Help: "`name` of the format",
			Default: "png",
		},
		Read: readFormat,
	}
	CompressionQualityParam = Param[int]{
		Info: Info{
			Name: "compressionQuality", Help: "`quality` of formats with loss, 0 to 100",
			Default: "75",
		},
		Read: readQuality,
	}
	PixelTypeParam = Param[raster.PixelType]{
		Info: Info{
			Name: "pixelType", Help: "`type` of the image's samples; default: that of the rasters",
			Values: pixelTypeNames(),
		},
		Read: readPixelType,
	}
	NoDataParam = Param[[]float64]{
		Info: Info{
			Name: "noData", Help: "`values` that are transparent: one, or one a band",
		},
		Read: readNoData,
	}
	NoDataInterpretationParam = Param[exportimage.NoDataMatch]{
		Info: Info{
			Name: "noDataInterpretation", Help: "`how` bands are matched",
			Values: NoDataMatches.Names(),
		},
		Read: NoDataMatches.Read,
	}
	InterpolationParam = Param[resample.Interpolation]{
		Info: Info{
			Name: "interpolation", Help: "`method`",
			Values: Interpolations.Names(),
		},
		Read: Interpolations.Read,
	}
	BandIDsParam = Param[[]int]{
		Info: Info{
			Name: "bandIds", Help: "`bands` to draw, the first is 0, such as 2,1,0; default: all",
		},
		Read: readBandIDs,
	}
	MosaicRuleParam = Param[Mosaic]{
		Info: Info{
			Name: "mosaicRule", Help: "`JSON` of the rule by which rasters are chosen, ordered and merged",
		},
		Read: readMosaicRule,
	}
	MosaicPropertiesParam = Param[mosaic.Rule]{
		Info: Info{
			Name: "mosaicProperties", Help: "`XML`, the same in the dialect of 9.3",
			Unlisted: true,
		},
		Read: Exactly(readMosaicProperties),
	}
	ViewpointPropertiesParam = Param[*mosaic.Point]{
		Info: Info{
			Name: "viewpointProperties", Help: "`XML`, the same in the dialect of 9.3",
			Unlisted: true,
		},
		Read: Exactly(readViewpointProperties),
	}
	RenderingRuleParam = Param[function.Function]{
		Info: Info{
			Name: "renderingRule", Help: "`JSON` of a raster function",
		},
		Read: readFunction,
	}
	TimeParam = Param[mosaic.TimeExtent]{
		Info: Info{
			Name: "time", Help: "`instant` or from,to, in milliseconds since 1970",
		},
		Read: readTime,
	}
	ValidateExtentParam = Param[bool]{
		Info: Info{
			Name: "validateExtent", Help: "`whether` it is an error if the box lies outside the rasters",
			Values: []string{"false", "true"}, Default: "false",
		},
		Read: readBoolean,
	}
	SliceIDParam = Param[int64]{Info: Info{Name: "sliceId", Help: "`number` of a slice"}, Read: Exactly(integer)}

	DatumTransformationParam = Param[[]srs.Operation]{
		Info: Info{
			Name: "datumTransformation", Help: "`code` of a transformation between datums, or JSON with geoTransforms",
		},
		Read: readDatumTransformation,
	}
	CompressionParam = Param[string]{
		Info: Info{
			Name: "compression", Help: "`method` of formats that have a choice",
			Values: Compressions.Names(),
		},
		Read: Compressions.Read,
	}
	CompressionToleranceParam = Param[float64]{
		Info: Info{
			Name: "compressionTolerance", Help: "`error` allowed by formats that have a choice",
		},
		Read: Exactly(readTolerance),
	}
	LERCVersionParam = Param[int]{
		Info: Info{
			Name: "lercVersion", Help: "`version` of LERC",
			Values: []string{"1", "2"},
		},
		Read: Exactly(readLERCVersion),
	}
	// ExplainParam is one of the transport's parameters (see IsTransport).
	ExplainParam = Param[bool]{
		Info: Info{
			Name: "explain", Help: "`true` adds an account of the export to JSON",
			Default: "false", Unlisted: true,
		},
		Read: readBoolean,
	}
	GeometryParam = Param[exportimage.Geometry]{
		Info: Info{
			Name: "geometry",
			Help: "`JSON` of a point, multipoint, polyline, polygon or envelope, or x,y, or xmin,ymin,xmax,ymax",
		},
		MaxBytes: 1 << 20, Read: readGeometry,
	}
	GeometryTypeParam = Param[exportimage.GeometryType]{
		Info: Info{
			Name: "geometryType", Help: "`type` of the geometry",
			Values: GeometryTypes.Names(),
		},
		Read: GeometryTypes.Read,
	}
	PixelSizeParam = Param[exportimage.PixelSize]{
		Info: Info{
			Name: "pixelSize", Help: "`width,height` of pixels on the ground, or JSON with a spatialReference",
		},
		Read: readPixelSize,
	}
)

// MosaicRule reads the JSON of a mosaicRule. Like the other functions of this package that read one value, it returns
// the zero value for an empty text, and errors of type *exportimage.Error.
func MosaicRule(text string) (Mosaic, error) { return MosaicRuleParam.Parse(text) }

// RenderingRule reads a raster function in any of the forms in use: an object with a rasterFunction and its arguments,
// a raster function template, or a bare name. An empty object, which some clients send for no rule, is nil.
func RenderingRule(text string) (function.Function, error) {
	return RenderingRuleParam.Parse(text)
}

// Time reads milliseconds since 1970: one instant, or the two ends of an extent, of which "null" is open.
func Time(text string) (mosaic.TimeExtent, error) { return TimeParam.Parse(text) }

// SpatialReference reads a code, JSON with wkid, latestWkid or wkt, or WKT.
func SpatialReference(text string) (srs.CRS, error) {
	return Param[srs.CRS]{Info: Info{Name: "spatialReference"}, Read: readCRS}.Parse(text)
}

// PixelSize reads "x,y", one number for both, or an object with x, y and perhaps a spatialReference.
func PixelSize(text string) (exportimage.PixelSize, error) { return PixelSizeParam.Parse(text) }

// BandIDs reads a list of bands, counted from 0.
func BandIDs(text string) ([]int, error) { return BandIDsParam.Parse(text) }

// A Box is an envelope and, where the text states it, its spatial reference.
type Box struct {
	Envelope srs.Envelope
	CRS      srs.CRS
}

func asIs(s string) (string, error) { return s, nil }

func readBBox(s string, f *Forgiven) (Box, error) {
	if isJSON(s) {
		return readJSONBox(s, f)
	}
	e, err := readCorners(s, f)
	return Box{Envelope: e}, err
}

// readCorners reads the four numbers of a box.
func readCorners(s string, f *Forgiven) (srs.Envelope, error) {
	n, err := numbers(s, 4, f)
	if err != nil {
		return srs.Envelope{}, err
	}
	if len(n) != 4 {
		return srs.Envelope{}, fmt.Errorf("four numbers are wanted, xmin,ymin,xmax,ymax, not %d", len(n))
	}
	return notZero(srs.Envelope{XMin: n[0], YMin: n[1], XMax: n[2], YMax: n[3]})
}

// notZero refuses the zero box, which a Request takes for none.
func notZero(e srs.Envelope) (srs.Envelope, error) {
	if (e == srs.Envelope{}) {
		return e, errors.New("the box has no area")
	}
	return e, nil
}

// readSize reads two numbers, or one for a square. Clients send floats: they are rounded.
func readSize(s string, f *Forgiven) (size image.Point, err error) {
	n, err := numbers(s, 2, f)
	if err != nil {
		return size, err
	}
	side := func(v float64) (int, error) {
		if v = math.Floor(v + 0.5); v < 1 || v > math.MaxInt32 {
			return 0, fmt.Errorf("width and height must be at least 1 and at most %d", math.MaxInt32)
		}
		return int(v), nil
	}
	if len(n) == 0 || len(n) > 2 {
		return size, fmt.Errorf("two numbers are wanted, width,height, not %d", len(n))
	}
	if size.X, err = side(n[0]); err != nil {
		return size, err
	}
	size.Y, err = side(n[len(n)-1])
	return size, err
}

func readBool(s string) (bool, error) { return readBoolean(s, nil) }

func readBoolean(s string, f *Forgiven) (bool, error) {
	switch lower := strings.ToLower(s); lower {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	case "yes", "on", "t", "y":
		f.Add("%q for true", lower)
		return true, nil
	case "no", "off", "f", "n":
		f.Add("%q for false", lower)
		return false, nil
	}
	return false, fmt.Errorf("%s is neither true nor false", quote.Text(s))
}

// formatAliases are other spellings of formats that clients use, and that need no note.
var formatAliases = map[string]string{"jpeg": "jpg", "tif": "tiff", "none": ""}

// formatNames are spellings of formats that other programs have.
var formatNames = map[string]string{
	"geotiff": "tiff", "gtiff": "tiff", "image/tiff": "tiff", "image/geotiff": "tiff", "image/png": "png",
	"image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/bmp": "bmp",
}

func readFormat(s string, f *Forgiven) (string, error) {
	s = strings.ToLower(s)
	if name, ok := formatAliases[s]; ok {
		return name, nil
	}
	if name, ok := formatNames[s]; ok {
		f.Add("%q for %s", s, name)
		return name, nil
	}
	return s, nil
}

func readQuality(s string, f *Forgiven) (int, error) {
	n, err := wholeNumber(s, f)
	if err == nil && (n < 0 || n > 100) {
		err = fmt.Errorf("%d is not between 0 and 100", n)
	}
	return int(n), err
}

func pixelTypeNames() (names []string) {
	for t := raster.U1; t <= raster.C128; t++ {
		names = append(names, t.String())
	}
	return names
}

// pixelTypeAliases are the names of pixel types in ArcObjects, GDAL, NumPy and geoprocessing tools, in the form of fold.
var pixelTypeAliases = map[string]raster.PixelType{
	"ptu1": raster.U1, "ptu2": raster.U2, "ptu4": raster.U4, "ptuchar": raster.U8, "ptchar": raster.S8,
	"ptushort": raster.U16, "ptshort": raster.S16, "ptulong": raster.U32, "ptlong": raster.S32, "ptfloat": raster.F32,
	"ptdouble": raster.F64, "ptcomplex": raster.C64, "ptdcomplex": raster.C128, "ptunknown": raster.Unknown,
	"byte": raster.U8, "uint8": raster.U8, "int8": raster.S8, "uint16": raster.U16, "int16": raster.S16,
	"uint32": raster.U32, "int32": raster.S32, "float32": raster.F32, "float64": raster.F64, "double": raster.F64,
	"complex64": raster.C64, "complex128": raster.C128, "cfloat32": raster.C64, "cfloat64": raster.C128,
	"1bit": raster.U1, "2bit": raster.U2, "4bit": raster.U4, "8bitunsigned": raster.U8, "8bitsigned": raster.S8,
	"16bitunsigned": raster.U16, "16bitsigned": raster.S16, "32bitunsigned": raster.U32, "32bitsigned": raster.S32,
	"32bitfloat": raster.F32, "64bit": raster.F64, "64bitdouble": raster.F64,
}

func readPixelType(s string, f *Forgiven) (raster.PixelType, error) {
	if t, ok := raster.ParsePixelType(s); ok {
		return t, nil
	}
	t, ok := pixelTypeAliases[fold(s)]
	if !ok {
		return t, fmt.Errorf("%s is no pixel type", quote.Text(s))
	}
	f.Add("%s for %v", quote.Text(s), t)
	return t, nil
}

// maxNoData bounds how many noData values a request may list, one a band.
const maxNoData = 1024

func readNoData(s string, f *Forgiven) ([]float64, error) {
	if strings.EqualFold(s, "nan") {
		f.Add("NaN: such samples are without data in any case")
		return nil, nil
	}
	return numbers(s, maxNoData, f)
}

// maxBands bounds how many bands a request may list. The service's own limit is checked when it is known.
const maxBands = 1024

func readBandIDs(s string, f *Forgiven) (bands []int, err error) {
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") {
		f.Add("brackets around a list")
		s = strings.TrimSuffix(inner, "]")
	}
	n, err := list(s, maxBands, func(s string) (int64, error) { return wholeNumber(s, f) })
	if err != nil {
		return nil, err
	}
	for _, b := range n {
		if b < 0 || b > math.MaxUint16 {
			return nil, fmt.Errorf("there is no band %d", b)
		}
		bands = append(bands, int(b))
	}
	return bands, nil
}

func readTolerance(s string) (float64, error) {
	n, err := number(s)
	if err == nil && n < 0 {
		err = fmt.Errorf("%v is below 0", n)
	}
	return n, err
}

func readLERCVersion(s string) (int, error) {
	n, err := integer(s)
	if err == nil && n != 1 && n != 2 {
		err = fmt.Errorf("%d is neither 1 nor 2", n)
	}
	return int(n), err
}
