"""Makes the data of the benchmark from the demo's rasters:

    make.py DEMO KIND COMPRESSION SIDE OUT

KIND is utm or degrees (a scene of three bands), dem, landcover, or scenes (a folder of the scenes of a mosaic, and a
VRT of them). The same arguments give the same pixels.
"""

import os
import shutil
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_NUM_THREADS", "ALL_CPUS")
gdal.SetCacheMax(1 << 29)


def noise(x, y, band):
    """Fixed noise of 0 to 7 at columns x and rows y: the product of primes with them, mixed as by Knuth's hash."""
    x, y = x.astype(np.uint32), y.astype(np.uint32)
    h = x * np.uint32(73856093) ^ y * np.uint32(19349663) ^ np.uint32(band * 83492791)
    return (h * np.uint32(2654435761)) >> np.uint32(29)


def enlarged(path, band, times, algorithm, kind=None):
    d = gdal.Open(path)
    small = gdal.Translate("", d, format="MEM", bandList=[band], outputType=kind or gdal.GDT_Unknown)
    return gdal.Translate("", small, format="MEM", width=d.RasterXSize * times, height=d.RasterYSize * times,
                          resampleAlg=algorithm).ReadAsArray()


def mirrored(n, side):
    """Indices 0 … n-1, n-1 … 0, 0 … until there are enough, so that a picture goes on without a seam."""
    i = np.arange(side) % (2 * n)
    return np.where(i < n, i, 2 * n - 1 - i)


def georeference(d, epsg, x, y, pixel):
    s = osr.SpatialReference()
    s.ImportFromEPSG(epsg)
    d.SetProjection(s.ExportToWkt())
    d.SetGeoTransform((x, pixel, 0, y, 0, -pixel))


def memory(width, height, bands, kind):
    return gdal.GetDriverByName("MEM").Create("", width, height, bands, kind)


def scene(demo, side):
    """Near infrared, red and green of Landsat, enlarged four times by cubic convolution and brightened, mirrored to the
    size of a Sentinel-2 tile, with noise of a few levels, so that it packs about as well as a real one."""
    d = memory(side, side, 3, gdal.GDT_Byte)
    for i, band in enumerate((4, 3, 2)):
        small = enlarged(os.path.join(demo, "olinda_landsat7.tif"), band, 4, "cubic").astype(np.float32) * 1.6 - 20
        small = small.clip(0, 248).astype(np.uint8)
        columns = mirrored(small.shape[1], side)
        for top in range(0, side, 1024):
            y = np.arange(top, min(top + 1024, side))
            rows = small[mirrored(small.shape[0], side)[y]][:, columns]
            rows = rows + noise(np.arange(side)[None, :], y[:, None], i).astype(np.uint8)
            d.GetRasterBand(i + 1).WriteArray(rows, 0, int(top))
    return d


def write_cog(out, d, compression, resampling):
    options = ["COMPRESS=" + compression, "BLOCKSIZE=512", "OVERVIEW_RESAMPLING=" + resampling, "BIGTIFF=IF_SAFER"]
    if compression in ("DEFLATE", "LZW", "ZSTD") and resampling != "NEAREST":
        options.append("PREDICTOR=YES")
    if compression in ("JPEG", "WEBP"):
        options.append("QUALITY=85")
    gdal.GetDriverByName("COG").CreateCopy(out, d, options=options)


