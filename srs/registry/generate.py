#!/usr/bin/env python3
"""Makes registry.txt.gz, the table of coordinate reference systems that package srs embeds, and operations.txt.gz, that of
datum operations with codes (operations.py).

    python3 generate.py             writes both beside this script (about two minutes)
    python3 generate.py --check     says whether it was made by this script from the proj.db that is there

The input is proj.db, PROJ's database of the EPSG data set and of Esri's codes, and libproj itself, which derives two
things from it that take much code to derive: the projection of a CRS in PROJ's spelling, and the list of operations
that lead from WGS 84 to a CRS without any grid file. Debian has both in its packages proj-data and libproj25, which
proj-bin brings; Python's own sqlite3 and ctypes do the rest. PROJ_DB names another proj.db, LIBPROJ another libproj.
ESRI_CODES names the folder of Esri's own list, the npm package @esri/proj-codes, which has the code that each retired one
became.

PROJ uses grid files that it finds unasked, so it is given a folder in which there is nothing but proj.db, and no
network.

The product is UTF-8 text, tab separated, in sections that start with a line "%name". Within a section, the number of a
row, from 0, is what other sections refer to it by. An empty field is the default. README.md has the columns.
"""
import argparse
import ctypes
import ctypes.util
import glob
import gzip
import hashlib
import json
import math
import multiprocessing
import os
import re
import shutil
import sqlite3
import sys
import tempfile

import operations

HERE = os.path.dirname(os.path.abspath(__file__))
PRODUCT = os.path.join(HERE, "registry.txt.gz")
FORMAT = "1"

# The tables that the product depends on.
TABLES = ["alias_name", "axis", "celestial_body", "compound_crs", "conversion_table", "coordinate_system",
          "concatenated_operation", "concatenated_operation_step", "coordinate_operation_method", "deprecation", "ellipsoid",
          "extent", "geodetic_crs", "geodetic_datum", "grid_alternatives", "grid_transformation", "helmert_transformation_table", "metadata", "other_transformation",
          "prime_meridian", "projected_crs", "supersession", "unit_of_measure", "usage", "vertical_crs"]

SOURCES = ("EPSG", "ESRI")
WHERE = "auth_name in ('EPSG', 'ESRI')"
WORLD = (-180.0, -90.0, 180.0, 90.0)

# Axes: name, abbreviation, direction, and the meridian that it follows if all lead to or from a pole.
EAST_NORTH = (("Easting", "E", "east", ""), ("Northing", "N", "north", ""))
LATITUDE_LONGITUDE = (("Geodetic latitude", "Lat", "north", ""), ("Geodetic longitude", "Lon", "east", ""))


# --- libproj -----------------------------------------------------------------------------------------------------------

P, S, I, D = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_double
CATEGORY_CRS, PROJ_5, PARTIAL_INTERSECTION, DISCARD_IF_MISSING_GRID = 3, 0, 1, 1


