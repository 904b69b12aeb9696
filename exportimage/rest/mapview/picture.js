// The image of the service: one export for what the map shows, pixel for pixel, so that there are no seams and no scaling.
import { askImage, config, drawing, latest, say, value } from "./view.js";

export class Picture {
  constructor(map, frame, extent, done) {
    Object.assign(this, { map, frame, extent, overlay: null, parameters: null });
    map.createPane("picture").style.zIndex = 250; // below lines and footprints
    this.load = latest((signal) => this.#load(signal, done), (error) => {
      this.#clear();
      map.getContainer().setAttribute("aria-busy", "false");
      say(error.message, true, "picture");
      done();
    });
  }

  // view returns the box that the map shows, and its size in pixels.
  view() {
    const pixels = this.map.getPixelBounds();
    return { box: this.#box(pixels), size: [pixels.max.x - pixels.min.x, pixels.max.y - pixels.min.y] };
  }

  // seen returns the part of the view where the service lies, cut at pixels; null if it lies elsewhere.
  seen() {
    const pixels = this.map.getPixelBounds();
    const a = this.map.project(this.extent.getNorthWest()), b = this.map.project(this.extent.getSouthEast());
    const min = L.point(Math.max(pixels.min.x, Math.floor(a.x + 1e-6)), Math.max(pixels.min.y, Math.floor(a.y + 1e-6)));
    const max = L.point(Math.min(pixels.max.x, Math.ceil(b.x - 1e-6)), Math.min(pixels.max.y, Math.ceil(b.y - 1e-6)));
    if (max.x <= min.x || max.y <= min.y) return null;
    const bounds = L.bounds(min, max);
    return { bounds, box: this.#box(bounds), size: [max.x - min.x, max.y - min.y] };
  }

  #box(pixels) {
    const a = this.map.unproject(pixels.min), b = this.map.unproject(pixels.max);
    return [a.lng, b.lat, b.lng, a.lat];
  }

  async #load(signal, done) {
    const container = this.map.getContainer();
    const seen = this.seen();
    if (!seen) {
      this.#clear();
      say("The service is not here.", false, "picture");
      container.setAttribute("aria-busy", "false");
      done();
      return;
    }
    container.setAttribute("aria-busy", "true");
    // Twice the pixels where the screen has them, as far as the service goes.
    const fine = window.devicePixelRatio > 1 && 2 * Math.max(...seen.size) <= config.side ? 2 : 1;
    const parameters = drawing(this.frame, seen.box, seen.size.map((n) => n * fine));
    const { blob, coverage } = await askImage(parameters, signal);
    const url = URL.createObjectURL(blob);
    const bounds = L.latLngBounds(this.map.unproject(seen.bounds.min), this.map.unproject(seen.bounds.max));
    const next = L.imageOverlay(url, bounds, { opacity: value("opacity") / 100, alt: "", pane: "picture" });
    next.once("load", () => {
      URL.revokeObjectURL(url);
      if (signal.aborted) {
        next.remove();
        return;
      }
      this.#clear();
      this.overlay = next;
      this.parameters = parameters;
      container.setAttribute("aria-busy", "false");
      say(coverage === "0" ? "There is no data here." : "", false, "picture");
      done();
    });
    next.once("error", () => {
      URL.revokeObjectURL(url);
      next.remove();
      container.setAttribute("aria-busy", "false");
      say("The browser cannot show the image.", true, "picture");
    });
    if (!signal.aborted) next.addTo(this.map);
  }

  #clear() {
    if (this.overlay) this.overlay.remove();
    this.overlay = this.parameters = null;
  }

  setOpacity(opacity) {
    if (this.overlay) this.overlay.setOpacity(opacity);
  }
}
