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


def square(hemisphere, turn):
    """O. S. Adams, Special Publication 153 (1929): a hemisphere, or the world with longitudes halved, in a square that is
    turned by an angle, by the integral of 1/sqrt(1 + z^4) at 30 digits."""
    def project(lon, lat):
        with mpmath.workdps(30):
            lam, phi = mpmath.radians(mpmath.mpf(lon)), mpmath.radians(mpmath.mpf(lat))
            v = mpmath.sin(phi) if hemisphere else mpmath.tan(phi / 2)
            lam = lam if hemisphere else lam / 2
            u, w = mpmath.sqrt(1 - v * v) * mpmath.sin(lam), mpmath.sqrt(1 - v * v) * mpmath.cos(lam)
            turned = mpmath.expj(mpmath.radians(turn))
            z = mpmath.mpc(u, v) / turned / (1 + w)
            m = 2 * R * mpmath.quad(lambda t: z / mpmath.sqrt(1 + (z * t) ** 4), [0, 1]) * turned
            return float(m.real), float(m.imag)
    return project


def wagner6(lon, lat):
    """J. P. Snyder and P. M. Voxland, An Album of Map Projections (1989): Wagner VI. PROJ before 9.2 has it smaller."""
    phi = math.radians(lat)
    return R * math.radians(lon) * math.sqrt(1 - 3 * (phi / math.pi) ** 2), R * phi


def spilhaus(lon, lat):
    """O. S. Adams, Special Publication 153 (1929), about the centre of ESRI:54099 on WGS 84: conformal latitude, the sphere
    turned to the square's pole, longitudes halved, and the integral of 1/sqrt(1 + z^4), at 30 digits."""
    with mpmath.workdps(30):
        mp, f = mpmath, 1 / mpmath.mpf("298.257223563")
        e = mp.sqrt(f * (2 - f))

        def conformal(phi):
            return 2 * mp.atan(mp.exp(mp.atanh(mp.sin(phi)) - e * mp.atanh(e * mp.sin(phi)))) - mp.pi / 2

        phi_0, az = mp.radians(mp.mpf("-49.56371678")), mp.radians(mp.mpf("40.17823482"))
        chi_0 = conformal(phi_0)
        k = mp.cos(phi_0) / mp.sqrt(1 - (e * mp.sin(phi_0)) ** 2) / mp.cos(chi_0)
        pole = mp.asin(-mp.cos(chi_0) * mp.cos(az))
        chi, lam = conformal(mp.radians(mp.mpf(lat))), mp.radians(mp.mpf(lon) - mp.mpf("66.94970198"))
        lam -= mp.atan2(mp.tan(az), -mp.sin(chi_0))
        # Snyder, Working Manual, 5-7 and 5-8b
        lat_s = mp.asin(mp.sin(pole) * mp.sin(chi) - mp.cos(pole) * mp.cos(chi) * mp.cos(lam))
        lon_s = mp.pi + mp.atan2(-mp.sin(az), -mp.tan(chi_0)) + mp.atan2(
            mp.cos(chi) * mp.sin(lam), mp.sin(pole) * mp.cos(chi) * mp.cos(lam) + mp.cos(pole) * mp.sin(chi))
        lon_s -= 2 * mp.pi * mp.floor((lon_s + mp.pi) / (2 * mp.pi))
        v = mp.tan(lat_s / 2)
        u, w = mp.sqrt(1 - v * v) * mp.sin(lon_s / 2), mp.sqrt(1 - v * v) * mp.cos(lon_s / 2)
        z = mp.mpc(u + v, v - u) / mp.sqrt(2) / (1 + w)
        m = 2 * R * k * mp.quad(lambda t: z / mp.sqrt(1 + (z * t) ** 4), [0, 1]) * mp.expj(mp.pi / 4)
        m *= -mp.expj(-mp.pi / 4)  # turned by 45 degrees
        return float(m.real), float(m.imag)


def van_der_grinten2(lon, lat):
    """Snyder and Voxland, An Album of Map Projections (1989), page 241; PROJ adds 1e-10 below the root of y."""
    with mpmath.workdps(30):
        b = abs(mpmath.mpf(lat)) / 90
        c, a = mpmath.sqrt(1 - b * b), abs(180 / mpmath.mpf(lon) - mpmath.mpf(lon) / 180) / 2
        x = (c * mpmath.sqrt(1 + a * a) - a * c * c) / (1 + a * a * b * b)
        y = mpmath.sqrt(1 - x * (x + 2 * a))
        return math.copysign(float(mpmath.pi * R * x), lon), math.copysign(float(mpmath.pi * R * y), lat)


