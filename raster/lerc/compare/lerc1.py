#!/usr/bin/env python3
"""Compares our Lerc1 with that of GDAL's MRF driver: sizes, and whether GDAL reads ours. See README.md."""

import glob
import os
import struct
import tempfile

import numpy as np
from osgeo import gdal

from compare import scenes
from reference import Esri, Ours

gdal.UseExceptions()
SIDE = 512
NO_DATA = -9999.0


def tiles(pix):
    """The whole tiles of a scene, at most four, as float32."""
    plane = pix[0, :, :, 0]
    at = [(y, x) for y in range(0, plane.shape[0] - SIDE + 1, SIDE) for x in range(0, plane.shape[1] - SIDE + 1, SIDE)]
    for y, x in at[:4]:
        yield plane[y:y + SIDE, x:x + SIDE].astype("float32")


def mrf(folder, pix, error):
    """Writes a tile as MRF, and returns the path and the blob in it."""
    source = gdal.GetDriverByName("MEM").Create("", SIDE, SIDE, 1, gdal.GDT_Float32)
    source.GetRasterBand(1).WriteArray(pix)
    source.GetRasterBand(1).SetNoDataValue(NO_DATA)
    for old in glob.glob(os.path.join(folder, "a.*")):
        os.remove(old)  # the driver appends
    path = os.path.join(folder, "a.mrf")
    gdal.GetDriverByName("MRF").CreateCopy(path, source, options=[
        "COMPRESS=LERC", "BLOCKSIZE=%d" % SIDE, "OPTIONS=V1:ON LERC_PREC:%g" % error])
    with open(glob.glob(os.path.join(folder, "*.lrc"))[0], "rb") as f:
        return path, f.read()


def read_by_gdal(path, blob):
    """What GDAL reads from an MRF whose blob is another."""
    with open(path.replace(".mrf", ".lrc"), "wb") as f:
        f.write(blob)
    with open(path.replace(".mrf", ".idx"), "wb") as f:
        f.write(struct.pack(">QQ", 0, len(blob)))
    return gdal.Open(path).ReadAsArray()


def main():
    esri = Esri()
    print("| scene | largest error | bytes, ours / GDAL | read by GDAL and liblerc, largest error |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(folder)
        for name, whole in scenes():
            for error, hole in ((0, False), (0.01, False), (1, False), (0.01, True)):
                if name.endswith(("int8", "int16", "float64")) and error == 0.01 and not hole:
                    continue
                got, gdals, worst = 0, 0, 0.0
                for pix in tiles(whole):
                    mask = np.ones(pix.shape, bool)
                    if hole:
                        y, x = np.mgrid[0:SIDE, 0:SIDE]
                        mask = (x - 200)**2 + (y - 300)**2 > 9000
                    marked = np.where(mask, pix, np.float32(NO_DATA))
                    # GDAL takes whole numbers for whole numbers, if it is said to: an error of 0.5 loses nothing.
                    exact = 0.5 if (pix == np.rint(pix)).all() and error < 0.5 else error
                    path, theirs = mrf(folder, marked, exact)
                    blob, _ = ours.encode(pix[None, :, :, None], mask if hole else None, error, 1)
                    got, gdals = got + len(blob), gdals + len(theirs)
                    for back in (read_by_gdal(path, blob), esri.decode(blob)[0][0, :, :, 0]):
                        worst = max(worst, np.abs(back.astype("float64") - pix)[mask].max())
                    if hole and not ((read_by_gdal(path, blob) == NO_DATA) == ~mask).all():
                        raise SystemExit("%s: the mask differs" % name)
                if worst > error:
                    raise SystemExit("%s: an error of %r above %r" % (name, worst, error))
                print("| %s%s | %g | %d / %d = %.3f | %g |" % (
                    name, ", with a hole" if hole else "", error, got, gdals, got / gdals, worst), flush=True)
        ours.close()


if __name__ == "__main__":
    main()
