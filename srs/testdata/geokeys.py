#!/usr/bin/env python3
"""Makes geokeys.jsonl: GeoKeys as writers other than GDAL put them into files, and what GDAL 3.6.2 (PROJ 9.1.1) makes of a point.

    python3 geokeys.py > geokeys.jsonl

It needs GDAL's bindings for Python (Debian's python3-gdal). A row has a name, the keys by number (a code, a list of numbers, or a
text), a point in the system, its longitude and latitude in degrees on the system's own datum and prime meridian, and words that the
notes have to hold, one for each note. The last field is not GDAL's.
"""
import json
import struct

from osgeo import gdal, osr

DEGREE = 3.141592653589793 / 180
ERDAS = ("IMAGINE GeoTIFF Support\nCopyright 1991 - 2001 by ERDAS, Inc. All Rights Reserved\n"
         "@(#)$RCSfile$ $Revision: 1 $\n")
FALSE = (("False_Easting", 0), ("False_Northing", 0))


def esri(name, method, *parameters):
    return ('ESRI PE String = PROJCS["%s",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
            'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["%s"],%sUNIT["Meter",1.0]]' %
            (name, method, "".join('PARAMETER["%s",%s],' % p for p in FALSE + parameters)))


def units(name, unit, geotiff=None):
    return ERDAS + "Projection Name = %s\nUnits = %s\nGeoTIFF Units = %s" % (name, unit, geotiff or unit)


def text(projection, more):
    """Keys of a model that is user-defined, with Esri's text."""
    return {1024: 32767, 2048: 4326, 3073: projection, **more}


def projected(more, base=4326):
    return {1024: 1, 2048: base, 3072: 32767, **more}


LAMBERT = {3075: 9, 3076: 9001, 3080: [0], 3081: [46.8], 3082: [6e5], 3083: [2.2e6], 3092: [0.99987742]}
ALBERS = {3075: 11, 3076: 9001, 3078: [29.5], 3079: [45.5], 3080: [-96], 3081: [23]}
HAYFORD = {2057: [6378388.0], 2059: [297.0]}

