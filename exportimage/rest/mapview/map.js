// A map of one image service, in the service's own spatial reference: its coordinates are the map's, so that no projection is
// needed here. Tiles are exports of their boxes.
"use strict";
(() => {
  const element = document.getElementById("map");
  const { export: service, format, credits } = element.dataset;
  const [xmin, ymin, xmax, ymax] = element.dataset.extent.split(",").map(Number);
  const tile = 256;

  // At zoom 0 the whole service fits into one tile, whose upper left corner is that of the service.
  const unit = Math.max(xmax - xmin, ymax - ymin) / tile;
  const crs = L.extend({}, L.CRS.Simple, {
    transformation: new L.Transformation(1 / unit, -xmin / unit, -1 / unit, ymax / unit),
  });
  const finest = Math.max(0, Math.ceil(Math.log2(unit / Number(element.dataset.pixel)))) + 3;
  const extent = L.latLngBounds([ymin, xmin], [ymax, xmax]);

  const boxOf = (northWest, southEast) => [northWest.lng, southEast.lat, southEast.lng, northWest.lat].join(",");
  // The first of the rules is the service's default.
  const rules = document.getElementById("rule");
  const rule = () => rules && rules.selectedIndex > 0 ? { renderingRule: JSON.stringify({ rasterFunction: rules.value }) } : {};
  const query = (parameters) => service + "?" + new URLSearchParams({ ...parameters, ...rule() });

  const Export = L.TileLayer.extend({
    getTileUrl(coords) {
      const corner = (x, y) => crs.pointToLatLng(L.point(x, y).multiplyBy(tile), coords.z);
      const pixels = tile * (window.devicePixelRatio > 1 ? 2 : 1);
      return query({
        bbox: boxOf(corner(coords.x, coords.y), corner(coords.x + 1, coords.y + 1)),
        size: pixels + "," + pixels, format, f: "image", adjustAspectRatio: "false",
      });
    },
  });

  const map = L.map(element, { crs, minZoom: -1, maxZoom: finest, zoomSnap: 0.5, maxBounds: extent.pad(1) });
  const text = document.createElement("span");
  text.textContent = credits; // from the service, so never taken for markup
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  const layer = new Export("", { tileSize: tile, bounds: extent, minZoom: -1, maxZoom: finest, attribution: text.innerHTML }).addTo(map);
  map.fitBounds(extent);

  const place = document.getElementById("place");
  const link = document.getElementById("export");
  // As many digits as tell pixels of the screen apart.
  const digits = () => Math.max(0, Math.ceil(-Math.log10(unit / crs.scale(map.getZoom()))));
  const show = (at) => { place.textContent = `x ${at.lng.toFixed(digits())}, y ${at.lat.toFixed(digits())}`; };
  const moved = () => {
    const bounds = map.getBounds(), size = map.getSize();
    link.href = query({ bbox: boxOf(bounds.getNorthWest(), bounds.getSouthEast()), size: size.x + "," + size.y, f: "html" });
    show(map.getCenter());
  };
  if (rules) rules.addEventListener("change", () => { layer.redraw(); moved(); });
  map.on("moveend", moved).on("mousemove", (event) => show(event.latlng));
  moved();
})();
