#!/usr/bin/env python3
"""Fills in x and y of forms.tsv: what PROJ without grids makes of longitude and latitude on WGS 84, in GIS order.

    python3 forms.py

A row is a remark, longitude, latitude, x, y, and a text. Rows with a remark are left alone: it says why PROJ is not followed.
"""
import ctypes
import ctypes.util
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "registry"))
import generate  # noqa: E402
import points  # noqa: E402


def main():
    name = os.path.join(HERE, "forms.tsv")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(generate.find_database(), os.path.join(folder, "proj.db"))
        os.environ.update(PROJ_DATA=folder, PROJ_LIB=folder, PROJ_NETWORK="OFF")
        proj = generate.Proj()
        lib = ctypes.CDLL(os.environ.get("LIBPROJ") or ctypes.util.find_library("proj"))
        lib.proj_create.restype = lib.proj_create_crs_to_crs_from_pj.restype = ctypes.c_void_p
        lib.proj_create.argtypes = ctypes.c_void_p, ctypes.c_char_p
        lib.proj_create_crs_to_crs_from_pj.argtypes = [ctypes.c_void_p] * 5
        lib.proj_trans.restype, lib.proj_trans.argtypes = points.Coordinate, (ctypes.c_void_p, ctypes.c_int, points.Coordinate)
        out = []
        for line in open(name, encoding="utf-8"):
            row = line.rstrip("\n").split("\t")
            if not line.startswith("#") and not row[0]:
                text = row[5]
                crs = lib.proj_create(proj.context, (text + " +type=crs" if text.startswith("+") else text).encode())
                step = crs and lib.proj_create_crs_to_crs_from_pj(proj.context, proj.wgs84, crs, None, None)
                if not step:
                    sys.exit("forms.py: PROJ does not read " + text)
                c = points.Coordinate()
                c.v[0], c.v[1], c.v[2], c.v[3] = float(row[1]), float(row[2]), 0, float("inf")
                c = lib.proj_trans(proj.visual(proj.context, step), 1, c)
                row[3], row[4] = "%.9f" % c.v[0], "%.9f" % c.v[1]
            out.append("\t".join(row) + "\n")
    with open(name, "w", encoding="utf-8") as f:
        f.writelines(out)


if __name__ == "__main__":
    main()
