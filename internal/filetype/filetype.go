// Package filetype names formats of files by their first bytes, or else by the ending of their names. It is for messages
// about files that are not read: it decides nothing, and knows more formats than anybody reads.
package filetype

import (
	"bytes"
	"path"
	"strings"
)

// HeadBytes is the number of bytes of a file that Of looks at.
const HeadBytes = 1024

// Of returns the name of a file's format, such as "JPEG 2000", by its first bytes or, if they say nothing, by its name;
// empty if neither is known. The name may be empty.
func Of(head []byte, name string) string {
	head = head[:min(len(head), HeadBytes)]
	for _, s := range signatures {
		if len(head) >= s.at && bytes.HasPrefix(head[s.at:], []byte(s.magic)) {
			return s.name
		}
	}
	if format := ofText(head); format != "" {
		return format
	}
	return endings[strings.ToLower(path.Ext(name))]
}

// A signature is a text at an offset.
type signature struct {
	at    int
	magic string
	name  string
}

// signatures come from the formats' specifications; where one begins like another, the longer one comes first.
var signatures = []signature{
	{0, "\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"},
	{0, "\xff\x4f\xff\x51", "JPEG 2000 codestream"},
	{0, "\x00\x00\x00\x0cJXL ", "JPEG XL"},
	{0, "\xff\x0a", "JPEG XL"},
	{0, "\x89HDF\r\n\x1a\n", "HDF5 (or netCDF-4)"},
	{512, "\x89HDF\r\n\x1a\n", "HDF5 (or netCDF-4)"},
	{0, "\x0e\x03\x13\x01", "HDF4"},
	{0, "CDF\x01", "netCDF"}, {0, "CDF\x02", "netCDF"}, {0, "CDF\x05", "netCDF"},
	{0, "EHFA_HEADER_TAG", "ERDAS Imagine"},
	{0, "HEAD74", "ERDAS 7.x"}, {0, "HEADER", "ERDAS 7.x"},
	{0, "GRIB", "GRIB"},
	{0, "msid", "MrSID"},
	{0, "UHL1", "DTED"}, {0, "VOL1", "DTED (from tape)"}, {0, "HDR1", "DTED (from tape)"},
	{0, "GRID1.", "ArcInfo grid"}, {0, "EXP  0", "ArcInfo interchange file (E00)"},
	{0, "%PDF-", "PDF"}, {0, "%!PS", "PostScript"},
	{0, "NITF0", "NITF"}, {0, "NSIF0", "NITF"},
	{0, "PCIDSK  ", "PCIDSK"},
	{0, "SIMPLE  =", "FITS"},
	{0, "CntZImage ", "LERC"}, {0, "Lerc2 ", "LERC"},
	{0, "DSAA", "Surfer grid"}, {0, "DSBB", "Surfer grid"}, {0, "DSRB", "Surfer grid"},
	{0, "RUU CROSS SYSTEM MAP FORMAT", "PCRaster"},
	{0, "TERRAGEN", "Terragen terrain"},
	{0, "DatasetHeader Begin", "ER Mapper header"},
	{0, "NUM_OREC", "NTv2 grid"},
	{0, "LASF", "LAS point cloud"},
	{0, "\x00\x00\x27\x0a", "Shapefile or ArcInfo grid tile"},
	{0, "SQLite format 3\x00", "SQLite (GeoPackage or MBTiles)"},
	{0, "PMTiles", "PMTiles"},
	{0, "\x89PNG\r\n\x1a\n", "PNG"}, {0, "\xff\xd8\xff", "JPEG"}, {0, "GIF8", "GIF"}, {8, "WEBPVP8", "WebP"},
	{4, "ftypavif", "AVIF"}, {4, "ftypheic", "HEIF"}, {4, "ftypmif1", "HEIF"},
	{0, "8BPS", "Photoshop"}, {0, "\x76\x2f\x31\x01", "OpenEXR"}, {128, "DICM", "DICOM"},
	{0, "P4\n", "PNM"}, {0, "P5\n", "PNM"}, {0, "P6\n", "PNM"}, {0, "P5 ", "PNM"}, {0, "P6 ", "PNM"},
	{0, "PK\x03\x04", "ZIP"}, {0, "\x1f\x8b", "gzip"}, {0, "BZh", "bzip2"}, {0, "7z\xbc\xaf\x27\x1c", "7-Zip"},
	{0, "\xfd7zXZ\x00", "xz"}, {0, "\x28\xb5\x2f\xfd", "Zstandard"}, {0, "Rar!\x1a\x07", "RAR"}, {257, "ustar", "tar"},
	{0, "version https://git-lfs.github.com/", "Git LFS pointer (the file itself is not here)"},
}

