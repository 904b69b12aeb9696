#!/usr/bin/env python3
"""Compares what package grid and GDAL read of the same files, and how fast. See README.md."""

import argparse
import os
import random
import subprocess
import tempfile
import time
import zlib

import numpy as np
from osgeo import gdal

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", "..", ".."))
gdal.UseExceptions()

# Name, driver, ending, GDAL's type, bands, creation options; the side is that of the option, but for formats that fix it.
FILES = [
    ("BIL, 3 × U8", "EHdr", ".bil", gdal.GDT_Byte, 3, []),
    ("BIL, S16", "EHdr", ".bil", gdal.GDT_Int16, 1, []),
    ("float grid", "EHdr", ".flt", gdal.GDT_Float32, 1, []),
    ("ENVI BSQ, 3 × U8", "ENVI", ".dat", gdal.GDT_Byte, 3, ["INTERLEAVE=BSQ"]),
    ("ENVI BIP, 3 × U16", "ENVI", ".dat", gdal.GDT_UInt16, 3, ["INTERLEAVE=BIP"]),
    ("ASCII, whole numbers", "AAIGrid", ".asc", gdal.GDT_Int16, 1, []),
    ("ASCII, fractions", "AAIGrid", ".asc", gdal.GDT_Float32, 1, ["DECIMAL_PRECISION=3"]),
    ("SRTM", "SRTMHGT", ".hgt", gdal.GDT_Int16, 1, []),
    ("DTED 2", "DTED", ".dt2", gdal.GDT_Int16, 1, []),
    ("Surfer 6", "GSBG", ".grd", gdal.GDT_Float32, 1, []),
    ("Surfer 7", "GS7BG", ".grd", gdal.GDT_Float64, 1, []),
    ("Surfer text", "GSAG", ".grd", gdal.GDT_Float64, 1, []),
]


def make(folder, side, n, driver, ending, kind, bands, options):
    """Writes one input of smooth heights."""
    place = (500000, 10, 0, 4000000, 0, -10)
    name = "f%d%s" % (n, ending)
    if driver in ("SRTMHGT", "DTED"):
        side, name = 3601, "N47E011" + ending
        place = (11 - .5 / 3600, 1 / 3600, 0, 48 + .5 / 3600, 0, -1 / 3600)
    d = gdal.GetDriverByName("MEM").Create("", side, side, bands, kind)
    d.SetGeoTransform(place)
    if driver in ("SRTMHGT", "DTED"):
        d.SetProjection("EPSG:4326")
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    for b in range(bands):
        a = 120 + 100 * np.sin(x / 37 + b) * np.cos(y / 53)
        if kind in (gdal.GDT_Float32, gdal.GDT_Float64):
            a = np.round(a * 8) / 8
        d.GetRasterBand(b + 1).WriteArray(a)
    path = os.path.join(folder, name)
    gdal.GetDriverByName(driver).CreateCopy(path, d, strict=0, options=options)
    return path, side


def ours(program, path, windows):
    text = "\n".join("%d %d %d %d" % w for w in windows)
    out = subprocess.run([program, path], input=text, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
    return float(out[0]), [float(s) for s in out[2::2]], out[3::2]


def theirs(path, windows):
    start = time.perf_counter()
    d = gdal.Open(path)
    opened, seconds, sums = time.perf_counter() - start, [], []
    for x0, y0, x1, y1 in windows:
        start = time.perf_counter()
        a = d.ReadAsArray(x0, y0, x1 - x0, y1 - y0)
        seconds.append(time.perf_counter() - start)
        sums.append("%08x" % zlib.crc32(np.ascontiguousarray(a).tobytes()))
    return opened, seconds, sums


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--side", type=int, default=2000)
    options.add_argument("--windows", type=int, default=50)
    side = options.parse_args()
    os.environ["GDAL_PAM_ENABLED"] = "NO"
    gdal.SetCacheMax(1 << 20)  # so that it reads from the file, as package grid does
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "compare")
        subprocess.run(["go", "build", "-o", program, "./raster/grid/compare"], cwd=ROOT, check=True, env=dict(os.environ, CGO_ENABLED="0"))
        print("| file | same samples | opening | whole | windows |\n|---|---|---|---|---|")
        for n, (name, driver, ending, kind, bands, creation) in enumerate(FILES):
            path, size = make(folder, side.side, n, driver, ending, kind, bands, creation)
            rng = random.Random(n)
            windows = [(0, 0, size, size)]
            for _ in range(side.windows):
                x, y = rng.randrange(size - 256), rng.randrange(size - 256)
                windows.append((x, y, x + 256, y + 256))
            open1, all1, sums1 = ours(program, path, windows)
            open2, all2, sums2 = theirs(path, windows)
            print("| %s | %s | %.1f ms, %.1f | %.2f | %.2f |" % (
                name, "yes" if sums1 == sums2 else "NO", 1e3 * open1, 1e3 * open2, all1[0] / all2[0], sum(all1[1:]) / sum(all2[1:])), flush=True)


main()
