#!/usr/bin/env python3
"""Compares package encode with GDAL's drivers and ImageMagick: speed, sizes and pixels. See README.md."""

import argparse
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))

import numpy as np
from osgeo import gdal, gdal_array

MAGICK = "/usr/bin/convert" if os.path.exists("/usr/bin/convert") else shutil.which("convert")


def photo(side):
    """The demo's picture of the world, blown up, with a camera's noise of about two levels."""
    size = min(side, 1024)
    d = gdal.Translate("", os.path.join(ROOT, "testdata", "demo", "world.tif"), format="MEM",
                       srcWin=[900, 150, size // 2, size // 2], width=side, height=side, resampleAlg="cubic")
    a = d.ReadAsArray()[:3].astype(np.float32)
    return np.clip(a + np.random.default_rng(1).normal(0, 2, a.shape), 0, 255).astype(np.uint8)


def chart(side):
    """A map: few flat colours, dark borders between them, and thin lines."""
    r = np.random.default_rng(2)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    field = sum(np.sin(x / r.uniform(15, 90) + y / r.uniform(15, 90) + r.uniform(0, 6)) for _ in range(5))
    classes = np.digitize(field, [-2, -1, -0.3, 0.4, 1.2, 2])
    colours = r.integers(120, 255, (7, 3))
    a = colours[classes].astype(np.uint8)
    edge = (np.diff(classes, axis=0, prepend=classes[:1]) != 0) | (np.diff(classes, axis=1, prepend=classes[:, :1]) != 0)
    a[edge] = (60, 60, 70)
    a[np.abs((x * 0.37 + y) % 97) < 1.5] = (200, 30, 30)
    return np.ascontiguousarray(a.transpose(2, 0, 1))


def terrain(side):
    """Elevations in metres, from random waves of amplitudes in proportion to their lengths."""
    r = np.random.default_rng(3)
    f = np.fft.rfft2(r.normal(size=(side, side)))
    k = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    k[0, 0] = 1
    h = np.fft.irfft2(f / k ** 1.9, (side, side))
    return ((h - h.min()) / (h.max() - h.min()) * 3000).astype(np.uint16)[None]


def hole(side):
    """Validity: a disc without data, with a soft rim, and a hard corner."""
    y, x = np.mgrid[0:side, 0:side]
    a = np.clip((np.hypot(x - side / 2, y - side / 2) - side / 4) * 40, 0, 255).astype(np.uint8)
    a[: side // 5, : side // 7] = 0
    return a


def pictures(side):
    p, m, d = photo(side), chart(side), terrain(side)
    wide = (p.astype(np.uint16) << 8) + np.random.default_rng(4).integers(0, 256, p.shape, dtype=np.uint16)
    return {"photo RGB": (p, None), "photo RGBA": (p, hole(side)), "photo grey": (p[:1], None), "photo RGB16": (wide, None),
            "map RGB": (m, None), "map RGBA": (m, hole(side)), "DEM grey16": (d, None)}


def joined(a, alpha, widen=True):
    """Samples with alpha, as files hold them: zero where there is none."""
    if alpha is None:
        return a
    return np.concatenate([np.where(alpha > 0, a, 0), (alpha.astype(a.dtype) * (257 if a.dtype == np.uint16 and widen else 1))[None]])


def cpu_of(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, done.stdout


class Ours:
    def __init__(self, folder):
        self.folder, self.program = folder, os.path.join(folder, "compare")
        subprocess.run(["go", "build", "-o", self.program, "."], cwd=HERE, check=True)

    def encode(self, a, alpha, format, options=None, cores=1, seconds=0.5):
        """The file, and the seconds of CPU and of wall that writing it takes."""
        source, out = os.path.join(self.folder, "source"), os.path.join(self.folder, "out")
        with open(source, "wb") as f:
            f.write(a.tobytes())
            if alpha is not None:
                f.write(alpha.tobytes())
        job = {"Source": source, "Output": out, "Type": {"uint8": "U8", "uint16": "U16"}[a.dtype.name], "Bands": len(a),
               "Alpha": alpha is not None, "Width": a.shape[2], "Height": a.shape[1], "Format": format,
               "Options": dict(options or {}, Workers=cores), "Cores": cores}
        name = os.path.join(self.folder, "job.json")

        def run(n):
            with open(name, "w") as f:
                json.dump(dict(job, Runs=n), f)
            cpu, _, text = cpu_of([self.program, name])
            return cpu, float(text)

        cpu, wall = run(2)
        more = max(3, min(400, int(seconds / max(wall, 1e-4))))
        best = float("inf")
        for _ in range(2):
            few, w1 = run(2)
            many, w2 = run(2 + more)
            best, wall = min(best, max(many - few, 1e-6) / more), min(wall, w1, w2)
        with open(out, "rb") as f:
            return f.read(), best, wall


def theirs(driver, a, options, seconds=0.5):
    """GDAL's file, and the seconds of CPU and of wall."""
    source = gdal_array.OpenArray(a)
    if len(a) in (2, 4):
        source.GetRasterBand(len(a)).SetColorInterpretation(gdal.GCI_AlphaBand)
    best, wall, runs, began = float("inf"), float("inf"), 0, time.perf_counter()
    while runs < 2 or time.perf_counter() - began < seconds:
        c, t = time.process_time(), time.perf_counter()
        d = gdal.GetDriverByName(driver).CreateCopy("/vsimem/out", source, options=options)
        d = None
        best, wall, runs = min(best, time.process_time() - c), min(wall, time.perf_counter() - t), runs + 1
    f = gdal.VSIFOpenL("/vsimem/out", "rb")
    size = gdal.VSIStatL("/vsimem/out").size
    data = bytes(gdal.VSIFReadL(1, size, f))
    gdal.VSIFCloseL(f)
    gdal.Unlink("/vsimem/out")
    return data, best, wall


def magick(folder, a, alpha, options, out):
    """ImageMagick's file and its seconds of CPU, without those for reading the picture."""
    name = os.path.join(folder, "in.pam")
    b = a if alpha is None else joined(a, alpha)
    kind = {1: "GRAYSCALE", 2: "GRAYSCALE_ALPHA", 3: "RGB", 4: "RGB_ALPHA"}[len(b)]
    with open(name, "wb") as f:
        f.write(b"P7\nWIDTH %d\nHEIGHT %d\nDEPTH %d\nMAXVAL 255\nTUPLTYPE %s\nENDHDR\n" % (b.shape[2], b.shape[1], len(b), kind.encode()))
        f.write(np.ascontiguousarray(b.transpose(1, 2, 0)).tobytes())
    file = os.path.join(folder, "magick." + out.split(":")[0].lower())
    read = min(cpu_of([MAGICK, "-limit", "thread", "1", name, "null:"])[0] for _ in range(2))
    best = min(cpu_of([MAGICK, "-limit", "thread", "1", name, *options, out.split(":")[0] + ":" + file])[0] for _ in range(2))
    with open(file, "rb") as f:
        return f.read(), max(best - read, 1e-6)


def decoded(data):
    """Pixels as GDAL reads them, palettes expanded to RGBA."""
    gdal.FileFromMemBuffer("/vsimem/in", data)
    d = gdal.Open("/vsimem/in")
    a = d.ReadAsArray()
    table = d.GetRasterBand(1).GetColorTable()
    if table is not None:
        colours = np.array([table.GetColorEntry(i) for i in range(table.GetCount())], np.uint8)
        none = d.GetRasterBand(1).GetNoDataValue()
        if none is not None and d.GetDriver().ShortName == "GIF":
            colours[int(none)] = 0
        a = colours[a].transpose(2, 0, 1)
    d = None
    gdal.Unlink("/vsimem/in")
    return a if a.ndim == 3 else a[None]


def magick_decoded(folder, data, suffix, like):
    """Pixels as ImageMagick reads them."""
    name = os.path.join(folder, "decode." + suffix)
    with open(name, "wb") as f:
        f.write(data)
    depth = 8 * like.dtype.itemsize
    channels = {1: "gray", 3: "rgb", 4: "rgba"}[len(like)]
    text = cpu_of([MAGICK, name, "-depth", str(depth), "-endian", "LSB", channels + ":-"])[2]
    return np.frombuffer(text, like.dtype).reshape(like.shape[1], like.shape[2], len(like)).transpose(2, 0, 1)


def psnr(a, b):
    """Decibels; colours count by their alpha, as they show."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    if len(a) == 4 or len(b) == 4:
        full = np.full((1,) + a.shape[1:], 255.0)
        a, b = (x if len(x) == 4 else np.concatenate([x, full]) for x in (a, b))
        a, b = (np.concatenate([x[:3] * x[3:] / 255, x[3:]]) for x in (a, b))
    mse = ((a - b) ** 2).mean()
    return float("inf") if mse == 0 else 10 * np.log10(255 ** 2 / mse)


def must(ok, what):
    if not ok:
        raise SystemExit("WRONG: " + what)


def exact(folder, data, suffix, want, what):
    must(np.array_equal(decoded(data), want), what + ": GDAL reads other pixels")
    must(np.array_equal(magick_decoded(folder, data, suffix, want), want), what + ": ImageMagick reads other pixels")


def row(*cells):
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def table(*cells):
    print()
    row(*cells)
    row(*["---"] * len(cells))


ms = lambda s: "%.1f" % (1000 * s)
times = lambda theirs, ours: "%.2f" % (theirs / ours)


def pngs(ours, sides):
    table("PNG", "CPU ms, ours", "default", "ZLEVEL=1", "default / ours", "ZLEVEL=1 / ours", "wall ms, one core", "two",
          "size / default", "size / ZLEVEL=1")
    for side in sides:
        for name, (a, alpha) in pictures(side).items():
            want = joined(a, alpha)
            one, cpu, wall1 = ours.encode(a, alpha, "png")
            two, _, wall2 = ours.encode(a, alpha, "png", cores=2)
            must(one == two, "other bytes with two workers")
            exact(ours.folder, one, "png", want, name)
            d6, c6, _ = theirs("PNG", want, [])
            d1, c1, _ = theirs("PNG", want, ["ZLEVEL=1"])
            row("%s %d²" % (name, side), ms(cpu), ms(c6), ms(c1), times(c6, cpu), times(c1, cpu), ms(wall1), ms(wall2),
                "%.3f" % (len(one) / len(d6)), "%.3f" % (len(one) / len(d1)))


def jpegs(ours, sides):
    table("JPEG", "quality", "CPU ms, ours", "GDAL", "GDAL / ours", "wall ms, one core", "two", "GDAL", "size / GDAL", "dB", "dB, GDAL")
    for side in sides:
        all = pictures(side)
        for name, quality in [("photo RGB", 75), ("photo RGB", 95), ("photo grey", 75), ("map RGB", 75), ("photo RGB", 30)]:
            a = all[name][0]
            options = {"Quality": quality, "Subsampling": 1}
            one, cpu, wall1 = ours.encode(a, None, "jpg", options)
            two, _, wall2 = ours.encode(a, None, "jpg", options, cores=2)
            must(one == two, "other bytes with two workers")
            d, c, wall = theirs("JPEG", a, ["QUALITY=%d" % quality])
            mine = decoded(one)
            must(psnr(mine, magick_decoded(ours.folder, one, "jpg", mine)) > 45, "ImageMagick reads another picture")
            row("%s %d²" % (name, side), quality, ms(cpu), ms(c), times(c, cpu), ms(wall1), ms(wall2), ms(wall),
                "%.3f" % (len(one) / len(d)), "%.2f" % psnr(mine, a), "%.2f" % psnr(decoded(d), a))


def palettes(ours, sides):
    table("at most 256 colours", "CPU ms, ours", "ImageMagick", "ImageMagick / ours", "dB", "dB, ImageMagick", "size / ImageMagick's")
    for side in sides:
        all = pictures(side)
        for name in ["photo RGB", "photo RGBA", "map RGB"]:
            a, alpha = all[name]
            for format, out in [("png8", "PNG8"), ("gif", "GIF")]:
                if alpha is not None and format == "gif":
                    alpha = alpha // 128 * 255
                want = joined(a, alpha)
                full = want if alpha is not None else np.concatenate([a, np.full_like(a[:1], 255)])
                one, cpu, _ = ours.encode(a, alpha, format)
                mine = decoded(one)
                must(np.array_equal(mine, magick_decoded(ours.folder, one, format.rstrip("8"), mine)), "decoders disagree")
                for what, held in (("transparent", mine[3] == 0), ("opaque", mine[3] == 255)):
                    must(np.array_equal(held, full[3] == (0 if what == "transparent" else 255)), what + " pixels changed")
                d, c = magick(ours.folder, a, alpha, ["+dither", "-colors", "256"], out + ":")
                row("%s %s %d²" % (format, name, side), ms(cpu), ms(c), times(c, cpu), "%.2f" % psnr(mine, full),
                    "%.2f" % psnr(magick_decoded(ours.folder, d, format.rstrip("8"), full), full), "%.3f" % (len(one) / len(d)))


def plain(ours, sides):
    table("GIF of values, BMP", "CPU ms, ours", "GDAL", "GDAL / ours", "size / GDAL's")
    for side in sides:
        all = pictures(side)
        for name, format, driver in [("photo grey", "gif", "GIF"), ("map index", "gif", "GIF"), ("photo RGB", "bmp", "BMP"), ("map RGB", "bmp", "BMP")]:
            a = all[name.replace("index", "RGB")][0]
            if name == "map index":
                a = a[:1] // 16
            one, cpu, _ = ours.encode(a, None, format)
            mine = decoded(one)
            must(np.array_equal(mine[: len(a)], a), "GDAL reads other pixels")
            must(np.array_equal(magick_decoded(ours.folder, one, format, a), a), "ImageMagick reads other pixels")
            d, c, _ = theirs(driver, a, [])
            row("%s %s %d²" % (format, name, side), ms(cpu), ms(c), times(c, cpu), "%.3f" % (len(one) / len(d)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sides", nargs="*", type=int, default=[256, 1024, 4096], help="of the pictures")
    parser.add_argument("--only", nargs="*", choices=["png", "jpg", "png8", "plain"], default=["png", "jpg", "png8", "plain"])
    args = parser.parse_args()
    gdal.UseExceptions()
    gdal.SetConfigOption("GDAL_NUM_THREADS", "1")
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")
    print("GDAL %s, %s" % (gdal.__version__, subprocess.run([MAGICK, "-version"], capture_output=True, text=True).stdout.split("\n")[0]))
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(folder)
        for name, part in [("png", pngs), ("jpg", jpegs), ("png8", palettes), ("plain", plain)]:
            if name in args.only:
                part(ours, args.sides)


if __name__ == "__main__":
    main()
