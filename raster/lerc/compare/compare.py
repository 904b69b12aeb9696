#!/usr/bin/env python3
"""Compares sizes and speed with Esri's library, and has it read what we write. See README.md.

Usage: compare.py [WORD], for the scenes whose names have the word. BYTES in the environment is about how much to encode
and decode for each figure, 1e8 by default."""

import os
import sys
import tempfile

import numpy as np
from osgeo import gdal

from reference import Esri, HERE, Ours

gdal.UseExceptions()
TESTDATA = os.path.normpath(os.path.join(HERE, "..", "..", "..", "testdata", "demo"))
SHARED = os.path.normpath(os.path.join(HERE, "..", "..", "..", "..", "shared", "corpus", "scenes"))

# Name, file, band, type, whole numbers. Files of the folder shared are left out where it is missing.
SCENES = [
    ("photo, uint8", os.path.join(TESTDATA, "world.tif"), 1, "uint8"),
    ("Landsat, uint8", os.path.join(SHARED, "tokyo_landsat8_rgb_cog.tif"), 1, "uint8"),
    ("land cover, uint8", os.path.join(SHARED, "zion_nlcd_palette.tif"), 1, "uint8"),
    ("elevation, int16", os.path.join(SHARED, "mt_hood_dem_i16.tif"), 1, "int16"),
    ("Landsat, uint16", os.path.join(SHARED, "dateline_utm60_u16_cog.tif"), 1, "uint16"),
    ("bathymetry, float32", os.path.join(SHARED, "vanderford_bathymetry_f32.tif"), 1, "float32"),
    ("bathymetry, float64", os.path.join(SHARED, "vanderford_bathymetry_f32.tif"), 1, "float64"),
]


def scenes():
    for name, path, band, kind in SCENES:
        if not os.path.exists(path):
            print("NOT COMPARED: %s, as there is no %s" % (name, path), file=sys.stderr)
            continue
        dataset = gdal.Open(path)  # a band does not keep it open
        pix = dataset.GetRasterBand(band).ReadAsArray().astype(kind)
        yield name, pix[None, :, :, None]
        if kind == "int16":
            # What resampling makes of it: samples without a grid.
            f = pix.astype("float32")
            mixed = (f[:-1, :-1] * np.float32(.37) + f[1:, 1:] * np.float32(.63)).astype("float32")
            yield "elevation, float32", mixed[None, :, :, None]
            # Three samples a pixel, such as the heights at three times.
            many = np.stack([mixed, mixed + np.sin(mixed / 50), mixed * np.float32(1.001)], axis=-1).astype("float32")
            yield "three elevations a pixel, float32", many[None, :1024, :1024]
            yield "three elevations a pixel, int16", np.rint(many[None, :1024, :1024]).astype("int16")
        if name == "photo, uint8":
            rgb = np.stack([dataset.GetRasterBand(b).ReadAsArray() for b in (1, 2, 3)], axis=-1)
            yield "photo, three samples a pixel, uint8", rgb[None]


def main():
    esri = Esri()
    print("| scene | largest error | bytes, ours / liblerc | encode MB/s, ours / liblerc | decode MB/s, ours / liblerc |")
    print("|---|---|---|---|---|")
    worst = {"size": 0.0, "encode": 9.0, "decode": 9.0}
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(folder)
        for name, pix in scenes():
            if not all(word in name for word in sys.argv[1:]):
                continue
            times = max(2, int(float(os.environ.get("BYTES", "1e8")) / pix.nbytes))
            for error in (0, 0.01, 1, 3):
                if error == 3 and pix.shape[3] == 1:
                    continue
                if error == 0.01 and pix.dtype.kind != "f":
                    continue
                # Versions 4 and 6: those of TIFF and of planes of bytes; 5 has differences between samples of a pixel.
                version = 6 if error == 0 and pix.dtype.kind == "f" else 4 if pix.shape[3] == 1 else 5
                t, o = [], []
                for _ in range(3):
                    b, s = ours.encode(pix, error=error, version=version, times=times)
                    o.append(s)
                    a, s = esri.encode(pix, error=error, version=version, times=times)
                    t.append(s)
                bound = error if pix.dtype.kind == "f" or error >= 1 else 0
                for blob in (a, b):  # each reads both
                    for got in (ours.decode(blob, pix.shape, pix.dtype.name), esri.decode(blob)):
                        worst_error = np.abs(got[0].astype("float64") - pix.astype("float64")).max()
                        # liblerc lets float32 round and, with several samples a pixel, errors add up.
                        if worst_error > (bound or 1e-9) * (1 if blob is b else 1.001 if pix.shape[3] == 1 else np.inf):
                            raise SystemExit("%s: an error of %r above %r" % (name, worst_error, error))
                td, od = [], []
                for _ in range(3):
                    od.append(ours.decode(a, pix.shape, pix.dtype.name, times)[2])
                    td.append(esri.decode(a, times)[2])
                mb = pix.nbytes / 1e6
                print("| %s | %g | %d / %d = %.3f | %.0f / %.0f = %.2f | %.0f / %.0f = %.2f |" % (
                    name, error, len(b), len(a), len(b) / len(a), mb / min(o), mb / min(t), min(t) / min(o),
                    mb / min(od), mb / min(td), min(td) / min(od)), flush=True)
                worst["size"] = max(worst["size"], len(b) / len(a))
                worst["encode"] = min(worst["encode"], min(t) / min(o))
                worst["decode"] = min(worst["decode"], min(td) / min(od))
        ours.close()
    print("\nworst: size %(size).3f, encode %(encode).2f, decode %(decode).2f" % worst)


if __name__ == "__main__":
    main()
