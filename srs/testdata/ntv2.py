#!/usr/bin/env python3
"""Makes ntv2_le.gsb, ntv2_be.gsb and ntv2.tsv: small NTv2 files, and what PROJ's cct makes of points with them.

    python3 ntv2.py

The files differ in byte order alone. They have two grids side by side, ALPHA and DELTA, and in ALPHA a finer one, BETA, and
in that GAMMA. The shifts are made up.
"""
import math
import os
import random
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
GRIDS = [  # name, parent, south, north, west, east, step in degrees
    ("ALPHA", "NONE", 49, 53, -4, 2, 1),
    ("BETA", "ALPHA", 50, 52, -2, 0, 0.5),
    ("GAMMA", "BETA", 51, 51.5, -1.5, -1, 0.25),
    ("DELTA", "NONE", 49, 53, 2, 4, 1),
]


def node(lon, lat):
    """Shifts of latitude and longitude in seconds, longitude positive west, and accuracies in metres."""
    return (1.5 + 0.4 * math.sin(3 * lat + lon), 4.2 + 0.7 * math.cos(2 * lon - lat), 0.03 + lat / 1000, 0.04)


def write(name, order):
    def text(key, value):
        return key.encode().ljust(8) + value.encode().ljust(8)

    def number(key, value):
        return key.encode().ljust(8) + struct.pack(order + "d", value)

    def integer(key, value):
        return key.encode().ljust(8) + struct.pack(order + "ixxxx", value)

    out = [integer("NUM_OREC", 11), integer("NUM_SREC", 11), integer("NUM_FILE", len(GRIDS)),
           text("GS_TYPE", "SECONDS"), text("VERSION", "TEST"), text("SYSTEM_F", "OLD"), text("SYSTEM_T", "NEW"),
           number("MAJOR_F", 6377563.396), number("MINOR_F", 6356256.909),
           number("MAJOR_T", 6378137), number("MINOR_T", 6356752.314)]
    for grid, parent, s, n, w, e, step in GRIDS:
        rows, columns = round((n - s) / step) + 1, round((e - w) / step) + 1
        out += [text("SUB_NAME", grid), text("PARENT", parent), text("CREATED", ""), text("UPDATED", ""),
                number("S_LAT", s * 3600), number("N_LAT", n * 3600), number("E_LONG", -e * 3600), number("W_LONG", -w * 3600),
                number("LAT_INC", step * 3600), number("LONG_INC", step * 3600), integer("GS_COUNT", rows * columns)]
        out += [struct.pack(order + "4f", *node(e - i * step, s + j * step)) for j in range(rows) for i in range(columns)]
    out.append(text("END", ""))
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(b"".join(out))


def shift(name, points, *flags):
    asked = "".join("%r %r 0 0\n" % p for p in points)
    answer = subprocess.run(
        ["cct", "-d", "12", *flags, "+proj=pipeline", "+step", "+proj=unitconvert", "+xy_in=deg", "+xy_out=rad",
         "+step", "+proj=hgridshift", "+grids=" + os.path.join(HERE, name),
         "+step", "+proj=unitconvert", "+xy_in=rad", "+xy_out=deg"], input=asked, capture_output=True, text=True)
    rows = [["*", "*"] if line.startswith(" (") else line.split()[:2] for line in answer.stdout.splitlines() if line.strip() and line[0] != "#"]
    assert len(rows) == len(points), answer
    return rows


def main():
    write("ntv2_le.gsb", "<")
    write("ntv2_be.gsb", ">")
    rng = random.Random(1)
    points = [(round(rng.uniform(-4, 4), 6), round(rng.uniform(49, 53), 6)) for _ in range(20)]
    points += [(round(rng.uniform(-2, 0), 6), round(rng.uniform(50, 52), 6)) for _ in range(10)]
    points += [(round(rng.uniform(-1.5, -1), 6), round(rng.uniform(51, 51.5), 6)) for _ in range(10)]
    # nodes, edges and corners of each grid, and what is outside
    points += [(-4, 49), (4, 53), (2, 50.3), (2, 51), (-4, 52.2), (1.2, 53), (-2, 50), (0, 52), (-2, 51.2), (-0.3, 52), (-1.5, 51),
               (-1, 51.5), (-1.2, 51.5), (-1.5, 51.3), (-1.25, 51.25), (356.3, 50.1),
               (-4.1, 50), (4.1, 50), (0, 48.9), (0, 53.1), (100, 50), (-100, -50)]
    with open(os.path.join(HERE, "ntv2.tsv"), "w") as f:
        f.write("#way\tlon\tlat\tlon'\tlat'\n")
        for way, flags in (("forward", []), ("inverse", ["-I"])):
            little, big = shift("ntv2_le.gsb", points, *flags), shift("ntv2_be.gsb", points, *flags)
            assert little == big
            for (lon, lat), (x, y) in zip(points, little):
                f.write("%s\t%r\t%r\t%s\t%s\n" % (way, lon, lat, x, y))


if __name__ == "__main__":
    main()
