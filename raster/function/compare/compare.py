#!/usr/bin/env python3
"""Compares package raster/function with gdaldem's algorithms and numpy: speed and pixels. See README.md."""

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))

import numpy as np
from osgeo import gdal

TYPES = {"uint8": "U8", "uint16": "U16", "int16": "S16", "float32": "F32"}
N, CELL = 2048, 30.0


def heights():
    """Ridges of 100 m and more, with some noise, on pixels of 30 m."""
    rng = np.random.default_rng(1)
    x, y = np.meshgrid(np.arange(N), np.arange(N))
    a = 900 + 300 * np.sin(x / 31) * np.cos(y / 17) + 80 * np.sin((x + 2 * y) / 7) + rng.normal(0, 2, (N, N))
    return a.astype("float32")[None]


def bands(kind, top):
    return np.random.default_rng(2).integers(1, top, (4, N, N)).astype(kind)


class Ours:
    def __init__(self, program, folder):
        self.program, self.folder, self.array = program, folder, None

    def run(self, rule, a, runs, output=False):
        """CPU seconds, and with output the samples and the mask."""
        at = lambda name: os.path.join(self.folder, name)
        if self.array is not a:
            a.tofile(at("source"))
            self.array = a
        with open(at("job.json"), "w") as f:
            json.dump({"Rule": rule, "Source": at("source"), "Output": at("out") if output else "", "Mask": at("mask"),
                       "Type": TYPES[a.dtype.name], "Bands": a.shape[0], "Width": N, "Height": N, "Cell": CELL,
                       "Strip": 32, "Runs": runs}, f)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([self.program, at("job.json")], check=True, env=dict(os.environ, GOMAXPROCS="1"))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def rate(self, rule, a, runs):
        """Megapixels a second of CPU time: what more runs take than one does, with reading the input and warming up."""
        once = self.run(rule, a, 1)
        return N * N / 1e6 * runs / max(self.run(rule, a, runs + 1) - once, 1e-9)

    def pixels(self, rule, a, kind):
        self.run(rule, a, 1, True)
        at = lambda name: os.path.join(self.folder, name)
        return np.fromfile(at("out"), kind).reshape(N, N), np.fromfile(at("mask"), np.uint8).reshape(N, N) > 0


def timed(work, seconds):
    """The least CPU time of some runs."""
    best, start = float("inf"), time.perf_counter()
    while time.perf_counter() - start < seconds:
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return N * N / 1e6 / best


def dem(d, kind, **options):
    return gdal.DEMProcessing("", d, kind, format="MEM", **options)


