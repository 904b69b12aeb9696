#!/usr/bin/env python3
"""Writes every code of PROJ's database as a GeoTIFF with GDAL, and has package srs read it back: check_spellings.py turned round.

    python3 check_geotiffs.py                what is read back as another system, and counts (about a quarter of an hour)
    python3 check_geotiffs.py table.tsv      the same, with the files in table.tsv if that exists, or else kept there
    python3 check_geotiffs.py --write table.tsv  only writes such a table, as in a chroot with a newer GDAL, and no Go
    python3 check_geotiffs.py --keep table.tsv   writes ../testdata/geotiffs.tsv.gz from such a table

It needs Go, and GDAL's bindings for Python with PROJ's database (Debian's python3-gdal). Codes are geographic, projected and
compound systems of EPSG and Esri. Each is written in three forms: as GDAL writes it by default, with
GEOTIFF_KEYS_FLAVOR=ESRI_PE, and without its code, so that all of it is spelled out. The table has a row for each: code, form, the
code of its horizontal part, the file in base64, GDAL's own reading of it in WKT 2, its ellipsoid's size and inverse flattening,
points: longitude and latitude in degrees on that reading's own datum and meridian, and the x and y that PROJ makes of them; and
"deprecated" if the code is.

TestReadGeoTIFFs reads the table. "same as the code" is within a millimetre of the code, in the same unit, at 49 points of its area,
datum included. "as GDAL reads it" is not: then the file says something else than the code, and the reading agrees with GDAL's on
the ellipsoid and within a millimetre at the points. What is neither, or is refused, has to be in EXPECTED with a reason, and so has
the difference from the code where there is one, or the exit status is 1.
"""
import base64
import collections
import gzip
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

from osgeo import gdal, osr

HERE = os.path.dirname(os.path.abspath(__file__))
NAMED = "Esri's withdrawn code is on a datum without transformations, and its name is that of EPSG's datum, which has some"
AREAS = "several systems are on the datum, and the code's has the transformations of its own area"

# Codes, or codes and forms, and why what is read is not the code's system.
EXPECTED = {
    **dict.fromkeys(["ESRI:%d" % c for c in [*range(37201, 37260), 104026, 104027, 104104, 104125, 104132, 104141, 104143, 104256, 104647,
                                             104664, 104990, 104992]], NAMED),
    **dict.fromkeys(["ESRI:104102 uncoded", "ESRI:104131 uncoded"], "GDAL writes the code of EPSG's datum MGI for Esri's own"),
    "EPSG:8449": "GDAL writes 8860, which replaces this code, and has another transformation",
    **dict.fromkeys(["ESRI:102060 uncoded", "ESRI:102166 uncoded"], AREAS),
    **dict.fromkeys(["ESRI:102035", "ESRI:102037"], "Esri's Orthographic is spherical; method 21 of GeoTIFF is GDAL's ellipsoidal one"),
    **dict.fromkeys(["EPSG:4087 uncoded", "EPSG:32663 uncoded"],
                    "method 17 of GeoTIFF is spherical, as PROJ's was before 9.5; EPSG's method 1028 is ellipsoidal"),
    "EPSG:2155": "Esri has replaced it by 3102, which a file with the code means, and EPSG by 2194",
    "EPSG:2934": "Esri has replaced it by 5329, which a file with the code means, and EPSG by 3000",
    **dict.fromkeys(["EPSG:%d" % c for c in (29118, 29119, 29177, 29178, 29179)],
                    "its area has no coordinates, so that the points are all over the world, and some are more than 67 degrees from the meridian"),
    **dict.fromkeys(["EPSG:%d uncoded" % c for c in (4383, 4973, 6979, 6986, 6987)],
                    "GDAL writes the datum of what replaces it and the ellipsoid of the withdrawn datum: WGS 84 for GRS 1980 or the reverse, 0.1 mm"),
    "EPSG:9311 uncoded": "method 10 of GeoTIFF is ellipsoidal, and GDAL goes by the system's name",
    "EPSG:3752": "a Mercator projection with a latitude of origin of -41: PROJ leaves it out, and so does GDAL's file",
    **dict.fromkeys(["EPSG:8044 uncoded", "EPSG:8045 uncoded"], "GeoTIFF has no axes, and these lead to the south and west"),
    **dict.fromkeys(["EPSG:6622 uncoded", "EPSG:6624 uncoded"],
                    "EPSG has moved it from NAD83(CSRS) to NAD83(CSRS)v2 since the database of PROJ 9.1"),
    "ESRI:20002": "Esri's Pulkovo zone 2 with the database of PROJ 9.1; Esri has given the code up, and EPSG's is another grid",
    "ESRI:104022": "EPSG 10831 has replaced it since the database of PROJ 9.1, with other transformations",
    **dict.fromkeys(["EPSG:%d uncoded" % c for c in (2985, 2986, 7082)],
                    "PROJ 9.1 has no polar stereographic variant C, and GDAL writes Esri's text with EPSG's words"),
    **dict.fromkeys(["ESRI:54050", "ESRI:54051", "ESRI:102299"], "Fuller, Cube and Berghaus Star, which package srs has not"),
    "ESRI:54099": "Spilhaus's ocean, an oblique form of Adams's square, which package srs has not",
    **dict.fromkeys(["ESRI:53025 ESRI_PE", "ESRI:53025 uncoded"], "no point of its area has an image, by the code either"),
}

