#!/usr/bin/env python3
"""Compares the way between two systems, neither of which is on WGS 84, with PROJ's, without grids.

    pairs.py [--pairs 2000] [--points 5] [--seed 1] [--misses FILE]
    pairs.py --write FILE [...]    only asks PROJ, and writes what it says
    pairs.py --read FILE           compares with what was written elsewhere, as in a chroot with a newer PROJ

Pairs of systems whose areas of use overlap are drawn at random, at most one of each two datums until there are no more, and
points in the overlap. Points that PROJ takes by copying coordinates for want of anything better (*ballpark*) count apart.
"""
import argparse
import collections
import ctypes
import ctypes.util
import os
import random
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "registry"))
import generate  # noqa: E402
import points as tables  # noqa: E402
from generate import P, S  # noqa: E402

AUTHORITY = {"P": "EPSG", "S": "ESRI"}
LIMIT = 1e-2  # metres
WORLD = (-180.0, -90.0, 180.0, 90.0)


class Pair:
    """PROJ's way from a code to another."""

    def __init__(self, proj, a, b):
        self.proj, lib = proj, ctypes.CDLL(os.environ.get("LIBPROJ") or ctypes.util.find_library("proj"))
        self.last = lib.proj_trans_get_last_used_operation
        self.last.restype, self.last.argtypes = P, (P,)
        self.trans = lib.proj_trans
        self.trans.restype, self.trans.argtypes = tables.Coordinate, (P, ctypes.c_int, tables.Coordinate)
        create = lib.proj_create_crs_to_crs
        create.restype, create.argtypes = P, (P, S, S, P)
        plain = create(proj.context, a.encode(), b.encode(), None)
        self.pj = plain and proj.visual(proj.context, plain)

    def __call__(self, x, y):
        c = tables.Coordinate()
        c.v[0], c.v[1], c.v[2], c.v[3] = x, y, 0, float("inf")
        out = self.trans(self.pj, 1, c)
        return out.v[0], out.v[1]

    def operation(self):
        op = self.last(self.pj)
        if not op:
            return "", 0
        name = (self.proj.get_name(op) or b"").decode()
        ballpark = self.proj.is_ballpark(self.proj.context, op)
        self.proj.destroy(op)
        return name, int(bool(ballpark))


def systems():
    """(code, datum, area) of the systems that have a projection here and are not on WGS 84."""
    text = tables.sections()
    for name in ("projected", "geographic"):
        for row in text[name]:
            base = text["geographic"][int(row[4])] if name == "projected" else row
            datum = text["datums"][int(base[4])]
            if not row[0] or row[8] or row[11].startswith("?") or datum[0] in ("", "P6326"):
                continue
            ellipsoid = text["ellipsoids"][int(datum[3])]
            if ellipsoid[4] or ellipsoid[1] == "0":  # another celestial body, or a sphere, which nothing connects
                continue
            area = tuple(map(float, text["areas"][int(row[6])][:4])) if row[6] else WORLD
            yield AUTHORITY[row[0]] + ":" + row[1], datum[0], area


def overlap(a, b):
    w, s, e, n = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return (w, s, e, n) if w < e and s < n else None


def draw(everything, count, rng):
    everything = [s for s in everything if s[2][0] < s[2][2]]
    seen, out = set(), []
    for _ in range(2000 * count):
        a, b = rng.sample(everything, 2)
        key, box = (a[1], b[1]), overlap(a[2], b[2])
        if a[1] == b[1] or box is None or key in seen:
            continue
        seen.add(key)
        out.append((a[0], b[0], box))
        if len(out) == count:
            break
    return out


def ask(pairs, count, rng):
    proj = generate.Proj()
    for a, b, (w, s, e, n) in pairs:
        there, way = Pair(proj, "EPSG:4326", a), Pair(proj, a, b)
        if not there.pj or not way.pj:
            continue
        for _ in range(count):
            lon, lat = w + (0.02 + 0.96 * rng.random()) * (e - w), s + (0.02 + 0.96 * rng.random()) * (n - s)
            x, y = there(lon, lat)
            if not (abs(x) < 1e300 and abs(y) < 1e300):
                continue
            x, y = round(x, 9), round(y, 9)
            u, v = way(x, y)
            if abs(u) < 1e300 and abs(v) < 1e300:
                yield (a, b, repr(x), repr(y), repr(u), repr(v)) + way.operation()
        proj.destroy(there.pj)
        proj.destroy(way.pj)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--points", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write")
    parser.add_argument("--read")
    parser.add_argument("--misses")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    if args.read:
        with open(args.read, encoding="utf-8") as f:
            rows = [tuple(line.rstrip("\n").split("\t")) for line in f]
    else:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(generate.find_database(), os.path.join(folder, "proj.db"))
            os.environ.update(PROJ_DATA=folder, PROJ_LIB=folder, PROJ_NETWORK="OFF")
            rows = [tuple(map(str, r)) for r in ask(draw(list(systems()), args.pairs, rng), args.points, rng)]
    if args.write:
        with open(args.write, "w", encoding="utf-8") as f:
            f.writelines("\t".join(r) + "\n" for r in rows)
        return
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "compare")
        subprocess.run(["go", "build", "-o", program, HERE], check=True)
        asked = "".join(" ".join(r[:6]) + "\n" for r in rows)
        answer = subprocess.run([program, "pairs"], input=asked, stdout=subprocess.PIPE, text=True, check=True)
    totals, misses = collections.Counter(), []
    for r, line in zip(rows, answer.stdout.splitlines()):
        miss = float(line.split()[0])
        kind = "ballpark" if r[7] == "1" else "known"
        totals[kind] += 1
        if 0 <= miss <= LIMIT:
            totals[kind, "good"] += 1
        elif kind == "known":
            misses.append((line,) + r)
    for kind in ("known", "ballpark"):
        print("%s: %d of %d within 1 cm, %.2f %%" % (kind, totals[kind, "good"], totals[kind],
                                                     100 * totals[kind, "good"] / max(1, totals[kind])))
    if args.misses:
        with open(args.misses, "w", encoding="utf-8") as f:
            f.writelines("\t".join(r) + "\n" for r in misses)


if __name__ == "__main__":
    main()
