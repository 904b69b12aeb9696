package geotiff

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// parsePAM reads an .aux.xml file: GDAL's persistent auxiliary metadata, which Esri writes too. The form is that of GDAL's
// documentation ("PAM: persistent auxiliary metadata") and of what its version 3.6 writes:
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
// Bands count from 1. Histograms, attribute tables, colour tables and all else are passed over.
func parsePAM(text []byte, bands int) (*metadata, error) {
	m := newMetadata()
	err := readXML(text, "PAMDataset", func(r *xmlReader) error {
		return r.children(func(e xml.StartElement) (err error) {
			switch e.Name.Local {
			case "SRS":
				m.srs, err = r.text()
			case "GeoTransform":
				m.geoTransform, err = r.text()
			case "GCPList":
				m.controlPoints = true
				err = r.skip()
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

func (b *bandMetadata) readPAM(r *xmlReader) error {
	return r.children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Description":
			b.name, err = r.text()
		case "UnitType":
			b.unit, err = r.text()
		case "Scale":
			b.scale, err = r.text()
		case "Offset":
			b.offset, err = r.text()
		case "ColorInterp":
			b.color, err = r.text()
		case "NoDataValue":
			if b.noData, err = r.text(); err == nil {
				if exact, ok := hexDouble(attribute(e, "le_hex_equiv")); ok {
					b.noData = exact
				}
			}
		case "CategoryNames":
			b.categories = nil
			err = r.children(func(e xml.StartElement) error {
				name, err := r.text()
				if err == nil && e.Name.Local == "Category" {
					b.categories = append(b.categories, name)
				}
				return err
			})
		case "Metadata":
			if attribute(e, "domain") != "" {
				return r.skip()
			}
			err = r.children(func(e xml.StartElement) error {
				value, err := r.text()
				if err == nil && e.Name.Local == "MDI" {
					b.statistic(attribute(e, "key"), value)
				}
				return err
			})
		default:
			err = r.skip()
		}
		return err
	})
}

// hexDouble is the number whose eight bytes, least significant first, are s, as a text of enough digits: GDAL adds them
// where its text has too few.
func hexDouble(s string) (string, bool) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 8 {
		return "", false
	}
	return strconv.FormatFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)), 'g', -1, 64), true
}

// parseGeoTransform reads six numbers with commas between them.
func parseGeoTransform(text string) (v [6]float64, ok bool) {
	words := strings.Split(text, ",")
	if len(words) != len(v) {
		return v, false
	}
	for i, w := range words {
		f, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
		if err != nil {
			return v, false
		}
		v[i] = f
	}
	return v, true
}