def gnomonic(lat_0):
    """Karney (2013), section 8, by the cct of PROJ 9.5 or later."""
    def project(lon, lat):
        out = subprocess.run(["cct", "-d", "9", "+proj=gnom", "+lat_0=%r" % lat_0, "+ellps=WGS84"], input="%r %r 0 0\n" % (lon, lat),
                             capture_output=True, text=True, check=True)
        return tuple(map(float, out.stdout.split()[:2]))
    return project


def space_oblique(inclination, turn, node, start, rf):
    """Snyder, Working Manual, pages 214 to 229, equations 27-1 to 27-13 and 8-20 with its latitudes, solved to the last digit."""
    mp = mpmath.mp

    def project(lon, lat):
        with mpmath.workdps(30):
            i, p = mp.radians(mp.mpf(inclination)), turn()
            e2 = 0 if rf is None else (2 - 1 / mp.mpf(rf)) / mp.mpf(rf)
            j = (1 - e2) ** 3
            w = ((1 - e2 * mp.cos(i) ** 2) / (1 - e2)) ** 2 - 1
            q = e2 * mp.sin(i) ** 2 / (1 - e2)
            t = e2 * mp.sin(i) ** 2 * (2 - e2) / (1 - e2) ** 2

            def s(l):
                d = mp.sin(l) ** 2
                return p * mp.sin(i) * mp.cos(l) * mp.sqrt((1 + t * d) / ((1 + w * d) * (1 + q * d)))

            def h(l):
                d = mp.sin(l) ** 2
                return mp.sqrt((1 + q * d) / (1 + w * d)) * ((1 + w * d) / (1 + q * d) ** 2 - p * mp.cos(i))

            def mean(f):  # Simpson's rule, as the projection is defined with it
                return sum((1 if k in (0, 10) else 4 if k % 2 else 2) * f(mp.pi * k / 20) for k in range(11)) / 30

            def along(l):
                return (h(l) * j - s(l) ** 2) / mp.sqrt(j ** 2 + s(l) ** 2)

            def across(l):
                return s(l) * (h(l) + j) / mp.sqrt(j ** 2 + s(l) ** 2)
            b = mean(along)
            a2, a4 = mean(lambda l: along(l) * mp.cos(2 * l)), mean(lambda l: along(l) * mp.cos(4 * l)) / 2
            c1, c3 = 2 * mean(lambda l: across(l) * mp.cos(l)), mean(lambda l: across(l) * mp.cos(3 * l)) * 2 / 3
            phi, lam = mp.radians(mp.mpf(lat)), mp.radians(mp.mpf(lon) - node())

            def off(l):  # sin and cos of both sides of 27-8, so that no branch is chosen
                lt = lam + p * l
                y = (1 - e2) * mp.tan(phi) * mp.sin(i) + mp.sin(lt) * mp.cos(i)
                return mp.sin(l) * mp.cos(lt) - mp.cos(l) * y, mp.cos(l) * mp.cos(lt) + mp.sin(l) * y
            for k in range(73):  # the root within one revolution at which the satellite is above, and not opposite
                l = mp.findroot(lambda v: off(v)[0], start() + 2 * mp.pi * k / 72, tol=1e-50, verify=False)
                if off(l)[1] > 0 and start() <= l <= start() + 2 * mp.pi and abs(off(l)[0]) < 1e-20:
                    break
            else:
                raise ValueError("the place is not below this revolution")
            lt = lam + p * l
            up = mp.asin(((1 - e2) * mp.cos(i) * mp.sin(phi) - mp.sin(i) * mp.cos(phi) * mp.sin(lt)) / mp.sqrt(1 - e2 * mp.sin(phi) ** 2))
            m = mp.log(mp.tan(mp.pi / 4 + up / 2)) / mp.sqrt(j ** 2 + s(l) ** 2)
            a = R if rf is not None else 6371000
            return (float(a * (b * l + a2 * mp.sin(2 * l) + a4 * mp.sin(4 * l) - m * s(l))),
                    float(a * (c1 * mp.sin(l) + c3 * mp.sin(3 * l) + m * j)))
    return project