# Codes that PROJ itself computes to a decimetre: see ../compare/README.md.
INEXACT = {"ESRI:54090", "ESRI:54091", "ESRI:54098"}

DEGREE = 3.141592653589793 / 180


def points(srs, area):
    """Points inside the area of use in degrees on srs's own datum, and what PROJ makes of them in srs."""
    base = srs.CloneGeogCS()
    if base is None:
        return
    for s in (base, srs):
        s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    scale = DEGREE / base.GetAngularUnits()
    meridian = float(base.GetAttrValue("PRIMEM", 1) or 0)
    west, south, east, north = -180, -90, 180, 90
    if area is not None and area.west_lon_degree > -1000:
        west, south, east, north = area.west_lon_degree, area.south_lat_degree, area.east_lon_degree, area.north_lat_degree
        if east < west:
            east += 360
    transform = None if srs.IsGeographic() else osr.CoordinateTransformation(base, srs)
    for u, v in ((0.4, 0.4), (0.7, 0.3), (0.3, 0.8), (0.55, 0.65)):
        lon, lat = west + u * (east - west), south + v * (north - south)
        lon = (lon - meridian + 180) % 360 - 180
        if transform is None:
            yield lon, lat, lon * scale, lat * scale
            continue
        try:
            x, y = transform.TransformPoint(lon * scale, lat * scale)[:2]
        except RuntimeError:
            continue
        if abs(x) < 1e12 and abs(y) < 1e12:
            yield lon, lat, x, y


def horizontal_part(srs):
    """The horizontal system of one that may be compound or three-dimensional."""
    part = srs.Clone()
    if part.IsCompound():
        part.StripVertical()
    part.DemoteTo2D()
    return part


def without_code(srs):
    """The system as its own definition in WKT 2, without identifiers."""
    text = re.sub(r',\s*ID\["[^\]]*\]', "", srs.ExportToWkt(["FORMAT=WKT2_2019", "MULTILINE=NO"]))
    out = osr.SpatialReference()
    out.ImportFromWkt(text)
    return out


def write(name, srs, options):
    ds = gdal.GetDriverByName("GTiff").Create(name, 1, 1, 1, gdal.GDT_Byte, options)
    ds.SetGeoTransform([100, 1, 0, 200, 0, -1])
    ds.SetSpatialRef(srs)
    ds = None
    f = gdal.VSIFOpenL(name, "rb")
    data = gdal.VSIFReadL(1, 1 << 20, f)
    gdal.VSIFCloseL(f)
    if gdal.VSIStatL(name + ".aux.xml"):  # where GDAL puts what keys cannot hold
        gdal.Unlink(name + ".aux.xml")
    return data


def rows():
    for authority in ("EPSG", "ESRI"):
        for info in osr.GetCRSInfoListFromDatabase(authority):
            if info.type not in (osr.OSR_CRS_TYPE_GEOGRAPHIC_2D, osr.OSR_CRS_TYPE_GEOGRAPHIC_3D, osr.OSR_CRS_TYPE_PROJECTED, osr.OSR_CRS_TYPE_COMPOUND):
                continue
            code = info.auth_name + ":" + info.code
            for form in ("default", "ESRI_PE", "uncoded"):
                try:
                    srs = osr.SpatialReference()
                    srs.SetFromUserInput(code)
                    area, known = srs.GetAreaOfUse(), code
                    if info.type in (osr.OSR_CRS_TYPE_GEOGRAPHIC_3D, osr.OSR_CRS_TYPE_COMPOUND):
                        part = horizontal_part(srs)
                        known = "%s:%s" % (part.GetAuthorityName(None), part.GetAuthorityCode(None))
                    if form == "uncoded":
                        srs = without_code(srs)
                    options = ["GEOTIFF_KEYS_FLAVOR=ESRI_PE"] if form == "ESRI_PE" else []
                    tiff = write("/vsimem/a.tif", srs, ["PROFILE=GeoTIFF"] + options)
                    gdal.SetConfigOption("OSR_USE_NON_DEPRECATED", None)  # GDAL reads what replaces a code, as srs does
                    ds = gdal.Open("/vsimem/a.tif")
                    back = ds.GetSpatialRef()
                    ds = None
                    gdal.SetConfigOption("OSR_USE_NON_DEPRECATED", "NO")  # and writes the code itself
                    if back is None:
                        continue
                    horizontal = horizontal_part(back)
                    wkt = " ".join(horizontal.ExportToWkt(["FORMAT=WKT2_2019", "MULTILINE=NO"]).split())  # a name of an area has a tab
                    at = " ".join("%.17g,%.17g,%.17g,%.17g" % p for p in points(horizontal, area))
                except (RuntimeError, TypeError) as e:
                    print(code, form, e, sep="\t", file=sys.stderr)
                    continue
                ellipsoid = "%.17g %.17g" % (horizontal.GetSemiMajor(), horizontal.GetInvFlattening())
                yield "\t".join((code, form, known, base64.b64encode(tiff).decode(), wkt, ellipsoid, at, "deprecated" if info.deprecated else ""))


