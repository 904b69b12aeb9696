package rest

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
)

// The properties that ArcGIS knows of rasters and of bands, which metadata state under these names.
var (
	rasterProperties = []string{
		"SensorName", "AcquisitionDate", "CloudCover", "SunAzimuth", "SunElevation", "SensorAzimuth", "SensorElevation",
		"OffNadir", "ProductName", "BlockName", "ParentRasterType", "ParentTemplate", "StdTime",
	}
	bandProperties = []string{
		"WavelengthMin", "WavelengthMax", "SourceBandIndex", "RadianceGain", "RadianceBias", "ReflectanceGain",
		"ReflectanceBias", "SolarIrradiance",
	}
)

// keyProperties answers with what is known of the raster and of its bands: names, units, scales and wavelengths in
// nanometres.
func (r *responder) keyProperties(form url.Values) error {
	d, _, err := r.rendered(form)
	if err != nil {
		return err
	}
	r.json(keyPropertiesOf(&d))
	return nil
}

// keyPropertiesOf returns the properties of what a description is of.
func keyPropertiesOf(d *exportimage.Description) any {
	j := attributes{}
	for _, name := range rasterProperties {
		if v, ok := metadataItem(d.Metadata, name); ok {
			j = append(j, attribute{name, v})
		}
	}
	if m := d.Multidimensional; m != nil {
		j = append(j, attribute{"DefaultVariable", m.Default})
	}
	bands := []attributes{}
	for _, b := range d.Bands {
		bands = append(bands, propertiesOf(b))
	}
	return append(j, attribute{"BandProperties", bands})
}

func propertiesOf(b raster.Band) attributes {
	p := attributes{{"BandName", b.Name}}
	if b.Unit != "" {
		p = append(p, attribute{"Unit", b.Unit})
	}
	if (b.Scale != 0 && b.Scale != 1) || b.Offset != 0 {
		scale := b.Scale
		if scale == 0 {
			scale = 1
		}
		p = append(p, attribute{"Scale", scale}, attribute{"Offset", b.Offset})
	}
	_, stated := metadataItem(b.Metadata, "WavelengthMin")
	if lo, hi, ok := wavelengths(b.Metadata); ok && !stated {
		p = append(p, attribute{"WavelengthMin", lo}, attribute{"WavelengthMax", hi})
	}
	for _, name := range bandProperties {
		if v, ok := metadataItem(b.Metadata, name); ok {
			p = append(p, attribute{name, v})
		}
	}
	return p
}

// metadataItem returns an item by its name in any case: a number if it is one.
func metadataItem(items map[string]string, name string) (any, bool) {
	text, ok := items[name]
	if !ok {
		found := "" // the first in order, so that equal requests get equal answers
		for key := range items {
			if strings.EqualFold(key, name) && (found == "" || key < found) {
				found = key
			}
		}
		if found == "" {
			return nil, false
		}
		text = items[found]
	}
	if v, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil && v-v == 0 {
		return v, true
	}
	return text, true
}

// wavelengths returns the range of a band of which the middle and the full width at half maximum are stated, as ENVI
// and GDAL do: in nanometres, unless a unit says that they are in micrometres, which GDAL's names do.
func wavelengths(items map[string]string) (lo, hi float64, ok bool) {
	for _, names := range [][3]string{
		{"wavelength", "fwhm", "wavelength_units"}, {"CENTRAL_WAVELENGTH_UM", "FWHM_UM", ""},
	} {
		mid, a := metadataItem(items, names[0])
		width, b := metadataItem(items, names[1])
		m, isMid := mid.(float64)
		w, isWidth := width.(float64)
		if !a || !b || !isMid || !isWidth || w < 0 {
			continue
		}
		factor := 1.0
		if names[2] == "" {
			factor = 1000
		} else if unit, _ := metadataItem(items, names[2]); unit != nil {
			switch text, _ := unit.(string); strings.ToLower(strings.TrimSpace(text)) {
			case "nanometers", "nanometer", "nm":
			case "micrometers", "micrometer", "um", "µm", "μm":
				factor = 1000
			default:
				continue
			}
		}
		return (m - float64(w/2)) * factor, (m + float64(w/2)) * factor, true
	}
	return 0, 0, false
}