class Proj:
    def __init__(self):
        lib = ctypes.CDLL(os.environ.get("LIBPROJ") or ctypes.util.find_library("proj"))

        def function(name, result, *args):
            f = getattr(lib, name)
            f.restype, f.argtypes = result, args
            return f

        double, integer = ctypes.POINTER(D), ctypes.POINTER(I)
        self.from_database = function("proj_create_from_database", P, P, S, S, I, I, P)
        self.destroy = function("proj_destroy", P, P)
        self.as_proj_string = function("proj_as_proj_string", S, P, P, I, P)
        self.create_operations = function("proj_create_operations", P, P, P, P, P)
        self.list_count = function("proj_list_get_count", I, P)
        self.list_get = function("proj_list_get", P, P, P, I)
        self.list_destroy = function("proj_list_destroy", None, P)
        self.get_name = function("proj_get_name", S, P)
        self.get_id_auth = function("proj_get_id_auth_name", S, P, I)
        self.get_id_code = function("proj_get_id_code", S, P, I)
        self.get_accuracy = function("proj_coordoperation_get_accuracy", D, P, P)
        self.is_ballpark = function("proj_coordoperation_has_ballpark_transformation", I, P, P)
        self.get_area = function("proj_get_area_of_use", I, P, P, double, double, double, double, ctypes.POINTER(S))
        self.get_base = function("proj_crs_get_geodetic_crs", P, P, P)
        self.get_ellipsoid = function("proj_get_ellipsoid", P, P, P)
        self.ellipsoid_parameters = function("proj_ellipsoid_get_parameters", I, P, P, double, double, integer, double)
        self.get_meridian = function("proj_get_prime_meridian", P, P, P)
        self.meridian_parameters = function("proj_prime_meridian_get_parameters", I, P, P, double, double, P)
        self.get_cs = function("proj_crs_get_coordinate_system", P, P, P)
        self.cs_axis = function("proj_cs_get_axis_info", I, P, P, I, P, P, ctypes.POINTER(S), double,
                                ctypes.POINTER(S), P, P)
        self.visual = function("proj_normalize_for_visualization", P, P, P)
        self.context = function("proj_context_create", P)()
        function("proj_log_level", I, P, I)(self.context, 0)
        self.factory = function("proj_create_operation_factory_context", P, P, S)(self.context, None)
        function("proj_operation_factory_context_set_spatial_criterion", None, P, P, I)(
            self.context, self.factory, PARTIAL_INTERSECTION)
        function("proj_operation_factory_context_set_grid_availability_use", None, P, P, I)(
            self.context, self.factory, DISCARD_IF_MISSING_GRID)
        self.wgs84 = self.crs("EPSG", 4326)

    def crs(self, authority, code):
        return self.from_database(self.context, authority.encode(), str(code).encode(), CATEGORY_CRS, 0, None)

    def area(self, thing):
        return self.named_area(thing)[0]

    def named_area(self, thing):
        v, name = [D() for _ in range(4)], S()
        ok = self.get_area(self.context, thing, *[ctypes.byref(x) for x in v], ctypes.byref(name))
        box = tuple(x.value for x in v) if ok and v[1].value > -1000 else None
        return box, (name.value or b"").decode() if ok else ""

    def operations(self, a, b):
        """(accuracy, area, flag, pipeline, name) of all operations from a to b, in PROJ's order.

        The flag is "b" for copying latitudes and longitudes, and "o" for an area that is offshore by its name.
        """
        found, out = self.create_operations(self.context, a, b, self.factory), []
        if not found:
            return out
        for i in range(self.list_count(found)):
            op = self.list_get(self.context, found, i)
            text = self.as_proj_string(self.context, op, PROJ_5, None)
            box, name = self.named_area(op)
            flag = "b" if self.is_ballpark(self.context, op) else "o" if "- offshore" in name else ""
            out.append((self.get_accuracy(self.context, op), box, flag, text and text.decode(),
                        (self.get_name(op) or b"").decode()))
            self.destroy(op)
        self.list_destroy(found)
        return out

    def projection(self, base, crs):
        """The pipeline from the base to a projected CRS with GIS axis order, if PROJ has the method."""
        found = self.create_operations(self.context, base, crs, self.factory)
        if not found or self.list_count(found) == 0:
            return None
        op = self.list_get(self.context, found, 0)
        visual = self.visual(self.context, op)
        text = self.as_proj_string(self.context, visual, PROJ_5, None) if visual else None
        return text and text.decode()

    def ellipsoid_of(self, crs):
        e = self.get_ellipsoid(self.context, crs)
        a, b, rf, computed = D(), D(), D(), I()
        self.ellipsoid_parameters(self.context, e, ctypes.byref(a), ctypes.byref(b), ctypes.byref(computed),
                                  ctypes.byref(rf))
        return self.get_name(e).decode(), a.value, rf.value

    def meridian_of(self, crs):
        m = self.get_meridian(self.context, crs)
        lon, unit = D(), D()
        self.meridian_parameters(self.context, m, ctypes.byref(lon), ctypes.byref(unit), None)
        return self.get_name(m).decode(), math.degrees(lon.value * unit.value)

    def unit_of(self, crs):
        unit, name, direction = D(), S(), S()
        self.cs_axis(self.context, self.get_cs(self.context, crs), 0, None, None, ctypes.byref(direction),
                     ctypes.byref(unit), ctypes.byref(name), None, None)
        return name.value.decode(), unit.value


def names():
    """PROJ's names of ellipsoids, with semi-major axis and inverse flattening, and of prime meridians."""
    class Ellipsoid(ctypes.Structure):
        _fields_ = [("id", S), ("major", S), ("ell", S), ("name", S)]

    class Meridian(ctypes.Structure):
        _fields_ = [("id", S), ("definition", S)]

    lib = ctypes.CDLL(os.environ.get("LIBPROJ") or ctypes.util.find_library("proj"))
    lib.proj_list_ellps.restype = ctypes.POINTER(Ellipsoid)
    lib.proj_list_prime_meridians.restype = ctypes.POINTER(Meridian)
    ellipsoids, meridians, i = {}, {}, 0
    rows = lib.proj_list_ellps()
    while rows[i].id:
        a = float(rows[i].major.decode().split("=")[1])
        key, value = rows[i].ell.decode().split("=")
        value = float(value)
        if key == "b":
            value = 0 if value == a else a / (a - value)
        ellipsoids[rows[i].id.decode()] = a, value
        i += 1
    rows, i = lib.proj_list_prime_meridians(), 0
    while rows[i].id:
        meridians[rows[i].id.decode()] = dms(rows[i].definition.decode())
        i += 1
    return ellipsoids, meridians


def look_at(job):
    """What libproj says about one CRS."""
    authority, code, projected = job
    proj = look_at.proj
    crs = proj.crs(authority, code)
    out = {
        "area": proj.area(crs),
        "unit": proj.unit_of(crs),
        "operations": proj.operations(proj.wgs84, crs),
    }
    base = proj.get_base(proj.context, crs)
    out["base"] = {
        "id": (proj.get_id_auth(base, 0), proj.get_id_code(base, 0)),
        "name": proj.get_name(base).decode(),
        "ellipsoid": proj.ellipsoid_of(base),
        "meridian": proj.meridian_of(base),
        "unit": proj.unit_of(base),
    }
    if projected:
        out["pipeline"] = proj.projection(base, crs)
    proj.destroy(base)
    proj.destroy(crs)
    return job, out


def look_between(job):
    """The operations from one geographic CRS to another."""
    proj = look_at.proj
    a, b = proj.crs(*job[0]), proj.crs(*job[1])
    out = [op for op in proj.operations(a, b) if op[2] != "b"]
    proj.destroy(a)
    proj.destroy(b)
    return job, out


def start_worker():
    look_at.proj = Proj()


# --- pipelines ---------------------------------------------------------------------------------------------------------

