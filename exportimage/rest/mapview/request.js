// The form of all parameters: it follows the map, and shows its answer in place.
import { latest, make } from "./view.js";

const details = document.getElementById("request");
const request = details && details.querySelector("form");
const answer = document.getElementById("answer");
// governed are the parameters that the map has choices for; others stay as they are.
const governed = ["bbox", "bboxSR", "imageSR", "size", "adjustAspectRatio", "format", "interpolation", "renderingRule", "mosaicRule", "time", "bandIds"];
const touched = new Set(); // by the reader since the form was opened: they stay, too
let last = {};

// fillRequest writes the parameters of the map's image into the form.
export function fillRequest(parameters) {
  last = parameters;
  if (!request) return;
  for (const name of governed) {
    const field = request.elements.namedItem(name);
    if (field && !touched.has(name)) field.value = parameters[name] ?? "";
  }
}

const ask = latest(async (signal, url) => {
  answer.replaceChildren("Drawing …");
  const page = new DOMParser().parseFromString(await (await fetch(url, { signal })).text(), "text/html");
  const part = page.querySelector("main .result") || page.querySelector("main .fault") || page.querySelector("main");
  answer.replaceChildren(part);
  part.scrollIntoView({ block: "nearest" });
}, (error) => answer.replaceChildren(make("p", { className: "fault", textContent: error.message })));

if (request) {
  request.addEventListener("input", (event) => touched.add(event.target.name));
  details.addEventListener("toggle", () => {
    if (details.open) return;
    touched.clear();
    answer.replaceChildren();
    fillRequest(last);
  });
  request.addEventListener("submit", (event) => {
    const chosen = [...new FormData(request)].filter(([, value]) => value !== "");
    if (new Map(chosen).get("f") !== "html") return; // other forms of the answer are pages of their own
    event.preventDefault();
    ask(`${request.action}?${new URLSearchParams(chosen)}`);
  });
}
