package mosaic

var seamline = method{
	name: "Seamline",
	help: "the raster with the lowest SOrder is on top, and each is cut at its seamline",
	keys: func(r Rule, keys []orderKey, _ View) {
		sOrder := newFieldReader("SOrder")
		for i := range keys {
			keys[i].own.num = sOrder.number(keys[i].item, 0)
			if r.Descending { // Descending reverses all keys except this
				keys[i].own.num = -keys[i].own.num
			}
		}
	},
}