def steps_of(pipeline):
    """A pipeline's steps, each a dictionary of parameters. A flag's value is True."""
    out = []
    for text in re.split(r"\+step\b", pipeline):
        step = {}
        for word in text.split():
            key, equals, value = word.lstrip("+").partition("=")
            step[key] = value if equals else True
        if step.get("proj") not in (None, "pipeline"):
            out.append(step)
    return out


def number(v):
    """The shortest text that reads as the same number."""
    v = float(v)
    if v == int(v) and abs(v) < 1e15:
        return str(int(v))
    return repr(v)


class Table:
    """Rows without repetition, by number."""

    def __init__(self):
        self.rows, self.index = [], {}

    def add(self, row):
        if row not in self.index:
            self.index[row] = len(self.rows)
            self.rows.append(row)
        return self.index[row]


def connected(db):
    """Pairs of geographic 2D CRSs, one for each pair of datums other than WGS 84 with an operation of its own."""
    systems = {(a, str(c)): (t, (da, str(dc)), d, m) for a, c, t, da, dc, d, m in db.execute(
        "select g.auth_name, g.code, g.type, g.datum_auth_name, g.datum_code, g.deprecated, p.longitude from geodetic_crs g "
        "join geodetic_datum d on d.auth_name = g.datum_auth_name and d.code = g.datum_code "
        "join prime_meridian p on p.auth_name = d.prime_meridian_auth_name and p.code = d.prime_meridian_code "
        "where g.auth_name in ('EPSG', 'ESRI') order by g.deprecated, g.auth_name, cast(g.code as integer)")}
    users = {}
    for key, (kind, datum, _, meridian) in systems.items():
        if kind == "geographic 2D" and meridian == 0:
            users.setdefault(datum, key)
    pairs = set()
    for table in ("helmert_transformation_table", "other_transformation", "concatenated_operation"):
        for a, b, c, d in db.execute("select source_crs_auth_name, source_crs_code, target_crs_auth_name, target_crs_code from " +
                                     table + " where deprecated = 0"):
            ends = [systems.get((a, str(b))), systems.get((c, str(d)))]
            if None in ends:
                continue
            datums = sorted({e[1] for e in ends})
            if len(datums) == 2 and ("EPSG", "6326") not in datums and all(x in users for x in datums):
                pairs.add((users[datums[0]], users[datums[1]]))
    return sorted(pairs)


def esri_list():
    """The version of Esri's list, and what retired codes became."""
    folder = os.environ.get("ESRI_CODES")
    if not folder:
        sys.exit("generate.py: name the folder of @esri/proj-codes in ESRI_CODES: "
                 "npm pack @esri/proj-codes && tar xzf esri-proj-codes-*.tgz makes package")
    retired = {}
    for name in ("pe_list_geogcs.json", "pe_list_projcs.json"):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for row in next(iter(json.load(f).values())):
                if row["wkid"] != row["latestWkid"]:
                    retired[row["wkid"]] = row["latestWkid"]
    with open(os.path.join(folder, "package.json"), encoding="utf-8") as f:
        return json.load(f)["version"], retired


