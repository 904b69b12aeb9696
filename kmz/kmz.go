package kmz

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"github.com/twpayne/go-kml/v3"
)

// MediaType is the media type of a KMZ file.
const MediaType = "application/vnd.google-earth.kmz"

// An Overlay is an image and its place on the earth. The zero value is not valid: it has no image and no extent.
type Overlay struct {
	Name        string // shown in lists of layers; may be empty
	Description string // shown in balloons, where viewers interpret it as HTML; may be empty

	// The outer edges of the image in degrees of WGS 84. North is above South, neither beyond a pole. East is greater
	// than West, by 360 at most: an overlay across the antimeridian has an East beyond 180. Longitudes may be off by
	// multiples of 360, as 190 to 200 is the same as -170 to -160. They are written so that West is from -180 up to,
	// not including, 180.
	West, South, East, North float64

	Image []byte // the file of the image, in a format that viewers know: PNG, JPEG, GIF, BMP
	Ext   string // extension of its name, without the dot: letters and digits, such as "png"
}

// An OverlayError reports which field of an Overlay is not valid.
type OverlayError struct {
	Field string // such as "North"
	What  string // such as "is 91, beyond the pole"
}

func (e *OverlayError) Error() string { return fmt.Sprintf("kmz: %s %s", e.Field, e.What) }

// maxExt is the greatest length of Ext: more than that of any image format.
const maxExt = 8

// check reports what is not valid in o.
func (o *Overlay) check() error {
	for _, edge := range []struct {
		field string
		value float64
	}{{"West", o.West}, {"South", o.South}, {"East", o.East}, {"North", o.North}} {
		if math.IsNaN(edge.value) || math.IsInf(edge.value, 0) {
			return &OverlayError{edge.field, fmt.Sprintf("is %v", edge.value)}
		}
	}
	switch {
	case o.South < -90:
		return &OverlayError{"South", fmt.Sprintf("is %v, beyond the pole", o.South)}
	case o.North > 90:
		return &OverlayError{"North", fmt.Sprintf("is %v, beyond the pole", o.North)}
	case o.North <= o.South:
		return &OverlayError{"North", fmt.Sprintf("is %v, not above the south edge at %v", o.North, o.South)}
	case o.East <= o.West:
		return &OverlayError{"East", fmt.Sprintf("is %v, not east of the west edge at %v", o.East, o.West)}
	case o.East-o.West > 360:
		return &OverlayError{"East", fmt.Sprintf("is %v, more than a turn from the west edge at %v", o.East, o.West)}
	case len(o.Image) == 0:
		return &OverlayError{"Image", "is empty"}
	case o.Ext == "" || len(o.Ext) > maxExt:
		return &OverlayError{"Ext", fmt.Sprintf("has %d characters, want 1 to %d", len(o.Ext), maxExt)}
	}
	for _, c := range []byte(o.Ext) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return &OverlayError{"Ext", fmt.Sprintf("is %q, want letters and digits", o.Ext)}
		}
	}
	return nil
}

// Write writes o to w as a KMZ file. If o is not valid, it writes nothing and returns an *OverlayError; errors of w are
// returned as they are. Characters of Name and Description that XML cannot hold become U+FFFD.
func Write(w io.Writer, o Overlay) error {
	if err := o.check(); err != nil {
		return err
	}
	href := "files/image." + o.Ext
	var doc bytes.Buffer
	if err := o.document(href).WriteIndent(&doc, "", "  "); err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	// Viewers open the first KML file of the archive, under any name.
	if err := store(archive, "doc.kml", doc.Bytes()); err != nil {
		return err
	}
	if err := store(archive, href, o.Image); err != nil {
		return err
	}
	return archive.Close()
}

// document returns the KML, elements in the order of the schema.
func (o *Overlay) document(href string) *kml.KMLElement {
	turns := 0.0
	if o.West < -180 || o.West >= 180 { // just under 180, the quotient below rounds to 1
		turns = 360 * math.Floor((o.West+180)/360)
	}
	overlay := kml.GroundOverlay(kml.Name(o.Name))
	if o.Description != "" {
		overlay.Add(kml.Description(o.Description))
	}
	overlay.Add(
		kml.Icon(kml.Href(href)),
		kml.LatLonBox(kml.North(o.North), kml.South(o.South), kml.East(o.East-turns), kml.West(o.West-turns)),
	)
	return kml.KML(overlay)
}

// store adds a file without compression, since images are compressed already and the document is small. The size of the
// file comes before its bytes, because readers of streams could not find the end of a stored file otherwise. Its date
// is the first one of the format, so that the bytes do not depend on time.
func store(archive *zip.Writer, name string, data []byte) error {
	const version = 20 // 2.0, the least that knows folders
	h := &zip.FileHeader{
		Name:               name,
		Method:             zip.Store,
		CreatorVersion:     version,
		ReaderVersion:      version,
		CRC32:              crc32.ChecksumIEEE(data),
		CompressedSize64:   uint64(len(data)),
		UncompressedSize64: uint64(len(data)),
	}
	h.ModifiedDate = 1<<5 | 1 //lint:ignore SA1019 CreateRaw takes the date from nowhere else
	f, err := archive.CreateRaw(h)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}