def rule(name, **arguments):
    return {"rasterFunction": name, "rasterFunctionArguments": arguments}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often to measure")
    parser.add_argument("--seconds", type=float, default=1, help="how long to repeat the peer in each round")
    parser.add_argument("--runs", type=int, default=30, help="how often to repeat ours in each round")
    args = parser.parse_args()
    gdal.UseExceptions()
    gdal.SetConfigOption("GDAL_NUM_THREADS", "1")
    a = heights()
    d = gdal.GetDriverByName("MEM").Create("", N, N, 1, gdal.GDT_Float32)
    d.SetGeoTransform([0, CELL, 0, 0, 0, -CELL])
    d.GetRasterBand(1).WriteArray(a[0])
    u8, u16, f32 = bands("uint8", 256), bands("uint16", 10000), bands("float32", 10000)

    def ndvi(b):
        with np.errstate(all="ignore"):
            n, v = b[3].astype("f4"), b[0].astype("f4")
            return (100 * ((n - v) / (n + v)) + 100.5).astype("u1")

    values = np.array([0, 1, 2, 3, 0], "u1")

    def remap(b, cuts):
        return values[np.digitize(b[0], cuts)]

    ndvi_rule = rule("NDVI", VisibleBandID=0, InfraredBandID=3)
    remap_rule = lambda *cuts: rule("Remap", InputRanges=[v for i in range(3) for v in cuts[i:i + 2]],
                                    OutputValues=[1, 2, 3], AllowUnmatched=False)
    cases = [
        ("hillshade, F32", rule("Hillshade"), a, "GDAL", lambda: dem(d, "hillshade")),
        ("hillshade, six lights, F32", rule("Hillshade", HillshadeType=1), a, "GDAL", lambda: dem(d, "hillshade", multiDirectional=True)),
        ("slope in degrees, F32", rule("Slope"), a, "GDAL", lambda: dem(d, "slope")),
        ("slope in percent, F32", rule("Slope", SlopeType=2), a, "GDAL", lambda: dem(d, "slope", slopeFormat="percent")),
        ("aspect, F32", rule("Aspect"), a, "GDAL", lambda: dem(d, "aspect")),
        ("NDVI, U8", ndvi_rule, u8, "numpy", lambda: ndvi(u8)),
        ("NDVI, U16", ndvi_rule, u16, "numpy", lambda: ndvi(u16)),
        ("NDVI, F32", ndvi_rule, f32, "numpy", lambda: ndvi(f32)),
        ("remap, U8", remap_rule(30, 100, 150, 200), u8, "numpy", lambda: remap(u8, [30, 100, 150, 200])),
        ("remap, U16", remap_rule(500, 3000, 6000, 9000), u16, "numpy", lambda: remap(u16, [500, 3000, 6000, 9000])),
        ("remap, F32", remap_rule(500, 3000, 6000, 9000), f32, "numpy", lambda: remap(f32, [500, 3000, 6000, 9000])),
    ]
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "compare")
        subprocess.run(["go", "build", "-o", program, "."], cwd=HERE, check=True, env=dict(os.environ, CGO_ENABLED="0"))
        ours = Ours(program, folder)
        print("GDAL %s, numpy %s; the best of %d rounds of CPU time, one core" % (gdal.__version__, np.__version__, args.rounds))
        print("| 2048² | ours, Mpx/s | peer | peer, Mpx/s | ratio |\n|---|---|---|---|---|")
        for name, text, array, peer, work in cases:
            mine = theirs = 0
            for _ in range(args.rounds):  # in turns, so that a busy moment of the machine hits both
                mine = max(mine, ours.rate(text, array, args.runs))
                theirs = max(theirs, timed(work, args.seconds))
            print("| %s | %.0f | %s | %.0f | %.1f |" % (name, mine, peer, theirs, mine / theirs), flush=True)
        pixels(ours, a, d)


def pixels(ours, a, d):
    """Fails where gdaldem must agree and does not."""
    print()
    inside = np.zeros((N, N), bool)
    inside[1:-1, 1:-1] = True

    def check(name, mine, mask, theirs, limit):
        assert (mask == inside).all(), name + ": the mask"
        off = np.abs(mine[inside] - theirs[inside]).max()
        print("%s: the largest difference is %.3g" % (name, off))
        assert off <= limit, name

    for name, text, options in ("slope in degrees", rule("Slope"), {}), ("slope in percent", rule("Slope", SlopeType=2), {"slopeFormat": "percent"}):
        check(name, *ours.pixels(text, a, "f4"), dem(d, "slope", **options).ReadAsArray(), 1e-3)
    mine, mask = ours.pixels(rule("Aspect"), a, "f4")
    theirs = dem(d, "aspect").ReadAsArray()
    turn = np.abs(mine - theirs)
    turn[ours.pixels(rule("Slope"), a, "f4")[0] < 0.5] = 0  # GDAL computes in F32, which is coarse where it is nearly flat
    check("aspect", np.minimum(turn, 360 - turn), mask, 0 * turn, 5e-2)
    # round(1 + 254/255 v), v being ours before its fraction is cut off
    mine, mask = ours.pixels(rule("Hillshade"), a, "u1")
    theirs = dem(d, "hillshade").ReadAsArray().astype("f8")
    least, most = np.round(1 + 254 / 255 * mine - 1e-2), np.round(1 + 254 / 255 * (mine + 1.0) + 1e-2)
    check("hillshade", np.maximum(least - theirs, theirs - most).clip(0), mask, 0 * theirs, 0)


if __name__ == "__main__":
    main()
