// What the map shows, and requests for it. The form's elements are the state; the address of the page repeats it.

export const element = document.getElementById("mapview");
export const config = JSON.parse(element.dataset.config);
export const form = document.getElementById("view");

export const control = (name) => form.elements.namedItem(name);
export const value = (name) => (control(name) ? control(name).value.trim() : "");
export const checked = (name) => Boolean(control(name) && control(name).checked);

// steps is the number of positions of the time's sliders, which divide the time of the service's rasters.
const steps = 200;
export const instant = (name) => {
  const [first, last] = config.time;
  return Math.round(first + ((last - first) * Number(value(name))) / steps);
};

// shownRule returns the rule that the image is drawn with, null for the service's own.
export function shownRule() {
  const rules = control("renderingRule");
  const named = rules && rules.selectedIndex > 0 ? { rasterFunction: rules.value } : null;
  const type = Number(value("stretch"));
  if (!type) return named;
  const input = named ? named.rasterFunction : config.rule;
  return {
    rasterFunction: "Stretch",
    rasterFunctionArguments: {
      StretchType: type, Min: 0, Max: 255,
      ...(type === 3 && { NumberOfStandardDeviations: 2 }),
      ...(type === 6 && { MinPercent: 0.5, MaxPercent: 0.5 }),
      ...(input !== "None" && { Raster: { rasterFunction: input } }),
    },
    outputPixelType: "U8",
  };
}

function mosaicRule() {
  const rule = {};
  const method = value("mosaicMethod"), operation = value("mosaicOperation"), locked = value("lockRasterIds");
  if (method) rule.mosaicMethod = method;
  if (method === "esriMosaicAttribute") rule.sortField = value("sortField");
  if (value("ascending")) rule.ascending = false;
  if (operation) rule.mosaicOperation = operation;
  if (locked) Object.assign(rule, { mosaicMethod: "esriMosaicLockRaster", lockRasterIds: locked.split(",").map(Number) });
  return Object.keys(rule).length ? rule : null;
}

// chosen returns the parameters that say which rasters are drawn and how, as all operations take them.
export function chosen({ bands = true, rule = true } = {}) {
  const out = {};
  const shown = rule && shownRule(), mosaic = mosaicRule();
  if (shown) out.renderingRule = JSON.stringify(shown);
  if (mosaic) out.mosaicRule = JSON.stringify(mosaic);
  if (checked("timed")) out.time = `${instant("from")},${instant("to")}`;
  const ids = value("bandIds");
  if (bands && ids) out.bandIds = ids === "rgb" ? ["red", "green", "blue"].map(value).join(",") : ids;
  return out;
}

// drawing returns the parameters of an export of a box at a size, without f.
export function drawing(frame, box, size) {
  const out = { bbox: box.join(","), bboxSR: frame.sr, imageSR: frame.sr, size: size.join(","), adjustAspectRatio: "false" };
  out.format = value("format") || config.format;
  if (value("interpolation")) out.interpolation = value("interpolation");
  return { ...out, ...chosen() };
}

export const query = (path, parameters) => `${config.root}/${path}?${new URLSearchParams(parameters)}`;

// A Fault is an answer of the server that is an error.
export class Fault extends Error {}

async function fault(answer) {
  try {
    const { error } = await answer.json();
    return new Fault([error.message, ...(error.details || [])].join(" "));
  } catch {
    return new Fault(`The server answers ${answer.status} ${answer.statusText}`);
  }
}

// ask returns the JSON of a resource, and throws a Fault.
export async function ask(path, parameters, signal) {
  const answer = await fetch(query(path, { ...parameters, f: "json" }), { signal });
  if (!answer.ok) throw await fault(answer);
  const json = await answer.json();
  if (json.error) throw new Fault([json.error.message, ...(json.error.details || [])].join(" "));
  return json;
}

// askImage returns an image and how much of it is drawn, and throws a Fault.
export async function askImage(parameters, signal) {
  const answer = await fetch(query("exportImage", { ...parameters, f: "image" }), { signal });
  if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("image/")) throw await fault(answer);
  return { blob: await answer.blob(), coverage: answer.headers.get("Export-Coverage") };
}

// srObject returns a spatial reference as it is written inside a geometry.
export const srObject = (sr) => (/^\d+$/.test(sr) ? { wkid: Number(sr) } : JSON.parse(sr));

// latest returns a function that runs one task at a time: a new call aborts what is under way. What is aborted is no error;
// other errors go to failed.
export function latest(task, failed) {
  let controller = null;
  return async (...args) => {
    if (controller) controller.abort();
    const own = (controller = new AbortController());
    try {
      await task(own.signal, ...args);
    } catch (error) {
      if (!own.signal.aborted) failed(error);
    }
  };
}

// remember writes the view into the page's address, what differs from the service's own alone.
export function remember(frame, box) {
  const now = new URLSearchParams();
  now.set("bbox", box.join(","));
  now.set("bboxSR", frame.sr);
  if (frame.sr !== config.sr) now.set("imageSR", frame.sr);
  for (const select of form.querySelectorAll("select")) {
    if (!select.closest("label").hidden && select.selectedIndex > 0) now.set(select.name, select.value);
  }
  if (value("bandIds") === "rgb") for (const name of ["red", "green", "blue"]) now.set(name, value(name));
  if (value("opacity") !== "100") now.set("opacity", value("opacity"));
  if (value("coordinates")) now.set("coordinates", value("coordinates"));
  if (!checked("base")) now.set("base", "none");
  if (checked("footprints")) now.set("footprints", "true");
  if (checked("timed")) for (const name of ["timed", "from", "to"]) now.set(name, value(name));
  if (value("lockRasterIds")) now.set("lockRasterIds", value("lockRasterIds"));
  history.replaceState(null, "", `${location.pathname}?${now}`);
}

// recall sets what the page does not come with from its address.
export function recall() {
  const then = new URLSearchParams(location.search);
  for (const name of ["timed", "footprints"]) if (control(name)) control(name).checked = then.get(name) === "true";
  for (const name of ["from", "to"]) if (control(name) && then.has(name)) control(name).value = then.get(name);
  if (config.catalog) {
    const locked = document.createElement("input");
    Object.assign(locked, { type: "hidden", name: "lockRasterIds", value: /^[\d,]*$/.test(then.get("lockRasterIds") || "") ? then.get("lockRasterIds") || "" : "" });
    form.append(locked);
  }
}

const status = document.getElementById("status");

// say reports something to people who see the page and to those who hear it. Who has nothing to say anymore takes back what
// it said itself, and nothing else.
export function say(text, isFault = false, from = "") {
  if (!text && status.dataset.from !== from) return;
  status.dataset.from = from;
  status.textContent = text;
  status.classList.toggle("fault", isFault);
}

// make returns an element with properties and children.
export function make(name, properties = {}, ...children) {
  const out = Object.assign(document.createElement(name), properties);
  out.append(...children);
  return out;
}

// short writes a number with as many digits as people read.
export const short = (v) => (Number.isInteger(v) ? String(v) : String(Number(Number(v).toPrecision(5))));

// nameOf returns the name of a raster: catalogues spell the field in their own case.
export function nameOf(attributes) {
  const key = Object.keys(attributes).find((k) => k.toLowerCase() === "name");
  return attributes[key] || `Raster ${attributes.OBJECTID}`;
}