class Generator:
    def __init__(self, db, retired):
        self.db, self.retired = db, retired
        self.units, self.meridians, self.areas = Table(), Table(), Table()
        self.shifts, self.lists, self.axes = Table(), Table(), Table()
        self.ellipsoids, self.ellipsoid_rows = {}, []
        self.datums, self.datum_rows = {}, []
        self.geographic, self.geographic_rows = {}, []
        self.projected_rows = []
        self.dropped = []
        self.coded, self.names = operations.Operations(db).make(), {}
        self.named_ellipsoids, self.meridian_names = names()
        self.proj_names = {}
        self.bodies = dict(((r[0], str(r[1])), r[2]) for r in db.execute("select auth_name, code, name from celestial_body"))
        self.esri = {}
        for table, authority, code, alias in db.execute(
                "select table_name, auth_name, code, alt_name from alias_name where source = 'ESRI' order by 1, 2, 3, 4"):
            self.esri.setdefault((table, authority, str(code)), alias)
        self.latest = self.find_latest()
        self.axes.add(EAST_NORTH)
        self.axes.add(LATITUDE_LONGITUDE)

    # Ellipsoids are compared by their numbers: half-axes given to the millimetre's tenth are the same ellipsoid.
    def ellipsoid(self, a, rf, name="", esri="", body=""):
        key = ("%.5f" % a, "%.9g" % rf)
        if key not in self.ellipsoids:
            self.ellipsoids[key] = len(self.ellipsoid_rows)
            self.ellipsoid_rows.append([number(a), number(rf), name, esri, body])
        return self.ellipsoids[key]

    def step_ellipsoid(self, step):
        if "ellps" in step:
            return self.ellipsoid(*self.named_ellipsoids[step["ellps"]])
        if "R" in step:
            return self.ellipsoid(float(step["R"]), 0)
        a = float(step["a"])
        if "rf" in step:
            return self.ellipsoid(a, float(step["rf"]))
        b = float(step["b"])
        return self.ellipsoid(a, 0 if a == b else a / (a - b))

    def meridian_shift(self, step):
        pm = step.get("pm", "0")
        lon = self.meridian_names[pm] if pm in self.meridian_names else float(pm)
        return lon if step.get("inv") else -lon

    def shift(self, pipeline, meridian, projected):
        """A pipeline from WGS 84, as far as it changes the datum, in our own spelling.

        It is a series of words. "c" and an ellipsoid goes to geocentric coordinates with height 0, "g" and an ellipsoid
        comes back; between them "t" is a Helmert transformation in position vector signs, "e" one with the exact matrix of
        its rotations, and "b" is Molodensky-Badekas; "-t", "-e" and "-b" are their inverses. "o" adds to latitude and longitude in degrees.
        """
        words, turn = [], 0.0
        steps = steps_of(pipeline)
        for step in steps:
            kind = step["proj"]
            minus = "-" if step.get("inv") else ""
            if kind in ("axisswap", "unitconvert", "push", "pop", "noop"):
                continue
            if kind == "cart":
                words.append(("g" if minus else "c") + str(self.step_ellipsoid(step)))
            elif kind in ("helmert", "molobadekas"):
                p = {k: float(step.get(k, 0)) for k in ("x", "y", "z", "rx", "ry", "rz", "s", "px", "py", "pz")}
                if step.get("convention") == "coordinate_frame":
                    for k in ("rx", "ry", "rz"):
                        p[k] = -p[k]
                elif "convention" not in step and (p["rx"] or p["ry"] or p["rz"]):
                    raise ValueError("no convention: " + pipeline)
                assert "theta" not in step, pipeline
                keys = ["x", "y", "z", "rx", "ry", "rz", "s"]
                if not any(p[k] for k in keys[3:]):
                    keys = keys[:3]
                    if minus:  # exact for a translation
                        minus = ""
                        for k in keys:
                            p[k] = -p[k]
                if kind == "molobadekas":
                    keys = ["x", "y", "z", "rx", "ry", "rz", "s", "px", "py", "pz"]
                exact = "exact" in step and any(p[k] for k in ("rx", "ry", "rz"))
                words.append(minus + ("b" if kind == "molobadekas" else "e" if exact else "t") +
                             ",".join(number(p[k] + 0.0) for k in keys))
            elif kind == "geogoffset":
                sign = -1 if minus else 1
                words.append("o" + ",".join(number(sign * float(step.get(k, 0)) / 3600) for k in ("dlat", "dlon")))
            elif kind == "longlat":
                turn += self.meridian_shift(step)
            elif kind in ("hgridshift", "vgridshift", "gridshift", "deformation", "xyzgridshift"):
                raise ValueError("a grid: " + pipeline)
            else:  # the projection
                turn -= 0
                break
        else:
            projected = False
        if not projected:  # a projection applies the prime meridian itself, and else the steps have done so
            turn += meridian
        turn = math.remainder(turn, 360)
        if abs(turn) > 1e-7:
            words.append("o0," + number(round(turn, 12)))
        return " ".join(words)

    def operation_list(self, operations, meridian, projected, way):
        """The number of a list of operations. None if there is no way from WGS 84 at all. way is the datum that it leads to,
        or two with a bar between them: beside it the operations' names are kept."""
        entries = []
        for accuracy, area, flag, pipeline, name in operations:
            if pipeline is None:
                # The method is not PROJ's. That the way to the base leads nowhere else is up to the base's own list.
                continue
            text = self.shift(pipeline, meridian, projected)
            box = area or WORLD
            entries.append((self.shifts.add(text), number(accuracy), "" if box == WORLD else self.areas.add(box), flag,
                            self.coded.description(name, projected)))
        if not entries:
            return ""
        # An entry that says the same as an earlier one in the same box, and no better, is never chosen.
        out = []
        for e in entries:
            if not any(o[0] == e[0] and o[2] == e[2] and o[3] == e[3] and
                       (float(o[1]) < 0 or 0 <= float(o[1]) <= float(e[1])) for o in out):
                out.append(e)
        n = self.lists.add(" ".join(":".join(str(x) for x in e[:4]).rstrip(":") for e in out))
        self.names.setdefault((way, n), "|".join(e[4] for e in out))
        return n

    def find_latest(self):
        """The code that replaces each code.

        Esri's own replacements count as they are. EPSG withdraws systems also because they were wrong, so a replacement
        counts only if it has the same base and parameters, which is decided later.
        """
        replaced = {}
        for query in ("select superseded_auth_name, superseded_code, replacement_auth_name, replacement_code from supersession "
                      "where superseded_table_name in ('geodetic_crs', 'projected_crs') and source = 'ESRI' "
                      "order by 1, 2, 3, 4",
                      "select deprecated_auth_name, deprecated_code, replacement_auth_name, replacement_code from deprecation "
                      "where table_name in ('geodetic_crs', 'projected_crs') order by 1, 2, 3, 4"):
            for a, b, c, d in self.db.execute(query):
                replaced.setdefault((a, str(b)), []).append((c, str(d)))
        return replaced

    def unit(self, name, factor, angular):
        if angular:  # exact, as the factors in the database are rounded
            if abs(factor / math.radians(1) - 1) < 1e-9:
                return self.units.add(("degree", "deg"))
            assert abs(factor / math.radians(0.9) - 1) < 1e-9, name
            return self.units.add(("grad", "grad"))
        return self.units.add(("metre" if factor == 1 else name, number(factor)))

    def datum(self, authority, code):
        key = (authority, str(code))
        if key not in self.datums:
            row = self.db.execute(
                "select d.name, e.semi_major_axis * coalesce(u.conv_factor, 1), e.inv_flattening, "
                "e.semi_minor_axis * coalesce(u.conv_factor, 1), e.name, e.auth_name, e.code, "
                "e.celestial_body_auth_name, e.celestial_body_code, p.name, p.longitude, p.uom_auth_name, p.uom_code, d.publication_date "
                "from geodetic_datum d "
                "join ellipsoid e on e.auth_name = d.ellipsoid_auth_name and e.code = d.ellipsoid_code "
                "join unit_of_measure u on u.auth_name = e.uom_auth_name and u.code = e.uom_code "
                "join prime_meridian p on p.auth_name = d.prime_meridian_auth_name and p.code = d.prime_meridian_code "
                "where d.auth_name = ? and d.code = ?", (authority, code)).fetchone()
            name, a, rf, b, ename, eauth, ecode, bauth, bcode, pm, lon, uauth, ucode, published = row
            if rf is None:
                rf = 0 if a == b else a / (a - b)
            body = self.bodies[bauth, str(bcode)]
            e = self.ellipsoid(a, rf, ename, self.esri.get(("ellipsoid", eauth, str(ecode)), ""),
                               "" if body == "Earth" else body)
            aliases = sorted({r[0] for r in self.db.execute(
                "select alt_name from alias_name where table_name = 'geodetic_datum' and auth_name = ? and code = ? "
                "and source in ('ESRI', 'EPSG', 'PROJ')", (authority, code))} - {name})
            esri = self.esri.get(("geodetic_datum", authority, str(code)), "")
            aliases = [esri] + [x for x in aliases if x != esri]
            self.datums[key] = len(self.datum_rows)
            self.datum_rows.append([authority[1] + str(code), name, "|".join(aliases), str(e),
                                    str(self.meridians.add((pm, number(angle(lon, ucode))))), published or ""])
        return self.datums[key]

    def axis_row(self, table, authority, code, usual):
        """The number of a pair of axes in the authority's order, empty for the usual one."""
        axes = []
        for name, short, direction in self.db.execute(
                "select a.name, a.abbrev, a.orientation from axis a join " + table + " c "
                "on a.coordinate_system_auth_name = c.coordinate_system_auth_name "
                "and a.coordinate_system_code = c.coordinate_system_code "
                "where c.auth_name = ? and c.code = ? order by a.coordinate_system_order limit 2", (authority, code)):
            along = re.match(r"(North|South) along (\d+)°([EW])$", direction)
            meridian = ""
            if along:
                direction, meridian = along[1].lower(), along[2] if along[3] == "E" else "-" + along[2]
            axes.append((name, "" if short == "none" else short, direction, meridian))
        n = self.axes.add(tuple(axes) or usual)
        return "" if self.axes.rows[n] == usual else str(n)

    def anonymous_base(self, base):
        """A base that is not in the table: the geographic CRS of its name, or a new one without code.

        These are bases of which a projected one's text says no code, and geographic 3D ones.
        """
        ename, a, rf = base["ellipsoid"]
        rf = 0 if math.isinf(rf) or rf == 0 else rf
        e = self.ellipsoid(a, rf, ename)
        pm = self.meridians.add((base["meridian"][0], number("%.15g" % base["meridian"][1])))
        for i, row in enumerate(self.geographic_rows):
            if base["name"] in (row[2], row[3]):
                d = self.datum_rows[int(row[4])]
                if int(d[3]) == e and abs(float(self.meridians.rows[int(d[4])][1]) - base["meridian"][1]) < 1e-9:
                    return i
        key = ("", base["name"], e, pm)
        if key not in self.geographic:
            d = len(self.datum_rows)
            self.datum_rows.append(["", base["name"].replace("GCS_", "D_"), "", str(e), str(pm)])
            self.geographic[key] = len(self.geographic_rows)
            self.geographic_rows.append(["", "", base["name"], "", str(d), str(self.unit(*base["unit"], True)), "", "", "", "", ""])
        return self.geographic[key]

    def projection(self, pipeline, authority, code):
        """A projection in PROJ's spelling without ellipsoid and prime meridian, and how its axes turn."""
        method = self.db.execute(
            "select method_auth_name, method_code, method_name from conversion v join projected_crs p "
            "on p.conversion_auth_name = v.auth_name and p.conversion_code = v.code "
            "where p.auth_name = ? and p.code = ?", (authority, code)).fetchone() or ("", "", "")
        if pipeline is None:
            return self.own_projection(authority, code)
        step, axes, seen = None, ["e", "n"], False
        for s in steps_of(pipeline):
            if s["proj"] == "axisswap" and seen:
                axes = swap(axes, s["order"])
            elif s["proj"] not in ("axisswap", "unitconvert", "longlat"):
                assert not seen, pipeline
                step, seen = s, True
                if "axis" in s:
                    axes = list(s["axis"][:2])
        words = [step["proj"]]
        for key, value in step.items():
            if key in ("proj", "ellps", "a", "b", "rf", "R", "pm", "axis"):
                continue
            if key in ("x_0", "y_0", "lat_ts", "lat_0", "lon_0", "alpha", "gamma") and value is not True and float(value) == 0 \
                    and not (step["proj"] == "omerc" and key in ("alpha", "gamma")):
                continue
            if key in ("k", "k_0") and float(value) == 1:
                continue
            words.append(key if value is True else key + "=" + value)
        # What has another spelling here. EPSG methods 1028 and 9842 are ellipsoidal, and 9803 turns the cone by 29.2985
        # seconds; PROJ took the sphere for the former up to version 9.4, and leaves out the turn of the latter.
        if method[:2] in (("EPSG", 1028), ("EPSG", 9842)):
            words[0] = "eqc_ellipsoid"
        if words[0] == "tmerczoned":
            assert step["lon_0"] == "-180" and step["width"] == "6"
            words = ["tmerc_zoned"] + [w for w in words[1:] if not w.startswith(("lon_0=", "width="))]
        if words[0] == "spilhaus":  # the square root of 2, with all digits, and zeros where PROJ has other defaults
            words = ["spilhaus", "lat_0=" + step["lat_0"], "lon_0=" + step["lon_0"], "azi=" + step["azi"],
                     "k_0=1.4142135623730951", "rot=" + step["rot"]]
        if authority == "ESRI" and code in ("102191", "102192", 102191, 102192):
            # proj.db of 9.9 takes 37 and 33 grads for degrees; Esri's list has degrees.
            words = [w if not w.startswith(("lat_0=", "lat_1=")) else
                     w[:6] + number("%.15g" % (0.9 * float(w[6:]))) for w in words]
        if method[:2] == ("EPSG", 9803):
            words.append("belgium")
        axes = "".join(axes)
        return " ".join(words), "" if axes == "en" else axes

    def own_projection(self, authority, code):
        """The spelling of what PROJ 9.1 cannot do, and else a question mark and the method's name."""
        row = self.db.execute(
            "select v.* from conversion v join projected_crs p "
            "on p.conversion_auth_name = v.auth_name and p.conversion_code = v.code "
            "where p.auth_name = ? and p.code = ?", (authority, code)).fetchone()
        if row is None:
            text = self.db.execute("select text_definition from projected_crs where auth_name = ? and code = ?",
                                   (authority, code)).fetchone()[0]
            method = re.search(r'PROJECTION\["([^"]*)"', text)[1]
            values = {k: float(v) for k, v in re.findall(r'PARAMETER\["([^"]*)",([^]]*)\]', text)}
            known = {"Hammer_Aitoff": "hammer", "Tobler_Cylindrical_I": "tobler1", "Tobler_Cylindrical_II": "tobler2"}
            if method in known:
                return words(known[method], lon_0=values["Central_Meridian"], x_0=values["False_Easting"],
                             y_0=values["False_Northing"]), ""
            if method == "Local":  # PROJ 9.5 takes Esri's for EPSG's method 1130
                unit = float(re.search(r'UNIT\["[^"]*",([^]]*)\]\]$', text)[1])
                return words("ortho", lon_0=values["Longitude_Of_Center"], lat_0=values["Latitude_Of_Center"],
                             alpha=values["Azimuth"], k_0=values["Scale_Factor"], x_0=values["False_Easting"] * unit,
                             y_0=values["False_Northing"] * unit), ""
            return "?" + method, ""
        p = {}
        for i in range(7):
            pauth, pcode, pname, value, uauth, ucode = row[7 + 6 * i:13 + 6 * i]
            if pcode is not None:
                kind, factor = self.db.execute("select type, conv_factor from unit_of_measure where auth_name = ? and code = ?",
                                               (uauth, ucode)).fetchone()
                p[pcode] = angle(value, ucode) if kind == "angle" else value * factor
        # Numbers of parameters: 8801 and 8802 natural origin, 8805 scale, 8806 and 8807 false easting and northing,
        # 8821 and 8822 false origin, 8826 and 8827 coordinates there.
        method = row[5]
        if method == 9826:  # Lambert conic conformal, west orientated
            return words("lcc", lat_1=p[8801], lat_0=p[8801], lon_0=p[8802], k_0=p[8805], x_0=-p[8806], y_0=p[8807]), "wn"
        if method == 9828:  # Bonne, south orientated
            return words("bonne", lat_1=p[8801], lon_0=p[8802], x_0=-p[8806], y_0=-p[8807]), "ws"
        if method == 9830:  # polar stereographic, variant C: the false origin is on the standard parallel
            base = self.geographic_rows[self.geographic[self.db.execute(
                "select geodetic_crs_auth_name, cast(geodetic_crs_code as text) from projected_crs where auth_name = ? and code = ?",
                (authority, code)).fetchone()]]
            a, rf = map(float, self.ellipsoid_rows[int(self.datum_rows[int(base[4])][3])][:2])
            es = (2 - 1 / rf) / rf
            phi = math.radians(p[8832])
            rho = a * math.cos(phi) / math.sqrt(1 - es * math.sin(phi) ** 2)
            return words("stere", lat_0=math.copysign(90, p[8832]), lat_ts=p[8832], lon_0=p[8833], x_0=p[8826],
                         y_0=p[8827] + math.copysign(rho, p[8832])), ""
        if method in (1042, 1043):  # Krovak modified
            return words("mod_krovak", lat_0=p[8811], lon_0=p[8833], alpha=p[1036], k_0=p[8819], x_0=p[8806],
                         y_0=p[8807]), "sw" if method == 1042 else ""
        if method == 9816:
            return words("tunisia_mining", lat_0=p[8821], lon_0=p[8822], x_0=p[8826], y_0=p[8827]), ""
        if method == 9817:
            return words("lcc_near", lat_0=p[8801], lon_0=p[8802], k_0=p[8805], x_0=p[8806], y_0=p[8807]), ""
        if method == 9824:  # zones of 6 degrees from -180, as in UTM
            assert p[8830] == -180 and p[8831] == 6
            return words("tmerc_zoned", lat_0=p[8801], k_0=p[8805], x_0=p[8806], y_0=p[8807]), ""
        if method == 9804:  # the natural origin is on the equator by definition; PROJ refuses others, too
            return "?%s with latitude of natural origin %s" % (row[6], number(p[8801])), ""
        return "?" + row[6], ""

    def datum_id(self, geographic_row):
        return self.datum_rows[int(geographic_row[4])][0]

    def run_between(self, between):
        """The operations between two datums, neither of which is WGS 84."""
        self.direct = []
        for (a, b), operations in sorted(between.items()):
            rows = [self.geographic_rows[self.geographic[x]] for x in (a, b)]
            try:
                number_of = self.operation_list(operations, 0, False, self.datum_id(rows[0]) + "|" + self.datum_id(rows[1]))
            except ValueError:  # a step that is none of ours
                continue
            if number_of != "":
                self.direct.append("%s\t%s\t%s" % (rows[0][4], rows[1][4], number_of))

    def run(self, looked):
        # The first rows of these tables are the most used ones, and known to the program.
        self.datum("EPSG", 6326)
        rows = sorted(self.db.execute(
            "select auth_name, code, name, deprecated, datum_auth_name, datum_code from geodetic_crs "
            "where type = 'geographic 2D' and " + WHERE), key=lambda r: (int(r[1]), r[0]))
        for authority, code, name, deprecated, dauth, dcode in rows:
            looks = looked[authority, code]
            d = self.datum(dauth, dcode)
            meridian = float(self.meridians.rows[int(self.datum_rows[d][4])][1])
            self.geographic[authority, str(code)] = len(self.geographic_rows)
            self.geographic_rows.append([
                authority[1], str(code), name, self.esri.get(("geodetic_crs", authority, str(code)), ""), str(d),
                str(self.unit(*looks["unit"], True)), self.area_number(looks["area"]),
                str(self.operation_list(looks["operations"], meridian, False, self.datum_rows[d][0])), "d" if deprecated else "", "",
                self.axis_row("geodetic_crs", authority, code, LATITUDE_LONGITUDE)])
        rows = sorted(self.db.execute(
            "select auth_name, code, name, deprecated from projected_crs where " + WHERE), key=lambda r: (int(r[1]), r[0]))
        number_of = {}
        for authority, code, name, deprecated in rows:
            looks = looked[authority, code]
            base = looks["base"]
            key = tuple((x or b"").decode() for x in base["id"])
            b = self.geographic[key] if key in self.geographic else self.anonymous_base(base)
            base_row = self.geographic_rows[b]
            meridian = float(self.meridians.rows[int(self.datum_rows[int(base_row[4])][4])][1])
            operations = str(self.operation_list(looks["operations"], meridian, True, self.datum_id(base_row)))
            if base_row[0] == "" and base_row[7] == "":
                base_row[7] = operations
            projection, axes = self.projection(looks["pipeline"], authority, code)
            number_of[authority, str(code)] = len(self.projected_rows)
            self.projected_rows.append([
                authority[1], str(code), name, self.esri.get(("projected_crs", authority, str(code)), ""), str(b),
                str(self.unit(*looks["unit"], False)), self.area_number(looks["area"]),
                "" if operations == base_row[7] else operations, "d" if deprecated else "", "", axes, projection,
                self.axis_row("projected_crs", authority, code, EAST_NORTH)])
        self.set_latest(self.geographic_rows, lambda r: (r[4], r[5]))
        self.set_latest(self.projected_rows, lambda r: (self.geographic_rows[int(r[4])][4:6], r[5], r[10], r[11]))

    def set_latest(self, rows, meaning):
        by_code = {(("EPSG", "ESRI")[r[0] == "S"], r[1]): r for r in rows if r[0]}
        for key, row in by_code.items():
            newest, seen = key, {key}
            while newest in self.latest:
                step = [r for r in self.latest[newest] if r in by_code and r not in seen and
                        (newest[0] == "ESRI" or meaning(by_code[r]) == meaning(by_code[newest]))]
                if not step:
                    break
                newest = step[-1]
                seen.add(newest)
            if newest != key:
                row[9] = newest[1]

    def area_number(self, area):
        return "" if area is None or area == WORLD else str(self.areas.add(area))

    def others(self):
        kinds = {}
        for code, kind in self.db.execute("select code, type from crs_view where " + WHERE +
                                          " and type not in ('geographic 2D', 'projected')"):
            kinds.setdefault(kind, set()).add(int(code))
        return [[kind, " ".join(str(c) for c in sorted(kinds[kind]))] for kind in sorted(kinds)]

    def text(self, header):
        out = header
        for name, (a, rf) in sorted(self.named_ellipsoids.items()):
            self.proj_names.setdefault(self.ellipsoid(a, rf, name), []).append(name)
        for i, row in enumerate(self.ellipsoid_rows):
            row.append(" ".join(self.proj_names.get(i, [])))
        area = ["\t".join(number(round(x, 4)) for x in row) for row in self.areas.rows]
        sections = [
            ("ellipsoids", ["\t".join(r) for r in self.ellipsoid_rows]),
            ("units", ["\t".join(r) for r in self.units.rows]),
            ("meridians", ["\t".join(r) for r in self.meridians.rows]),
            ("areas", area),
            ("axes", ["\t".join(word for axis in row for word in axis) for row in self.axes.rows]),
            ("shifts", self.shifts.rows),
            ("lists", self.lists.rows),
            ("datums", ["\t".join(r) for r in self.datum_rows]),
            ("direct", self.direct),
            ("others", ["\t".join(r) for r in self.others()]),
            ("retired", ["%d\t%d" % r for r in sorted(self.retired.items())]),
            ("geographic", ["\t".join(r).rstrip("\t") for r in self.geographic_rows]),
            ("projected", ["\t".join(r).rstrip("\t") for r in self.projected_rows]),
        ]
        for name, rows in sections:
            out += "%" + name + "\t" + str(len(rows)) + "\n" + "".join(r + "\n" for r in rows)
        return out


