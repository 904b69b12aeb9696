#!/bin/sh
# Makes the pictures beside it with GDAL 3.6.2 (Debian's gdal-bin), from a synthetic grid. Run it in this directory.
set -e
tmp=$(mktemp -d)
export GDAL_PAM_ENABLED=NO

# 19 x 13 pixels: (7 column + 13 row) mod 200.
{
	echo "ncols 19
nrows 13
xllcorner 500000
yllcorner 4000000
cellsize 10"
	awk 'BEGIN { for (y = 0; y < 13; y++) for (x = 0; x < 19; x++) printf "%d%s", (7*x + 13*y) % 200, x == 18 ? "\n" : " " }'
} >$tmp/grid.asc
gdal_translate -q -ot Byte -a_srs EPSG:32633 $tmp/grid.asc $tmp/grid.tif
awk 'BEGIN { for (i = 0; i < 200; i++) print i, 255 - i, i, int(i / 2), (i < 20) ? 0 : 255 }' >$tmp/colors.txt
gdaldem color-relief -q -alpha $tmp/grid.tif $tmp/colors.txt $tmp/rgba.tif
rm -f *.png *.jpg *.gif *.bmp *.??w *.wld *.prj *.PGW *.PRJ
t="gdal_translate -q -co WORLDFILE=YES"

$t $tmp/rgba.tif rgba.png && mv rgba.wld rgba.pgw
gdalsrsinfo -o wkt_esri --single-line EPSG:32633 >rgba.prj
$t -ot UInt16 -scale_1 0 199 0 60000 $tmp/grid.tif grey16.png && mv grey16.wld grey16.PGW && cp rgba.prj grey16.PRJ
$t -co NBITS=1 -scale_1 0 199 0 1 $tmp/grid.tif bilevel.png && mv bilevel.wld bilevel.pngw
$t -b 1 -b 1 -b 1 -b 4 -ot UInt16 -scale_1 0 199 0 60000 -scale_4 0 255 0 65535 -colorinterp_4 alpha $tmp/rgba.tif rgba16.png
$t -b 1 -b 4 $tmp/rgba.tif greyalpha.png
$t -b 1 -b 2 -b 3 -co QUALITY=90 $tmp/rgba.tif rgb.jpg && mv rgb.wld rgb.jgw
$t -co QUALITY=90 $tmp/grid.tif grey.jpeg && mv grey.wld grey.jgw
rgb2pct.py -n 16 $tmp/rgba.tif $tmp/pct.tif >/dev/null
$t -co NBITS=4 $tmp/pct.tif palette.png && mv palette.wld palette.pgw
$t -a_nodata 3 $tmp/pct.tif palette.gif && mv palette.wld palette.gfw
$t -b 1 -b 2 -b 3 $tmp/rgba.tif rgb.bmp && (mv rgb.wld rgb.bpw || cp rgba.pgw rgb.bpw)
$t $tmp/pct.tif palette.bmp && (mv palette.wld palette.bmpw || cp rgba.pgw palette.bmpw)
rm -r $tmp
