"""Prints what GDAL reads of the files in this folder, as expected.txt has it. generate.sh runs it."""

import os
import zlib

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
os.environ["GDAL_PAM_ENABLED"] = "NO"
TYPES = {"uint8": "U8", "int8": "S8", "uint16": "U16", "int16": "S16", "uint32": "U32", "int32": "S32", "float32": "F32", "float64": "F64",
         "complex64": "C64", "complex128": "C128"}
ENDINGS = (".bil", ".bip", ".bsq", ".flt", ".dat", ".img", ".raw", ".asc", ".hgt", ".dt0", ".dt1", ".dt2", ".grd")

print("# file|type|bands|geotransform|noData of each band|EPSG|pixels that are valid and not NaN, if there is one band|CRC-32 of the samples")
for name in sorted(os.listdir(".")):
    if not name.endswith(ENDINGS) or name in ("big.bip", "gap.bsq", "rows.bil", "u1.bil", "u2.bil", "u4.bil"):
        # GDAL 3.6 passes over gaps between rows and bands, and takes a byte for each sample of fewer bits.
        continue
    d = gdal.Open(name)
    bands = [d.GetRasterBand(i + 1) for i in range(d.RasterCount)]
    a = d.ReadAsArray()
    kind = TYPES[a.dtype.name]
    none = ["" if b.GetNoDataValue() is None else repr(float(b.GetNoDataValue())) for b in bands]
    epsg = ""
    if d.GetProjection():
        s = osr.SpatialReference(d.GetProjection())
        s.AutoIdentifyEPSG()
        epsg = s.GetAuthorityCode(None) or (s.FindMatches() or [(s, 0)])[0][0].GetAuthorityCode(None) or "?"
    valid = int(((bands[0].GetMaskBand().ReadAsArray() != 0) & ~np.isnan(a)).sum()) if len(bands) == 1 else ""
    crc = "%08x" % zlib.crc32(np.ascontiguousarray(a).astype(a.dtype.newbyteorder("<")).tobytes())
    print("|".join([name, kind, str(len(bands)), ",".join(repr(v) for v in d.GetGeoTransform()), " ".join(none), epsg, str(valid), crc]))
