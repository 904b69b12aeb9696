"""QGIS's provider for ArcGIS servers against the service "world": it loads the service and draws pixels of known places.

    QT_QPA_PLATFORM=offscreen python3 qgis_check.py SERVICES_URL [FOLDER FOR SCREENSHOTS]
"""
import json
import math
import os
import pathlib
import sys
import tempfile

from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsNetworkAccessManager, QgsRasterLayer, QgsRectangle)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

services = sys.argv[1]
shots = sys.argv[2] if len(sys.argv) > 2 else None
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


def check(name, uri):
    layer = QgsRasterLayer(uri, "world", "arcgismapserver")
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
    print("FAIL" if faults else "ok  ", name, *("\n       " + f for f in faults))
    return not faults


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
    app.exitQgis()
sys.exit(0 if all(ok) else 1)
