#!/usr/bin/env python3
"""Makes geokeys.txt.gz, the codes that GeoTIFF files use and registry.txt.gz has not: EPSG's conversions, for
ProjectionGeoKey, and its geographic 3D and compound systems.

    python3 geokeys.py             writes geokeys.txt.gz beside this script (a second)
    python3 geokeys.py --check     says whether it is made from the proj.db that is there

The input is proj.db, which generate.py finds. The product is UTF-8 text in sections that start with a line "%name". A row is
a code, a tab, and

    %conversions    the code of a projected system in EPSG's data set that has the conversion; or, where none has, the projection
                    in PROJ's spelling without plus signs, in degrees and metres
    %horizontal     the code of the horizontal part of a geographic 3D or a compound system

Codes that a key cannot hold, above 32766, are left out. A row per run of codes whose values rise with them has the first code and
the last, separated by "-", and the first value.
"""
import gzip
import os
import sqlite3
import sys

import generate

PRODUCT = os.path.join(generate.HERE, "geokeys.txt.gz")
LAST = 32766

# Parameters that PROJ's tmerc and one-parallel lcc share, by EPSG's code.
PARAMETERS = {8801: "lat_0", 8802: "lon_0", 8805: "k", 8806: "x_0", 8807: "y_0"}
METHODS = {9807: "tmerc", 9801: "lcc"}


def spelled(db, code):
    """A conversion that no system has, in PROJ's spelling; None if its method is not one of METHODS."""
    row = db.execute("select * from conversion where auth_name = 'EPSG' and code = ?", (code,)).fetchone()
    if row["method_auth_name"] != "EPSG" or row["method_code"] not in METHODS:
        return None
    words = [METHODS[row["method_code"]]]
    for i in range(1, 8):
        parameter = row["param%d_code" % i]
        if parameter is None:
            continue
        size, = db.execute("select conv_factor from unit_of_measure where auth_name = 'EPSG' and code = ?",
                           (row["param%d_uom_code" % i],)).fetchone()
        value = row["param%d_value" % i]
        if parameter in (8801, 8802):
            unit = row["param%d_uom_code" % i]
            if unit == 9110:  # degrees, minutes and seconds in one number
                sign, text = (-1 if value < 0 else 1), "%.10f" % abs(value)
                whole, part = text.split(".")
                value = sign * (int(whole) + int(part[:2]) / 60 + float(part[2:4] + "." + part[4:]) / 3600)
            elif unit not in (9102, 9122):
                return None
        else:
            value *= size
        if parameter == 8801 and METHODS[row["method_code"]] == "lcc":
            words.append("lat_1=%.15g" % value)
        words.append("%s=%.15g" % (PARAMETERS[parameter], value))
    return " ".join(words)


def conversions(db):
    rows = {}
    for code, in db.execute("select code from conversion_table where auth_name = 'EPSG' and cast(code as int) <= ?", (LAST,)):
        # An ordinary system first: one that is not withdrawn, with axes to the east and north, and the lowest code.
        known = db.execute("""
            select p.code from projected_crs p where p.auth_name = 'EPSG' and p.conversion_auth_name = 'EPSG' and p.conversion_code = ?
            order by p.deprecated, (select count(*) from axis a where a.coordinate_system_auth_name = p.coordinate_system_auth_name
                and a.coordinate_system_code = p.coordinate_system_code and a.orientation not in ('east', 'north')), cast(p.code as int)
            """, (code,)).fetchone()
        value = str(known[0]) if known else spelled(db, code)
        if value:
            rows[int(code)] = value
    return rows


def horizontal(db):
    rows = {}
    for code, datum, name in db.execute("""select code, datum_code, name from geodetic_crs where auth_name = 'EPSG' and type = 'geographic 3D'
            and cast(code as int) <= ?""", (LAST,)):
        # Of the systems on the datum, the one of the same name first, as some have several units.
        known = db.execute("""select code from geodetic_crs where auth_name = 'EPSG' and type = 'geographic 2D' and datum_auth_name = 'EPSG'
            and datum_code = ? order by name <> ?, deprecated, cast(code as int)""", (datum, name)).fetchone()
        if known:
            rows[int(code)] = str(known[0])
    for code, part in db.execute("""select code, horiz_crs_code from compound_crs where auth_name = 'EPSG' and horiz_crs_auth_name = 'EPSG'
            and cast(code as int) <= ?""", (LAST,)):
        rows[int(code)] = str(part)
    return rows


def section(name, rows):
    lines, codes, i = ["%" + name], sorted(rows), 0
    while i < len(codes):
        last, value = i, rows[codes[i]]
        while (last + 1 < len(codes) and value.isdigit() and codes[last + 1] == codes[last] + 1 and
               rows[codes[last + 1]] == str(int(value) + last + 1 - i)):
            last += 1
        lines.append("%d%s\t%s" % (codes[i], "-%d" % codes[last] if last > i else "", value))
        i = last + 1
    return lines


def main():
    db = sqlite3.connect("file:" + generate.find_database() + "?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    version, = db.execute("select value from metadata where key = 'EPSG.VERSION'").fetchone()
    text = "\n".join(["%EPSG\t" + version] + section("conversions", conversions(db)) + section("horizontal", horizontal(db))) + "\n"
    if sys.argv[1:] == ["--check"]:
        with gzip.open(PRODUCT, "rt") as f:
            have = f.read()
        if have.split("\n", 1)[0] != text.split("\n", 1)[0]:
            print("geokeys.py: the table is of", have.split("\n", 1)[0], "and proj.db of", version)
            sys.exit(1)
        sys.exit("geokeys.py: geokeys.txt.gz is not what the script makes" if have != text else 0)
    with open(PRODUCT, "wb") as f:
        f.write(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
