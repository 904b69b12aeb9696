"""Looks at what geotiff.Encode wrote with GDAL, and compares how fast both write. See README.md."""
import argparse, base64, json, os, resource, subprocess, sys, tempfile, time
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
here = os.path.dirname(os.path.abspath(__file__))
root = os.path.abspath(os.path.join(here, "..", "..", "..", ".."))

GDAL_TYPES = {
    "U1": "Byte", "U2": "Byte", "U4": "Byte", "U8": "Byte", "S8": ("Byte", "Int8"), "U16": "UInt16", "S16": "Int16",
    "U32": "UInt32", "S32": "Int32", "F32": "Float32", "F64": "Float64", "C64": "CFloat32", "C128": "CFloat64",
}


def check_file(e, path, validate):
    """Gives what is wrong with a file, as texts."""
    wrong = []

    def want(what, got, expected):
        if got != expected:
            wrong.append(f"{what}: {got}, want {expected}")

    ds = gdal.Open(path)
    w, h = e["Size"]["X"], e["Size"]["Y"]
    want("size", (ds.RasterXSize, ds.RasterYSize), (w, h))
    want("bands", ds.RasterCount, e["Bands"] + e["Alpha"])
    want("EPSG", ds.GetSpatialRef().GetAuthorityCode(None), str(e["EPSG"]))
    a = e["Affine"]
    want("geotransform", ds.GetGeoTransform(), (a["C"], a["A"], a["B"], a["F"], a["D"], a["E"]))
    want("AREA_OR_POINT", ds.GetMetadataItem("AREA_OR_POINT"), "Area")
    compression = ds.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") or "NONE"
    want("compression", compression.replace("YCbCr ", ""), e["Compression"])
    valid = None if e["Valid"] is None else np.array(list(base64.b64decode(e["Valid"])), np.uint8).reshape(h, w)
    for i in range(e["Bands"]):
        band = ds.GetRasterBand(i + 1)
        name = gdal.GetDataTypeName(band.DataType)
        expected = GDAL_TYPES[e["Type"]]
        if name != expected and name not in expected:
            wrong.append(f"type {name}, want {expected}")
        if e["Type"] in ("U1", "U2", "U4"):
            want("NBITS", band.GetMetadataItem("NBITS", "IMAGE_STRUCTURE"), e["Type"][1])
        got = band.ReadAsArray()
        if e["Type"] == "S8":
            got = got.view(np.int8)
        samples = np.array(e["Samples"][i])
        if e["Type"].startswith("C"):
            samples = samples.reshape(-1, 2) @ np.array([1, 1j])
        samples = samples.reshape(h, w)
        shown = np.ones((h, w), bool) if valid is None else valid > 0
        if e["Lossy"]:
            psnr = 10 * np.log10(255**2 / np.mean((got[shown].astype(float) - samples[shown])**2))
            if psnr < 38:
                wrong.append(f"PSNR {psnr:.1f} dB")
        elif not np.array_equal(got[shown], samples[shown]):
            wrong.append(f"band {i + 1}: {np.count_nonzero(got[shown] != samples[shown])} samples differ")
        if e["NoData"] is not None:
            want("noData", band.GetNoDataValue(), e["NoData"])
            if not (got[~shown] == e["NoData"]).all():
                wrong.append("pixels without data that do not hold noData")
        else:
            want("noData", band.GetNoDataValue(), None)
            if not e["Lossy"] and not (got[~shown] == 0).all():
                wrong.append("pixels without data that are not 0")
        flags = band.GetMaskFlags()
        if e["Mask"]:
            want("mask flags", flags, gdal.GMF_PER_DATASET)
        elif e["Alpha"]:
            want("mask flags", flags, gdal.GMF_PER_DATASET | gdal.GMF_ALPHA)
        elif e["NoData"] is not None:
            want("mask flags", flags, gdal.GMF_NODATA)
        else:
            want("mask flags", flags, gdal.GMF_ALL_VALID)
        mask = band.GetMaskBand().ReadAsArray()
        if not np.array_equal(mask > 0, shown):
            wrong.append(f"band {i + 1}: {np.count_nonzero((mask > 0) != shown)} pixels of another validity")
        want("overviews", band.GetOverviewCount() > 0, e["Overviews"] and max(w, h) > 256)
        for o in range(band.GetOverviewCount()):
            overview = band.GetOverview(o)
            want("overview's size", (overview.XSize, overview.YSize), (-(-w // 2**(o + 1)), -(-h // 2**(o + 1))))
            overview.ReadAsArray()
            if e["Mask"]:
                want("overview's mask", overview.GetMaskFlags(), gdal.GMF_PER_DATASET)
                overview.GetMaskBand().ReadAsArray()
    if e["Colors"]:
        table = ds.GetRasterBand(1).GetColorTable()
        want("colours", [list(table.GetColorEntry(i)[:3]) for i in range(len(e["Colors"]))], e["Colors"])
    ds = None
    if e["Overviews"] and validate:
        warnings, errors, _ = validate(path, full_check=True)
        wrong += errors + warnings
    return wrong


def check_matrix(program, folder):
    try:
        from osgeo_utils.samples.validate_cloud_optimized_geotiff import validate
    except ImportError:
        validate = None
        print("validate_cloud_optimized_geotiff is not there: the layout of files with overviews is not checked")
    subprocess.run([program, "-matrix", folder], check=True)
    entries = json.load(open(os.path.join(folder, "matrix.json")))
    bad = 0
    for e in entries:
        try:
            wrong = check_file(e, os.path.join(folder, e["File"]), validate)
        except RuntimeError as err:
            wrong = [str(err)]
        if wrong:
            bad += 1
            print(e["File"], f"{e['Bands']} bands, predictor {e['Predictor']}:", "; ".join(map(str, wrong[:4])))
    cogs = sum(e["Overviews"] for e in entries)
    print(f"{len(entries) - bad} of {len(entries)} files are what they should be by GDAL {gdal.__version__}, {cogs} of them cloud-optimised")
    return bad


def measure_gdal(array, options, times):
    """Seconds of the fastest repetition, the size, and CPU seconds of a repetition."""
    cpu = time.process_time()
    bands, h, w = array.shape
    kind = gdal.GDT_Byte if array.dtype == np.uint8 else gdal.GDT_Float32
    best = 1e9
    for _ in range(times):
        start = time.perf_counter()
        ds = gdal.GetDriverByName("GTiff").Create("/vsimem/x.tif", w, h, bands, kind, options)
        ds.WriteArray(array)
        ds = None
        best = min(best, time.perf_counter() - start)
        size = gdal.VSIStatL("/vsimem/x.tif").size
        gdal.Unlink("/vsimem/x.tif")
    return best, size, (time.process_time() - cpu) / times


def measure_ours(command, times):
    """The same; CPU time is that of many repetitions without that of one, so that starting the program does not count."""
    def run(n):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run(command + ["-times", str(n)], check=True, capture_output=True, text=True).stdout.split()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return float(out[0]), int(out[1]), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    first, (best, size, cpu) = run(1), run(times + 1)
    return min(best, first[0]), size, (cpu - first[2]) / times


def compare_speed(program, folder, times, side):
    demo = os.path.join(root, "testdata", "demo")
    photo = gdal.Translate("", os.path.join(demo, "world.tif"), format="MEM", width=side, height=side, resampleAlg="cubic").ReadAsArray()[:3]
    heights = gdal.Translate("", os.path.join(demo, "olinda_elevation.tif"), format="MEM", width=side, height=side,
                             resampleAlg="cubic", outputType=gdal.GDT_Float32).ReadAsArray()[np.newaxis]
    photo = np.clip(photo + np.random.default_rng(1).normal(0, 2, photo.shape), 0, 255).astype(np.uint8)  # a camera's noise
    print(f"{side} x {side} pixels, 2 threads, to memory; ours / GDAL")
    for name, array, typ, predictors in (("photo, 3 bands of U8", photo, "U8", (1, 2)), ("heights, 1 band of F32", heights, "F32", (1, 3))):
        raw = os.path.join(folder, "raw")
        np.ascontiguousarray(array).tofile(raw)
        for compression in ("NONE", "LZW", "DEFLATE", "ZSTD", "JPEG"):
            for predictor in predictors:
                if compression in ("NONE", "JPEG") and predictor > 1 or compression == "JPEG" and typ != "U8":
                    continue
                options = ["TILED=YES", "INTERLEAVE=PIXEL", "NUM_THREADS=2", f"COMPRESS={compression}"]
                if compression == "JPEG":
                    options += ["PHOTOMETRIC=YCBCR", "JPEG_QUALITY=75"]
                elif compression != "NONE":
                    options += [f"PREDICTOR={predictor}"]
                command = [program, "-raw", raw, "-type", typ, "-width", str(array.shape[2]), "-bands", str(array.shape[0]),
                           "-compression", compression, "-predictor", str(predictor)]
                ours = theirs = (1e9, 1e18, 1e9)
                for _ in range(2):  # in turns
                    ours = tuple(map(min, zip(ours, measure_ours(command, times))))
                    theirs = tuple(map(min, zip(theirs, measure_gdal(array, options, times))))
                mb = array.nbytes / 1e6
                print(f"{name:24} {compression:8} predictor {predictor}: {mb / ours[0]:6.0f} / {mb / theirs[0]:6.0f} MB/s = "
                      f"{theirs[0] / ours[0]:5.2f} (CPU {theirs[2] / ours[2]:5.2f}); {ours[1] / 1e6:6.2f} / {theirs[1] / 1e6:6.2f} MB = {ours[1] / theirs[1]:.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-only", action="store_true")
    parser.add_argument("--speed-only", action="store_true")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--side", type=int, default=2048)
    o = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "encode")
        subprocess.run(["go", "build", "-o", program, "."], check=True, cwd=here)
        if not o.speed_only:
            bad = check_matrix(program, folder)
        if not o.check_only:
            compare_speed(program, folder, o.times, o.side)
    sys.exit(bad > 0)


main()
