#!/usr/bin/env python3
"""Compares package resample with GDAL's warper: speed and pixels. See README.md."""

import argparse
import glob
import json
import os
import resource
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))

import numpy as np
from osgeo import gdal, osr

NAMES = {"Nearest": "near", "Bilinear": "bilinear", "Cubic": "cubic", "Majority": "mode"}
TYPES = {"uint8": ("U8", gdal.GDT_Byte), "uint16": ("U16", gdal.GDT_UInt16), "int16": ("S16", gdal.GDT_Int16),
         "float32": ("F32", gdal.GDT_Float32)}
RIM = 2  # source pixels next to where either side has no data: there the rules differ


def reference(epsg):
    s = osr.SpatialReference()
    s.ImportFromEPSG(epsg)
    s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return s


def dataset(a, wkt, transform, nodata):
    d = gdal.GetDriverByName("MEM").Create("", a.shape[2], a.shape[1], a.shape[0], TYPES[a.dtype.name][1])
    d.SetGeoTransform(transform)
    d.SetProjection(wkt)
    for i, band in enumerate(a):
        if nodata is not None:
            d.GetRasterBand(i + 1).SetNoDataValue(nodata)
        d.GetRasterBand(i + 1).WriteArray(band)
    return d


class Case:
    """A source and the grid of a picture of it."""

    def __init__(self, name, a, wkt, transform, nodata, to, zoom=1.0, size=None):
        self.name, self.a, self.wkt, self.transform, self.nodata = name, a, wkt, transform, nodata
        self.to = to.ExportToWkt()
        source = osr.SpatialReference()
        source.ImportFromWkt(wkt)
        source.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        same = source.IsSame(to)
        change = osr.CoordinateTransformation(source, to)
        place = (lambda x, y: (x, y)) if same else (lambda x, y: change.TransformPoint(x, y)[:2])
        t = transform
        h, w = a.shape[1:]
        at = lambda c, r: place(t[0] + t[1] * c + t[2] * r, t[3] + t[4] * c + t[5] * r)
        x, y = at(w / 2, h / 2)
        d = min(w, h) / 8  # measured over a quarter of the picture
        p, q, r, s = at(w / 2 - d, h / 2), at(w / 2 + d, h / 2), at(w / 2, h / 2 - d), at(w / 2, h / 2 + d)
        side = min(np.hypot(q[0] - p[0], q[1] - p[1]), np.hypot(s[0] - r[0], s[1] - r[1])) / (2 * d) / zoom
        self.size = size or (min(2048, int(w * zoom)), min(2048, int(h * zoom)))
        self.grid = (x - side * self.size[0] / 2, side, 0.0, y + side * self.size[1] / 2, 0.0, -side)

    def theirs(self, interpolation, exact, seconds=0.0, unified=False):
        """GDAL's picture and validity, and its megapixels a second."""
        source = dataset(self.a, self.wkt, self.transform, self.nodata)
        best, start = float("inf"), time.perf_counter()
        options = ["UNIFIED_SRC_NODATA=YES"] if exact or unified else []
        if exact:
            options += ["XSCALE=1", "YSCALE=1"]  # no widening of kernels: GDAL does that from 1:1.05 or so
        runs = 0
        while runs < 2 or time.perf_counter() - start < seconds:
            bands = self.a.shape[0] + (1 if exact else 0)
            blank = np.zeros((self.a.shape[0], self.size[1], self.size[0]), self.a.dtype)
            d = dataset(blank, self.to, self.grid, None if exact else self.nodata)
            if exact:
                d = gdal.GetDriverByName("MEM").Create("", self.size[0], self.size[1], bands, TYPES[self.a.dtype.name][1])
                d.SetGeoTransform(self.grid)
                d.SetProjection(self.to)
                d.GetRasterBand(bands).SetColorInterpretation(gdal.GCI_AlphaBand)
            began = time.process_time()
            gdal.Warp(d, source, resampleAlg=NAMES[interpolation], multithread=False, warpMemoryLimit=2000,
                      errorThreshold=0 if exact else 0.125, warpOptions=options, dstAlpha=exact)
            best = min(best, time.process_time() - began)
            runs += 1
            if exact:
                break
        a = d.ReadAsArray().reshape(bands, self.size[1], self.size[0])
        speed = self.size[0] * self.size[1] / 1e6 / best
        return (a[:-1], a[-1] > 0, speed) if exact else (a, None, speed)

    def rate(self, program, folder, interpolation, runs):
        """Our megapixels a second of CPU time: what more runs take than one does, with reading the input and warming up."""
        self.ours(program, folder, interpolation)
        once = self.cpu
        self.ours(program, folder, interpolation, runs + 1)
        return self.size[0] * self.size[1] / 1e6 * runs / max(self.cpu - once, 1e-9)

    def ours(self, program, folder, interpolation, runs=1, goroutines=1, exact=False, keep=False):
        """Our picture and validity, and megapixels a second; None if this cannot be mapped."""
        source = os.path.join(folder, "source")
        if getattr(Case, "written", None) is not self:
            self.a.tofile(source)
            Case.written = self
        job = os.path.join(folder, "job.json")
        grid = lambda wkt, t, w, h: {"WKT": wkt, "Transform": list(t), "Width": w, "Height": h}
        out, mask = os.path.join(folder, "out"), os.path.join(folder, "mask")
        with open(job, "w") as f:
            json.dump({
                "Source": source, "Output": out if keep else "", "Mask": mask, "Type": TYPES[self.a.dtype.name][0],
                "Bands": self.a.shape[0], "NoData": self.nodata, "Interpolation": interpolation, "Exact": exact,
                "From": grid(self.wkt, self.transform, self.a.shape[2], self.a.shape[1]),
                "To": grid(self.to, self.grid, *self.size), "Goroutines": goroutines, "Runs": runs,
            }, f)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([program, job], capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            return None, None, done.stderr.strip()
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if not keep:
            return None, None, float(done.stdout)
        shape = (self.a.shape[0], self.size[1], self.size[0])
        return (np.fromfile(out, self.a.dtype).reshape(shape), np.fromfile(mask, np.uint8).reshape(shape[1:]) > 0,
                float(done.stdout))


def synthetic(kind, bands, holes=True):
    """Noise of 2400² pixels of 10 m in UTM zone 33, with round holes on a fifteenth of it, for a picture of 2048²."""
    n, rng = 2400, np.random.default_rng(1)
    a = rng.integers(1, 256, (bands, n, n)).astype(kind)
    y, x = np.mgrid[0:n, 0:n]
    hole = np.zeros((n, n), bool)
    for _ in range(40 if holes else 0):
        cx, cy, r = rng.integers(0, n), rng.integers(0, n), rng.integers(10, 90)
        hole |= (x - cx) ** 2 + (y - cy) ** 2 < r * r
    a[:, hole] = 0
    return a


def speed(program, folder, seconds, runs, rounds):
    utm, mercator, degrees = reference(32633), reference(3857), reference(4326)
    here = (440000.0, 10.0, 0.0, 5330000.0, 0.0, -10.0)
    cases = [
        ("UTM → 3857, 3×U8, noData", synthetic("uint8", 3), utm, here, 0.0),
        ("UTM → 3857, F32, noData", synthetic("float32", 1), utm, here, 0.0),
        ("4326 → 3857 (separable), 3×U8, noData", synthetic("uint8", 3), degrees,
         (14.0, 1e-4, 0.0, 48.2, 0.0, -1e-4), 0.0),
    ]
    print("| 2048², 1:1 | kernel | ours, Mpx/s | GDAL | ratio | GDAL, unified | ratio | ours, two goroutines to one |")
    print("|---|---|---|---|---|---|---|---|")
    for name, a, source, transform, nodata in cases:
        case = Case(name, a, source.ExportToWkt(), transform, nodata, mercator, size=(2048, 2048))
        for interpolation in NAMES:
            a = b = u = c = d = 0
            for _ in range(rounds):  # in turns, so that a busy moment of the machine hits all
                a = max(a, case.rate(program, folder, interpolation, runs))
                b = max(b, case.theirs(interpolation, False, seconds)[2])
                u = max(u, case.theirs(interpolation, False, seconds, unified=True)[2])
                c = max(c, case.ours(program, folder, interpolation, runs)[2])
                d = max(d, case.ours(program, folder, interpolation, runs, goroutines=2)[2])
            print("| %s | %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.2f |" % (
                name, interpolation, a, b, a / b, u, a / u, d / c), flush=True)


def near_edge(mask, rim):
    """Pixels that have a neighbour of the other kind, or the edge of the picture, within a number of pixels."""
    some, every = mask, np.pad(mask, rim)[rim:-rim, rim:-rim]
    for axis in (0, 1):
        n = mask.shape[axis]
        pads = [np.pad(v, [(rim, rim) if k == axis else (0, 0) for k in (0, 1)]) for v in (some, every)]
        some = np.any([pads[0].take(range(i, i + n), axis) for i in range(2 * rim + 1)], axis=0)
        every = np.all([pads[1].take(range(i, i + n), axis) for i in range(2 * rim + 1)], axis=0)
    return some & ~every


def fidelity(program, folder, scenes):
    """Prints the table, and gives the rows that miss what is wanted."""
    print("\n| scene | zoom | kernel | pixels | equal, % | within 1 level or 1e-4, % | largest | masks differ, % | "
          "of these off the edge | as exported: alike, % |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    mercator, missed = reference(3857), []
    for path in scenes:
        d = gdal.Open(path)
        s = d.GetSpatialRef()
        name = os.path.basename(path)
        if s is None:
            continue
        a = d.ReadAsArray()
        a = a.reshape((-1,) + a.shape[-2:])[:3]
        if a.dtype.name not in TYPES:
            print("| %s | | | skipped: samples are %s |" % (name, a.dtype.name))
            continue
        palette = d.GetRasterBand(1).GetColorTable() is not None
        nodata = d.GetRasterBand(1).GetNoDataValue()
        for zoom in (1.0, 2.5):
            side = int(1024 / zoom)
            t = d.GetGeoTransform()
            row, column = (max(0, (n - side) // 2) for n in a.shape[1:])  # the middle: sides are often blank
            t = (t[0] + t[1] * column + t[2] * row, t[1], t[2], t[3] + t[4] * column + t[5] * row, t[4], t[5])
            part = np.ascontiguousarray(a[:, row:row + side, column:column + side])
            case = Case(name, part, s.ExportToWkt(), t, nodata, mercator, zoom)
            for interpolation in ("Nearest", "Bilinear", "Cubic"):
                if palette and interpolation != "Nearest":
                    continue
                x, m, note = case.ours(program, folder, interpolation, exact=True, keep=True)
                if x is None:
                    print("| %s | | | skipped: %s |" % (name, note))
                    break
                z, _, _ = case.ours(program, folder, interpolation, keep=True)
                y, n, _ = case.theirs(interpolation, True)
                both = m & n
                if not both.any():
                    print("| %s | %g | %s | 0: no data |" % (name, zoom, interpolation))
                    continue
                rim = int(np.ceil(RIM * zoom))
                if interpolation != "Nearest":
                    both &= ~near_edge(m, rim) & ~near_edge(n, rim)
                off = np.abs(x[:, both].astype(float) - y[:, both])
                limit = 1 if x.dtype != np.float32 else np.maximum(1e-4 * np.abs(y[:, both]), 1e-6)
                if interpolation == "Nearest":
                    limit = 0
                alike = np.abs(x[:, both].astype(float) - z[:, both]) <= limit
                odd = (m != n)
                equal, within, stray = (off == 0).mean(), (off <= limit).mean(), (odd & ~near_edge(n, 1)).sum()
                print("| %s | %g | %s | %d | %.4f | %.4f | %.4g | %.4f | %d | %.4f |" % (
                    name, zoom, interpolation, both.sum(), 100 * equal, 100 * within, off.max(initial=0),
                    100 * odd.mean(), stray, 100 * alike.mean()), flush=True)
                good = equal >= 0.999 if interpolation == "Nearest" else within >= 0.995
                if not good or stray:
                    missed.append("%s, zoom %g, %s" % (name, zoom, interpolation))
            else:
                continue
            break
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often to measure")
    parser.add_argument("--seconds", type=float, default=2, help="how long to repeat GDAL's warp in each round")
    parser.add_argument("--runs", type=int, default=10, help="how often to repeat ours in each round")
    parser.add_argument("--scenes", nargs="*", default=[], help="more scenes to compare pixels on")
    parser.add_argument("--only", choices=["speed", "pixels"], help="half of the work")
    args = parser.parse_args()
    gdal.UseExceptions()
    gdal.SetConfigOption("GDAL_NUM_THREADS", "1")
    print("GDAL %s; best of the runs" % gdal.__version__)
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "compare")
        subprocess.run(["go", "build", "-o", program, "."], cwd=HERE, check=True)
        if args.only != "pixels":
            speed(program, folder, args.seconds, args.runs, args.rounds)
        if args.only != "speed":
            scenes = glob.glob(os.path.join(ROOT, "testdata", "demo", "*.tif"))
            missed = fidelity(program, folder, sorted(scenes) + args.scenes)
            if missed:
                raise SystemExit("\nMissed: " + "; ".join(missed))
            print("\nNearest is equal on 99.9 % of pixels of each, the others within a level or 1e-4 on 99.5 %, and masks "
                  "differ at edges alone.")


if __name__ == "__main__":
    main()
