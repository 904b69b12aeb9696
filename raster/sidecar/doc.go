// Package sidecar reads the files beside a raster file: GDAL's metadata (.aux.xml), world files and spatial references
// (.prj). It also finds overviews (.ovr) and masks (.msk). The readers of all raster formats use it, so that they look
// for the same names and understand the same texts.
//
// An Opener opens the file with a given suffix; In returns one for the files in a folder. ReadText reads a text from
// it, and ParsePAM, ParseWorldFile and ParseCRS parse it:
//
//	open := sidecar.In(os.DirFS(folder), "scene.tif")
//	text, err := sidecar.ReadText(ctx, open, sidecar.PAM, 4<<20)
//	if err != nil || text == nil {
//		return err // text is nil if there is no such file
//	}
//	m, err := sidecar.ParsePAM(text.Bytes, bands)
//
// If a raster file and its sidecar disagree, the reader of the format decides between them. Texts come from strangers:
// sizes are limited, XML may neither nest deeply nor define entities, and a text that cannot be understood is an error
// or a note, never a default that looks plausible.
package sidecar
