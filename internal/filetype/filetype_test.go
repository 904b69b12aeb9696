package filetype_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/internal/filetype"
)

// TestOf has the first bytes of files that GDAL 3.6 wrote or that the formats' specifications describe.
func TestOf(t *testing.T) {
	for _, c := range []struct{ head, name, want string }{
		{"\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypjp2 ", "", "JPEG 2000"},
		{"\xff\x4f\xff\x51\x00", "", "JPEG 2000 codestream"},
		{"<VRTDataset rasterXSize=\"20\">", "", "VRT"},
		{"\ufeff<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<VRTDataset>", "", "VRT"},
		{"<MRF_META>\n", "", "MRF"},
		{"CDF\x01\x00\x00", "", "netCDF"},
		{"CDF\x05\x00\x00", "", "netCDF"},
		{"\x89HDF\r\n\x1a\n\x02", "", "HDF5 (or netCDF-4)"},
		{"\x0e\x03\x13\x01", "", "HDF4"},
		{"EHFA_HEADER_TAG\x00", "", "ERDAS Imagine"},
		{"GRIB\x00\x00\x00\x02", "", "GRIB"},
		{"GRID1.2\x00", "hdr.adf", "ArcInfo grid"},
		{"\x00\x00\x27\x0a\xff\xff\xfc\x14", "w001001.adf", "Shapefile or ArcInfo grid tile"},
		{"ncols        20\nnrows        20\n", "", "ASCII grid"},
		{"  NCOLS 4\r\nNROWS 3\r\n", "", "ASCII grid"},
		{"msid\x01\x00", "", "MrSID"},
		{"\x65\x02\x01", "photo.ecw", "ECW"},
		{"UHL10010000E", "", "DTED"},
		{"%PDF-1.5\n", "", "PDF"},
		{"NITF02.10", "", "NITF"},
		{"PCIDSK  ", "", "PCIDSK"},
		{"SIMPLE  =                    T", "", "FITS"},
		{"\x89PNG\r\n\x1a\n", "", "PNG"},
		{"\xff\xd8\xff\xe0", "", "JPEG"},
		{"RIFF\x00\x00\x00\x00WEBPVP8L", "", "WebP"},
		{"PK\x03\x04", "", "ZIP"},
		{"\x1f\x8b\x08", "", "gzip"},
		{"SQLite format 3\x00", "a.gpkg", "SQLite (GeoPackage or MBTiles)"},
		{"<!DOCTYPE html>\n<html>", "", "HTML page"},
		{"<Error><Code>NoSuchKey</Code></Error>", "", "XML document"},
		{"<?xml", "", "XML document"},
		{"{\"zarr_format\": 2}", "", "JSON document"},
		{"version https://git-lfs.github.com/spec/v1\noid sha256:", "", "Git LFS pointer (the file itself is not here)"},
		{strings.Repeat("\x00", 257) + "ustar\x0000", "", "tar"},
		{"\x00\x00\x00\x00", "N37W122.HGT", "SRTM"},
		{"\x00\x00\x00\x00", "a.tif", ""},
		{"", "", ""},
		{"II*\x00", "", ""},
		{"some words", "", ""},
	} {
		assert.Equal(t, c.want, filetype.Of([]byte(c.head), c.name), "%.20q %s", c.head, c.name)
	}
}

func TestRaster(t *testing.T) {
	for name, want := range map[string]string{"a.JP2": "JPEG 2000", "b.img": "ERDAS Imagine", "c.txt": "", "d.pdf": "", "e.tif": "", "f": ""} {
		assert.Equal(t, want, filetype.Raster(name), name)
	}
}
