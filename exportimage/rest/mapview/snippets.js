// Programs that show this very view elsewhere.
import { config, drawing, shownRule, srObject } from "./view.js";

const quoted = JSON.stringify;
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const extension = (format) => (format.startsWith("png") ? "png" : format === "jpgpng" || format === "jpg" ? "jpg" : format);
// fields writes an object of texts as source code, a line each.
const fields = (object, indent, colon = ": ", name = quoted) => Object.entries(object).map(([key, v]) => `${indent}${name(key)}${colon}${quoted(v)},`).join("\n");

// A view is what the programs show: the service's URL, the export's parameters, box, size and spatial reference.
const writers = {
  curl: ({ url, file }) => `curl -o ${file} ${shell(url)}`,
  Go: ({ url, file }) => `package main

import (
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	resp, err := http.Get(${quoted(url)})
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		log.Fatal(resp.Status)
	}
	f, err := os.Create("${file}")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := io.Copy(f, resp.Body); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}`,
  Python: ({ service, image, file }) => `from urllib.parse import urlencode
from urllib.request import urlretrieve

view = {
${fields(image, "    ")}
}
urlretrieve(${quoted(service + "/exportImage?")} + urlencode(view), "${file}")`,
  OpenLayers: ({ service, kept, center, resolution, epsg }) => `import ImageLayer from "ol/layer/Image.js";
import Map from "ol/Map.js";
import View from "ol/View.js";
import ImageArcGISRest from "ol/source/ImageArcGISRest.js";
${["EPSG:4326", "EPSG:3857"].includes(epsg) ? "" : `// ol/proj/proj4.js has to register ${epsg} first.\n`}
new Map({
  target: "map",
  layers: [new ImageLayer({
    source: new ImageArcGISRest({
      url: ${quoted(service)},
      ratio: 1,
      params: ${quoted(kept)},
    }),
  })],
  view: new View({ projection: "${epsg}", center: ${quoted(center)}, resolution: ${resolution} }),
});`,
  Leaflet: ({ service, layer, degrees }) => `// With Leaflet and esri-leaflet, whose maps are in Web Mercator.
const map = L.map("map").fitBounds(${quoted(degrees && [[degrees[1], degrees[0]], [degrees[3], degrees[2]]])});
L.esri.imageMapLayer(${quoted({ url: service, ...layer, opacity: 1 })}).addTo(map);`,
  "MapLibre GL": ({ service, kept, degrees }) => `// MapLibre's maps are in Web Mercator.
new maplibregl.Map({
  container: "map",
  bounds: ${quoted(degrees)},
  style: {
    version: 8,
    sources: {
      image: {
        type: "raster",
        tileSize: 256,
        tiles: [${quoted(`${service}/exportImage?bbox={bbox-epsg-3857}&bboxSR=3857&imageSR=3857&size=256,256&f=image&${new URLSearchParams(kept)}`)}],
      },
    },
    layers: [{ id: "image", type: "raster", source: "image" }],
  },
});`,
  "ArcGIS Maps SDK for JavaScript": ({ service, kept, box, sr, rule }) => `import Map from "@arcgis/core/Map.js";
import MapView from "@arcgis/core/views/MapView.js";
import ImageryLayer from "@arcgis/core/layers/ImageryLayer.js";

const layer = new ImageryLayer({
  url: ${quoted(service)},
  format: ${quoted(kept.format)},${rule ? `\n  rasterFunction: ${quoted({ functionName: rule.rasterFunction, functionArguments: rule.rasterFunctionArguments })},` : ""}${kept.bandIds ? `\n  bandIds: [${kept.bandIds}],` : ""}
});
new MapView({
  container: "map",
  map: new Map({ layers: [layer] }),
  extent: ${quoted({ xmin: box[0], ymin: box[1], xmax: box[2], ymax: box[3], spatialReference: srObject(sr) })},
});`,
  QGIS: ({ service, kept, box, epsg, name }) => `# In QGIS's Python console.${kept.renderingRule || kept.mosaicRule || kept.bandIds ? "\n# QGIS asks for the service as it is: it has no parameter for rules and bands." : ""}
layer = QgsRasterLayer("crs='${epsg}' format='${kept.format.toUpperCase()}' url='${service}'", ${quoted(name)}, "arcgismapserver")
QgsProject.instance().addMapLayer(layer)
QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("${epsg}"))
iface.mapCanvas().setExtent(QgsRectangle(${box.join(", ")}))
iface.mapCanvas().refresh()`,
  GDAL: ({ service, image }) => `gdal_translate ${shell(`/vsicurl?list_dir=no&empty_dir=yes&url=${encodeURIComponent(`${service}/exportImage?${new URLSearchParams({ ...image, format: "tiff" })}`)}`)} view.tif`,
};

const select = document.getElementById("client");
const output = document.getElementById("snippet");

// startSnippets fills the list of programs; show is called when another is chosen.
export function startSnippets(show) {
  for (const name of Object.keys(writers)) select.append(new Option(name, name));
  select.addEventListener("change", show);
  document.getElementById("copy").addEventListener("click", async (event) => {
    try {
      await navigator.clipboard.writeText(output.textContent);
      event.target.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(output); // where pages may not write: the text is marked, to be copied by hand
      event.target.textContent = "Marked";
    }
    setTimeout(() => { event.target.textContent = "Copy"; }, 1500);
  });
}

// showSnippet writes the program for what the map shows.
export function showSnippet({ frame, base }, { box, size }) {
  const service = new URL(config.url, location.href).href.replace(/\/$/, "");
  const image = { ...drawing(frame, box, size), f: "image" };
  const kept = { ...image };
  for (const name of ["bbox", "bboxSR", "imageSR", "size", "adjustAspectRatio", "f"]) delete kept[name];
  const layer = { ...kept };
  for (const name of ["renderingRule", "mosaicRule"]) if (layer[name]) layer[name] = JSON.parse(layer[name]);
  if (layer.time) [layer.from, layer.to] = layer.time.split(",").map(Number);
  delete layer.time;
  output.textContent = writers[select.value]({
    service, image, kept, layer, box, url: `${service}/exportImage?${new URLSearchParams(image)}`, file: `view.${extension(image.format)}`,
    center: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], resolution: (box[2] - box[0]) / size[0], sr: frame.sr, rule: shownRule(), name: config.name,
    epsg: /^\d+$/.test(frame.sr) ? `${Number(frame.sr) > 32767 && Number(frame.sr) !== 102100 ? "ESRI" : "EPSG"}:${frame.sr}` : frame.sr, degrees: base.degrees,
  });
}
