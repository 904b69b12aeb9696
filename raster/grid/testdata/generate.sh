#!/bin/sh
# Writes the files of this folder, and prints what GDAL reads of them. See README.md.
set -e
export GDAL_PAM_ENABLED=NO
python=/usr/bin/python3
"$python" - <<'EOF'
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
W, H = 19, 13

def source(kind, bands, crs=32633, place=(500000, 10, 0, 4000130, 0, -10), no_data=None, size=(W, H), values=None):
    w, h = size
    d = gdal.GetDriverByName("MEM").Create("", w, h, bands, kind)
    if crs:
        s = osr.SpatialReference()
        s.ImportFromEPSG(crs)
        d.SetProjection(s.ExportToWkt())
    d.SetGeoTransform(place)
    rng = np.random.RandomState(7)
    for b in range(bands):
        if values is not None:
            a = values
        elif kind == gdal.GDT_Byte:
            a = rng.randint(0, 256, (h, w))
        elif kind in (gdal.GDT_CFloat32, gdal.GDT_CFloat64):
            a = rng.randint(-99, 99, (h, w)) + 1j * rng.randint(-99, 99, (h, w))
        elif kind in (gdal.GDT_UInt16, gdal.GDT_UInt32):
            a = rng.randint(0, 65536, (h, w)) * (1 if kind == gdal.GDT_UInt16 else 60000)
        elif kind in (gdal.GDT_Int16, gdal.GDT_Int32):
            a = rng.randint(-900, 3000, (h, w)) * (1 if kind == gdal.GDT_Int16 else 60000)
        else:
            a = rng.randint(-900, 3000, (h, w)) / 8
        if no_data is not None:
            a = np.array(a)
            a[2, 3:7] = no_data
            d.GetRasterBand(b + 1).SetNoDataValue(no_data)
        d.GetRasterBand(b + 1).WriteArray(np.array(a))
    return d

def write(name, driver, d, options=()):
    gdal.GetDriverByName(driver).CreateCopy(name, d, strict=0, options=list(options))

# Raw samples with Esri's header.
write("u8.bil", "EHdr", source(gdal.GDT_Byte, 3))
write("s16.bil", "EHdr", source(gdal.GDT_Int16, 1, no_data=-9999))
write("u16.bil", "EHdr", source(gdal.GDT_UInt16, 2, no_data=0))
write("s32.bil", "EHdr", source(gdal.GDT_Int32, 1))
write("u32.bil", "EHdr", source(gdal.GDT_UInt32, 1))
write("f32.flt", "EHdr", source(gdal.GDT_Float32, 1, no_data=-9999))
# The same samples, and noData, in the other layouts and byte order, with gaps, over which GDAL passes, and without.
def by_hand(name, header, data):
    open(name, "wb").write(data)
    open(name.rsplit(".", 1)[0] + ".hdr", "w").write(header)
a = source(gdal.GDT_Int16, 3, no_data=-9999).ReadAsArray()
head = "NROWS 13\nNCOLS 19\nNBANDS 3\nNBITS 16\nPIXELTYPE SIGNEDINT\nULXMAP 500005\nULYMAP 4000125\nXDIM 10\nYDIM 10\nNODATA -9999\n"
by_hand("big.bip", head + "BYTEORDER M\nLAYOUT BIP\nSKIPBYTES 5\nTOTALROWBYTES 120\n",
        b"12345" + b"".join(r.transpose(1, 0).astype(">i2").tobytes() + b"......" for r in a.transpose(1, 0, 2)))
by_hand("plain.bsq", head + "BYTEORDER I\nLAYOUT BSQ\n", a.astype("<i2").tobytes())
by_hand("gap.bsq", head + "BYTEORDER I\nLAYOUT BSQ\nBANDGAPBYTES 7\n", b"1234567".join(x.astype("<i2").tobytes() for x in a))
by_hand("rows.bil", head + "BYTEORDER M\nLAYOUT BIL\nBANDROWBYTES 40\nTOTALROWBYTES 121\n",
        b"".join(b"".join(a[b, y].astype(">i2").tobytes() + b".." for b in range(3)) + b"." for y in range(H)))
for bits in (1, 2, 4):  # GDAL's writer does not pack them
    rows = []
    for row in np.arange(W * H).reshape(H, W) * 7 % 2**bits:
        bit = "".join(format(v, "0%db" % bits) for v in row)
        bit += "0" * (-len(bit) % 8)
        rows.append(bytes(int(bit[i:i + 8], 2) for i in range(0, len(bit), 8)))
    by_hand("u%d.bil" % bits, "NROWS 13\nNCOLS 19\nNBITS %d\nULXMAP 500005\nULYMAP 4000125\nXDIM 10\nYDIM 10\n" % bits, b"".join(rows))
# ENVI.
for i, (kind, name) in enumerate([(gdal.GDT_Byte, "u8"), (gdal.GDT_Int16, "s16"), (gdal.GDT_Int32, "s32"), (gdal.GDT_Float32, "f32"),
        (gdal.GDT_Float64, "f64"), (gdal.GDT_CFloat32, "c64"), (gdal.GDT_CFloat64, "c128"), (gdal.GDT_UInt16, "u16"), (gdal.GDT_UInt32, "u32")]):
    order = ("BSQ", "BIL", "BIP")[i % 3]
    write("envi_%s.dat" % name, "ENVI", source(kind, 2, no_data=-9999 if name in ("s16", "f32") else None), ["INTERLEAVE=" + order])
write("envi_geographic.img", "ENVI", source(gdal.GDT_Byte, 1, crs=4326, place=(10, .5, 0, 50, 0, -.25)))
write("envi_turned.raw", "ENVI", source(gdal.GDT_Byte, 1, place=(500000, 6, 8, 4000000, 8, -6)), ["SUFFIX=ADD"])
# Texts.
write("whole.asc", "AAIGrid", source(gdal.GDT_Int16, 1, no_data=-9999))
write("fractions.asc", "AAIGrid", source(gdal.GDT_Float32, 1, no_data=-9999, place=(500000, 10, 0, 4000130, 0, -20)), ["DECIMAL_PRECISION=3"])
open("loose.asc", "w").write("NROWS 3\r\nnCols 4\r\nYLLCENTER -5.5\r\nXllCenter 1e1\r\nCELLSIZE 0,5\r\n"
    "1 2.5 3e0\r\n-4 +5 6 7,25 8 9 nan\r\n 1.#QNAN .5\r\n\r\n")
open("corner.asc", "w").write("ncols 2\nnrows 2\nxllcorner 7\nyllcorner -3\ndx 2\ndy 3\nNODATA_value 4\n1 2 3 4\n")
# Grids of Surfer, and DTED.
blank = 1.701410009187828e+38
write("surfer6.grd", "GSBG", source(gdal.GDT_Float32, 1, crs=0, no_data=blank))
write("surfer7.grd", "GS7BG", source(gdal.GDT_Float64, 1, crs=0, no_data=blank))
write("surfer_text.grd", "GSAG", source(gdal.GDT_Float64, 1, crs=0, no_data=1.70141e38))
w, h = 21, 121
write("n81.dt0", "DTED", source(gdal.GDT_Int16, 1, crs=4326, size=(w, h), no_data=-32767,
      place=(20 - .5 / (w - 1), 1 / (w - 1), 0, 82 + .5 / (h - 1), 0, -1 / (h - 1))))
EOF
"$python" expected.py > expected.txt
