// Package overview chooses which resolution of a raster to read, and makes the resolutions that a raster lacks.
//
// A Pyramid wraps a raster.Dataset and adds virtual levels, each half as large as the one before, down to one pixel.
// Choose then returns the level to read for a scale:
//
//	p := overview.New(ds, overview.Options{Cache: cache})
//	level := overview.Choose(p.Levels(), scaleX, scaleY)
//	block, err := p.Read(ctx, nil, level, win, nil)
//
// A Reduction states what four pixels become when a raster is halved: their average, for quantities; the most frequent
// one, for classes; or the first one. Formats that write overviews use it, too.
package overview