CASES = [
    ("Mollweide", text(esri("World_Mollweide", "Mollweide", ("Central_Meridian", 10)), {3076: 9001}), (3e6, 2e6), []),
    ("Winkel I, no model", {2048: 4326, 3073: esri("Winkel", "Winkel_I", ("Central_Meridian", 0), ("Standard_Parallel_1", 50.45))},
     (3e6, 2e6), []),
    ("Goode", text(esri("Goode", "Goode_Homolosine", ("Central_Meridian", 0), ("Option", 1)), {}), (-5e6, 2e6), []),
    ("Eckert IV", text(esri("Eckert", "Eckert_IV", ("Central_Meridian", 0)), {}), (-5e6, 2e6), []),
    ("geostationary", text(esri("Meteosat", "Geostationary_Satellite", ("Longitude_Of_Center", 9.5), ("Height", 35785831),
                                ("Option", 0)), {}), (1e6, 2e6), []),
    ("code in feet", {1024: 1, 3072: 32633, 3076: 9002}, (1640419.947, 16404199.475), ["ProjLinearUnitsGeoKey"]),
    ("code in US survey feet", {1024: 1, 3072: 26966, 3076: 9003}, (7e5, 5e5), ["ProjLinearUnitsGeoKey"]),
    ("code of feet in metres", {1024: 1, 3072: 2239, 3076: 9001}, (2.1e5, 1.5e5), ["ProjLinearUnitsGeoKey"]),
    ("code in half metres", {1024: 1, 3072: 32633, 3076: 32767, 3077: [0.5]}, (1e6, 1e7), ["ProjLinearUnitSizeGeoKey"]),
    ("a unit of angles without a code", {1024: 2, 2048: 32767, 2049: "GCS Name = WGS 84 (custom)|AUnits = custom|", 2050: 32767,
                                         2055: [0.00123], 2056: 7030, 2057: [6378137], 2059: [298.257223563]},
     (141.896687, 638.535092), []),
    ("parallel and scale of Mercator", projected({3075: 7, 3076: 9001, 3078: [47.667], 3080: [0], 3092: [0.9]}, 4269), (1e6, 5e6), []),
    ("code, unit without a size", {1024: 1, 3072: 32633, 3076: 32767}, (5e5, 5e6), ["size is missing"]),
    ("feet of ERDAS alone", {1024: 1, 1026: units("State Plane", "us_survey_feet"), 3072: 26966}, (7e5, 5e5), ["us_survey_feet"]),
    ("plain feet of ERDAS", {1024: 1, 1026: units("State Plane", "feet"), 3072: 26966}, (7e5, 5e5), ['"feet"']),
    ("feet of ERDAS beside metres", {1024: 1, 1026: units("State Plane", "international_feet"), 3072: 2838, 3076: 9001}, (8.3e6, 5e5),
     ["ProjLinearUnitsGeoKey (3076) 9001 is set aside", "international_feet"]),
    ("feet of ERDAS, own projection", projected({1026: units("Lambert Conformal Conic", "us_survey_feet"), 3075: 8, 3078: [40],
                                                3079: [41], 3084: [-90], 3085: [39]}, 4269), (1e5, 2e5), []),
    ("feet in LUnits", projected({3073: "PCS Name = Local|LUnits = feet", 3075: 1, 3080: [-90]}, 4269), (1e5, 1.5e7), []),
    ("state plane of ERDAS", projected({1026: units("State Plane", "us_survey_feet"), 3073: ERDAS + "State Plane Zone 1001\nNAD = 83"},
                                       4269), (7e5, 5e5), ["conversion 11031"]),
    ("compound", {1024: 1, 3072: 7405}, (4e5, 3e5), []),
    ("geographic 3D", {1024: 2, 2048: 4937}, (10, 50), []),
    ("on geographic 3D", projected({3074: 16033, 3076: 9001}, 4937), (6e5, 6e6), []),
    ("SPCS83 California 1", projected({3074: 10431, 3076: 9001}, 4269), (2e6, 6e5), []),
    ("SPCS83 California 1, feet", projected({3074: 10431, 3076: 9003}, 4269), (6561666.667, 2e6), []),
    ("SPCS27 Alabama East", projected({3074: 10101, 3076: 9003}, 4267), (5e5, 6e5), []),
    ("South African zone", projected({3074: 17519, 3076: 9001}, 4148), (-5e4, 3e6), []),
    ("conversion of web Mercator", projected({3074: 3856, 3076: 9001}), (1e6, 6e6), []),
    ("conversion without a system", projected({3074: 16240, 3076: 9001}, 4284), (40.6e6, 6e6), []),
    ("datum China 2000", {1024: 2, 2048: 32767, 2050: 1043}, (100, 30), []),
    ("datum NAD83(2011)", {1024: 1, 2048: 32767, 2050: 1116, 3072: 32767, 3074: 16010, 3076: 9001}, (5e5, 4e6), []),
    ("Google's Mercator", projected({1026: "Google Maps Global Mercator", 3075: 7, 3076: 9001, 3080: [0]}), (1e6, 6e6), []),
    ("Esri's web Mercator", projected({3073: "WGS_1984_Web_Mercator", 3075: 7, 3076: 9001, 3080: [0]}), (1e6, 6e6), []),
    ("Laborde", projected({3075: 4, 3076: 9001, 3082: [4e5], 3083: [8e5], 3088: [46.4372291666667], 3089: [-18.9], 3093: [0.9995],
                           3094: [18.9]}, 4297), (5e5, 7e5), []),
    ("angles beside grads", projected({2054: 9105, **LAMBERT}, 4807), (7e5, 2.3e6), ["read as degrees"]),
    ("an ellipsoid that is not the datum's", {1024: 1, 2048: 32767, 2049: "GCS Name = Mauritania 1999|Ellipsoid = Clarke 1880 (RGS)|",
                                             2050: 6702, 2057: [6378249.145], 2059: [293.465], 3072: 32767, 3074: 16028, 3076: 9001},
     (6e5, 2e6), ["not that of GeogGeodeticDatumGeoKey (2050) 6702"]),
    ("angular unit of a code", {1024: 2, 2048: 4326, 2054: 9105}, (10, 50), ["GeogAngularUnitsGeoKey (2054) 9105 is set aside"]),
    ("projected keys of a geographic model", {1024: 2, 2048: 4326, 3072: 32633}, (10, 50), ["keys of a projected system are set aside"]),
    ("shift beside a code", {1024: 2, 2048: 4314, 2062: [598.1, 73.7, 418.2, 0.202, 0.045, -2.455, 6.7]}, (10, 50), ["GeogTOWGS84GeoKey"]),
    ("text beside a code", {1024: 1, 3072: 32633, 3073: esri("Mollweide", "Mollweide", ("Central_Meridian", 0))}, (6e5, 6e6),
     ["PCSCitationGeoKey (3073) is set aside"]),
    ("ellipsoid beside a geographic code", {1024: 2, 2048: 4326, **HAYFORD}, (10, 50), ["6378388 is set aside: GeographicTypeGeoKey"]),
    ("ellipsoid's code beside a geographic code", {1024: 2, 2048: 4326, 2056: 7022}, (10, 50), ["7022 is set aside"]),
    ("meridian beside a geographic code", {1024: 2, 2048: 4326, 2051: 8903}, (10, 50), ["8903 is set aside"]),
    ("datum beside a geographic code", {1024: 2, 2048: 4326, 2050: 6267}, (10, 50), ["6267 is set aside"]),
    ("rounded ellipsoid", {1024: 2, 2048: 4267, 2057: [6378206.4], 2058: [6356583.8], 2059: [294.978698]}, (-100, 40), []),
    ("ellipsoid beside a projected code", {1024: 1, 3072: 32633, **HAYFORD}, (6e5, 6e6), ["6378388 is set aside: ProjectedCSType"]),
    ("meridian beside a projected code", {1024: 1, 3072: 32633, 2051: 8903}, (6e5, 6e6), ["8903 is set aside"]),
    ("grads beside a projected code", {1024: 1, 3072: 32633, 2054: 9105}, (6e5, 6e6), ["9105 is set aside"]),
    ("conversion beside a projected code", {1024: 1, 3072: 32633, 3074: 16034}, (6e5, 6e6), ["the projection that keys define is set aside"]),
    ("parameter beside a projected code", {1024: 1, 3072: 32633, 3082: [6e5]}, (6e5, 6e6), ["ProjFalseEastingGeoKey (3082) 600000 is set"]),
    ("projection of a projected code", {1024: 1, 3072: 2154, 3074: 32767, 3075: 8, 3078: [49], 3079: [44], 3084: [3], 3085: [46.5],
                                        3086: [7e5], 3087: [6.6e6]}, (6e5, 6e6), []),
    ("ellipsoid of IAU beside the base's code", projected({2057: [6378140.0], 2059: [298.256999999996], **ALBERS}), (1e6, 2e6),
     ["the ellipsoid is that of GeogSemiMajorAxisGeoKey (2057) 6378140, and not that of GeographicTypeGeoKey (2048) 4326"]),
    ("axes beside the base's code", projected({2057: [6378388.0], 2058: [6356911.946127946], **ALBERS}), (1e6, 2e6), ["the ellipsoid is"]),
    ("sphere beside the base's code", projected({2057: [6370997.0], 2058: [6370997.0], **ALBERS}), (1e6, 2e6), ["the ellipsoid is that"]),
    ("ellipsoid's code beside the base's", projected({2056: 7022, **ALBERS}), (1e6, 2e6), ["GeogEllipsoidGeoKey (2056) 7022, and not"]),
    ("ellipsoid of the base's code", projected({2056: 7030, 2057: [6378137.0], 2059: [298.257223563], **ALBERS}), (1e6, 2e6), []),
    ("datum beside the base's code", projected({2050: 6267, 3074: 16010, 3076: 9001}), (5e5, 4e6), ["the datum is that of"]),
    ("meridian beside the base's code", projected({2051: 8903, 3074: 16033, 3076: 9001}), (5e5, 4e6), ["the prime meridian is that of"]),
    ("meridian's longitude alone", projected({2061: [2.33722917], 3074: 16033, 3076: 9001}), (5e5, 4e6), ["as there is no GeogPrime"]),
    ("method beside a conversion", projected({3074: 16033, 3075: 1, 3076: 9001, 3080: [21], 3081: [0], 3082: [5e5], 3083: [0],
                                              3092: [0.9996]}), (5e5, 4e6), ["and not that of ProjectionGeoKey (3074) 16033"]),
    ("the conversion's method", projected({3074: 16033, 3075: 1, 3076: 9001, 3080: [15], 3081: [0], 3082: [5e5], 3083: [0],
                                           3092: [0.9996]}), (5e5, 4e6), []),
    ("parameter beside a conversion", projected({3074: 16033, 3076: 9001, 3080: [21]}), (5e5, 4e6), ["(3080) 21 is set aside"]),
    ("axes beside an ellipsoid's code", projected({2048: 32767, 2050: 32767, 2056: 7022, 2057: [6378137.0], 2059: [298.257223563],
                                                   **ALBERS}), (1e6, 2e6), ["7022 is set aside"]),
    ("axes that contradict each other", projected({2048: 32767, 2050: 32767, 2057: [6378137.0], 2058: [6356000.0],
                                                   2059: [298.257223563], **ALBERS}), (1e6, 2e6), ["(2058) 6356000 is set aside"]),
    ("meridian's code and longitude", {1024: 2, 2048: 32767, 2050: 6326, 2051: 8903, 2061: [5]}, (10, 50), ["(2061) 5 is set aside"]),
    ("meridian beside its datum", projected({2048: 32767, 2050: 6807, 2051: 8901, 3074: 16033, 3076: 9001}), (5e5, 4e6),
     ["and not that of GeogGeodeticDatumGeoKey (2050) 6807"]),
    ("size beside a unit's code", projected({3074: 16033, 3076: 9001, 3077: [0.3048]}), (5e5, 4e6), ["0.3048 is set aside"]),
    ("size beside a unit of angles", {1024: 2, 2048: 32767, 2050: 6326, 2054: 9102, 2055: [0.001]}, (10, 50), ["0.001 is set aside"]),
    ("projected code as geographic", {1024: 2, 2048: 32633}, (6e5, 6e6), ["32633 is not geographic"]),
    ("geographic code as projected", {1024: 1, 3072: 4326}, (10, 50), ["4326 is geographic"]),
]


