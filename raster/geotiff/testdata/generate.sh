#!/bin/sh
# Makes the TIFF files beside it with GDAL 3.6.2 (Debian's gdal-bin), from a synthetic grid. Run it in this directory.
set -e
tmp=$(mktemp -d)
export GDAL_PAM_ENABLED=NO GDAL_TIFF_INTERNAL_MASK=YES

# 37 x 29 pixels: (7 column + 13 row) mod 200, and a block of 199 around the middle.
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
t="gdal_translate -q $tmp/grid.tif"

$t -co TILED=YES -co BLOCKXSIZE=16 -co BLOCKYSIZE=16 -co COMPRESS=LZW -co PREDICTOR=2 u8_tiled_lzw.tif
gdal_translate -q -ot Int16 -a_nodata 199 -scale 0 199 -199 199 -co COMPRESS=DEFLATE -co ENDIANNESS=BIG -co BLOCKYSIZE=8 $tmp/grid.tif s16_be_deflate_nodata.tif
gdal_translate -q -ot Float32 -scale 0 199 0 1.5 -co COMPRESS=DEFLATE -co PREDICTOR=3 $tmp/grid.tif f32_deflate_predictor3.tif
gdal_translate -q -ot Float64 -scale 0 199 -1 1 -co COMPRESS=LZW -co PREDICTOR=2 -srcwin 12 8 14 11 -co BLOCKYSIZE=4 $tmp/grid.tif f64_lzw_predictor2.tif
$t -ot UInt16 -b 1 -b 1 -b 1 -scale_2 0 199 0 60000 -co INTERLEAVE=BAND -co COMPRESS=PACKBITS -co BIGTIFF=YES -srcwin 5 5 16 12 u16_planar_packbits_big.tif
$t -b 1 -b 1 -b 1 -b 1 -colorinterp red,green,blue,alpha -scale_4 0 199 0 255 -co ALPHA=YES -co COMPRESS=DEFLATE rgba_deflate.tif
$t -b 1 -mask 1 -co COMPRESS=DEFLATE mask_overviews.tif
gdaladdo -q -r nearest mask_overviews.tif 2 4
$t -co NBITS=1 -scale 0 199 0 1 -co PHOTOMETRIC=MINISWHITE -a_nodata 0 bilevel_min_is_white_nodata.tif
$t -a_ullr 500000 4000000 500370 4000290 -srcwin 0 0 9 9 south_up.tif
$t -mo AREA_OR_POINT=Point -srcwin 0 0 9 9 point.tif
gdal_create -q -ot Int16 -outsize 64 48 -bands 2 -a_nodata -5 -a_srs EPSG:4326 -a_ullr 10 50 11 49 -co TILED=YES -co BLOCKXSIZE=16 -co BLOCKYSIZE=16 -co SPARSE_OK=TRUE -co COMPRESS=LZW sparse_nodata.tif
gdal_translate -q -of COG -co BLOCKSIZE=128 -co COMPRESS=DEFLATE -co PREDICTOR=YES -outsize 140 60 -a_nodata 199 $tmp/grid.tif cog_deflate.tif
rm -r $tmp
