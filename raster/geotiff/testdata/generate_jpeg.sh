#!/bin/sh
# Makes the TIFF files with JPEG and WebP with GDAL 3.6.2 (Debian's gdal-bin). Run it in this directory.
set -e
tmp=$(mktemp -d)
export GDAL_PAM_ENABLED=NO GDAL_TIFF_INTERNAL_MASK=YES

# 61 x 47 pixels: slopes and edges in four bands.
for b in 1 2 3 4; do
	{
		echo "ncols 61
nrows 47
xllcorner 500000
yllcorner 4000000
cellsize 10"
		awk -v b=$b 'BEGIN { for (y = 0; y < 47; y++) for (x = 0; x < 61; x++) {
			v = b == 1 ? 4*x : b == 2 ? 5*y : b == 3 ? x*y/12 : x + y < 30 ? 0 : 255
			printf "%d%s", (x > 24 && x < 32 && y > 10 && y < 27) ? 60*b : v, x == 60 ? "\n" : " " } }'
	} >$tmp/$b.asc
	gdal_translate -q -ot Byte -a_srs EPSG:32633 $tmp/$b.asc $tmp/$b.tif
done
gdalbuildvrt -q -separate $tmp/rgba.vrt $tmp/1.tif $tmp/2.tif $tmp/3.tif $tmp/4.tif
t="gdal_translate -q $tmp/rgba.vrt"
tiles="-co TILED=YES -co BLOCKXSIZE=32 -co BLOCKYSIZE=32"
jpeg="-co COMPRESS=JPEG"
for mode in 0 1 2 3; do
	$t -b 1 -b 2 -b 3 $jpeg -co PHOTOMETRIC=YCBCR $tiles -co JPEGTABLESMODE=$mode jpeg_ycbcr_tables$mode.tif
done
$t -b 1 $jpeg -co BLOCKYSIZE=16 jpeg_gray_strips.tif
$t -b 1 -b 4 -colorinterp gray,alpha $jpeg -co ALPHA=YES $tiles jpeg_gray_alpha.tif
$t -b 1 -b 2 -b 3 $jpeg -co INTERLEAVE=BAND -co ENDIANNESS=BIG -co BIGTIFF=YES jpeg_rgb_planar.tif
$t -colorinterp red,green,blue,alpha $jpeg -co ALPHA=YES $tiles jpeg_rgba.tif
$t $jpeg -co PHOTOMETRIC=CMYK jpeg_cmyk.tif
$t -b 1 -b 2 -b 3 -mask 4 $jpeg -co PHOTOMETRIC=YCBCR $tiles jpeg_ycbcr_mask_overviews.tif
gdaladdo -q -r average --config COMPRESS_OVERVIEW JPEG --config PHOTOMETRIC_OVERVIEW YCBCR --config GDAL_TIFF_OVR_BLOCKSIZE 64 \
	--config JPEG_QUALITY_OVERVIEW 50 jpeg_ycbcr_mask_overviews.tif 2
webp="-co COMPRESS=WEBP"
$t -b 1 -b 2 -b 3 $webp $tiles webp_rgb.tif
$t -b 1 -b 2 -b 3 $webp -co WEBP_LOSSLESS=YES webp_rgb_lossless.tif
$t -colorinterp red,green,blue,alpha $webp -co ALPHA=YES -co WEBP_LEVEL=60 $tiles webp_rgba.tif
$t -colorinterp red,green,blue,alpha $webp -co ALPHA=YES -co WEBP_LOSSLESS=YES $tiles webp_rgba_lossless.tif
rm -r $tmp
