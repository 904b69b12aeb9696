#!/bin/sh
# Makes the files beside it that have metadata or other files beside them, with GDAL 3.6.2 (Debian's gdal-bin and python3-gdal), from a
# synthetic grid. Run it in this directory.
set -e
tmp=$(mktemp -d)
export GDAL_TIFF_INTERNAL_MASK=NO COMPRESS_OVERVIEW=DEFLATE GDAL_TIFF_OVR_BLOCKSIZE=64

# 37 x 29 pixels, as in generate.sh.
{
	echo "ncols 37
nrows 29
xllcorner 500000
yllcorner 4000000
cellsize 10"
	awk 'BEGIN { for (y = 0; y < 29; y++) for (x = 0; x < 37; x++)
		printf "%d%s", (x > 14 && x < 22 && y > 10 && y < 17) ? 199 : (7*x + 13*y) % 200, x == 36 ? "\n" : " " }'
} >$tmp/grid.asc
gdal_translate -q -ot Byte -a_srs EPSG:32633 $tmp/grid.asc $tmp/grid.tif
rm -f beside_* meta_* georef_*
t="gdal_translate -q --config GDAL_PAM_ENABLED NO -co COMPRESS=DEFLATE $tmp/grid.tif"

# Overviews and masks.
$t beside_ovr.tif
gdaladdo -q -ro -r nearest beside_ovr.tif 2 4
$t -b 1 -mask 1 --config GDAL_TIFF_INTERNAL_MASK YES beside_ovr_mask_inside.tif
gdaladdo -q -ro -r nearest beside_ovr_mask_inside.tif 2 2>/dev/null

# Georeference beside the file, or of a kind that is no affine map.
b="$t -co PROFILE=BASELINE -srcwin 3 4 9 8"
$b -co TFW=YES georef_world.tif
gdalsrsinfo -o wkt_esri --single-line EPSG:32633 >georef_world.prj
$b georef_pam.tif
$b georef_pam_gcp.tif
gdal_translate -q -srcwin 0 0 9 8 -a_srs EPSG:32633 -gcp 0 0 500000 4000290 -gcp 9 0 500090 4000290 -gcp 0 8 500000 4000200 $tmp/grid.tif georef_gcp.tif

/usr/bin/python3 - $tmp/grid.tif <<'PYTHON'
import sys
from osgeo import gdal

gdal.UseExceptions()
source = gdal.Open(sys.argv[1])
gtiff = gdal.GetDriverByName("GTiff")


def create(name, bands=1, kind=gdal.GDT_Byte, window=(0, 0, 37, 29), options=("COMPRESS=DEFLATE",)):
    d = gtiff.Create(name, window[2], window[3], bands, kind, list(options))
    pixels = source.ReadRaster(*window, buf_type=kind)
    for i in range(bands):
        d.GetRasterBand(i + 1).WriteRaster(0, 0, window[2], window[3], pixels)
    g = source.GetGeoTransform()
    d.SetGeoTransform([g[0] + window[0] * g[1], g[1], 0, g[3] + window[1] * g[5], 0, g[5]])
    d.SetProjection(source.GetProjection())
    return d


def mask(name, size, *valid):
    """Writes a mask as GDAL does: one band with the flag GMF_PER_DATASET, or a band with no flag for each of the image's."""
    d = gtiff.Create(name + ".msk", *size, len(valid), gdal.GDT_Byte, ["COMPRESS=DEFLATE", "INTERLEAVE=BAND"])
    for i, f in enumerate(valid):
        d.SetMetadataItem("INTERNAL_MASK_FLAGS_%d" % (i + 1), str(gdal.GMF_PER_DATASET if len(valid) == 1 else 0))
        d.GetRasterBand(i + 1).WriteRaster(0, 0, *size, bytes(f(x, y) * 255 for y in range(size[1]) for x in range(size[0])))