def words(name, **parameters):
    """An operation in PROJ's spelling without the parameters that are defaults."""
    out = [name]
    for key, value in parameters.items():
        if value != (1 if key == "k_0" else 0):
            out.append(key + "=" + number("%.15g" % value))
    return " ".join(out)


def dms(text):
    """PROJ's 12d27'8.4"W in degrees."""
    m = re.match(r"([\d.]+)(?:d(?:(\d+)'?)?(?:([\d.]+)\"?)?)?([EW]?)", text)
    v = float(m[1]) + float(m[2] or 0) / 60 + float(m[3] or 0) / 3600
    return -v if m[4] == "W" else v


def angle(value, uom):
    """A prime meridian's longitude in degrees. EPSG unit 9110 writes degrees, minutes and seconds as DD.MMSSs."""
    if uom in (9102, 9122):
        return value
    if uom in (9105, 9106):
        return float("%.15g" % (value * 0.9))
    assert uom == 9110, uom
    text = "%.10f" % abs(value)
    degrees, rest = text.split(".")
    seconds = float(rest[2:4] + "." + rest[4:])
    v = int(degrees) + int(rest[:2]) / 60 + seconds / 3600
    return float("%.15g" % math.copysign(v, value))


def swap(axes, order):
    opposite = {"e": "w", "w": "e", "n": "s", "s": "n"}
    out = []
    for word in order.split(",")[:2]:
        axis = axes[abs(int(word)) - 1]
        out.append(opposite[axis] if word.startswith("-") else axis)
    return out


