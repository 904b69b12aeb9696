# Reads windows of a file over HTTP with GDAL: the first alone, and then the others, eight at a time. It prints when it is
# ready, and after each of both.
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import local

from osgeo import gdal

gdal.UseExceptions()
for key, value in {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_HTTP_MULTIPLEX": "YES",
    "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
    "VSI_CACHE": "NO",
    "GDAL_CACHEMAX": "1",
}.items():
    gdal.SetConfigOption(key, value)
windows = json.loads(sys.stdin.readline())
name = "/vsicurl/" + sys.argv[1]
mine = local()


def read(window):
    if not hasattr(mine, "dataset"):
        mine.dataset = gdal.Open(name)
    return mine.dataset.ReadRaster(*window)


print("ready", flush=True)
read(windows[0])
print("first", flush=True)
with ThreadPoolExecutor(8) as pool:
    list(pool.map(read, windows[1:]))
print("hundred", flush=True)
