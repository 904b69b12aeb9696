"""Reads a TIFF file by GDAL, and prints what it finds as JSON. The standard input has what package geotiff found in the same form, so that
the spatial references can be compared here, where PROJ is."""
import hashlib, json, math, sys
import numpy
from osgeo import gdal, osr

gdal.UseExceptions()
osr.UseExceptions()
MOST = 4096  # the side of the part whose samples are compared


def samples(ds, bands):
    """A hash of the samples of each band, little endian, in the type that package geotiff has them in."""
    width, height = min(ds.RasterXSize, MOST), min(ds.RasterYSize, MOST)
    types = {"int64": "<f8", "uint64": "<f8"}
    out = []
    for i in range(1, min(ds.RasterCount, bands) + 1):
        a = ds.GetRasterBand(i).ReadAsArray(0, 0, width, height)
        kind = types.get(a.dtype.name) or a.dtype.newbyteorder("<")
        if a.dtype.kind == "c" and ds.GetRasterBand(i).DataType == gdal.GDT_CInt32:
            kind = "<c16"
        out.append(hashlib.sha1(a.astype(kind).tobytes()).hexdigest())
    return out


def invalid(ds):
    """The number of pixels without data, of files with one band."""
    if ds.RasterCount != 1:
        return -1
    band = ds.GetRasterBand(1)
    width, height = min(ds.RasterXSize, MOST), min(ds.RasterYSize, MOST)
    valid = band.GetMaskBand().ReadAsArray(0, 0, width, height) != 0
    a = band.ReadAsArray(0, 0, width, height)
    if band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE") == "SIGNEDBYTE" and band.GetNoDataValue() is not None:
        valid = a.view("int8") != band.GetNoDataValue()  # GDAL's mask takes samples for unsigned
    if a.dtype.kind in "fc":
        valid &= ~numpy.isnan(a)
    return int((~valid).sum())


def reference(ds, ours):
    """How the spatial references differ; empty if they do not."""
    theirs = ds.GetSpatialRef()
    if theirs is None or theirs.IsLocal():
        return "" if not ours["WKT"] else "GDAL has none"
    if not ours["WKT"]:
        return "package geotiff has none"
    mine = osr.SpatialReference()
    mine.ImportFromWkt(ours["WKT"])
    if mine.IsSame(theirs, ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS"]):
        return ""
    # Names and codes may differ, and places not.
    g = ds.GetGeoTransform()
    far = 0.0
    for s in (mine, theirs):
        s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    geographic = [s.CloneGeogCS() for s in (mine, theirs)]
    for s in geographic:
        s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    to = [osr.CoordinateTransformation(a, b) for a, b in zip((mine, theirs), geographic)]
    if mine.GetSemiMajor() and abs(mine.GetSemiMajor() - theirs.GetSemiMajor()) > 1:
        return "ellipsoids differ"
    for x, y in [(0.5, 0.5), (0.1, 0.1), (0.9, 0.2)]:
        px, py = x * ds.RasterXSize, y * ds.RasterYSize
        at = g[0] + g[1] * px + g[2] * py, g[3] + g[4] * px + g[5] * py
        a, b = (t.TransformPoint(*at) for t in to)
        far = max(far, 111320 * math.hypot((a[0] - b[0]) * math.cos(math.radians(b[1])), a[1] - b[1]))
    if far > 0.5 or far != far:
        return "%.3g m apart" % far
    return ""


def main(path):
    ours = json.load(sys.stdin)
    name = "GTIFF_RAW:" + path if ours.get("Inks") else path
    ds = gdal.OpenEx(name, gdal.OF_RASTER, ["GTiff"])
    out = {"Width": ds.RasterXSize, "Height": ds.RasterYSize, "Bands": ds.RasterCount, "Samples": samples(ds, 64), "Invalid": invalid(ds),
           "Affine": ds.GetGeoTransform(can_return_null=True), "Points": ds.GetGCPCount() > 0}
    try:
        out["Reference"] = reference(ds, ours) if not ours.get("Error") else ""
    except Exception as e:
        out["Reference"] = "not compared: " + str(e)[:200]
    print(json.dumps(out))


try:
    main(sys.argv[1])
except Exception as e:
    print(json.dumps({"Error": str(e).strip().split("\n")[0][:300]}))