def digest_of(db):
    h = hashlib.sha256()
    for table in TABLES:
        for row in sorted(repr(r) for r in db.execute("select * from " + table)):
            h.update(row.encode())
    return h.hexdigest()


def header_of(db):
    meta = dict(db.execute("select key, value from metadata"))
    h = hashlib.sha256()
    for name in (__file__, operations.__file__):
        with open(os.path.abspath(name), "rb") as f:
            h.update(f.read())
    script = h.hexdigest()
    return ("%registry\t" + FORMAT + "\n%epsg\t" + meta["EPSG.VERSION"] + "\t" + meta["EPSG.DATE"] +
            "\n%esri\t" + meta["ESRI.VERSION"] + "\t" + meta["ESRI.DATE"] + "\n%proj\t" + meta["PROJ.VERSION"] +
            "\n%script\t" + script + "\n%database\t" + digest_of(db) + "\n")


def find_database():
    for name in [os.environ.get("PROJ_DB", "")] + glob.glob("/usr/share/proj/proj.db") + glob.glob("/usr/local/share/proj/proj.db"):
        if os.path.exists(name):
            return name
    sys.exit("generate.py: there is no proj.db; name one in PROJ_DB")


def check(db):
    """Compares headers. Status 2 says that this machine's proj.db is of another version, which decides nothing."""
    want = header_of(db).splitlines()
    with gzip.open(PRODUCT, "rt", encoding="utf-8") as f:
        have = [f.readline().rstrip("\n") for _ in want]
    if have[1:4] != want[1:4]:
        print("generate.py: the registry is of", have[1:4], "and proj.db of", want[1:4])
        sys.exit(2)
    if have != want:
        print("generate.py: registry.txt.gz is not current: run generate.py")
        sys.exit(1)


