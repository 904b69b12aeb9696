#!/usr/bin/env bash
# Makes shift_seconds.tif and shift_degrees.tif, grids of datum shifts as PROJ's CDN has them, from the NTv2 file of package srs, and
# prints what PROJ's cct makes of points with each. The second has one grid, in degrees, longitudes positive to the east.
set -euo pipefail
cd "$(dirname "$0")"
gsb=${1:-../../../srs/testdata/ntv2_le.gsb}
rm -f shift_seconds.tif shift_degrees.tif
i=0
append=
for name in ALPHA:NONE BETA:ALPHA GAMMA:BETA DELTA:NONE; do
  gdal_translate -q -of VRT -b 1 -b 2 -b 3 "NTv2:$i:$gsb" part.vrt
  sed -i -e 's/Latitude Offset (arc seconds)/latitude_offset/; s/Longitude Offset (arc seconds)/longitude_offset/; s/Latitude Error/latitude_offset_accuracy/' \
    -e 's|<Description>l\(.*\)_offset</Description>|&<UnitType>arc-second</UnitType>|; s|<Description>latitude_offset_accuracy</Description>|&<UnitType>metre</UnitType>|' part.vrt
  parent=${name#*:}
  gdal_translate -q -a_srs EPSG:4277 -mo AREA_OR_POINT=Point -mo TYPE=HORIZONTAL_OFFSET -mo "grid_name=${name%:*}" \
    -mo "parent_grid_name=${parent/NONE/}" -mo target_crs_epsg_code=4258 -co COMPRESS=DEFLATE -co PREDICTOR=3 \
    -co INTERLEAVE=BAND $append part.vrt shift_seconds.tif
  i=$((i + 1))
  append='-co APPEND_SUBDATASET=YES'
done
gdal_translate -q -of VRT -b 1 -b 2 "NTv2:0:$gsb" part.vrt
sed -i -e 's/Latitude Offset (arc seconds)/latitude_offset/; s/Longitude Offset (arc seconds)/longitude_offset/' \
  -e 's|<Description>l\(.*\)_offset</Description>|&<UnitType>degree</UnitType>|; s/positive_value">west/positive_value">east/' part.vrt
gdal_translate -q -a_srs EPSG:4277 -mo TYPE=HORIZONTAL_OFFSET -mo target_crs_epsg_code=4258 -co TILED=YES -co BLOCKXSIZE=16 -co BLOCKYSIZE=16 \
  part.vrt shift_degrees.tif
rm part.vrt
for f in shift_seconds.tif shift_degrees.tif; do
  echo "# $f"
  for p in "-3.3 50.2" "-1.7 50.6" "-1.2 51.3" "3.5 52.25"; do
    echo "$p 0 0" | cct -d 12 +proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=hgridshift "+grids=./$f" \
      +step +proj=unitconvert +xy_in=rad +xy_out=deg 2>&1 | awk -v p="$p" '{print p, $1, $2}'
  done
done
