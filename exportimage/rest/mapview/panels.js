// What stands beside the map: legend, histogram, footprints, and which rasters are drawn.
import { ask, checked, chosen, control, drawing, instant, latest, make, nameOf, short, srObject, value } from "./view.js";

const open = (id) => {
  const details = document.getElementById(id);
  return details && details.open ? details.querySelector(".body") : null;
};

// watch calls a function when a panel is opened.
export function watch(id, opened) {
  const details = document.getElementById(id);
  if (details) details.addEventListener("toggle", () => details.open && opened());
}

const failed = (id) => (error) => {
  const body = open(id);
  if (body) body.replaceChildren(make("p", { textContent: error.message }));
};

// legend shows how samples are drawn. It is asked for when the rule has changed alone.
let shownLegend = null;
export const legend = latest(async (signal) => {
  const body = open("legend");
  const { renderingRule, bandIds } = chosen();
  const parameters = { ...(renderingRule && { renderingRule }), ...(bandIds && { bandIds }) };
  const key = JSON.stringify(parameters);
  if (!body || key === shownLegend) return;
  shownLegend = null;
  const answer = await ask("legend", parameters, signal);
  shownLegend = key;
  body.replaceChildren(...answer.layers[0].legend.map(({ label, imageData, contentType, width, height }) => make("p", { className: "swatch" },
    make("img", { src: `data:${contentType};base64,${imageData}`, width, height, alt: "" }), ` ${label}`)));
}, (error) => {
  shownLegend = null;
  failed("legend")(error);
});

const namespace = "http://www.w3.org/2000/svg";

// chart returns a histogram as a picture.
function chart({ counts, min, max }, name) {
  const drawn = document.createElementNS(namespace, "svg"), path = document.createElementNS(namespace, "path");
  const most = Math.max(1, ...counts);
  drawn.setAttribute("viewBox", `0 0 ${counts.length} 100`);
  drawn.setAttribute("preserveAspectRatio", "none");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", `${name}: ${short(min)} to ${short(max)}`);
  // What occurs at all can be seen.
  path.setAttribute("d", counts.map((n, i) => (n ? `M${i} 100v${-Math.max(1, (100 * n) / most)}h1V100z` : "")).join(""));
  drawn.append(path);
  return make("figure", {}, drawn, make("figcaption", { textContent: `${name}: ${short(min)} to ${short(max)}` }));
}

// histogram shows how often which values are in the view, of pixels as large as the screen's.
export const histogram = latest(async (signal, frame, seen) => {
  const body = open("histogram");
  if (!body) return;
  if (!seen) {
    body.replaceChildren("The service is not here.");
    return;
  }
  const [xmin, ymin, xmax, ymax] = seen.box, sr = srObject(frame.sr);
  const { interpolation } = drawing(frame, seen.box, seen.size);
  const answer = await ask("computeStatisticsHistograms", {
    geometry: JSON.stringify({ xmin, ymin, xmax, ymax, spatialReference: sr }), geometryType: "esriGeometryEnvelope",
    pixelSize: JSON.stringify({ x: (xmax - xmin) / seen.size[0], y: (ymax - ymin) / seen.size[1], spatialReference: sr }),
    ...chosen(), ...(interpolation && { interpolation }),
  }, signal);
  const rows = answer.statistics.map((s, i) => make("tr", {}, ...[i + 1, s.min, s.max, s.mean, s.standardDeviation].map((v) => make("td", { textContent: short(v) }))));
  const head = make("tr", {}, ...["Band", "Minimum", "Maximum", "Mean", "Deviation"].map((text) => make("th", { textContent: text, scope: "col" })));
  const count = answer.statistics.length ? `${answer.statistics[0].count} pixels of the screen's size` : "No pixel with data has its middle here.";
  body.replaceChildren(...answer.histograms.map((h, i) => chart(h, `Band ${i + 1}`)),
    make("p", { textContent: count }), ...(rows.length ? [make("div", { className: "wide" }, make("table", {}, head, ...rows))] : []));
}, failed("histogram"));

// mostFootprints is how many footprints are drawn.
const mostFootprints = 500;

// Footprints are the outlines of the catalogue's rasters in the view.
export class Footprints {
  constructor(map, frame, told) {
    Object.assign(this, { map, frame, group: L.featureGroup().addTo(map) });
    this.load = latest((signal, view) => this.#load(signal, view, told), (error) => told(error.message, true));
  }

  async #load(signal, view, told) {
    if (!checked("footprints")) {
      this.group.clearLayers();
      return;
    }
    const [xmin, ymin, xmax, ymax] = view.box;
    const { time } = chosen();
    const answer = await ask("query", {
      where: "1=1", geometry: JSON.stringify({ xmin, ymin, xmax, ymax, spatialReference: srObject(this.frame.sr) }), geometryType: "esriGeometryEnvelope",
      outSR: this.frame.sr, outFields: "OBJECTID,Name", returnGeometry: "true", resultRecordCount: mostFootprints, ...(time && { time }),
    }, signal);
    if (signal.aborted) return;
    this.group.clearLayers();
    for (const { attributes, geometry } of answer.features) {
      if (!geometry) continue;
      const rings = geometry.rings.map((ring) => ring.map(([x, y]) => [y, x]));
      L.polygon(rings, { color: "#d00060", weight: 1.5, fill: true, fillOpacity: 0, className: "footprint" })
        .bindTooltip(make("span", { textContent: nameOf(attributes) }), { sticky: true }).addTo(this.group);
    }
    if (answer.exceededTransferLimit) told(`The first ${answer.features.length} footprints of more are drawn.`);
  }
}

// choices shows the controls that others ask for, and what they are set to.
export function choices(changed) {
  const visible = (name, shown) => { if (control(name)) control(name).closest("label").hidden = !shown; };
  for (const name of ["red", "green", "blue"]) visible(name, value("bandIds") === "rgb");
  visible("sortField", value("mosaicMethod") === "esriMosaicAttribute");
  for (const name of ["from", "to"]) {
    if (!control(name)) continue;
    const text = new Date(instant(name)).toISOString().replace("T", " ").slice(0, 16);
    document.getElementById(`${name}Text`).textContent = text;
    control(name).setAttribute("aria-valuetext", text);
  }
  const old = document.getElementById("locked"), ids = value("lockRasterIds");
  if (old) old.remove();
  if (!ids) return;
  const all = make("button", { type: "button", textContent: "All rasters" });
  all.addEventListener("click", () => {
    control("lockRasterIds").value = "";
    changed();
  });
  control("mosaicMethod").closest("fieldset").append(make("p", { id: "locked" }, `Only raster ${ids} is drawn. `, all));
}