WORLD = [(-120.3, 71.5), (-33.3, -12.25), (0.5, 0.75), (77.7, -66.6), (179.9, 45.5)]
NORTH = [(122.5, 77.5), (-86.25, 14.75), (-102.5, 51.5), (31, 2.25)]
HALF = [(-80.3, 71.5), (-33.3, -12.25), (0.5, 0.75), (77.7, -66.6), (89.9, 45.5)]
TABLE = [
    ("+proj=tobler1 +R=6378137", tobler([1, 1 / 6]), WORLD),
    ("+proj=tobler2 +R=6378137", tobler([1, 1 / 6, 1 / 24]), WORLD),
    ("+proj=tunisia_mining +lat_0=32.93676 +lon_0=7.051005 +x_0=270000 +y_0=360000 +a=6378249.2 +rf=293.4660212936269", tunisia,
     [(7.1, 33), (8.6, 36.9), (9.7, 30.4), (7.8, 32.2)]),
    ("+proj=lcc_near +lat_0=34.65 +lon_0=37.35 +k_0=0.9996256 +x_0=300000 +y_0=300000 +a=6378249.2 +rf=293.4660213", near_conformal,
     [(34.1, 37.5), (37.35, 34.65), (35.6, 33.2), (41.9, 36.6)]),
    ("+proj=peirce_q +shape=diamond +lat_0=90 +R=6378137", peirce(1, 270), NORTH),
    ("+proj=peirce_q +shape=square +lat_0=90 +R=6378137", peirce(-1, 315), NORTH),
    ("+proj=wag6 +R=6378137", wagner6, WORLD),
    ("+proj=adams_ws1 +R=6378137", square(False, 0), WORLD),
    ("+proj=adams_ws2 +R=6378137", square(False, 45), WORLD),
    ("+proj=adams_hemi +R=6378137", square(True, 45), HALF),
    ("+proj=guyou +R=6378137", square(True, 0), HALF),
    ("+proj=spilhaus +a=6378137 +rf=298.257223563", spilhaus, [(10, 50), (-150, -20), (100, 80), (66, -49), (-60, 10)]),
    ("+proj=vandg2 +R=6378137", van_der_grinten2, WORLD),
    ("+proj=gnom_ellipsoid +lat_0=40 +a=6378137 +rf=298.257223563", gnomonic(40), [(12.5, 60.25), (-30.5, 48.75), (5.5, -8.5)]),
    ("+proj=gnom_ellipsoid +lat_0=-90 +a=6378137 +rf=298.257223563", gnomonic(-90), [(12.5, -60.25), (-150.5, -48.75)]),
    ("+proj=tmerc_zoned +k_0=0.9996 +x_0=500000 +a=6378137 +rf=298.257223563", zoned, WORLD),
    ("+proj=misrsom +path=1 +a=6378137 +rf=298.257222101",
     space_oblique("98.30382", lambda: mpmath.mpf("98.88") / 1440, lambda: mpmath.mpf("129.3056") - mpmath.mpf(360) / 233, lambda: 0, "298.257222101"),
     [(2, 1), (-2, -1), (100.5, 41.25), (-60.25, 12.5), (-53.5, -5.75), (20.5, -70.25)]),
    ("+proj=lsat +lsat=2 +path=31 +a=6378137 +rf=298.257222101",
     space_oblique("99.092", lambda: mpmath.mpf("103.2669323") / 1440, lambda: mpmath.mpf("128.87") - mpmath.mpf(360) * 31 / 251,
                   lambda: mpmath.pi * (mpmath.mpf(1) / 248 + mpmath.mpf("0.5161290322580645")), "298.257222101"),
     [(-91.5, 42.25), (-97.25, 30.5), (-105.5, 0.25), (-112.75, -28.5), (60.5, 71.5)]),
    ("+proj=som +inc_angle=65 +ps_rev=0.0625 +asc_lon=-30 +R=6371000",
     space_oblique("65", lambda: mpmath.mpf("0.0625"), lambda: mpmath.mpf(-30), lambda: 0, None),
     [(-20.5, 12.25), (33.5, 64.25), (110.5, 33.75), (-140.5, -62.25)]),
]


def main():
    with open(os.path.join(HERE, "formulas.tsv"), "w") as f:
        f.write("#definition\tlon\tlat\tx\ty\n")
        for definition, project, points in TABLE:
            for lon, lat in points:
                f.write("%s\t%.7f\t%.7f\t%.9f\t%.9f\n" % ((definition, lon, lat) + project(lon, lat)))


if __name__ == "__main__":
    main()
