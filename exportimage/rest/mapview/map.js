// A map of one image service. Its coordinates are those of a spatial reference, which people choose; the server projects,
// so that nothing is projected here.
import { ask, checked, config, control, drawing, element, form, query, recall, remember, say, short, value } from "./view.js";
import { Picture } from "./picture.js";
import { Base } from "./base.js";
import { Places } from "./places.js";
import { Footprints, choices, histogram, legend, watch } from "./panels.js";
import { fillRequest } from "./request.js";
import { showSnippet, startSnippets } from "./snippets.js";

const stage = document.getElementById("map");
let shown = null; // the map and what is on it

// frameOf returns what the map needs to know of a spatial reference, and where a box lies in it.
async function frameOf(sr, box, boxSR) {
  if (sr === config.sr && boxSR === sr) return { sr, name: config.srName, extent: config.extent, view: box };
  return ask("map/frame", { imageSR: sr, bbox: box.join(","), bboxSR: boxSR });
}

const boundsOf = ([xmin, ymin, xmax, ymax]) => L.latLngBounds([ymin, xmin], [ymax, xmax]);

// open makes the map in a spatial reference.
function open(frame) {
  if (shown) shown.map.remove();
  const [xmin, ymin, xmax, ymax] = frame.extent;
  // At zoom 0 the whole service fits into 256 pixels, whose upper left corner is that of the service.
  const unit = Math.max(xmax - xmin, ymax - ymin) / 256;
  const crs = L.extend({}, L.CRS.Simple, { transformation: new L.Transformation(1 / unit, -xmin / unit, -1 / unit, ymax / unit) });
  const across = (config.extent[2] - config.extent[0]) / config.pixel;
  const finest = Math.max(0, Math.ceil(Math.log2(across / 256))) + 4;
  const extent = boundsOf(frame.extent);
  const map = L.map(stage, {
    crs, minZoom: -2, maxZoom: finest, zoomSnap: 0, zoomDelta: 1, wheelPxPerZoomLevel: 100, maxBounds: extent.pad(1), fadeAnimation: false,
  });
  const credits = document.createElement("span");
  credits.textContent = config.credits; // from the service, so never taken for markup
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>').addAttribution(credits.innerHTML);
  stage.append(Object.assign(document.createElement("div"), { className: "cross" }));

  document.getElementById("srname").textContent = frame.name;
  const pixelSize = () => unit / crs.scale(map.getZoom());
  const picture = new Picture(map, frame, extent, () => {
    stage.dataset.drawn = picture.parameters ? query("exportImage", { ...picture.parameters, f: "image" }) : "";
  });
  shown = { map, frame, picture, base: new Base(map, frame), extent };
  shown.places = new Places(map, frame, pixelSize, () => refresh());
  if (config.catalog) shown.footprints = new Footprints(map, frame, say);
  map.on("moveend", moved);
  map.fitBounds(boundsOf(frame.view));
}

// moved draws what the map shows now.
function moved() {
  const { map, frame, picture, base, footprints, places } = shown;
  const view = { ...picture.view(), pixels: map.getPixelBounds() }, seen = picture.seen();
  const part = seen || view;
  const parameters = drawing(frame, part.box, part.size);
  document.getElementById("export").href = query("exportImage", { ...parameters, f: "html" });
  document.getElementById("image").href = query("exportImage", { ...parameters, f: "image" });
  remember(frame, view.box);
  fillRequest(parameters);
  places.show(map.getCenter());
  picture.load();
  base.load(view, () => showSnippet(shown, part));
  if (footprints) footprints.load(view);
  if (config.legend) legend();
  if (config.places) histogram(frame, seen);
  showSnippet(shown, part);
}

// refresh draws the same view after a choice.
function refresh() {
  choices(refresh);
  moved();
}

// changeSR shows the same place in another spatial reference, or says why that cannot be.
async function changeSR() {
  const input = control("imageSR"), before = shown.frame;
  const sr = input.value.trim() || config.sr;
  input.value = sr;
  if (sr === before.sr) return;
  try {
    open(await frameOf(sr, shown.picture.view().box, before.sr));
    say("", false, "sr");
  } catch (error) {
    input.value = before.sr;
    say(error.message, true, "sr");
  }
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  if (event.target.name === "opacity") shown.picture.setOpacity(value("opacity") / 100);
  if (["from", "to"].includes(event.target.name)) choices(refresh);
});
form.addEventListener("change", (event) => {
  switch (event.target.name) {
    case "imageSR":
      changeSR();
      return;
    case "from":
    case "to":
      control("timed").checked = true;
      if (Number(value("from")) > Number(value("to"))) control(event.target.name === "from" ? "to" : "from").value = event.target.value;
  }
  refresh();
});
document.getElementById("whole").addEventListener("click", () => shown.map.fitBounds(shown.extent));
watch("legend", () => legend());
watch("histogram", () => histogram(shown.frame, shown.picture.seen()));

element.hidden = false;
recall();
choices(refresh);
startSnippets(() => showSnippet(shown, shown.picture.seen() || shown.picture.view()));
new ResizeObserver(() => shown && shown.map.invalidateSize({ pan: false })).observe(stage);
try {
  open(await frameOf(value("imageSR") || config.sr, config.view, config.viewSR));
} catch (error) {
  say(error.message, true, "sr");
  control("imageSR").value = config.sr;
  open({ sr: config.sr, name: config.srName, extent: config.extent, view: config.extent });
}