def tiff(keys):
    """A file of one pixel with the keys."""
    directory, numbers, texts = [1, 1, 0, len(keys)], [], b""
    for key, value in sorted(keys.items()):
        if isinstance(value, str):
            directory += [key, 34737, len(value) + 1, len(texts)]
            texts += value.encode() + b"|"
        elif isinstance(value, list):
            directory += [key, 34736, len(value), len(numbers)]
            numbers += value
        else:
            directory += [key, 0, 1, value]
    tags = [(t, "H", [v]) for t, v in ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1))]
    tags += [(33550, "d", [1, 1, 0]), (33922, "d", [0, 0, 0, 0, 0, 0]), (34735, "H", directory)]
    tags += [(34736, "d", numbers)] if numbers else []
    tags += [(34737, "c", [bytes([c]) for c in texts + b"\0"])] if texts else []
    body, entries = bytearray(16), []
    for tag, kind, values in tags:
        raw = struct.pack("<%d%s" % (len(values), kind), *values)
        if len(raw) > 4:
            body += bytes(len(body) % 2)
            raw, at = None, struct.pack("<I", len(body))
            body += struct.pack("<%d%s" % (len(values), kind), *values)
        entries.append(struct.pack("<HHI", tag, {"H": 3, "d": 12, "c": 2}[kind], len(values)) + (at if raw is None else raw.ljust(4, b"\0")))
    body += bytes(len(body) % 2)
    body[:8] = b"II*\0" + struct.pack("<I", len(body))
    return bytes(body + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))


def main():
    osr.UseExceptions()
    gdal.UseExceptions()
    gdal.SetConfigOption("OSR_USE_NON_DEPRECATED", "NO")
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    for name, keys, point, notes in CASES:
        gdal.FileFromMemBuffer("/vsimem/a.tif", tiff(keys))
        srs = gdal.Open("/vsimem/a.tif").GetSpatialRef()
        if srs.IsCompound():
            srs.StripVertical()
        base = srs.CloneGeogCS()
        for s in (srs, base):
            s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        x, y = point if srs.IsGeographic() else osr.CoordinateTransformation(srs, base).TransformPoint(*point)[:2]
        unit = base.GetAngularUnits() / DEGREE
        print(json.dumps({"name": name, "keys": keys, "xy": point, "lonLat": [round(x * unit, 10), round(y * unit, 10)], "notes": notes}))


if __name__ == "__main__":
    main()