def keys_of(tiff):
    """The GeoKeys of a file that GDAL wrote: little endian, one directory."""
    start, = struct.unpack("<I", tiff[4:8])
    count, = struct.unpack("<H", tiff[start:start + 2])
    tags = {}
    for i in range(count):
        at = start + 2 + 12 * i
        tag, kind, n = struct.unpack("<HHI", tiff[at:at + 8])
        form, size = {2: ("c", 1), 3: ("H", 2), 12: ("d", 8)}.get(kind, ("", 1))
        at = at + 8 if n * size <= 4 else struct.unpack("<I", tiff[at + 8:at + 12])[0]
        if form == "c":
            tags[tag] = tiff[at:at + n].decode()
        elif form:
            tags[tag] = struct.unpack("<%d%s" % (n, form), tiff[at:at + n * size])
    directory, keys = tags[34735], {}
    for i in range(4, len(directory), 4):
        key, location, n, value = directory[i:i + 4]
        keys[key] = value if location == 0 else tags[location][value:value + n]
    return keys


def keep(table):
    """Writes the systems that GDAL spells out by default to testdata."""
    out = []
    with open(table, encoding="utf-8") as f:
        for line in f:
            code, form, _, tiff, _, ellipsoid, at = line.rstrip("\n").split("\t")[:7]
            keys = keys_of(base64.b64decode(tiff))
            coded = keys.get(3072, 32767) != 32767 or keys.get(1024) == 2 and keys.get(2048) != 32767
            if form == "default" and not coded and at and code not in EXPECTED and code not in INEXACT:
                keys.pop(1025)
                last = ",".join("%.12g" % float(v) for v in at.split(" ")[-1].split(","))
                out.append("\t".join((code, json.dumps(keys, separators=(",", ":")), ellipsoid, last)) + "\n")
    with open(os.path.join(HERE, "..", "testdata", "geotiffs.tsv.gz"), "wb") as f:
        f.write(gzip.compress("".join(out).encode(), 9, mtime=0))
    print(len(out), "systems")


def main():
    if sys.argv[1:2] == ["--keep"]:
        return keep(sys.argv[2])
    if sys.argv[1:2] == ["--write"]:
        return make(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(folder, "geotiffs.tsv")
        if not os.path.exists(table):
            make(table)
        subprocess.check_call(["go", "test", "-count=1", "-run", "TestReadGeoTIFFs", ".."], cwd=HERE,
                              env=dict(os.environ, GEOEXPORT_GEOTIFFS=table))
        with open(table + ".read", encoding="utf-8") as f:
            results = [line.rstrip("\n").split("\t") for line in f]
        with open(table, encoding="utf-8") as f:
            retired = {row[0] for row in (line.rstrip("\n").split("\t") for line in f) if row[7]}
    counts, bad = collections.Counter(), 0
    for code, form, verdict, detail in results:
        reason = EXPECTED.get(code) or EXPECTED.get(code + " " + form) or verdict == "as GDAL reads it" and code in retired and "what replaces it"
        counts[form, verdict, "with a reason" if reason and verdict != "same as the code" else ""] += 1
        # A code that srs has no system for, such as a geographic 3D one whose horizontal part has none, has nothing to compare with.
        if verdict != "same as the code" and not reason and not (verdict == "as GDAL reads it" and "NaN" in detail):
            bad += 1
            print(code, form, verdict, detail, sep="\t")
    for key in sorted(counts):
        print(*key, counts[key], sep="\t")
    sys.exit(bad > 0)


def make(table):
    """Writes the table."""
    gdal.SetConfigOption("OSR_USE_NON_DEPRECATED", "NO")
    gdal.SetConfigOption("GTIFF_WRITE_SRS_TO_PAM", "NO")
    osr.SetPROJEnableNetwork(False)
    osr.UseExceptions()
    gdal.UseExceptions()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    with open(table + ".part", "w", encoding="utf-8") as f:
        for i, row in enumerate(rows()):
            f.write(row + "\n")
            if i % 3000 == 0:
                print(i, file=sys.stderr, flush=True)
    os.rename(table + ".part", table)


if __name__ == "__main__":
    main()
