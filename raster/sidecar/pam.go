package sidecar

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// ParsePAM parses the text of an .aux.xml file for a raster with the given number of bands: GDAL's persistent auxiliary
// metadata, which Esri writes too. The form is that of GDAL's documentation ("PAM: persistent auxiliary metadata") and
// of the files that GDAL 3.6 writes:
//
//	<PAMDataset>
//	  <SRS>PROJCS[…]</SRS>
//	  <GeoTransform>x, dx, rx, y, ry, dy</GeoTransform>
//	  <PAMRasterBand band="1">
//	    <Description>near infrared</Description>
//	    <NoDataValue>-9999</NoDataValue>
//	    <Metadata><MDI key="STATISTICS_MAXIMUM">199</MDI></Metadata>
//	  </PAMRasterBand>
//	</PAMDataset>
//
// Bands count from 1 there, and from 0 in Metadata. Of the metadata in domains, only Esri's GeodataXform is read.
// Histograms and other elements are ignored.
func ParsePAM(text []byte, bands int) (*Metadata, error) {
	m := newMetadata()
	err := readXML(text, "PAMDataset", func(r *xmlReader) error {
		return r.children(func(e xml.StartElement) (err error) {
			switch e.Name.Local {
			case "SRS":
				m.SRS, err = r.text()
			case "GeoTransform":
				m.GeoTransform, err = r.text()
			case "GCPList":
				m.ControlPoints = true
				err = r.skip()
			case "Metadata":
				err = m.readItems(r, e)
			case "PAMRasterBand":
				n, bad := strconv.Atoi(attribute(e, "band"))
				if bad != nil || n < 1 || n > bands {
					return r.skip()
				}
				err = m.band(n - 1).readPAM(r)
			default:
				err = r.skip()
			}
			return err
		})
	})
	return m, err
}

func (b *Band) readPAM(r *xmlReader) error {
	return r.children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Description":
			b.Name, err = r.text()
		case "UnitType":
			b.Unit, err = r.text()
		case "Scale":
			b.Scale, err = r.text()
		case "Offset":
			b.Offset, err = r.text()
		case "ColorInterp":
			b.Color, err = r.text()
		case "NoDataValue":
			if b.NoData, err = r.text(); err == nil {
				if exact, ok := hexDouble(attribute(e, "le_hex_equiv")); ok {
					b.NoData = exact
				}
			}
		case "CategoryNames":
			b.Categories = nil
			err = r.children(func(e xml.StartElement) error {
				name, err := r.text()
				if err == nil && e.Name.Local == "Category" {
					b.Categories = append(b.Categories, name)
				}
				return err
			})
		case "Metadata":
			if attribute(e, "domain") != "" {
				return r.skip()
			}
			err = r.items(b.set)
		case "ColorTable":
			b.Colors, err = readColorTable(r)
		case "GDALRasterAttributeTable":
			b.Table, err = readAttributeTable(r)
		default:
			err = r.skip()
		}
		return err
	})
}

// readItems reads an element Metadata about the whole raster.
func (m *Metadata) readItems(r *xmlReader, e xml.StartElement) error {
	switch attribute(e, "domain") {
	case "":
		return r.items(func(key, value string) { put(&m.Items, key, value) })
	case "xml:ESRI":
		return r.children(func(e xml.StartElement) (err error) {
			if e.Name.Local != "GeodataXform" {
				return r.skip()
			}
			m.Xform, err = readXform(r, e)
			return err
		})
	}
	return r.skip()
}

// items calls set for each item of metadata.
func (r *xmlReader) items(set func(key, value string)) error {
	return r.children(func(e xml.StartElement) error {
		value, err := r.text()
		if err == nil && e.Name.Local == "MDI" {
			set(attribute(e, "key"), value)
		}
		return err
	})
}

// hexDouble parses a float64 given as its eight bytes in hexadecimal, least significant first, and returns it as a text
// of enough digits. GDAL adds these bytes where its decimal text has too few digits.
func hexDouble(s string) (string, bool) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 8 {
		return "", false
	}
	return strconv.FormatFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)), 'g', -1, 64), true
}

// ParseGeoTransform parses the text of a GeoTransform: six numbers separated by commas. ok is false if the text is
// anything else, or if the numbers make pixels without area.
func ParseGeoTransform(text string) (a raster.Affine, ok bool) {
	var v [6]float64
	words := strings.Split(text, ",")
	if len(words) != len(v) {
		return a, false
	}
	for i, w := range words {
		f, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
		if err != nil || f-f != 0 {
			return a, false
		}
		v[i] = f
	}
	a = raster.Affine{A: v[1], B: v[2], C: v[0], D: v[4], E: v[5], F: v[3]}
	_, ok = a.Inverse()
	return a, ok
}
