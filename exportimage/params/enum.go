package params

import (
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/resample"
)

// A Word is the spelling of one value of an enumeration.
type Word[V comparable] struct {
	Value    V
	Name     string   // in requests, in any case
	Property string   // in descriptions of services, if they have it
	Aliases  []string // other spellings that requests may use, besides those that Read makes of the names
}

// An Enum lists the values of an enumeration in the order in which they are offered.
type Enum[V comparable] []Word[V]

// Name returns the spelling of a value in requests, "" for one that the enumeration does not have.
func (e Enum[V]) Name(v V) string { return e.word(v).Name }

// Property returns the spelling of a value in descriptions of services, "" for one that the enumeration does not have.
func (e Enum[V]) Property(v V) string { return e.word(v).Property }

func (e Enum[V]) word(v V) Word[V] {
	for _, w := range e {
		if w.Value == v {
			return w
		}
	}
	return Word[V]{}
}

// Names returns the spellings of the values in requests.
func (e Enum[V]) Names() []string { return e.list(func(w Word[V]) string { return w.Name }) }

// Properties returns the spellings of the values in descriptions of services.
func (e Enum[V]) Properties() []string { return e.list(func(w Word[V]) string { return w.Property }) }

func (e Enum[V]) list(of func(Word[V]) string) []string {
	out := make([]string, len(e))
	for i, w := range e {
		out[i] = of(w)
	}
	return out
}

// The enumerations. They must not be changed.
var (
	Interpolations = Enum[resample.Interpolation]{
		{Value: resample.Bilinear, Name: "RSP_BilinearInterpolation", Property: "Bilinear", Aliases: []string{"BilinearInterp"}},
		{Value: resample.Cubic, Name: "RSP_CubicConvolution", Property: "Cubic", Aliases: []string{"CubicInterpolation"}},
		{Value: resample.Majority, Name: "RSP_Majority", Property: "Majority"},
		{Value: resample.Nearest, Name: "RSP_NearestNeighbor", Property: "Nearest", Aliases: []string{
			"NearestNeighbour", "NN",
		}},
	}
	NoDataMatches = Enum[exportimage.NoDataMatch]{
		{Value: exportimage.MatchAny, Name: "esriNoDataMatchAny", Aliases: []string{"Any"}},
		{Value: exportimage.MatchAll, Name: "esriNoDataMatchAll", Aliases: []string{"All"}},
	}
	// MosaicMethods may also be given by their names in services' properties, in 9.3 and in desktop programs.
	MosaicMethods = Enum[mosaic.Method]{
		{mosaic.Northwest, "esriMosaicNorthwest", "NorthWest", []string{"North-West"}},
		{mosaic.Center, "esriMosaicCenter", "Center", []string{"Closest to Center"}},
		{mosaic.LockRaster, "esriMosaicLockRaster", "LockRaster", []string{"Lock Raster"}},
		{mosaic.Attribute, "esriMosaicAttribute", "ByAttribute", []string{"ByAttribute", "Attribute"}},
		{mosaic.Nadir, "esriMosaicNadir", "Nadir", []string{"Closest to Nadir"}},
		{mosaic.Viewpoint, "esriMosaicViewpoint", "Viewpoint", []string{"Closest to Viewpoint"}},
		{mosaic.Seamline, "esriMosaicSeamline", "Seamline", nil},
		{mosaic.None, "esriMosaicNone", "None", nil},
	}
	MosaicOperations = Enum[mosaic.Operation]{
		{Value: mosaic.First, Name: "MT_FIRST", Property: "First"},
		{Value: mosaic.Last, Name: "MT_LAST", Property: "Last"},
		{Value: mosaic.Min, Name: "MT_MIN", Property: "Min", Aliases: []string{"Minimum"}},
		{Value: mosaic.Max, Name: "MT_MAX", Property: "Max", Aliases: []string{"Maximum"}},
		{Value: mosaic.Mean, Name: "MT_MEAN", Property: "Mean", Aliases: []string{"Average"}},
		{Value: mosaic.Blend, Name: "MT_BLEND", Property: "Blend"},
		{Value: mosaic.Sum, Name: "MT_SUM", Property: "Sum"},
	}
	// Compressions have the names of encode.Options.Compression as values.
	Compressions = Enum[string]{
		{Value: "None", Name: "None", Aliases: []string{"Uncompressed"}},
		{Value: "JPEG", Name: "JPEG", Aliases: []string{"JPG"}}, {Value: "LZ77", Name: "LZ77"},
		{Value: "LZW", Name: "LZW"}, {Value: "Deflate", Name: "Deflate", Aliases: []string{"ZIP", "AdobeDeflate"}}, {Value: "ZSTD", Name: "ZSTD", Aliases: []string{"Zstandard"}},
		{Value: "LERC", Name: "LERC"},
	}
	GeometryTypes = Enum[exportimage.GeometryType]{
		{Value: exportimage.PointGeometry, Name: "esriGeometryPoint"},
		{Value: exportimage.MultipointGeometry, Name: "esriGeometryMultipoint"},
		{Value: exportimage.PolylineGeometry, Name: "esriGeometryPolyline"},
		{Value: exportimage.PolygonGeometry, Name: "esriGeometryPolygon"},
		{Value: exportimage.EnvelopeGeometry, Name: "esriGeometryEnvelope", Aliases: []string{"Extent"}},
	}
)