# A mask alone; one with overviews of image and mask (.ovr, .msk.ovr); and a mask for each of two bands.
create("beside_msk.tif").FlushCache()
mask("beside_msk.tif", (37, 29), lambda x, y: x % 7 + y % 3 > 0)
create("beside_msk_ovr.tif", 2).FlushCache()
mask("beside_msk_ovr.tif", (37, 29), lambda x, y: x >= 5 and y >= 7)
gdal.Open("beside_msk_ovr.tif").BuildOverviews("NEAREST", [2])
create("beside_msk_bands.tif", 2).FlushCache()
mask("beside_msk_bands.tif", (37, 29), lambda x, y: x >= 5, lambda x, y: y >= 7)

# Overviews with a mask of their own: .ovr.msk.
create("beside_ovr_msk.tif").FlushCache()
gdal.Open("beside_ovr_msk.tif").BuildOverviews("NEAREST", [2])
mask("beside_ovr_msk.tif", (37, 29), lambda x, y: x >= 5)
mask("beside_ovr_msk.tif.ovr", (19, 15), lambda x, y: x >= 3)

# The GDAL_METADATA tag.
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")
d = create("meta_tag.tif", 2, gdal.GDT_Int16, (3, 4, 9, 8))
b = d.GetRasterBand(1)
b.SetDescription('height <above> "sea" & land é')
b.SetScale(0.25)
b.SetOffset(-100)
b.SetUnitType("m")
b.SetStatistics(1, 199, 70.5, 12.25)
b.SetMetadataItem("STATISTICS_MINIMUM", "-5", "ELSEWHERE")
b.SetNoDataValue(80)
d.GetRasterBand(2).SetColorInterpretation(gdal.GCI_RedBand)
d = None

# The same and more in an .aux.xml file.
gdal.SetConfigOption("GDAL_PAM_ENABLED", "YES")
create("meta_pam.tif", 3, gdal.GDT_Int16, (3, 4, 9, 8), ["COMPRESS=DEFLATE", "INTERLEAVE=BAND"]).FlushCache()
d = gdal.Open("meta_pam.tif")
b = d.GetRasterBand(1)
b.SetDescription("height")
b.SetUnitType("ft")
b.SetNoDataValue(80)
b.SetStatistics(2, 198, 60.5, 11.25)
b.SetCategoryNames(["none", "", "wood <old>"])
b.GetDefaultHistogram(force=True)
b = d.GetRasterBand(2)
b.SetScale(0.5)
b.SetOffset(3)
b.SetNoDataValue(87)
d.GetRasterBand(3).SetColorInterpretation(gdal.GCI_BlueBand)
d = b = None

# Georeference in an .aux.xml file: of a rotated raster, and as control points.
d = gdal.Open("georef_pam.tif")
d.SetGeoTransform([500030.5, 8, 6, 4000250.25, 6, -8])
d.SetProjection(source.GetProjection())
d = gdal.Open("georef_pam_gcp.tif")
d.SetGCPs([gdal.GCP(500000, 4000290, 0, 0, 0), gdal.GCP(500090, 4000290, 0, 9, 0), gdal.GCP(500000, 4000200, 0, 0, 8)], source.GetProjection())

# A camera model.
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")
d = gtiff.Create("georef_rpc.tif", 9, 8, 1, gdal.GDT_Byte)
ones = " ".join(["1"] + ["0"] * 19)
d.SetMetadata({"LINE_OFF": "4", "SAMP_OFF": "4", "LAT_OFF": "36", "LONG_OFF": "15", "HEIGHT_OFF": "0", "LINE_SCALE": "4", "SAMP_SCALE": "4",
    "LAT_SCALE": "1", "LONG_SCALE": "1", "HEIGHT_SCALE": "100", "LINE_NUM_COEFF": ones, "LINE_DEN_COEFF": ones, "SAMP_NUM_COEFF": ones,
    "SAMP_DEN_COEFF": ones}, "RPC")
d = None
PYTHON
rm -r $tmp
