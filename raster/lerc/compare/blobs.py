#!/usr/bin/env python3
"""Writes ../testdata/blobs.json.gz: small images that Esri's library encodes, and what it decodes from them."""

import base64
import glob
import gzip
import json
import os
import tempfile

import numpy as np
from osgeo import gdal

from reference import Esri, HERE, TYPES

gdal.UseExceptions()


def picture(kind, shape, content, seed):
    """Samples of one of several characters, which cover the range of the type."""
    bands, rows, columns, depth = shape
    y, x = np.mgrid[0:rows, 0:columns]
    noise = np.random.default_rng(seed).random((bands, rows, columns, depth))
    smooth = ((np.sin(x / 5) + np.cos(y / 4) + 2) / 4)[None, :, :, None] + 0.02 * np.arange(depth)
    v = {"smooth": smooth + 0 * noise, "noise": 0.9 * smooth + 0.1 * noise, "equal": 0.4 + 0 * noise,
         "areas": ((x // 5 + y // 3) % 4 / 4)[None, :, :, None] + 0 * noise}[content]
    if kind.startswith("float"):
        return (v * 800 - 100.25).astype(kind)
    info = np.iinfo(kind)
    low, high = max(info.min, -10**8), min(info.max, 10**8)
    return np.clip(low + v * (high - low) * 0.9, info.min, info.max).astype(kind)


def entry(esri, name, blob):
    pix, masks, _ = esri.decode(blob)
    if masks is not None:
        pix = np.where(np.broadcast_to(masks, pix.shape[:3])[..., None] > 0, pix, 0).astype(pix.dtype)
    text = lambda b: base64.b64encode(b).decode()
    return {"name": name, "type": pix.dtype.name, "shape": list(pix.shape), "blob": text(blob),
            "samples": text(pix.tobytes()), "masks": text(b"" if masks is None else (masks * 255).astype("u1").tobytes())}


def lerc1(error, hole):
    """A tile that GDAL's MRF driver writes as Lerc1, of an image smaller than it."""
    with tempfile.TemporaryDirectory() as folder:
        pix = picture("float32", (1, 24, 28, 1), "noise", 5)[0, :, :, 0]
        if hole:
            pix[5:14, 6:20] = -9999
        source = gdal.GetDriverByName("MEM").Create("", 28, 24, 1, gdal.GDT_Float32)
        source.GetRasterBand(1).WriteArray(pix)
        source.GetRasterBand(1).SetNoDataValue(-9999)
        gdal.GetDriverByName("MRF").CreateCopy(os.path.join(folder, "a.mrf"), source, options=[
            "COMPRESS=LERC", "BLOCKSIZE=32", "OPTIONS=V1:ON LERC_PREC:%g" % error])
        with open(glob.glob(os.path.join(folder, "*.lrc"))[0], "rb") as f:
            return f.read()


def main():
    esri, out, n = Esri(), [], 0
    shapes = [(1, 19, 21, 1), (2, 9, 17, 1), (1, 11, 10, 3)]
    contents = ["smooth", "noise", "areas", "equal"]
    for kind in TYPES:
        for version in (2, 3, 4, 5, 6):
            for error in ([0, 0.01] if kind.startswith("float") else [0, 3]):
                for step in range(2):
                    n += 1
                    shape, content = shapes[n % 3], contents[(n // 2 + step) % 4]
                    if shape[3] > 1 and (version < 4 or version > 4 and error > 0):
                        shape = shapes[0]  # differences with loss break the bound: see decode_blocks.go
                    y, x = np.mgrid[0:shape[1], 0:shape[2]]
                    mask = [None, (x * y) % 7 < 5, np.stack([(x + y * k) % 5 > 0 for k in range(shape[0])]),
                            (x - 8)**2 + (y - 6)**2 < 30][(n + step) % 4]
                    pix = picture(kind, shape, content, n)
                    blob, _ = esri.encode(pix, mask, error, version)
                    out.append(entry(esri, "%s, version %d, error %g, %s, %d" % (kind, version, error, content, n), blob))
    for error in (0, 0.5):
        for hole in (False, True):
            out.append(entry(esri, "Lerc1, error %g, hole %s" % (error, hole), lerc1(error, hole)))
    # Only 8-bit samples with many values take Huffman codes, and only larger planes do.
    for kind, version in (("uint8", 2), ("uint8", 4), ("int8", 6), ("float32", 6), ("float64", 6)):
        pix = picture(kind, (1, 32, 40, 1), "noise", 3)
        out.append(entry(esri, "%s, version %d, larger" % (kind, version), esri.encode(pix, None, 0, version)[0]))
    path = os.path.normpath(os.path.join(HERE, "..", "testdata", "blobs.json.gz"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(gzip.compress(json.dumps(out, indent=0).encode(), 9, mtime=0))
    print("%d blobs, %d bytes" % (len(out), os.path.getsize(path)))


if __name__ == "__main__":
    main()
