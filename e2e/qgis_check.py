"""QGIS's providers for ArcGIS servers and for WMS against the service "world": they load it and draw pixels of known places.
Its provider for tiles does so from those of the demo server with -tiles elevation.

    QT_QPA_PLATFORM=offscreen python3 qgis_check.py SERVICES_URL TILED_SERVICES_URL [FOLDER FOR SCREENSHOTS]
"""
import json
import math
import os
import pathlib
import sys
import tempfile
import urllib.parse

from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsNetworkAccessManager, QgsPointXY, QgsRaster, QgsRasterLayer, QgsRectangle)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

services, tiled = sys.argv[1:3]
shots = sys.argv[3] if len(sys.argv) > 3 else None
width, height, resolution, tolerance = 800, 600, 50000, 30  # as places.mjs has them
places = json.loads((pathlib.Path(__file__).parent / "places.json").read_text())


def pixel_of(place):
    r, rad = 6378137, math.pi / 180
    x = r * place["lon"] * rad
    y = r * math.log(math.tan(math.pi / 4 + place["lat"] * rad / 2))
    return round(width / 2 + x / resolution), round(height / 2 - y / resolution)


def draw(layer):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(width, height))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    half = resolution / 2
    settings.setExtent(QgsRectangle(-width * half, -height * half, width * half, height * half))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage(), [e.message for e in job.errors()]


def check(name, uri, provider="arcgismapserver", also=lambda layer: []):
    layer = QgsRasterLayer(uri, "world", provider)
    if not layer.isValid():
        faults = [f"the layer is not valid: {layer.error().message()}"]
    else:
        image, faults = draw(layer)
        if shots:
            os.makedirs(shots, exist_ok=True)
            image.save(os.path.join(shots, name.replace(" ", "-").replace(",", "") + ".png"))
        for place in places:
            c = image.pixelColor(*pixel_of(place))
            seen = [c.red(), c.green(), c.blue()]
            if max(abs(a - b) for a, b in zip(seen, place["colour"])) > tolerance:
                faults.append(f"{place['name']} is {seen}, not {place['colour']}")
        faults += also(layer)
    print("FAIL" if faults else "ok  ", name, *("\n       " + f for f in faults))
    return not faults


def identified(layer):
    """The identify tool at the Sahara."""
    box = QgsRectangle(-180, -90, 180, 90)
    place = places[0]
    found = layer.dataProvider().identify(QgsPointXY(place["lon"], place["lat"]), QgsRaster.IdentifyFormatText, box, 1920, 960)
    text = " ".join(str(v) for v in found.results().values())
    return [] if found.isValid() and "Band_1: 194" in text else [f"identified {text or found.error().message()}"]


# QGIS keeps answers on disk and takes them in later runs without asking again, so it gets an empty profile.
with tempfile.TemporaryDirectory() as profile:
    QgsApplication.setPrefixPath("/usr", True)
    app = QgsApplication([], False, profile)
    app.initQgis()
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()
    url = services + "/world/ImageServer"
    ok = [
        # The service is in degrees, and QGIS reprojects what it gets.
        check("QGIS", f"crs='EPSG:4326' format='PNG32' url='{url}'"),
        check("QGIS, no format as its browser asks", f"crs='EPSG:4326' format='' url='{url}'"),
    ]
    wms = services + "/world/ImageServer/WMSServer"
    for crs in "EPSG:4326", "EPSG:3857", "CRS:84":
        ok.append(check(f"QGIS WMS, {crs}", f"crs={crs}&format=image/png&layers=world&styles=&url={wms}", "wms",
                        identified if crs == "EPSG:4326" else lambda layer: []))
    ok.append(check("QGIS WMS 1.1.1", f"crs=EPSG:4326&format=image/jpeg&layers=world&styles=None&url={wms}?VERSION%3D1.1.1", "wms"))
    quote = lambda url: urllib.parse.quote(url, safe="")
    url = tiled + "/world/ImageServer"
    ok += [
        check("QGIS XYZ", f"type=xyz&zmin=0&zmax=23&url={quote(url + '/xyz/{z}/{x}/{y}.png')}", "wms"),
        check("QGIS WMTS", "crs=EPSG:3857&format=image/png&layers=world&styles=default&tileMatrixSet=GoogleMapsCompatible"
              f"&url={quote(url + '/WMTS/1.0.0/WMTSCapabilities.xml')}", "wms"),
    ]
    app.exitQgis()
sys.exit(0 if all(ok) else 1)
