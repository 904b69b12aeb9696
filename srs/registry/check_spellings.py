#!/usr/bin/env python3
"""Reads back with GDAL and PROJ what package srs writes: every code of the registry as well-known text of both versions and
as a GeoTIFF, and says which are not the same system as the code.

    python3 check_spellings.py

It needs Go, and GDAL's bindings for Python with PROJ's database: Debian's python3-gdal, which it installs by apt-get where
it is absent and may. PROJ is kept from grid files and the network. It takes some minutes. The last lines count; a
difference that is not explained in EXPECTED makes the exit status 1.

Same means PROJ's own comparison (IsSame), and where that says no, coordinates: a point of the area of use from the
system's base, by both, within a millimetre.
"""
import base64
import collections
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

# Codes, and why what we write is not what PROJ has.
EXPECTED = {
    **dict.fromkeys(["EPSG:%d" % c for c in [*range(2046, 2056), *range(22275, 22294, 2), *range(29371, 29386, 2)]],
                    "PROJ does not read Esri's form of the South African grids, a scale factor of -1"),
    **dict.fromkeys(["ESRI:%d" % c for c in range(102470, 102490)],
                    "PROJ takes Esri's scale factor of -1 as it is, and not for axes to the west and south"),
    **dict.fromkeys(["EPSG:2985", "EPSG:2986", "EPSG:7082"],
                    "PROJ 9.1 has no polar stereographic variant C, which we write as variant B"),
    **dict.fromkeys(["ESRI:53044", "ESRI:54044", "ESRI:54100", "ESRI:54101", "ESRI:102460"],
                    "PROJ 9.1 has no such projection"),
}


def bindings():
    try:
        from osgeo import gdal, osr
    except ImportError:
        subprocess.check_call(["apt-get", "install", "-y", "python3-gdal"])
        from osgeo import gdal, osr
    return gdal, osr


def same(osr, want, got):
    """The way in which two systems are the same, "" if they are not."""
    if want.IsSame(got, ["CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS"]):
        return "IsSame"
    if want.IsGeographic() != got.IsGeographic():
        return ""
    for s in (want, got):
        s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if want.IsGeographic():
        alike = all(abs(a - b) < 1e-6 for a, b in (
            (want.GetSemiMajor(), got.GetSemiMajor()), (want.GetInvFlattening(), got.GetInvFlattening()),
            (want.GetAngularUnits() * 1e4, got.GetAngularUnits() * 1e4),
            (float(want.GetAttrValue("PRIMEM", 1)), float(got.GetAttrValue("PRIMEM", 1)))))
        return "numbers" if alike else ""
    area = want.GetAreaOfUse()
    lon, lat = (5.0, 5.0)
    if area is not None and area.west_lon_degree > -1000:
        east = area.east_lon_degree + (360 if area.east_lon_degree < area.west_lon_degree else 0)
        lon, lat = 0.6 * area.west_lon_degree + 0.4 * east, 0.6 * area.south_lat_degree + 0.4 * area.north_lat_degree
    results = []
    for s in (want, got):
        base = s.CloneGeogCS()
        if base is None:
            return ""
        base.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        scale = 3.141592653589793 / 180 / base.GetAngularUnits()
        try:
            results.append(osr.CoordinateTransformation(base, s).TransformPoint(lon * scale, lat * scale)[:2])
        except RuntimeError:
            return ""
    off = max(abs(a - b) for a, b in zip(*results)) * want.GetLinearUnits()
    return "coordinates" if off < 1e-3 else ""


def main():
    gdal, osr = bindings()
    gdal.SetConfigOption("OSR_USE_NON_DEPRECATED", "NO")  # or it takes what replaces a code
    osr.UseExceptions()
    gdal.UseExceptions()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    with tempfile.TemporaryDirectory() as folder:
        name = sys.argv[1] if len(sys.argv) > 1 else os.path.join(folder, "spellings.tsv")
        if len(sys.argv) == 1:
            subprocess.check_call(["go", "test", "-count=1", "-run", "TestWriteSpellings", ".."], cwd=HERE,
                                  env=dict(os.environ, GEOEXPORT_SPELLINGS=name))
        with open(name, encoding="utf-8") as f:
            rows = [line.rstrip("\n").split("\t") for line in f]
    counts, bad = collections.Counter(), []
    for i, (code, wkt1, wkt2, _, tiff) in enumerate(rows):
        if i % 1000 == 0:
            print(i, "of", len(rows), file=sys.stderr, flush=True)
        want = osr.SpatialReference()
        want.SetFromUserInput(code)
        for form, text in (("WKT1", wkt1), ("WKT2", wkt2), ("GeoTIFF", tiff)):
            if not text:
                counts[form, "not written"] += 1
                continue
            try:
                if form == "GeoTIFF":
                    gdal.FileFromMemBuffer("/vsimem/a.tif", base64.b64decode(text))
                    ds = gdal.Open("/vsimem/a.tif")
                    got = ds.GetSpatialRef() or osr.SpatialReference()
                    ds = None
                else:
                    got = osr.SpatialReference()
                    got.ImportFromWkt(re.sub(r',ID\["[A-Z]+",\d+\]\]$', "]", text))
                how = same(osr, want, got)
            except RuntimeError as e:
                how = ""
                text = str(e)
            counts[form, how or "differs"] += 1
            if not how:
                bad.append((code, form, EXPECTED.get(code, ""), text[:60] if form == "GeoTIFF" else text))
    for row in bad:
        print("\t".join(row))
    for key in sorted(counts):
        print(*key, counts[key])
    sys.exit(any(not row[2] for row in bad))


if __name__ == "__main__":
    main()
