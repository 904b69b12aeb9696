// Coastlines, graticule and scale bar, which the server computes for the map's spatial reference.
import { ask, checked, latest } from "./view.js";

const svgName = "http://www.w3.org/2000/svg";

function svg(name, attributes, text) {
  const out = document.createElementNS(svgName, name);
  for (const [key, v] of Object.entries(attributes)) out.setAttribute(key, v);
  if (text) out.textContent = text;
  return out;
}

const pathOf = (lines) => lines.map((line) => {
  let d = "";
  for (let i = 0; i + 1 < line.length; i += 2) d += `${i ? "L" : "M"}${line[i]} ${line[i + 1]}`;
  return d;
}).join("");

// barOf returns a round length in metres, and its pixels: the longest that is at most 120 pixels.
export function barOf(metresPerPixel) {
  const most = 120 * metresPerPixel, ten = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * ten).find((n) => n <= most);
  return { metres, pixels: metres / metresPerPixel, text: metres >= 1000 ? `${metres / 1000} km` : metres >= 1 ? `${metres} m` : `${Number((metres * 100).toPrecision(1))} cm` };
}

export class Base {
  constructor(map, frame) {
    this.map = map;
    this.frame = frame;
    this.degrees = null; // the box that the map shows, as longitudes and latitudes
    map.createPane("lines").style.zIndex = 350; // above the image, below footprints
    this.bar = L.DomUtil.create("div", "scalebar");
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => this.bar;
    control.addTo(map);
    this.load = latest((signal, view, done) => this.#load(signal, view, done), () => this.#show(null));
  }

  async #load(signal, view, done) {
    const answer = await ask("map/base", { bbox: view.box.join(","), imageSR: this.frame.sr, size: view.size.join(",") }, signal);
    if (signal.aborted) return;
    this.degrees = answer.degrees || null;
    this.#show(answer, view);
    done();
  }

  #show(answer, view) {
    if (this.overlay) this.overlay.remove();
    this.overlay = null;
    this.bar.hidden = !(answer && answer.metresPerPixel);
    if (!answer) return;
    if (answer.metresPerPixel) {
      const { pixels, text } = barOf(answer.metresPerPixel);
      this.bar.style.width = `${Math.round(pixels)}px`;
      this.bar.textContent = text;
    }
    if (!checked("base")) return;
    const [width, height] = view.size;
    const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "base", "aria-hidden": "true" });
    for (const [name, lines] of [["graticule", answer.graticule], ["coast", answer.coast]]) {
      const d = pathOf(lines);
      if (name === "coast") drawn.append(svg("path", { d, class: "halo" }));
      drawn.append(svg("path", { d, class: name }));
    }
    for (const { x, y, text } of answer.labels) {
      const low = y > height - 30;
      drawn.append(svg("text", { x: Math.min(x + 3, width - 30), y: low ? height - 32 : Math.max(y - 3, 12) }, text));
    }
    const a = this.map.unproject(view.pixels.min), b = this.map.unproject(view.pixels.max);
    this.overlay = L.svgOverlay(drawn, L.latLngBounds(a, b), { pane: "lines" }).addTo(this.map);
  }
}