def dem(demo, side, out):
    """Heights of 32 bits: those of the demo, enlarged and mirrored, on hills of 3 km, with a texture of decimetres, in
    steps of 1/32 m."""
    small = enlarged(os.path.join(demo, "olinda_elevation.tif"), 1, 32, "cubic", gdal.GDT_Float32)
    rows, columns = mirrored(small.shape[0], side), mirrored(small.shape[1], side)
    raw = out + ".raw.tif"
    d = gdal.GetDriverByName("GTiff").Create(raw, side, side, 1, gdal.GDT_Float32, options=[
        "TILED=YES", "BIGTIFF=YES", "COMPRESS=ZSTD", "ZSTD_LEVEL=1"])
    georeference(d, 32633, 4e5, 54e5, 10)
    x = np.arange(side)
    for top in range(0, side, 512):
        y = np.arange(top, min(top + 512, side))
        hills = 400 * np.sin(x[None, :] / 97.0) * np.cos(y[:, None] / 61.0)
        texture = noise(x[None, :], y[:, None], 0).astype(np.float32) / 16
        heights = np.round((small[rows[y]][:, columns] + hills + texture + 500) * 32) / 32
        d.GetRasterBand(1).WriteArray(heights.astype(np.float32), 0, int(top))
    d.FlushCache()
    write_cog(out, d, "DEFLATE", "AVERAGE")
    d = None
    gdal.Unlink(raw)


def landcover(demo, side, out):
    """Classes with colours, in patches of some pixels: the middle of the island, mirrored."""
    path = os.path.join(demo, "puertorico_landcover.tif")
    small = enlarged(path, 1, 4, "nearest")[80:132, 56:208]
    d = memory(side, side, 1, gdal.GDT_Byte)
    band = d.GetRasterBand(1)
    original = gdal.Open(path)  # which owns its table of colours
    band.SetRasterColorTable(original.GetRasterBand(1).GetRasterColorTable())
    columns = mirrored(small.shape[1], side)
    for top in range(0, side, 1024):
        y = np.arange(top, min(top + 1024, side))
        # Borders are ragged: each row is shifted by a few pixels.
        shift = (noise(y, y, 1) % 4).astype(int)
        classes = small[mirrored(small.shape[0], side)[y][:, None], columns[None, :] - shift[:, None]]
        band.WriteArray(classes, 0, int(top))
    georeference(d, 32633, 4e5, 54e5, 10)
    write_cog(out, d, "LZW", "NEAREST")


SCENE, STEP, COLUMNS = 640, 512, 40  # of the mosaic; a scene's bytes are those of one of 25 places


def scenes(demo, count, out):
    os.makedirs(out)
    whole = scene(demo, 5 * SCENE)
    names = [os.path.join(out, "scene%04d.tif" % i) for i in range(count)]
    for i, name in enumerate(names):
        if i < 25:
            part = gdal.Translate("", whole, format="MEM", srcWin=[i % 5 * SCENE, i // 5 * SCENE, SCENE, SCENE])
            georeference(part, 32633, 4e5, 54e5, 10)
            gdal.Translate(name, part, creationOptions=[
                "TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=2", "BLOCKXSIZE=256", "BLOCKYSIZE=256"])
            d = gdal.Open(name, gdal.GA_Update)
            d.BuildOverviews("AVERAGE", [2, 4])
        else:
            shutil.copyfile(names[i % 25], name)
            d = gdal.Open(name, gdal.GA_Update)
        d.SetGeoTransform((4e5 + i % COLUMNS * STEP * 10, 10, 0, 54e5 - i // COLUMNS * STEP * 10, 0, -10))
        d = None
    # In a VRT the last file is on top, in ours the first: both then show the same.
    gdal.BuildVRT(os.path.join(out, "mosaic.vrt"), names[::-1])


def main():
    demo, kind, compression, side, out = sys.argv[1:]
    side = int(side)
    part = out + ".part"
    if kind == "dem":
        dem(demo, side, part)
    elif kind == "landcover":
        landcover(demo, side, part)
    elif kind == "scenes":
        scenes(demo, side, part)
    else:
        d = scene(demo, side)
        if kind == "utm":
            georeference(d, 32633, 4e5, 54e5, 10)
        else:
            georeference(d, 4326, 14, 48.5, 1e-4)
        write_cog(part, d, compression, "AVERAGE")
    os.rename(part, out)


main()
