#!/usr/bin/python3
"""Write pairs of shapes on a small lattice and how GEOS says that they lie to each other.

    /usr/bin/python3 testdata/make.py > testdata/pairs.txt

Each line is the well-known text of a shape, that of an area, and the relations that hold, of the shape to the area.
"""
import random

from osgeo import ogr

random.seed(7)


def at():
    return random.randint(0, 6), random.randint(0, 6)


def text(points):
    return ",".join("%d %d" % p for p in points)


def polygon():
    while True:
        if random.random() < 0.4:
            (x0, y0), (x1, y1) = at(), at()
            ring = [(x0, y0), (x0, y1), (x1, y1), (x1, y0)]
        else:
            ring = [at() for _ in range(random.randint(3, 6))]
        wkt = "(%s)" % text(ring + ring[:1])
        if random.random() < 0.2:
            hole = [at() for _ in range(3)]
            wkt += ",(%s)" % text(hole + hole[:1])
        g = ogr.CreateGeometryFromWkt("POLYGON(%s)" % wkt)
        if g is not None and g.IsValid() and g.GetArea() > 0:
            return g


def shape():
    kind = random.random()
    if kind < 0.6:
        return polygon()
    if kind < 0.8:
        while True:
            g = ogr.CreateGeometryFromWkt("LINESTRING(%s)" % text([at() for _ in range(random.randint(2, 4))]))
            if g.IsValid() and g.Length() > 0:
                return g
    return ogr.CreateGeometryFromWkt("MULTIPOINT(%s)" % ",".join("(%d %d)" % at() for _ in range(random.randint(1, 3))))


seen = set()
while len(seen) < 400:
    a, b = shape(), polygon()
    if len(seen) % 4 and not a.Intersects(b):
        continue
    names = [n for n in ("Intersects", "Contains", "Within", "Touches", "Overlaps", "Crosses") if getattr(a, n)(b)]
    line = "\t".join([a.ExportToWkt(), b.ExportToWkt(), " ".join(names)])
    if line not in seen:
        seen.add(line)
        print(line)