// texts are words with which text files begin, after blanks, in small letters.
var texts = []struct{ begin, name string }{
	{"<vrtdataset", "VRT"}, {"<mrf_meta", "MRF"}, {"<gdal_wms", "GDAL WMS description"}, {"<pamdataset", "GDAL metadata (.aux.xml)"},
	{"<!doctype html", "HTML page"}, {"<html", "HTML page"}, {"<kml", "KML"},
	{"ncols", "ASCII grid"}, {"nrows", "ASCII grid"}, {"xllcorner", "ASCII grid"}, {"north:", "GRASS ASCII grid"},
	{"envi", "ENVI header"}, {"{", "JSON document"}, {"version https://git-lfs", "Git LFS pointer (the file itself is not here)"},
}

// ofText names the format of a text.
func ofText(head []byte) string {
	text := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n"))
	for strings.HasPrefix(text, "<?") || strings.HasPrefix(text, "<!--") {
		end := "?>"
		if text[1] == '!' {
			end = "-->"
		}
		_, rest, found := strings.Cut(text, end)
		if !found {
			return "XML document"
		}
		text = strings.TrimLeft(rest, " \t\r\n")
	}
	for _, t := range texts {
		if strings.HasPrefix(text, t.begin) {
			return t.name
		}
	}
	switch {
	case strings.Contains(text, "bsb/"):
		return "BSB chart"
	case strings.HasPrefix(text, "<"):
		return "XML document"
	}
	return ""
}

// endings name the formats of files whose first bytes say nothing, and of those whose bytes nobody has looked at.
var endings = map[string]string{
	".ecw": "ECW", ".sid": "MrSID", ".jp2": "JPEG 2000", ".j2k": "JPEG 2000", ".j2c": "JPEG 2000", ".jpx": "JPEG 2000", ".jpf": "JPEG 2000",
	".img": "ERDAS Imagine", ".ige": "ERDAS Imagine", ".vrt": "VRT", ".nc": "netCDF", ".nc4": "netCDF", ".cdf": "netCDF",
	".hdf": "HDF", ".hdf4": "HDF4", ".h4": "HDF4", ".h5": "HDF5", ".hdf5": "HDF5", ".he5": "HDF5",
	".grb": "GRIB", ".grb2": "GRIB", ".grib": "GRIB", ".grib2": "GRIB", ".asc": "ASCII grid", ".agr": "ASCII grid", ".grd": "grid",
	".adf": "ArcInfo grid", ".e00": "ArcInfo interchange file (E00)", ".dt0": "DTED", ".dt1": "DTED", ".dt2": "DTED",
	".mrf": "MRF", ".pdf": "PDF", ".ntf": "NITF", ".nitf": "NITF", ".pix": "PCIDSK", ".fits": "FITS", ".fit": "FITS",
	".hgt": "SRTM", ".bil": "BIL", ".bip": "BIP", ".bsq": "BSQ", ".flt": "floating-point grid", ".dem": "USGS DEM",
	".sdat": "SAGA grid", ".sgrd": "SAGA grid", ".rst": "Idrisi", ".rdc": "Idrisi", ".ers": "ER Mapper", ".lan": "ERDAS 7.x", ".gis": "ERDAS 7.x",
	".kap": "BSB chart", ".map": "PCRaster", ".xyz": "XYZ points", ".gen": "ADRG", ".gtx": "vertical shift grid", ".gsb": "NTv2 grid",
	".zarr": "Zarr", ".mbtiles": "MBTiles", ".gpkg": "GeoPackage", ".lerc": "LERC", ".webp": "WebP", ".cub": "ISIS cube",
	".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".bmp": "BMP", ".sda": "SDTS", ".ddf": "SDTS", ".blx": "Magellan BLX",
}

// Raster reports the format of a raster file by the ending of its name alone; empty if the ending is none of a raster.
// Tables, documents and other files beside rasters are none.
func Raster(name string) string {
	ext := strings.ToLower(path.Ext(name))
	switch ext {
	case ".pdf", ".map", ".xyz", ".gen", ".gtx", ".gsb", ".rdc", ".ige", ".sgrd", ".ddf", ".gis", ".grd", ".fit", ".pix":
		return "" // mostly something else
	}
	return endings[ext]
}
