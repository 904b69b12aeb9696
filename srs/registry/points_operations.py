#!/usr/bin/env python3
"""Makes ../testdata/operations.tsv: what PROJ makes of points by operations with codes, forward and back.

    python3 points_operations.py [--all FILE]

The file has operations of each method, and of the rest some at random: the code, 1 or -1 for the direction, the codes of
the systems from which and to which it leads then, x and y of a point in the operation's area in the first, and in the
second, in GIS order. --all writes those of all operations between geographic 2D systems by numbers to another file.
"""
import argparse
import collections
import ctypes
import ctypes.util
import math
import os
import random
import shutil
import sqlite3
import tempfile

import generate
import operations
import points as tables
from generate import I, P

DATA = os.path.join(generate.HERE, "..", "testdata")
OPERATION = 4  # PJ_CATEGORY_COORDINATE_OPERATION


def between(db):
    """Operations by numbers between geographic 2D systems: authority, code, kind of their spelling, source, target."""
    made, kinds = operations.Operations(db).make(), {}
    for (code, authority), row in made.rows.items():
        kinds[authority, str(code)] = row[8]
    for table in ("helmert_transformation_table", "other_transformation", "concatenated_operation"):
        for row in db.execute(
                "select o.auth_name, o.code, o.source_crs_auth_name, o.source_crs_code, o.target_crs_auth_name, o.target_crs_code, " +
                ("'+'" if table.startswith("conc") else "o.method_code") + " from " + table + " o "
                "join geodetic_crs a on a.auth_name = o.source_crs_auth_name and a.code = o.source_crs_code "
                "join geodetic_crs b on b.auth_name = o.target_crs_auth_name and b.code = o.target_crs_code "
                "where o.auth_name in ('EPSG', 'ESRI') and a.type = 'geographic 2D' and b.type = 'geographic 2D' "
                "order by o.auth_name, cast(o.code as integer)"):
            what = kinds[row[0], str(row[1])]
            if what[0] in "?~" or row[2:4] == row[4:6]:
                continue
            if str(row[1]) in ("1335", "1508", "1534"):
                continue  # PROJ takes units at their word that cannot be meant
            if (str(row[1]), row[0]) != (str(row[1]), "EPSG") and ("EPSG", str(row[1])) in kinds:
                continue  # EPSG's goes first
            steps = [kinds["EPSG", s.lstrip("-")] for s in what[1:].split()] if what[0] == "+" else []
            if any(s[0] in "~?+" for s in steps):
                continue
            yield row[0], str(row[1]), str(row[6]), "%s:%s" % row[2:4], "%s:%s" % row[4:6]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all")
    args = parser.parse_args()
    source = generate.find_database()
    db = sqlite3.connect("file:" + source + "?mode=ro", uri=True)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(source, os.path.join(folder, "proj.db"))
        os.environ.update(PROJ_DATA=folder, PROJ_LIB=folder, PROJ_NETWORK="OFF")
        proj = generate.Proj()
        lib = ctypes.CDLL(os.environ.get("LIBPROJ") or ctypes.util.find_library("proj"))
        trans = lib.proj_trans
        trans.restype, trans.argtypes = tables.Coordinate, (P, I, tables.Coordinate)
        rows = collections.OrderedDict()
        for authority, code, method, a, b in between(db):
            plain = proj.from_database(proj.context, authority.encode(), code.encode(), OPERATION, 0, None)
            op = plain and proj.visual(proj.context, plain)
            if not op:
                continue
            w, s, e, n = proj.area(op) or generate.WORLD
            e = e + 360 if e < w else e
            for way, (p, q) in ((1, (a, b)), (-1, (b, a))):
                crs = proj.crs(*p.split(":"))
                unit, meridian = proj.unit_of(crs)[1], proj.meridian_of(crs)[1]
                scale = math.radians(1) / unit
                lon = math.remainder(w + (0.37 if way == 1 else 0.61) * (e - w) - meridian, 360)
                c = tables.Coordinate()
                c.v[0], c.v[1], c.v[3] = round(lon * scale, 4), round((s + 0.53 * (n - s)) * scale, 4), float("inf")
                out = trans(op, way, c)
                if abs(out.v[0]) < 1e300:
                    rows.setdefault((authority, code, method), []).append(
                        "%s\t%d\t%s\t%s\t%.4f\t%.4f\t%.11f\t%.11f" % (code, way, p, q, c.v[0], c.v[1], out.v[0], out.v[1]))
                proj.destroy(crs)
            proj.destroy(plain)
    head = "#code\tway\tfrom\tto\tx\ty\tu\tv\n"
    if args.all:
        with open(args.all, "w") as f:
            f.write(head + "".join(r + "\n" for v in rows.values() for r in v))
        return
    rng, count = random.Random(1), collections.Counter()
    keys = list(rows)
    rng.shuffle(keys)
    chosen = set()
    for key in keys:
        count[key[0], key[2]] += 1
        if count[key[0], key[2]] <= (20 if key[2] in ("9603", "9606", "9607") else 8):
            chosen.add(key)
    with open(os.path.join(DATA, "operations.tsv"), "w") as f:
        f.write(head + "".join(r + "\n" for key, v in rows.items() if key in chosen for r in v))


if __name__ == "__main__":
    main()
