#!/usr/bin/env python3
"""Compares how long transformers take for a point with PROJ's own calls for arrays.

    speed.py [--seconds 1] [--rounds 3] [--points 1000] [--only NAME]

Prints nanoseconds per point on one core. Both sides get the same points, warm and in memory, and take turns; what counts is
the shortest of many repetitions, each of which is too short to be interrupted often. PROJ's figure is that of
the faster of proj_trans_array and proj_trans_generic.
"""
import argparse
import ctypes
import ctypes.util
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "registry"))
import generate  # noqa: E402
from generate import D, I, P, S  # noqa: E402

# Each system with its own geographic system, so that no datum comes in, and the box that points are drawn from.
PAIRS = [
    ("Web Mercator", "EPSG:4326", "EPSG:3857", (-170, -80, 170, 80)),
    ("UTM", "EPSG:4326", "EPSG:32633", (12, 0, 18, 84)),
    ("Lambert conformal conic", "EPSG:4171", "EPSG:2154", (-5, 41, 10, 51)),
    ("Lambert azimuthal equal area", "EPSG:4258", "EPSG:3035", (-15, 35, 35, 70)),
    ("Albers", "EPSG:4269", "EPSG:5070", (-124, 25, -67, 49)),
    ("polar stereographic", "EPSG:4326", "EPSG:3031", (-180, -89, 180, -60)),
    ("Winkel Tripel", "EPSG:4326", "ESRI:54042", (-180, -85, 180, 85)),
    ("Cassini-Soldner", "EPSG:4281", "EPSG:28191", (33, 29, 37, 34)),
    ("New Zealand Map Grid", "EPSG:4272", "EPSG:27200", (166, -47, 179, -34)),
    ("American Polyconic", "EPSG:4674", "EPSG:5880", (-74, -35, -30, 6)),
]


class Proj:
    def __init__(self):
        lib = ctypes.CDLL(os.environ.get("LIBPROJ") or ctypes.util.find_library("proj"))
        double = ctypes.POINTER(D)
        self.generic = lib.proj_trans_generic
        self.generic.restype = ctypes.c_size_t
        self.generic.argtypes = [P, I] + [double, ctypes.c_size_t, ctypes.c_size_t] * 4
        self.array = lib.proj_trans_array
        self.array.restype, self.array.argtypes = I, (P, I, ctypes.c_size_t, P)
        self.create = lib.proj_create_crs_to_crs
        self.create.restype, self.create.argtypes = P, (P, S, S, P)
        self.library = generate.Proj()

    def transformation(self, source, target):
        pj = self.create(self.library.context, source.encode(), target.encode(), None)
        return self.library.visual(self.library.context, pj)

    def forward(self, pj, points):
        c = (D * (4 * len(points)))(*[v for x, y in points for v in (x, y, 0, 0)])
        self.array(pj, 1, len(points), c)
        return [(c[4 * i], c[4 * i + 1]) for i in range(len(points))]

    def nanoseconds(self, pj, direction, points, seconds):
        n = len(points)
        xs, ys = (D * n)(*[p[0] for p in points]), (D * n)(*[p[1] for p in points])
        packed = (D * (4 * n))(*[v for x, y in points for v in (x, y, 0, 0)])
        us, vs, cs = (D * n)(), (D * n)(), (D * (4 * n))()
        best = float("inf")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ctypes.memmove(us, xs, 8 * n)
            ctypes.memmove(vs, ys, 8 * n)
            ctypes.memmove(cs, packed, 32 * n)
            t0 = time.perf_counter_ns()
            self.generic(pj, direction, us, 8, n, vs, 8, n, None, 0, 0, None, 0, 0)
            t1 = time.perf_counter_ns()
            self.array(pj, direction, n, cs)
            t2 = time.perf_counter_ns()
            best = min(best, (t1 - t0) / n, (t2 - t1) / n)
        return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--only", default="", help="part of a projection's name")
    args = parser.parse_args()
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(generate.find_database(), os.path.join(folder, "proj.db"))
        os.environ.update(PROJ_DATA=folder, PROJ_LIB=folder, PROJ_NETWORK="OFF")
        program = os.path.join(folder, "compare")
        subprocess.run(["go", "build", "-o", program, HERE], check=True)
        ours = subprocess.Popen([program, "speed"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        proj = Proj()
        print("%-30s %-8s %8s %8s %8s" % ("ns per point", "", "ours", "PROJ", "ratio"))
        for name, source, target, (w, s, e, n) in PAIRS:
            if args.only not in name:
                continue
            pj = proj.transformation(source, target)
            start = [(rng.uniform(w, e), rng.uniform(s, n)) for _ in range(args.points)]
            image = proj.forward(pj, start)
            for label, direction, a, b, points in (
                    ("forward", 1, source, target, start), ("inverse", -1, target, source, image)):
                us, them = float("inf"), float("inf")
                for _ in range(args.rounds):
                    seconds = args.seconds / args.rounds
                    ours.stdin.write("%s %s %r %d\n" % (a, b, seconds, len(points)))
                    ours.stdin.write("".join("%r %r\n" % p for p in points))
                    ours.stdin.flush()
                    us = min(us, float(ours.stdout.readline()))
                    them = min(them, proj.nanoseconds(pj, direction, points, seconds))
                print("%-30s %-8s %8.1f %8.1f %8.2f" % (name, label, us, them, us / them), flush=True)
        ours.stdin.close()
        ours.wait()


if __name__ == "__main__":
    main()
