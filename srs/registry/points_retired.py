#!/usr/bin/env python3
"""Makes ../testdata/retired.tsv: the codes that Esri has retired in favour of a system that differs by more than rounding.

    python3 points_retired.py

For each there is a point in the area of use of the newer one: the code, the newer code, longitude and latitude on WGS 84, x
and y in the newer system by PROJ, which is what ArcGIS makes of the code, and how far, in metres, what the code was before
is from it; nothing where PROJ does not have it.
"""
import math
import os
import shutil
import tempfile

import generate
import points as tables


def main():
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(generate.find_database(), os.path.join(folder, "proj.db"))
        os.environ.update(PROJ_DATA=folder, PROJ_LIB=folder, PROJ_NETWORK="OFF")
        proj, text = generate.Proj(), tables.sections()
        systems, areas = {}, text["areas"]
        for name in ("projected", "geographic"):
            for row in text[name]:
                if row[0] and not row[11].startswith("?"):
                    old = systems.get(row[1])
                    if old is None or row[0] == "P":
                        systems[row[1]] = {"P": "EPSG", "S": "ESRI"}[row[0]], row, name
        out = []
        for wkid, latest in (r[:2] for r in text["retired"]):
            if latest not in systems:
                continue
            authority, row, name = systems[latest]
            area = tuple(map(float, areas[int(row[6])][:4])) if row[6] else (-180.0, -80.0, 180.0, 80.0)
            lon, lat = next(tables.points_of(area))
            new = tables.Transformer(proj, authority + ":" + latest)
            x, y = new(lon, lat) if new.pj else (math.inf, 0)
            if not abs(x) < 1e300:
                continue
            unit = proj.unit_of(proj.crs(authority, latest))[1]
            metres = unit * 6378137 if name == "geographic" else unit
            miss = ""
            if wkid in systems:
                t = tables.Transformer(proj, systems[wkid][0] + ":" + wkid)
                own = systems[wkid][1][5], t(lon, lat) if t.pj else None
                if own[1] and abs(own[1][0]) < 1e300:
                    own_unit = proj.unit_of(proj.crs(systems[wkid][0], wkid))[1]
                    d = math.hypot(own[1][0] - x, own[1][1] - y) * metres
                    if d < 2e-3 and abs(own_unit / unit - 1) < 1e-7:
                        continue
                    miss = "%.3f" % d
            out.append("%s\t%s\t%.4f\t%.4f\t%.*f\t%.*f\t%s" % (
                wkid, latest, lon, lat, 10 if name == "geographic" else 4, x, 10 if name == "geographic" else 4, y, miss))
        with open(os.path.join(tables.DATA, "retired.tsv"), "w") as f:
            f.write("#wkid\tlatest\tlon\tlat\tx\ty\tmetres\n" + "".join(r + "\n" for r in out))


if __name__ == "__main__":
    main()
