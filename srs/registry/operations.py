"""The table operations.txt.gz: the datum operations of the EPSG data set and of Esri that have codes. generate.py writes it.

README.md beside this file has its columns.
"""
import gzip
import os

HERE = os.path.dirname(os.path.abspath(__file__))
PRODUCT = os.path.join(HERE, "operations.txt.gz")

# EPSG's codes of methods, by the sign of their rotations: position vector, coordinate frame, and translations alone.
POSITION_VECTOR, COORDINATE_FRAME = {1033, 1037, 1053, 1054, 1055, 1061, 1062, 1063, 1065, 9606}, \
    {1032, 1034, 1038, 1039, 1056, 1057, 1058, 1066, 1133, 1140, 9607, 9636}
TRANSLATION, BADEKAS, FULL = {1031, 1035, 9603}, {1034, 1039, 1061, 1062, 1063, 9636}, {1133, 1140}
MOVING = {1053, 1054, 1055, 1056, 1057, 1058, 1065, 1066}  # parameters change with time, or are those of one epoch
HORIZONTAL_GRIDS = {1074, 1075, 1087, 1145, 9613, 9614, 9615}
LONGITUDE_ROTATION, OFFSETS = {9601}, {9618, 9619, 9660}

GEODETIC = ("geographic 2D", "geographic 3D", "geocentric")


def number(v):
    v = float("%.15g" % v) + 0.0
    return str(int(v)) if v == int(v) and abs(v) < 1e15 else repr(v)


class Units:
    def __init__(self, db):
        self.factor = {(a, c): (k, f) for a, c, k, f in db.execute("select auth_name, code, type, conv_factor from unit_of_measure")}

    def to(self, value, authority, code, unit):
        """A value in metres, arc-seconds, degrees or parts per million."""
        if not value:
            return 0.0
        if unit == "ppm" and code == 9201 and abs(value) > 1e-2:  # two withdrawn rows have parts per million in "unity"
            return value
        if unit == "ppm":
            return value * self.factor[authority, code][1] * 1e6
        if unit == "metre":
            return value * self.factor[authority, code][1]
        if code == 9110:  # sexagesimal degrees, as DD.MMSS
            text = "%.10f" % abs(value)
            whole, rest = text.split(".")
            degrees = int(whole) + int(rest[:2]) / 60 + float(rest[2:4] + "." + rest[4:]) / 3600
            degrees = degrees if value > 0 else -degrees
        else:  # exact where the database is rounded; the one row in 9108, 7.92 for Tokyo, is in seconds
            exact = {9104: 1 / 3600, 1031: 1e-3 / 3600, 9102: 1.0, 9122: 1.0, 9108: 1 / 3600, 9105: 0.9, 9113: 0.9e-4}.get(code)
            degrees = value * exact if exact else value * self.factor[authority, code][1] * 57.29577951308232
        return degrees * 3600 if unit == "second" else degrees


