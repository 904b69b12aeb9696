#!/usr/bin/env python3
"""Compares how fast package geotiff and GDAL read the same files. See README.md."""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

from osgeo import gdal

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", "..", ".."))
WORLD = os.path.join(ROOT, "testdata", "demo", "world.tif")

# Name, GDAL's type, bands to take from the demo image, creation options.
FILES = [
    ("none", "Byte", 3, []),
    ("none, one band", "Byte", 1, []),
    ("none, UInt16", "UInt16", 3, []),
    ("none, strips", "Byte", 3, ["TILED=NO"]),
    ("PackBits", "Byte", 3, ["COMPRESS=PACKBITS"]),
    ("LZW", "Byte", 3, ["COMPRESS=LZW"]),
    ("LZW, predictor 2", "Byte", 3, ["COMPRESS=LZW", "PREDICTOR=2"]),
    ("LZW, UInt16, predictor 2", "UInt16", 3, ["COMPRESS=LZW", "PREDICTOR=2"]),
    ("Deflate", "Byte", 3, ["COMPRESS=DEFLATE"]),
    ("Deflate, predictor 2", "Byte", 3, ["COMPRESS=DEFLATE", "PREDICTOR=2"]),
    ("Deflate, one band, predictor 2", "Byte", 1, ["COMPRESS=DEFLATE", "PREDICTOR=2"]),
    ("Deflate, planar, predictor 2", "Byte", 3, ["COMPRESS=DEFLATE", "PREDICTOR=2", "INTERLEAVE=BAND"]),
    ("Deflate, UInt16, predictor 2", "UInt16", 3, ["COMPRESS=DEFLATE", "PREDICTOR=2"]),
    ("Deflate, Float32, predictor 3", "Float32", 1, ["COMPRESS=DEFLATE", "PREDICTOR=3"]),
    ("ZSTD, predictor 2", "Byte", 3, ["COMPRESS=ZSTD", "PREDICTOR=2"]),
]


def make(folder, side, name, kind, bands, options):
    """Writes one input: the demo image blown up smoothly. Values of more than 8 bits get fractions from the resampling."""
    path = os.path.join(folder, name.replace(" ", "_").replace(",", "") + ".tif")
    scale = {"Byte": [], "UInt16": [[0, 255, 0, 65025]], "Float32": [[0, 255, 0, 8000]]}[kind]
    tiled = [] if "TILED=NO" in options else ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256"]
    # The resampling works in the type of its source, so widen first.
    wide = gdal.Translate("", WORLD, format="MEM", outputType=gdal.GetDataTypeByName(kind),
                          bandList=list(range(1, bands + 1)), scaleParams=scale)
    gdal.Translate(path, wide, width=side, height=side // 2, resampleAlg="cubic", creationOptions=tiled + options)
    return path


def theirs(path, threads, windows, warm, seconds):
    """GDAL's best throughput in MB of samples a second, and that for a second of CPU time, each time from a newly opened file."""
    best, size, total = float("inf"), 0, 0
    began, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        start = time.perf_counter()
        gdal.SetCacheMax(1 << 30 if warm else 64 << 20)
        ds = gdal.OpenEx(path, open_options=["NUM_THREADS=%d" % threads])
        pixel = ds.RasterCount * (gdal.GetDataTypeSize(ds.GetRasterBand(1).DataType) // 8)
        if not windows:
            ds.ReadRaster()
            best = min(best, time.perf_counter() - start)
            size = ds.RasterXSize * ds.RasterYSize * pixel
        else:
            for _ in range(2 if warm else 1):
                rnd = random.Random(1)
                at = [(rnd.randrange(ds.RasterXSize - 256), rnd.randrange(ds.RasterYSize - 256)) for _ in range(windows)]
                start = time.perf_counter()
                for x, y in at:
                    ds.ReadRaster(x, y, 256, 256)
                took = time.perf_counter() - start
            best = min(best, took)
            size = windows * 256 * 256 * pixel
        ds = None
        total += size * (2 if warm else 1)
    return size / best / 1e6, total / (time.process_time() - cpu) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=4096, help="width of the inputs; they are half as high")
    parser.add_argument("--seconds", type=float, default=1, help="how long to repeat each reading, for each of three rounds")
    parser.add_argument("--only", default="", help="files whose name contains this")
    parser.add_argument("--whole-only", action="store_true", help="leave out the windows")
    parser.add_argument("--keep", help="a folder for the inputs, which stay there for the next run")
    args = parser.parse_args()
    gdal.UseExceptions()
    with tempfile.TemporaryDirectory() as temp:
        program = os.path.join(temp, "compare")
        subprocess.run(["go", "build", "-o", program, "."], cwd=HERE, check=True)
        folder = args.keep or temp
        os.makedirs(folder, exist_ok=True)

        def ours(path, threads, windows, warm, seconds):
            cmd = [program, "-threads=%d" % threads, "-windows=%d" % windows, "-seconds=%g" % seconds]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run(cmd + (["-warm"] if warm else []) + [path], capture_output=True, text=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if done.returncode:
                print(done.stderr.strip(), file=sys.stderr)
                return 0, 0
            best, total = map(float, done.stdout.split())
            return best, total / 1e6 / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

        print("GDAL %s; %d x %d pixels; MB of samples a second, ours / GDAL = ratio (ratio by CPU time)" %
              (gdal.__version__, args.side, args.side // 2))
        modes = [("whole, 2 threads", 2, 0, False)]
        if not args.whole_only:
            modes += [("256² windows, 1 thread, cold", 1, 20, False), ("cached", 1, 60, True)]
        print("| file | " + " | ".join(m[0] for m in modes) + " |")
        print("|---|" + "---|" * len(modes))
        for name, kind, bands, options in FILES:
            if args.only not in name:
                continue
            path = os.path.join(folder, name.replace(" ", "_").replace(",", "") + ".tif")
            if not os.path.exists(path):
                make(folder, args.side, name, kind, bands, options)
            cells = []
            for _, threads, windows, warm in modes:
                a, b, cpu_a, cpu_b = 0, 0, 0, 0
                for _ in range(3):  # in turns, so that a busy moment of the machine hits both
                    wall, cpu = ours(path, threads, windows, warm, args.seconds)
                    a, cpu_a = max(a, wall), max(cpu_a, cpu)
                    wall, cpu = theirs(path, threads, windows, warm, args.seconds)
                    b, cpu_b = max(b, wall), max(cpu_b, cpu)
                cells.append("%.0f / %.0f = %.2f (%.2f)" % (a, b, a / b, cpu_a / cpu_b))
            print("| %s | %s |" % (name, " | ".join(cells)), flush=True)


if __name__ == "__main__":
    main()
