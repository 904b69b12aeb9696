#!/bin/sh
# Makes the sample_*.tif files with GDAL 3.6.2 and libtiff 4.5.0 (Debian's python3-gdal, python3-numpy and libtiff6), and prints
# what GDAL reads in them, as rows of the table in samples_test.go. Run it in this directory.
set -e
export GDAL_PAM_ENABLED=NO
/usr/bin/python3 - <<'EOF'
import ctypes, os
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
srs = osr.SpatialReference(); srs.ImportFromEPSG(32633)
W, H = 23, 17
y, x = np.mgrid[0:H, 0:W]
ramp = (x * 37 + y * 101) % 256 / 255.0            # 0 to 1
rows = []

def put(name, arr, dtype, *options, nodata=None):
    path = 'sample_%s.tif' % name
    bands = arr if arr.ndim == 3 else arr[None]
    mem = gdal.GetDriverByName('MEM').Create('', bands.shape[2], bands.shape[1], len(bands), dtype)
    mem.SetGeoTransform((500000, 10, 0, 4000000, 0, -10)); mem.SetProjection(srs.ExportToWkt())
    for i, b in enumerate(bands): mem.GetRasterBand(i + 1).WriteArray(b)
    if nodata is not None: mem.GetRasterBand(1).SetNoDataValue(nodata)
    gdal.GetDriverByName('GTiff').CreateCopy(path, mem, options=list(options))
    record(path)

def record(path):
    ds = gdal.Open(path); b = ds.GetRasterBand(1)
    pix = [(x, y) for x, y in ((0, 0), (ds.RasterXSize - 1, ds.RasterYSize - 1), (7, 4))]
    def text(v):
        v = v.item()
        return 'complex(%r, %r)' % (v.real, v.imag) if isinstance(v, complex) else repr(v).replace('inf', 'complex(math.Inf(1), 0)')
    sums = ', '.join(str(ds.GetRasterBand(i + 1).Checksum()) for i in range(ds.RasterCount))
    rows.append('{"%s", "%s", []int{%s}, [3]complex128{%s}},' % (os.path.basename(path)[7:-4], gdal.GetDataTypeName(b.DataType), sums,
        ', '.join(text(b.ReadAsArray(px, py, 1, 1)[0, 0]) for px, py in pix)))

# Widths that are no type's, and those with a type of their own that few files have.
for bits in (3, 5, 7): put('u%d' % bits, np.round(ramp * (2**bits - 1)), gdal.GDT_Byte, 'NBITS=%d' % bits)
for bits in (10, 12): put('u%d' % bits, np.stack([np.round(ramp * (2**bits - 1))] * 3 + [np.round((1 - ramp) * (2**bits - 1))]), gdal.GDT_UInt16, 'NBITS=%d' % bits, 'COMPRESS=LZW')
for bits in (17, 20, 31): put('u%d' % bits, np.round(ramp * (2**bits - 1)), gdal.GDT_UInt32, 'NBITS=%d' % bits, 'ENDIANNESS=BIG')
put('u24', np.round(ramp * (2**24 - 1)), gdal.GDT_UInt32, 'NBITS=24')
put('u24_be', np.round(ramp * (2**24 - 1)), gdal.GDT_UInt32, 'NBITS=24', 'ENDIANNESS=BIG', 'COMPRESS=DEFLATE')
wide = ((x - 11) * 3 + (y - 8) * 5).astype('i8') * 12345678901
put('s64_zstd_predictor2', wide, gdal.GDT_Int64, 'COMPRESS=ZSTD', 'PREDICTOR=2')
put('s64_nodata', np.where((x + y) % 5 == 0, -2**63, wide), gdal.GDT_Int64, 'COMPRESS=DEFLATE', nodata=-2**63)
put('u64_be_lzw_predictor2', (wide - wide.min()).astype('u8'), gdal.GDT_UInt64, 'COMPRESS=LZW', 'PREDICTOR=2', 'ENDIANNESS=BIG')
half = (ramp * 4000 - 1300).astype('f2').astype('f4')
half[0, :9] = [np.inf, -np.inf, 65504, -65504, 2.0**-24, 2.0**-14, 1023 * 2.0**-24, -0.0, 1]
put('f16', half, gdal.GDT_Float32, 'NBITS=16')
put('f16_be_lzw', half, gdal.GDT_Float32, 'NBITS=16', 'ENDIANNESS=BIG', 'COMPRESS=LZW')
put('f16_zstd_predictor3', half, gdal.GDT_Float32, 'NBITS=16', 'COMPRESS=ZSTD', 'PREDICTOR=3', 'TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16')
put('f64_lzma', ramp * 1e9 - 1e3, gdal.GDT_Float64, 'COMPRESS=LZMA')
put('f64_zstd_predictor3', ramp * 1e9 - 1e3, gdal.GDT_Float64, 'COMPRESS=ZSTD', 'PREDICTOR=3')
c = np.round(ramp * 60000 - 30000) + 1j * np.round(30000 - ramp * 50000)
for name, dtype in (('cint16', gdal.GDT_CInt16), ('cint32', gdal.GDT_CInt32), ('cfloat32', gdal.GDT_CFloat32), ('cfloat64', gdal.GDT_CFloat64)):
    k = {'cint16': 1, 'cint32': 1000, 'cfloat32': 0.25, 'cfloat64': 1 / 3}[name]
    put(name, (c * k).astype('c16'), dtype, 'COMPRESS=DEFLATE')
    put(name + '_be', np.stack([c[:8] * k, c[8:0:-1] * k]).astype('c16'), dtype, 'ENDIANNESS=BIG', 'INTERLEAVE=PIXEL', 'COMPRESS=LZW')
