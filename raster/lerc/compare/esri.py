#!/usr/bin/env python3
"""Has package lerc write blobs of all types and kinds into a folder, for esri.mjs."""

import json
import os
import shutil
import sys

import numpy as np

from blobs import picture
from reference import Ours, TYPES


def main():
    folder, cases, n = sys.argv[1], [], 0
    ours = Ours(folder)
    for kind in TYPES:
        for version in (1, 3, 4, 5, 6):
            for shape in ((1, 37, 53, 1), (3, 20, 33, 1), (1, 70, 64, 1), (1, 18, 21, 3)):
                if version <= 3 and shape[3] > 1:
                    continue
                for content in ("smooth", "noise", "areas", "equal"):
                    for error in (0, 0.01, 3):
                        if error == 0.01 and not kind.startswith("float"):
                            continue
                        n += 1
                        y, x = np.mgrid[0:shape[1], 0:shape[2]]
                        mask = [None, ((x * y) % 7 < 5), np.stack([(x + y * k) % 5 > 0 for k in range(shape[0])])][n % 3]
                        pix = picture(kind, shape, content, n)
                        if version == 1:  # it has float32 and one mask
                            pix = pix.astype("float32").astype(kind)
                            mask = mask[0] if mask is not None and mask.ndim == 3 else mask
                        ours.encode(pix, mask, error, version)
                        case = {"name": "%s, version %d, %s, %s, error %g" % (kind, version, shape, content, error),
                                "type": kind, "version": version, "error": error, "bands": shape[0], "height": shape[1],
                                "width": shape[2], "depth": shape[3], "raw": "%d.raw" % n, "blob": "%d.lerc" % n}
                        shutil.copy(ours.path("raw"), os.path.join(folder, case["raw"]))
                        shutil.copy(ours.path("blob"), os.path.join(folder, case["blob"]))
                        if mask is not None:
                            case["mask"] = "%d.mask" % n
                            shutil.copy(ours.path("mask"), os.path.join(folder, case["mask"]))
                        cases.append(case)
    ours.close()
    with open(os.path.join(folder, "cases.json"), "w") as f:
        json.dump(cases, f)


if __name__ == "__main__":
    main()
