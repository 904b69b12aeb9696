package sidecar

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// ParseGDALMetadata parses the text of a GDAL_METADATA tag, for a raster with the given number of bands. GDAL's
// documentation of its GeoTIFF driver names the tag; the form is the one that this driver writes:
//
//	<GDALMetadata>
//	  <Item name="SCALE" sample="0" role="scale">0.1</Item>
//	  <Item name="STATISTICS_MAXIMUM" sample="0">199</Item>
//	</GDALMetadata>
//
// Samples count from 0; items without a sample are about the whole raster. Items with a domain, which belong to other
// programs, are ignored.
func ParseGDALMetadata(text []byte, bands int) (*Metadata, error) {
	m := newMetadata()
	err := readXML(text, "GDALMetadata", func(r *xmlReader) error {
		return r.children(func(e xml.StartElement) error {
			sample := attribute(e, "sample")
			n, err := strconv.Atoi(sample)
			if e.Name.Local != "Item" || sample != "" && (err != nil || n < 0 || n >= bands) || attribute(e, "domain") != "" {
				return r.skip()
			}
			value, err := r.text()
			if err != nil {
				return err
			}
			// The text is escaped twice: as a value, and again as a part of the document.
			value = unescape.Replace(value)
			if sample == "" {
				if attribute(e, "role") == "" {
					put(&m.Items, attribute(e, "name"), value)
				}
				return nil
			}
			m.band(n).item(attribute(e, "name"), attribute(e, "role"), value)
			return nil
		})
	})
	return m, err
}

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&")

// item stores one item of a band.
func (b *Band) item(name, role, value string) {
	switch role {
	case "description":
		b.Name = value
	case "unittype":
		b.Unit = value
	case "scale":
		b.Scale = value
	case "offset":
		b.Offset = value
	case "colorinterp":
		b.Color = value
	case "":
		b.set(name, value)
	}
}
