package geotiff

import "fmt"

// A tag is the number of a field of a directory. The names are those of TIFF 6.0, its supplements and GeoTIFF 1.1.
type tag uint16

const (
	tagNewSubfileType      tag = 254
	tagSubfileType         tag = 255
	tagImageWidth          tag = 256
	tagImageLength         tag = 257
	tagBitsPerSample       tag = 258
	tagCompression         tag = 259
	tagPhotometric         tag = 262
	tagFillOrder           tag = 266
	tagStripOffsets        tag = 273
	tagSamplesPerPixel     tag = 277
	tagRowsPerStrip        tag = 278
	tagStripByteCounts     tag = 279
	tagPlanarConfiguration tag = 284
	tagT4Options           tag = 292
	tagPredictor           tag = 317
	tagColorMap            tag = 320
	tagTileWidth           tag = 322
	tagTileLength          tag = 323
	tagTileOffsets         tag = 324
	tagTileByteCounts      tag = 325
	tagSubIFDs             tag = 330
	tagInkSet              tag = 332
	tagExtraSamples        tag = 338
	tagSampleFormat        tag = 339
	tagJPEGTables          tag = 347
	tagYCbCrCoefficients   tag = 529
	tagYCbCrSubSampling    tag = 530
	tagReferenceBlackWhite tag = 532
	tagModelPixelScale     tag = 33550
	tagModelTiepoint       tag = 33922
	tagModelTransformation tag = 34264
	tagGeoKeyDirectory     tag = 34735
	tagGeoDoubleParams     tag = 34736
	tagGeoASCIIParams      tag = 34737
	tagGDALMetadata        tag = 42112
	tagGDALNoData          tag = 42113
	tagLERCParameters      tag = 50674
	tagRPCCoefficient      tag = 50844
)

// name returns the tag's name, or the empty string for tags that this package ignores.
func (t tag) name() string {
	switch t {
	case tagNewSubfileType:
		return "NewSubfileType"
	case tagSubfileType:
		return "SubfileType"
	case tagImageWidth:
		return "ImageWidth"
	case tagImageLength:
		return "ImageLength"
	case tagBitsPerSample:
		return "BitsPerSample"
	case tagCompression:
		return "Compression"
	case tagPhotometric:
		return "PhotometricInterpretation"
	case tagFillOrder:
		return "FillOrder"
	case tagStripOffsets:
		return "StripOffsets"
	case tagSamplesPerPixel:
		return "SamplesPerPixel"
	case tagRowsPerStrip:
		return "RowsPerStrip"
	case tagStripByteCounts:
		return "StripByteCounts"
	case tagPlanarConfiguration:
		return "PlanarConfiguration"
	case tagT4Options:
		return "T4Options"
	case tagPredictor:
		return "Predictor"
	case tagColorMap:
		return "ColorMap"
	case tagTileWidth:
		return "TileWidth"
	case tagTileLength:
		return "TileLength"
	case tagTileOffsets:
		return "TileOffsets"
	case tagTileByteCounts:
		return "TileByteCounts"
	case tagSubIFDs:
		return "SubIFDs"
	case tagInkSet:
		return "InkSet"
	case tagExtraSamples:
		return "ExtraSamples"
	case tagSampleFormat:
		return "SampleFormat"
	case tagJPEGTables:
		return "JPEGTables"
	case tagYCbCrCoefficients:
		return "YCbCrCoefficients"
	case tagYCbCrSubSampling:
		return "YCbCrSubSampling"
	case tagReferenceBlackWhite:
		return "ReferenceBlackWhite"
	case tagModelPixelScale:
		return "ModelPixelScaleTag"
	case tagModelTiepoint:
		return "ModelTiepointTag"
	case tagModelTransformation:
		return "ModelTransformationTag"
	case tagGeoKeyDirectory:
		return "GeoKeyDirectoryTag"
	case tagGeoDoubleParams:
		return "GeoDoubleParamsTag"
	case tagGeoASCIIParams:
		return "GeoAsciiParamsTag"
	case tagGDALMetadata:
		return "GDAL_METADATA"
	case tagRPCCoefficient:
		return "RPCCoefficientTag"
	case tagLERCParameters:
		return "LercParameters"
	case tagGDALNoData:
		return "GDAL_NODATA"
	}
	return ""
}

// String returns the tag's name and number.
func (t tag) String() string {
	if n := t.name(); n != "" {
		return fmt.Sprintf("%s (%d)", n, uint16(t))
	}
	return fmt.Sprintf("tag %d", uint16(t))
}

// known reports whether this package uses the tag. Fields with other tags are not kept.
func (t tag) known() bool { return t.name() != "" }

// A part is the name of a piece of a file that is not a tag.
type part string

func (p part) String() string { return string(p) }
