#!/usr/bin/env python3
"""Compares how fast package geotiff and GDAL read the same files. See README.md."""

import argparse
import os
import random
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
    ("JPEG YCbCr", "Byte", 3, ["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR"]),
    ("JPEG grey", "Byte", 1, ["COMPRESS=JPEG"]),
    ("WebP", "Byte", 3, ["COMPRESS=WEBP"]),
    ("WebP lossless", "Byte", 3, ["COMPRESS=WEBP", "WEBP_LOSSLESS=YES"]),
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


WINDOW = 256


class Ours:
    """The program of this folder, which reads what it is told."""

    def __init__(self, program, path, threads, warm):
        cmd = [program, "-threads=%d" % threads] + (["-warm"] if warm else []) + [path]
        self.process = subprocess.Popen(cmd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        # The CPU clock of another process: clock_getcpuclockid(3) on Linux.
        self.clock = (~self.process.pid << 3) | 2

    def cpu(self):
        return time.clock_gettime(self.clock)

    def read(self, windows):
        print(" ".join("%d %d" % at for at in windows) or "whole", file=self.process.stdin, flush=True)
        seconds, size = self.process.stdout.readline().split()
        return float(seconds), int(size)

    def close(self):
        self.process.communicate()


class Theirs:
    """GDAL, in this process."""

    def __init__(self, path, threads, warm):
        self.path, self.threads = path, threads
        gdal.SetCacheMax(1 << 30 if warm else 64 << 20)
        self.kept = self.open() if warm else None

    def open(self):
        return gdal.OpenEx(self.path, open_options=["NUM_THREADS=%d" % self.threads])

    def cpu(self):
        return time.process_time()

    def read(self, windows):
        start = time.perf_counter()
        ds = self.kept or self.open()
        if windows:
            size = sum(len(ds.ReadRaster(x, y, WINDOW, WINDOW)) for x, y in windows)
        else:
            size = len(ds.ReadRaster())
        del ds
        return time.perf_counter() - start, size

    def close(self):
        self.kept = None


def measure(readers, size, windows, seconds):
    """The best throughput in MB of samples a second of each reader, by the clock and by CPU time. They take turns, so that a
    busy moment of the machine hits all of them, and read the same windows. The first reading of each does not count."""
    rnd = random.Random(1)
    lists = [[(rnd.randrange(size[0] - WINDOW), rnd.randrange(size[1] - WINDOW)) for _ in range(windows)] for _ in range(8)]
    for reader in readers:
        for places in lists:
            reader.read(places)
            if not windows:
                break
    best = [[0, 0] for _ in readers]
    began, turn = time.perf_counter(), 0
    while time.perf_counter() - began < seconds or turn < 2:
        for reader, b in zip(readers, best):
            # Several readings together: garbage is collected once in a while, and counts.
            cpu, total = reader.cpu(), 0
            for places in lists if windows else lists[:2]:
                t, n = reader.read(places)
                b[0] = max(b[0], n / t / 1e6)
                total += n
            b[1] = max(b[1], total / (reader.cpu() - cpu) / 1e6)
        turn += 1
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=4096, help="width of the inputs; they are half as high")
    parser.add_argument("--seconds", type=float, default=4, help="how long to repeat each reading")
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
        print("GDAL %s; %d x %d pixels; MB of samples in a second of CPU time, ours / GDAL = ratio (ratio by the clock)" %
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
                readers = [Ours(program, path, threads, warm), Theirs(path, threads, warm)]
                ours, theirs = measure(readers, (args.side, args.side // 2), windows, args.seconds)
                for reader in readers:
                    reader.close()
                cells.append("%.0f / %.0f = %.2f (%.2f)" % (ours[1], theirs[1], ours[1] / theirs[1], ours[0] / theirs[0]))
            print("| %s | %s |" % (name, " | ".join(cells)), flush=True)


if __name__ == "__main__":
    main()
