"""GDAL as a peer: reads jobs from standard input, one a line in JSON, and answers each with a line.

A job is warped to memory, and what comes of it is written to memory by the driver of its format. The time is that of
both, and of opening the raster if the job is cold.
"""

import json
import sys
import time

import numpy as np
from osgeo import gdal

gdal.UseExceptions()

DRIVERS = {"png": ("PNG", []), "png8": ("PNG", []), "jpg": ("JPEG", ["QUALITY=75"]), "tiff": ("GTiff", [])}
KERNELS = {"nearest": "near", "bilinear": "bilinear", "cubic": "cubic", "majority": "mode"}

# What GDAL's documentation advises for files on servers: no listing of folders, and no files beside the raster.
FAR = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif"}

kept = {}


def open_raster(job):
    """The raster of a job: opened anew and with nothing in caches if it is cold."""
    source = job["Source"]
    if job["Cold"]:
        kept.clear()
        if source.startswith("http"):
            gdal.VSICurlClearCache()
    if source not in kept:
        for key, value in FAR.items():
            gdal.SetConfigOption(key, value if source.startswith("http") else None)
        name = "/vsicurl/" + source if source.startswith("http") else source
        threads = ["NUM_THREADS=%d" % job["Cores"]] if name.endswith(".tif") else []
        kept[source] = gdal.OpenEx(name, open_options=threads)
    return kept[source]


def warp(job):
    # Kernels stay as wide as a pixel of the raster, as ours do: XSCALE and YSCALE of 1. Pictures are finer than the
    # first overview, so that neither program should take it; GDAL would, where axes are turned.
    x0, y0, x1, y1 = job["Box"]
    return gdal.Warp("", open_raster(job), format="MEM", outputBounds=(x0, y0, x1, y1), dstSRS="EPSG:%d" % job["SR"],
                     width=job["Width"], height=job["Height"], resampleAlg=KERNELS[job["Kernel"]],
                     multithread=job["Cores"] > 1, overviewLevel="NONE", errorThreshold=0 if job["Exact"] else 0.125,
                     warpOptions=["NUM_THREADS=%d" % job["Cores"], "XSCALE=1", "YSCALE=1"])


def hillshade(d):
    return gdal.DEMProcessing("", d, "hillshade", format="MEM", computeEdges=True)


def ndvi(d):
    infrared, red = (d.GetRasterBand(i).ReadAsArray().astype(np.float32) for i in (1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.nan_to_num((infrared - red) / (infrared + red)) * 100 + 100
    out = gdal.GetDriverByName("MEM").Create("", d.RasterXSize, d.RasterYSize, 1, gdal.GDT_Byte)
    out.GetRasterBand(1).WriteArray((index + 0.5).clip(0, 255).astype(np.uint8))
    return out


def palette(d):
    """The picture with 256 colours chosen for it, as of rgb2pct.py. One that has a palette keeps it."""
    if d.RasterCount < 3:
        return d
    bands = [d.GetRasterBand(i) for i in (1, 2, 3)]
    colors = gdal.ColorTable()
    gdal.ComputeMedianCutPCT(*bands, 256, colors)
    out = gdal.GetDriverByName("MEM").Create("", d.RasterXSize, d.RasterYSize, 1, gdal.GDT_Byte)
    out.GetRasterBand(1).SetRasterColorTable(colors)
    gdal.DitherRGB2PCT(*bands, out.GetRasterBand(1), colors)
    return out


FUNCTIONS = {"": lambda d: d, "hillshade": hillshade, "ndvi": ndvi}


def export(job):
    start, cpu = time.perf_counter(), time.process_time()
    d = FUNCTIONS[job["Function"]](warp(job))
    if job["Format"] == "png8":
        d = palette(d)
    driver, options = DRIVERS[job["Format"]]
    gdal.GetDriverByName(driver).CreateCopy("/vsimem/out", d, options=options)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    f = gdal.VSIFOpenL("/vsimem/out", "rb")
    size = gdal.VSIStatL("/vsimem/out").size
    if job["Out"]:
        with open(job["Out"], "wb") as out:
            out.write(gdal.VSIFReadL(1, size, f))
    gdal.VSIFCloseL(f)
    for name in gdal.ReadDir("/vsimem/") or []:
        gdal.Unlink("/vsimem/" + name)
    return {"Seconds": seconds, "CPU": cpu, "Bytes": size}


def main():
    gdal.SetCacheMax(1 << 30)
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")
    for line in sys.stdin:
        try:
            answer = export(json.loads(line))
        except Exception as e:  # which the program reports with the row
            answer = {"Error": "%s: %s" % (type(e).__name__, e)}
        print(json.dumps(answer), flush=True)


main()
