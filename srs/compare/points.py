#!/usr/bin/env python3
"""Compares systems of the registry, taken at random, with PROJ without grids.

    points.py [--codes 2000] [--points 5] [--seed 1] [--except FILE] [--misses FILE]

For every code points are drawn at random in its area of use, 1 % kept off the edges; those from which PROJ itself does
not come back to within 5 cm are dropped. Every method is represented, for half of the codes are drawn method by method.
FILE of --except is a table, perhaps gzipped, whose first two columns are codes and authorities to leave out; that of --misses
gets what is not within 2 mm.
"""
import argparse
import collections
import csv
import ctypes
import ctypes.util
import gzip
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
from generate import P  # noqa: E402

AUTHORITY = {"P": "EPSG", "S": "ESRI"}
LIMIT = 2e-3  # metres


class Reference:
    """PROJ's way from EPSG:4326 to a code."""

    def __init__(self, proj, code):
        self.proj, lib = proj, ctypes.CDLL(os.environ.get("LIBPROJ") or ctypes.util.find_library("proj"))
        self.last = lib.proj_trans_get_last_used_operation
        self.last.restype, self.last.argtypes = P, (P,)
        self.t = tables.Transformer(proj, code)

    def __call__(self, direction, x, y):
        c = tables.Coordinate()
        c.v[0], c.v[1], c.v[2], c.v[3] = x, y, 0, float("inf")
        out = self.t.trans(self.t.pj, direction, c)
        return out.v[0], out.v[1]

    def operation(self):
        """The name of the last operation, and whether it copies coordinates for want of a better one."""
        op = self.last(self.t.pj)
        if not op:
            return "", False
        name = (self.proj.get_name(op) or b"").decode()
        ballpark = bool(self.proj.is_ballpark(self.proj.context, op))
        self.proj.destroy(op)
        return name, ballpark


def close(a, b):
    return abs((a[0] - b[0] + 180) % 360 - 180) < 5e-7 and abs(a[1] - b[1]) < 5e-7


def systems(excluded):
    """(code, method, area) of all systems that have a projection here."""
    text = tables.sections()
    for name in ("projected", "geographic"):
        for row in text[name]:
            if not row[0] or row[11].startswith("?") or (row[1], AUTHORITY[row[0]]) in excluded:
                continue
            method = row[11].split()[0] if name == "projected" else "geographic"
            area = tuple(map(float, text["areas"][int(row[6])][:4])) if row[6] else (-180.0, -90.0, 180.0, 90.0)
            yield AUTHORITY[row[0]] + ":" + row[1], method, area


def draw(all_systems, count, rng):
    by_method = collections.defaultdict(list)
    for s in all_systems:
        by_method[s[1]].append(s)
    chosen = set()
    for round_ in range(count):
        for method in sorted(by_method):
            if len(chosen) < count / 2 and round_ < len(by_method[method]):
                chosen.add(rng.choice(by_method[method]))
    rest = sorted(set(all_systems) - chosen)
    chosen.update(rng.sample(rest, min(len(rest), max(0, count - len(chosen)))))
    return sorted(chosen)


def reference_points(proj, chosen, count, rng):
    for code, method, (w, s, e, n) in chosen:
        ref = Reference(proj, code)
        if not ref.t.pj:
            yield code, method, None
            continue
        if e < w:
            e += 360
        for _ in range(count):
            lon = round(w + (0.01 + 0.98 * rng.random()) * (e - w), 7)
            lon, lat = lon - 360 if lon > 180 else lon, round(s + (0.01 + 0.98 * rng.random()) * (n - s), 7)
            x, y = ref(1, lon, lat)
            if abs(x) < 1e300 and abs(y) < 1e300 and close(ref(-1, x, y), (lon, lat)):
                ref(1, lon, lat)
                yield code, method, (lon, lat, x, y) + ref.operation()
        proj.destroy(ref.t.pj)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--codes", type=int, default=2000)
    parser.add_argument("--points", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--except", dest="without", action="append", default=[])
    parser.add_argument("--misses")
    args = parser.parse_args()
    excluded = set()
    for name in args.without:
        with (gzip.open if name.endswith(".gz") else open)(name, "rt") as f:
            excluded.update(tuple(row[:2]) for row in csv.reader(f, delimiter="\t") if row and not row[0].startswith("#"))

    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(generate.find_database(), os.path.join(folder, "proj.db"))
        os.environ.update(PROJ_DATA=folder, PROJ_LIB=folder, PROJ_NETWORK="OFF")
        program = os.path.join(folder, "compare")
        subprocess.run(["go", "build", "-o", program, HERE], check=True)
        proj = generate.Proj()
        chosen = draw(list(systems(excluded)), args.codes, rng)
        rows = list(reference_points(proj, chosen, args.points, rng))
        unknown = [r for r in rows if r[2] is None]
        rows = [r for r in rows if r[2]]
        asked = "".join("%s %r %r %r %r\n" % ((r[0],) + r[2][:4]) for r in rows)
        answer = subprocess.run([program, "points"], input=asked, stdout=subprocess.PIPE, text=True, check=True)

    totals, misses = collections.defaultdict(lambda: [0, 0, 0, 0.0, 0.0]), []
    for (code, method, r), line in zip(rows, answer.stdout.splitlines()):
        forward, inverse = map(float, line.split())
        n = totals["ballpark" if r[5] else method]
        n[0] += 1
        n[1] += not 0 <= forward <= LIMIT
        n[2] += not 0 <= inverse <= LIMIT
        if 0 <= forward <= LIMIT and 0 <= inverse <= LIMIT:
            n[3], n[4] = max(n[3], forward), max(n[4], inverse)
        else:
            misses.append("\t".join(map(str, (code, method, forward, inverse) + r)))
    print("%d codes (%d that PROJ does not know), %d points" % (len(chosen), len(unknown), len(rows)))
    print("%-14s %7s %9s %9s   %s" % ("method", "points", "misses", "inverse", "worst of the others, mm"))
    for method in sorted(totals):
        n = totals[method]
        print("%-14s %7d %9d %9d   %.4f %.4f" % (method, n[0], n[1], n[2], n[3] * 1e3, n[4] * 1e3))
    known = [n for m, n in totals.items() if m != "ballpark"]
    all_ = sum(n[0] for n in known)
    print("without ballpark: %.2f %% and %.2f %% of %d within 2 mm" % (
        100 - 100 * sum(n[1] for n in known) / all_, 100 - 100 * sum(n[2] for n in known) / all_, all_))
    if args.misses:
        with open(args.misses, "w") as f:
            f.write("#code\tmethod\tforward\tinverse\tlon\tlat\tx\ty\toperation\tballpark\n" + "\n".join(misses) + "\n")


if __name__ == "__main__":
    main()