put('cint16_predictor2', c, gdal.GDT_CInt16, 'COMPRESS=LZW', 'PREDICTOR=2')
put('cint16_be_predictor2', c, gdal.GDT_CInt16, 'COMPRESS=LZW', 'PREDICTOR=2', 'ENDIANNESS=BIG')
put('cfloat32_be_predictor2', c / 4, gdal.GDT_CFloat32, 'COMPRESS=LZW', 'PREDICTOR=2', 'ENDIANNESS=BIG')
put('u8_lzma_tiled', np.stack([ramp * 255, 255 - ramp * 255, (x * y) % 256]), gdal.GDT_Byte, 'COMPRESS=LZMA', 'TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16')
put('u16_be_lzma', ramp * 65535, gdal.GDT_UInt16, 'COMPRESS=LZMA', 'ENDIANNESS=BIG')
put('u8_zstd_tiled', np.stack([ramp * 255, 255 - ramp * 255, (x * y) % 256]), gdal.GDT_Byte, 'COMPRESS=ZSTD', 'PREDICTOR=2', 'TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16')

# Bilevel: runs of all lengths up to more than 2560, and noise.
rnd = np.random.RandomState(1)
def runs(w, h):
    a = np.zeros((h, w), 'u1')
    for r in range(h):
        at, v = 0, r % 2
        while at < w:
            n = int(rnd.choice([1, 2, 5, 20, 63, 64, 65, 200, 700, 1728, 1800, 2559, 2560, 2700]))
            a[r, at:at + n] = v; at += n; v ^= 1
    a[h // 2] = a[h // 2 - 1]; a[h // 2, w // 3] ^= 1                                   # for vertical and pass codes
    a[h - 2] = np.roll(a[h - 3], 2)
    a[h - 1, :120] = rnd.randint(0, 2, 120)
    a[3] = 0; a[4] = 1
    return a
bilevel = runs(3001, 14)
put('ccitt_rle', bilevel, gdal.GDT_Byte, 'NBITS=1', 'COMPRESS=CCITTRLE', 'BLOCKYSIZE=5')
put('ccitt_g3', bilevel, gdal.GDT_Byte, 'NBITS=1', 'COMPRESS=CCITTFAX3', 'BLOCKYSIZE=5')
put('ccitt_g4', bilevel, gdal.GDT_Byte, 'NBITS=1', 'COMPRESS=CCITTFAX4', 'BLOCKYSIZE=5')
put('ccitt_g4_tiled_min_is_white', bilevel[:, 200:530], gdal.GDT_Byte, 'NBITS=1', 'COMPRESS=CCITTFAX4', 'PHOTOMETRIC=MINISWHITE', 'TILED=YES', 'BLOCKXSIZE=144', 'BLOCKYSIZE=16')

# What GDAL does not write, libtiff does.
T = ctypes.CDLL('libtiff.so.6')
T.TIFFOpen.restype = ctypes.c_void_p
T.TIFFSetField.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
T.TIFFWriteEncodedStrip.argtypes = T.TIFFWriteRawStrip.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_ssize_t]
T.TIFFClose.argtypes = [ctypes.c_void_p]
def libtiff(name, data, w, h, bits, compression, tags={}, order='l', rows=None, raw=None):
    path, rows = 'sample_%s.tif' % name, rows or h
    t = T.TIFFOpen(path.encode(), ('w' + order).encode())
    fields = {256: w, 257: h, 258: bits, 259: compression, 262: 1, 277: 1, 278: rows, 284: 1, 339: 1}; fields.update(tags)
    for tag, v in fields.items(): assert T.TIFFSetField(t, tag, ctypes.c_uint32(v)) == 1
    n = (w * bits + 7) // 8 * rows
    for i in range((h + rows - 1) // rows):
        b = bytes(bytearray(raw or data[i * n:(i + 1) * n]))         # libtiff may turn it over in place
        assert (T.TIFFWriteRawStrip if raw else T.TIFFWriteEncodedStrip)(t, i, b, len(b)) >= 0
    T.TIFFClose(t)
    record(path)
packed = np.packbits(bilevel, axis=1).tobytes()
libtiff('ccitt_g3_2d', packed, 3001, 14, 1, 3, {292: 1})
libtiff('ccitt_g3_2d_aligned_lsb', packed, 3001, 14, 1, 3, {292: 5, 266: 2})
libtiff('ccitt_g4_lsb', packed, 3001, 14, 1, 4, {266: 2})
few = packed[:376 * 5]
libtiff('u1_lsb', few, 3001, 5, 1, 1, {266: 2})
gray = np.round(ramp * 255).astype('u1').tobytes()
for name, compression in (('none', 1), ('lzw', 5), ('deflate', 8), ('packbits', 32773)): libtiff('u8_%s_lsb' % name, gray, W, H, 8, compression, {266: 2})
libtiff('u16_be_lzw_lsb', np.round(ramp * 65535).astype('<u2').tobytes(), W, H, 16, 5, {266: 2, 317: 2}, order='b')
u = np.round(ramp * 0xfffffe).astype('u4')          # as 24 bits of floating point: 1 of sign, 7 of exponent, 16 of fraction
u[0, :4] = [0x3f0000, 0xbf8000, 0x7f0000, 0xff0000] # 1, -1.5, infinity, -infinity; no numbers without a leading 1, which GDAL gets wrong
u = np.where((u >> 16 & 0x7f) == 0, u | 0x10000, u)
triple = lambda a: np.stack([a & 255, a >> 8 & 255, a >> 16], axis=-1).astype('u1').tobytes()
libtiff('f24', triple(u), W, H, 24, 1, {339: 3})
libtiff('f24_be_lzw', triple(u), W, H, 24, 5, {339: 3}, order='b')
libtiff('f24_deflate_predictor3', triple(u), W, H, 24, 8, {339: 3, 317: 3})
def old_lzw(src):                                   # codes least significant bit first, which get longer when they must
    out, acc, n, table, width = bytearray(), 0, 0, {}, 9
    def code(c):
        nonlocal acc, n
        acc |= c << n; n += width
        while n >= 8: out.append(acc & 255); acc >>= 8; n -= 8
    code(256); s = b''; free = 258
    for ch in src:
        t = s + bytes([ch])
        if len(t) == 1 or t in table: s = t; continue
        code(s[0] if len(s) == 1 else table[s])
        if free < 4094: table[t] = free; free += 1
        if free - 1 >= 1 << width and width < 12: width += 1   # the reader is one entry behind
        if free >= 4094: code(256); table, free, width = {}, 258, 9
        s = t[-1:]
    code(s[0] if len(s) == 1 else table[s])
    code(257); out.append(acc & 255)
    return bytes(out)
big = ((np.arange(90)[:, None] * 7 + np.arange(80)[None] * 13 + (np.arange(90)[:, None] * np.arange(80)[None]) % 5) % 29).astype('u1')
libtiff('u8_lzw_old', None, 80, 90, 8, 5, raw=old_lzw(big.tobytes()))
assert (gdal.Open('sample_u8_lzw_old.tif').ReadAsArray() == big).all()
print('\n'.join(rows))
EOF
