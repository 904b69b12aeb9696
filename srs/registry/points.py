#!/usr/bin/env python3
"""Makes ../testdata/codes.tsv and ../testdata/texts.tsv with PROJ, without grids.

    python3 points.py

codes.tsv has points of up to two systems of each projection method and of each kind of datum step: the code, longitude
and latitude on WGS 84, and x and y, in GIS order, as proj_create_crs_to_crs and proj_normalize_for_visualization give
them. texts.tsv has one system of the most used methods in all forms that PROJ writes, with the code taken out, and a
point of each. Systems are the first of each kind by code, points lie in the area of use at fixed shares of it.
"""
import ctypes
import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile

import generate
from generate import D, I, P, S

DATA = os.path.join(generate.HERE, "..", "testdata")


class Coordinate(ctypes.Structure):
    _fields_ = [("v", D * 4)]


def sections():
    with gzip.open(generate.PRODUCT, "rt", encoding="utf-8") as f:
        out, current = {}, None
        for line in f:
            line = line.rstrip("\n")
            if line.startswith("%"):
                current = out.setdefault(line[1:].split("\t")[0], [])
            else:
                current.append(line.split("\t") + [""] * 12)
        return out


class Transformer:
    def __init__(self, proj, code):
        lib = ctypes.CDLL(os.environ.get("LIBPROJ") or ctypes.util.find_library("proj"))
        create = lib.proj_create_crs_to_crs
        create.restype, create.argtypes = P, (P, S, S, P)
        self.trans = lib.proj_trans
        self.trans.restype, self.trans.argtypes = Coordinate, (P, I, Coordinate)
        plain = create(proj.context, b"EPSG:4326", code.encode(), None)
        self.pj = plain and proj.visual(proj.context, plain)

    def __call__(self, lon, lat):
        c = Coordinate()
        c.v[0], c.v[1], c.v[2], c.v[3] = lon, lat, 0, float("inf")
        out = self.trans(self.pj, 1, c)
        return out.v[0], out.v[1]


def points_of(area):
    w, s, e, n = area
    if e < w:
        e += 360
    for fx, fy in ((0.31, 0.43), (0.72, 0.64)):
        lon = w + fx * (e - w)
        yield round(lon - 360 if lon > 180 else lon, 4), round(s + fy * (n - s), 4)


def kind_of(row, base, text):
    """What is special about a row: its method with flags, and the words of its first shift."""
    method = " ".join(re.sub(r"=.*", "", w) for w in row[11].split()) + row[10] if len(row[11]) else "geographic"
    first = text["lists"][int(row[7] or base[7])][0].split(" ")[0].split(":") if (row[7] or base[7]) else ["", ""]
    words = text["shifts"][int(first[0])][0].split() if first[0] else []
    return method, " ".join(re.sub(r"[\d.,eE-]+$", "", w) + str(w.count(",")) for w in words)


def main():
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(generate.find_database(), os.path.join(folder, "proj.db"))
        os.environ.update(PROJ_DATA=folder, PROJ_LIB=folder, PROJ_NETWORK="OFF")
        proj, text = generate.Proj(), sections()
        areas = [tuple(map(float, a[:4])) for a in text["areas"]]
        seen, chosen = {}, []
        for name in ("projected", "geographic"):
            for row in text[name]:
                base = text["geographic"][int(row[4])] if name == "projected" else row
                if row[11].startswith("?") or not row[0] or row[8]:
                    continue
                method, shift = kind_of(row, base, text)
                keys = [("m", method), ("s", shift)]
                if all(seen.get(k, 0) >= (2 if k[0] == "m" else 1) for k in keys):
                    continue
                code = {"P": "EPSG", "S": "ESRI"}[row[0]] + ":" + row[1]
                area = areas[int(row[6])] if row[6] else (-180.0, -80.0, 180.0, 80.0)
                t = Transformer(proj, code)
                rows = []
                if t.pj:
                    for lon, lat in points_of(area):
                        x, y = t(lon, lat)
                        if abs(x) < 1e300:
                            digits = 10 if name == "geographic" else 6
                            rows.append("%s\t%.4f\t%.4f\t%.*f\t%.*f" % (code, lon, lat, digits, x, digits, y))
                if rows:
                    for k in keys:
                        seen[k] = seen.get(k, 0) + 1
                    chosen += rows
        with open(os.path.join(DATA, "codes.tsv"), "w") as f:
            f.write("#code\tlon\tlat\tx\ty\n" + "\n".join(chosen) + "\n")

        out = []
        for code in ("EPSG:4326", "EPSG:4807", "EPSG:32633", "EPSG:27700", "EPSG:2154", "EPSG:27572", "EPSG:2225",
                     "EPSG:5070", "EPSG:3035", "EPSG:3031", "EPSG:5041", "EPSG:28992", "EPSG:2056", "EPSG:3078",
                     "EPSG:5514", "EPSG:5513", "EPSG:2048", "EPSG:3395", "EPSG:3857", "EPSG:31370", "EPSG:27200",
                     "ESRI:54030", "ESRI:54009", "ESRI:53008", "EPSG:6933", "EPSG:4087"):
            row = next(r for n in ("geographic", "projected") for r in text[n]
                       if r[1] == code[5:] and r[0] == {"EPSG": "P", "ESRI": "S"}[code[:4]])
            area = areas[int(row[6])] if row[6] else (-180.0, -80.0, 180.0, 80.0)
            lon, lat = next(points_of(area))
            x, y = Transformer(proj, code)(lon, lat)
            for form in ("WKT1_GDAL", "WKT1_ESRI", "WKT2:2015", "WKT2:2019", "PROJJSON", "PROJ"):
                s = subprocess.run(["projinfo", "-q", "--single-line", "-o", form, code], capture_output=True, text=True).stdout.strip()
                if form == "PROJJSON":
                    s = json.loads(s)
                    s.pop("id", None)
                    s = json.dumps(s, separators=(",", ":"))
                s = " ".join(s.split())
                s = re.sub(r',(AUTHORITY|ID)\["(EPSG|ESRI)","?\d+"?\]\]$', "]", s)
                if s:
                    out.append("%s\t%s\t%.4f\t%.4f\t%.10f\t%.10f\t%s" % (code, form, lon, lat, x, y, s))
        with open(os.path.join(DATA, "texts.tsv"), "w") as f:
            f.write("#code\tform\tlon\tlat\tx\ty\ttext\n" + "\n".join(out) + "\n")
        print(len(chosen), "points,", len(out), "texts")


if __name__ == "__main__":
    main()
