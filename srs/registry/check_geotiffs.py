#!/usr/bin/env python3
"""Writes every code of PROJ's database as a GeoTIFF with GDAL, and has package srs read it back: check_spellings.py turned round.

    python3 check_geotiffs.py [table.tsv]

It needs Go, and GDAL's bindings for Python with PROJ's database (Debian's python3-gdal). Codes are geographic, projected and
compound systems of EPSG and Esri. Each is written in three forms: as GDAL writes it by default, with
GEOTIFF_KEYS_FLAVOR=ESRI_PE, and without its code, so that all of it is spelled out. The table has a row for each: code, form, the
code of its horizontal part, the file in base 64, GDAL's own reading of it in WKT 2, its ellipsoid's size and inverse flattening, and
points: longitude and latitude in degrees on that reading's own datum and meridian, and the x and y that PROJ makes of them.
TestReadGeoTIFFs reads the table, compares, and counts.
"""
import base64
import os
import re
import subprocess
import sys
import tempfile

from osgeo import gdal, osr

HERE = os.path.dirname(os.path.abspath(__file__))
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
                    ds = gdal.Open("/vsimem/a.tif")
                    back = ds.GetSpatialRef()
                    ds = None
                    if back is None:
                        continue
                    horizontal = horizontal_part(back)
                    wkt = horizontal.ExportToWkt(["FORMAT=WKT2_2019", "MULTILINE=NO"])
                    at = " ".join("%.17g,%.17g,%.17g,%.17g" % p for p in points(horizontal, area))
                except (RuntimeError, TypeError) as e:
                    print(code, form, e, sep="\t", file=sys.stderr)
                    continue
                ellipsoid = "%.17g %.17g" % (horizontal.GetSemiMajor(), horizontal.GetInvFlattening())
                yield "\t".join((code, form, known, base64.b64encode(tiff).decode(), wkt, ellipsoid, at))


def main():
    gdal.SetConfigOption("OSR_USE_NON_DEPRECATED", "NO")  # or it takes what replaces a code
    gdal.SetConfigOption("GTIFF_WRITE_SRS_TO_PAM", "NO")
    osr.SetPROJEnableNetwork(False)
    osr.UseExceptions()
    gdal.UseExceptions()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    with tempfile.TemporaryDirectory() as folder:
        name = sys.argv[1] if len(sys.argv) > 1 else os.path.join(folder, "geotiffs.tsv")
        with open(name, "w", encoding="utf-8") as f:
            for i, row in enumerate(rows()):
                f.write(row + "\n")
                if i % 3000 == 0:
                    print(i, file=sys.stderr, flush=True)
        subprocess.check_call(["go", "test", "-count=1", "-v", "-run", "TestReadGeoTIFFs", ".."], cwd=HERE,
                              env=dict(os.environ, GEOEXPORT_GEOTIFFS=os.path.abspath(name)))


if __name__ == "__main__":
    main()