def main():
    args = argparse.ArgumentParser(description="Makes registry.txt.gz of package srs.")
    args.add_argument("--check", action="store_true", help="only say whether registry.txt.gz is current")
    args.add_argument("-o", default=PRODUCT, help="where to write")
    args = args.parse_args()
    source = find_database()
    db = sqlite3.connect("file:" + source + "?mode=ro", uri=True)
    if args.check:
        return check(db)
    version, retired = esri_list()

    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(source, os.path.join(folder, "proj.db"))
        os.environ.update(PROJ_DATA=folder, PROJ_LIB=folder, PROJ_NETWORK="OFF")
        jobs = [(a, c, False) for a, c in db.execute(
            "select auth_name, code from geodetic_crs where type = 'geographic 2D' and " + WHERE)]
        jobs += [(a, c, True) for a, c in db.execute("select auth_name, code from projected_crs where " + WHERE)]
        with multiprocessing.Pool(initializer=start_worker) as pool:
            looked = {(job[0], job[1]): out for job, out in pool.imap_unordered(look_at, jobs, 64)}
            between = dict(pool.imap_unordered(look_between, connected(db), 16))
        g = Generator(db, retired)
        g.run(looked)
        g.run_between(between)
        text = g.text(header_of(db) + "%esricodes\t" + version + "\n")
    data = gzip.compress(text.encode(), 9, mtime=0)
    with open(args.o, "wb") as f:
        f.write(data)
    names = ["%s\t%d\t%s" % (way, n, text) for (way, n), text in sorted(g.names.items())]
    size = g.coded.write(os.path.join(os.path.dirname(os.path.abspath(args.o)), os.path.basename(operations.PRODUCT)),
                         header_of(db), names)
    print("%d operations, %d lists of names; %d bytes, %d compressed" % ((len(g.coded.rows), len(names)) + size))
    print("%d geographic, %d projected; %d shifts in %d lists; %d bytes, %d compressed" % (
        len(g.geographic_rows), len(g.projected_rows), len(g.shifts.rows), len(g.lists.rows), len(text), len(data)))


if __name__ == "__main__":
    main()
