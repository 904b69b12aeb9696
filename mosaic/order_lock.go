package mosaic

var lockRaster = method{
	name:  "LockRaster",
	help:  "the rasters that the rule lists are drawn, the first on top",
	locks: true,
	check: func(r Rule) error {
		if len(r.LockIDs) == 0 {
			return &RuleError{"the method LockRaster needs the rasters that are drawn"}
		}
		return nil
	},
	keys: func(r Rule, keys []orderKey, _ View) {
		place := make(map[int64]int, len(r.LockIDs))
		for i, id := range r.LockIDs {
			if _, ok := place[id]; !ok {
				place[id] = i
			}
		}
		for i := range keys {
			p, ok := place[keys[i].item.ID]
			if !ok {
				p = len(r.LockIDs)
			}
			keys[i].z = float64(p) // not stored in the own key, which Descending would reverse
		}
	},
}
