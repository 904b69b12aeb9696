// Package sidecar reads what lies beside a raster file: GDAL's metadata (.aux.xml), world files, spatial references
// (.prj), and it finds overviews (.ovr) and masks (.msk). Each format uses it, so that all of them look under the same
// names and understand the same texts.
//
// An Opener opens the file with a suffix; In returns one for a file in a folder. ReadText reads a text from it, and the
// functions ParsePAM, ParseWorldFile and ParseCRS say what it means:
//
//	open := sidecar.In(os.DirFS(folder), "scene.tif")
//	text, err := sidecar.ReadText(ctx, open, sidecar.PAM, 4<<20)
//	if err != nil || text == nil {
//		return err // text is nil if there is no such file
//	}
//	m, err := sidecar.ParsePAM(text.Bytes, bands)
//
// What counts when a file and its sidecar disagree is up to the format. Texts come from strangers: sizes are limited,
// XML may neither nest deeply nor define entities, and what cannot be understood is an error or a note, never a default
// that looks plausible.
package sidecar
