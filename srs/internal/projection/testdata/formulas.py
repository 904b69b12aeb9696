#!/usr/bin/env python3
"""Makes formulas.tsv: points of the projections that PROJ lacks or has to a metre only, in the columns of kernels.tsv.

    python3 formulas.py

Each is written down here once more from its source, in degrees, grads or kilometres as that has it, and without series. The
zoned grid is PROJ's transverse Mercator, by cct, zone by zone. Needs mpmath 1.3.
"""
import math
import os
import subprocess

import mpmath

HERE = os.path.dirname(os.path.abspath(__file__))
R = 6378137.0


def tobler(terms):
    """W. R. Tobler, Alternatives to Miller's projection, Cartography and Geographic Information Systems 24 (1997)."""
    def project(lon, lat):
        phi = math.radians(lat)
        return R * math.radians(lon), R * sum(c * phi ** (2 * i + 1) for i, c in enumerate(terms))
    return project


def tunisia(lon, lat):
    """IOGP Guidance Note 7-2, method 9816: Tunisia Mining Grid, in grads and kilometres."""
    lon_f, lat_f = 7.83445, 36.5964
    a = 0.010015 if lat / 0.9 > lat_f else 0.01002
    return 270e3 + (lon / 0.9 - lon_f) / 0.012185 * 1e3, 360e3 + (lat / 0.9 - lat_f) / a * 1e3


def near_conformal(lon, lat):
    """Guidance Note 7-2, method 9817: Lambert conic near-conformal, for the Levant zone; the arc by Simpson's rule."""
    a, f, k0, lat_0, lon_0 = 6378249.2, 1 / 293.4660213, 0.99962560, math.radians(34.65), math.radians(37.35)
    es = f * (2 - f)

    def rho(phi):
        return a * (1 - es) / (1 - es * math.sin(phi) ** 2) ** 1.5

    phi, n = math.radians(lat), 2000
    h = (phi - lat_0) / n
    arc = h / 3 * sum((1 if i in (0, n) else 4 if i % 2 else 2) * rho(lat_0 + i * h) for i in range(n + 1))
    nu = a / math.sqrt(1 - es * math.sin(lat_0) ** 2)
    m = k0 * (arc + arc ** 3 / (6 * rho(lat_0) * nu))
    r0 = k0 * nu / math.tan(lat_0)
    theta = (math.radians(lon) - lon_0) * math.sin(lat_0)
    x = (r0 - m) * math.sin(theta)
    return 300e3 + x, 300e3 + m + x * math.tan(theta / 2)


def zoned(lon, lat):
    """Guidance Note 7-2, method 9824: Transverse Mercator Zoned Grid System."""
    zone = math.floor((lon + 180) / 6) + 1
    out = subprocess.run(["cct", "-d", "9", "+proj=tmerc", "+lon_0=%d" % (6 * zone - 183), "+k=0.9996", "+x_0=500000",
                          "+ellps=WGS84"], input="%r %r 0 0\n" % (lon, lat), capture_output=True, text=True, check=True)
    x, y = map(float, out.stdout.split()[:2])
    return zone * 1e6 + x, y


def peirce(sign, turn):
    """C. S. Peirce, A quincuncial projection of the sphere, American Journal of Mathematics 2 (1879): the stereographic
    projection z of the northern hemisphere, and then the integral of 1/sqrt(1 + sign*z^4), at 30 digits."""
    def project(lon, lat):
        with mpmath.workdps(30):
            z = mpmath.tan(mpmath.radians((90 - mpmath.mpf(lat)) / 2)) * mpmath.expj(mpmath.radians(mpmath.mpf(lon) + turn))
            w = 2 * R * mpmath.quad(lambda t: z / mpmath.sqrt(1 + sign * (z * t) ** 4), [0, 1])
            return float(w.real), float(w.imag)
    return project


WORLD = [(-120.3, 71.5), (-33.3, -12.25), (0.5, 0.75), (77.7, -66.6), (179.9, 45.5)]
NORTH = [(122.5, 77.5), (-86.25, 14.75), (-102.5, 51.5), (31, 2.25)]
TABLE = [
    ("+proj=tobler1 +R=6378137", tobler([1, 1 / 6]), WORLD),
    ("+proj=tobler2 +R=6378137", tobler([1, 1 / 6, 1 / 24]), WORLD),
    ("+proj=tunisia_mining +lat_0=32.93676 +lon_0=7.051005 +x_0=270000 +y_0=360000 +a=6378249.2 +rf=293.4660212936269", tunisia,
     [(7.1, 33), (8.6, 36.9), (9.7, 30.4), (7.8, 32.2)]),
    ("+proj=lcc_near +lat_0=34.65 +lon_0=37.35 +k_0=0.9996256 +x_0=300000 +y_0=300000 +a=6378249.2 +rf=293.4660213", near_conformal,
     [(34.1, 37.5), (37.35, 34.65), (35.6, 33.2), (41.9, 36.6)]),
    ("+proj=peirce_q +shape=diamond +lat_0=90 +R=6378137", peirce(1, 270), NORTH),
    ("+proj=peirce_q +shape=square +lat_0=90 +R=6378137", peirce(-1, 315), NORTH),
    ("+proj=tmerc_zoned +k_0=0.9996 +x_0=500000 +a=6378137 +rf=298.257223563", zoned, WORLD),
]


def main():
    with open(os.path.join(HERE, "formulas.tsv"), "w") as f:
        f.write("#definition\tlon\tlat\tx\ty\n")
        for definition, project, points in TABLE:
            for lon, lat in points:
                f.write("%s\t%.7f\t%.7f\t%.9f\t%.9f\n" % ((definition, lon, lat) + project(lon, lat)))


if __name__ == "__main__":
    main()
