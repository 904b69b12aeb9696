// What is at a place: the value under a click, and coordinates in another spatial reference.
import { ask, chosen, config, control, latest, make, nameOf, say, shownRule, srObject, value } from "./view.js";

const found = document.getElementById("found"); // for those who do not see the popup

// digitsOf returns how many decimals distinguish the screen's pixels.
const digitsOf = (pixel) => Math.min(12, Math.max(0, Math.ceil(-Math.log10(pixel))));

export class Places {
  constructor(map, frame, pixelSize, changed) {
    Object.assign(this, { map, frame, pixelSize, changed });
    this.output = document.getElementById("place");
    this.identify = latest((signal, at) => this.#identify(signal, at), (error) => say(error.message, true, "identify"));
    this.project = latest((signal, at) => this.#project(signal, at), (error) => { this.output.textContent = error.message; });
    if (config.places) {
      map.on("click", (event) => this.identify(event.latlng));
      map.on("keypress", (event) => {
        if (event.originalEvent.key === "Enter") this.identify(map.getCenter());
      });
    }
    map.on("mousemove", (event) => this.show(event.latlng));
  }

  point({ lng, lat }) {
    return { x: lng, y: lat, spatialReference: srObject(this.frame.sr) };
  }

  // show writes coordinates below the map.
  show(at) {
    const other = value("coordinates");
    if (!config.project || !other || other === this.frame.sr) {
      const digits = digitsOf(this.pixelSize());
      this.output.textContent = `x ${at.lng.toFixed(digits)}, y ${at.lat.toFixed(digits)}`;
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.project(at), 120); // the pointer rests
  }

  async #project(signal, at) {
    const other = value("coordinates");
    const answer = await ask("project", {
      geometries: JSON.stringify({ geometryType: "esriGeometryPoint", geometries: [{ x: at.lng, y: at.lat }] }),
      inSR: this.frame.sr, outSR: other,
    }, signal);
    const { x, y } = answer.geometries[0];
    const digits = Math.max(Math.abs(x), Math.abs(y)) <= 400 ? 6 : 1; // degrees, or metres and their kind
    if (!signal.aborted) this.output.textContent = `x ${Number(x).toFixed(digits)}, y ${Number(y).toFixed(digits)} in ${other}`;
  }

  async #identify(signal, at) {
    const rule = shownRule() || (config.rule === "None" ? null : { rasterFunction: config.rule });
    const drawnOtherwise = rule && rule.rasterFunction !== "None";
    const answer = await ask("identify", {
      geometry: JSON.stringify(this.point(at)), geometryType: "esriGeometryPoint",
      ...chosen({ bands: false, rule: false }),
      ...(config.rule !== "None" && { renderingRule: '{"rasterFunction":"None"}' }),
      ...(drawnOtherwise && { renderingRules: JSON.stringify([rule]) }),
      returnGeometry: "false", returnCatalogItems: String(config.catalog),
    }, signal);
    if (signal.aborted) return;
    const list = make("dl", { className: "identified" });
    const add = (term, ...what) => list.append(make("dt", { textContent: term }), make("dd", {}, ...what));
    add(`Place in ${this.frame.name}`, [at.lng, at.lat].map((v) => v.toFixed(digitsOf(this.pixelSize()))).join(", "));
    const values = answer.value.split(", ");
    if (values.length === config.bands.length && values.length > 1) {
      add("Values", make("table", {}, ...values.map((v, i) => make("tr", {}, make("th", { textContent: config.bands[i], scope: "row" }), make("td", { textContent: v })))));
    } else {
      add(answer.value === "NoData" ? "Value" : config.bands[0] || "Value", answer.value);
    }
    if (answer.processedValues) add("As drawn", answer.processedValues.join("; "));
    const items = answer.catalogItems ? answer.catalogItems.features : [];
    if (config.catalog) {
      add("Rasters", ...(items.length ? items.map((item, i) => this.#item(item.attributes, answer.catalogItemVisibilities[i], i)) : ["none"]));
    }
    L.popup({ maxWidth: Math.min(320, this.map.getSize().x - 110), autoPanPaddingTopLeft: [50, 10], autoPanPaddingBottomRight: [10, 10] }).setLatLng(at).setContent(list).openOn(this.map);
    say("", false, "identify");
    found.textContent = `Value ${answer.value}${answer.processedValues ? `, drawn as ${answer.processedValues.join("; ")}` : ""}${items.length ? `, of ${items.map((i) => nameOf(i.attributes)).join(", ")}` : ""}`;
  }

  #item(attributes, visible, i) {
    const id = attributes.OBJECTID;
    const link = make("a", { href: `${config.root}/${id}?f=html`, textContent: nameOf(attributes) });
    const only = make("button", { type: "button", textContent: "Only this" });
    only.addEventListener("click", () => {
      control("lockRasterIds").value = String(id);
      this.map.closePopup();
      this.changed();
    });
    return make("div", {}, link, visible ? " (seen) " : " ", only);
  }
}