class Operations:
    def __init__(self, db):
        self.db, self.units = db, Units(db)
        self.systems = {(a, str(c)): (k, da, dc, n) for a, c, k, da, dc, n in db.execute(
            "select auth_name, code, type, datum_auth_name, datum_code, name from geodetic_crs")}
        self.esri = {(a, str(c)): n for a, c, n in db.execute(
            "select auth_name, code, alt_name from alias_name where source = 'ESRI' and table_name in "
            "('helmert_transformation', 'grid_transformation', 'other_transformation', 'concatenated_operation') order by 1, 2, 3 desc")}
        self.files = {}
        for original, new, old in db.execute("select original_grid_name, proj_grid_name, old_proj_grid_name from grid_alternatives"):
            self.files[original] = [x for x in (new, old) if x and x != original]
        self.methods = {(a, c): n for a, c, n in db.execute("select auth_name, code, name from coordinate_operation_method")}
        self.rows = {}

    def end(self, authority, code):
        """One end of an operation: its datum, or a kind of system that has none."""
        system = self.systems.get((authority, str(code)))
        if system and system[0] in GEODETIC:
            return system[1][1] + str(system[2])
        kind = self.db.execute("select type, name from crs_view where auth_name = ? and code = ?", (authority, code)).fetchone()
        return "=" + (kind[0] + " " + kind[1] if kind else "unknown system %s" % code)

    def add(self, authority, code, name, source, target, accuracy, deprecated, what, moving=False):
        esri = self.esri.get((authority, str(code)), "")
        self.rows[int(code), authority] = [
            str(code), authority[1], name, esri if authority == "EPSG" else "", self.end(*source), self.end(*target),
            "" if accuracy is None else number(accuracy), ("d" if deprecated else "") + ("v" if moving else ""), what]

    def helmert(self):
        for row in self.db.execute(
                "select auth_name, code, name, method_code, source_crs_auth_name, source_crs_code, target_crs_auth_name, "
                "target_crs_code, accuracy, deprecated, tx, ty, tz, translation_uom_auth_name, translation_uom_code, rx, ry, rz, "
                "rotation_uom_auth_name, rotation_uom_code, scale_difference, scale_difference_uom_auth_name, "
                "scale_difference_uom_code, px, py, pz, pivot_uom_auth_name, pivot_uom_code, method_auth_name "
                "from helmert_transformation_table where auth_name in ('EPSG', 'ESRI')"):
            method = row[3]
            shift = [self.units.to(v, row[13], row[14], "metre") for v in row[10:13]]
            turn = [self.units.to(v, row[18], row[19], "second") for v in row[15:18]]
            scale = self.units.to(row[20], row[21], row[22], "ppm")
            pivot = [self.units.to(v, row[26], row[27], "metre") for v in row[23:26]]
            if method in COORDINATE_FRAME:
                turn = [-v for v in turn]
            if method in TRANSLATION:
                word, values = "t", shift
            elif method in POSITION_VECTOR | COORDINATE_FRAME:
                word, values = "t", shift + turn + [scale]
                if method in BADEKAS:
                    word, values = "b", values + pivot
                elif method in FULL:
                    word = "e"
                elif not any(values[3:]):
                    values = shift
            else:
                word, values = "?" + self.methods[row[28], method], []
            self.add(row[0], row[1], row[2], row[4:6], row[6:8], row[8], row[9], word + ",".join(map(number, values)),
                     method in MOVING)

    def grids(self):
        for row in self.db.execute(
                "select auth_name, code, name, method_code, method_name, source_crs_auth_name, source_crs_code, "
                "target_crs_auth_name, target_crs_code, accuracy, deprecated, grid_name, grid2_name "
                "from grid_transformation where auth_name in ('EPSG', 'ESRI')"):
            if row[3] in HORIZONTAL_GRIDS or row[0] == "ESRI":
                files = [f for f in row[11:13] if f]
                for f in list(files):
                    files += [x for x in self.files.get(f, []) if x not in files]
                what = "~" + "|".join([row[4]] + files)
            else:
                what = "?" + row[4]
            self.add(row[0], row[1], row[2], row[5:7], row[7:9], row[9], row[10], what)

    def others(self):
        for row in self.db.execute(
                "select auth_name, code, name, method_code, method_name, source_crs_auth_name, source_crs_code, "
                "target_crs_auth_name, target_crs_code, accuracy, deprecated, param1_code, param1_value, param1_uom_auth_name, "
                "param1_uom_code, param2_code, param2_value, param2_uom_auth_name, param2_uom_code "
                "from other_transformation where auth_name in ('EPSG', 'ESRI')"):
            p = {row[i]: row[i + 1:i + 4] for i in (11, 15) if row[i]}
            both = self.end(*row[5:7]), self.end(*row[7:9])
            if row[3] in LONGITUDE_ROTATION:
                what = "l" + number(self.units.to(*p[8602], "degree"))
            elif row[3] in OFFSETS and not any(e.startswith("=") for e in both):
                what = "o" + number(self.units.to(*p[8601], "degree")) + "," + number(self.units.to(*p[8602], "degree"))
                if what == "o0,0":
                    what = "n0"
            else:
                what = "?" + row[4]
            self.add(row[0], row[1], row[2], row[5:7], row[7:9], row[9], row[10], what)

    def concatenated(self):
        steps = {}
        for a, c, sa, sc in self.db.execute(
                "select operation_auth_name, operation_code, step_auth_name, step_code from concatenated_operation_step "
                "where operation_auth_name in ('EPSG', 'ESRI') "
                "order by operation_auth_name, operation_code, step_number"):
            steps.setdefault((a, c), []).append((int(sc), sa))
        for row in list(self.db.execute(
                "select auth_name, code, name, source_crs_auth_name, source_crs_code, target_crs_auth_name, target_crs_code, "
                "accuracy, deprecated from concatenated_operation where auth_name in ('EPSG', 'ESRI')")):
            at, words = self.end(*row[3:5]), []
            for key in steps[row[0], row[1]]:
                step = self.rows.get(key)
                if step is None:  # a conversion, which leaves the datum
                    continue
                if step[4] == at:
                    words.append("%d" % key[0])
                    at = step[5]
                elif step[5] == at:
                    words.append("-%d" % key[0])
                    at = step[4]
                else:
                    words = None
                    break
            what = "?chain of operations that do not follow each other"
            if words and at == self.end(*row[5:7]):
                what = "+" + " ".join(words)
            self.add(row[0], row[1], row[2], row[3:5], row[5:7], row[7], row[8], what)

    def make(self):
        self.helmert()
        self.grids()
        self.others()
        self.concatenated()
        return self

    def reference(self, part):
        """A part of PROJ's name of an operation: the operation's code, with a minus for its inverse, or else the part itself."""
        if not hasattr(self, "by_name"):
            self.by_name = {}
            for (code, _), row in sorted(self.rows.items(), key=lambda r: ("d" in r[1][7], r[0])):
                self.by_name.setdefault(row[2], code)
        name = part[len("Inverse of "):] if part.startswith("Inverse of ") else part
        code = self.by_name.get(name)
        if code is None:
            return part
        return "-%d" % code if name != part else str(code)

    def description(self, name, projected):
        """The parts of PROJ's name of an operation that move a datum, with codes in place of names."""
        parts = name.replace(" (with axis order normalized for visualization)", "").split(" + ")
        if projected:
            parts = parts[:-1]
        noise = ("Conversion from ", "Inverse of Conversion from ", "axis order change", "Null geographic offset from ")
        return " + ".join(self.reference(p) for p in parts if not p.startswith(noise))

    def text(self, header, names):
        rows = ["\t".join(self.rows[key]).rstrip("\t") for key in sorted(self.rows)]
        out = header
        for name, lines in (("operations", rows), ("names", names)):
            out += "%" + name + "\t" + str(len(lines)) + "\n" + "".join(r + "\n" for r in lines)
        return out

    def write(self, path, header, names):
        text = self.text(header, names)
        data = gzip.compress(text.encode(), 9, mtime=0)
        with open(path, "wb") as f:
            f.write(data)
        return len(text), len(data)
