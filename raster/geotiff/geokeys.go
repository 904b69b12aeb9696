package geotiff

import (
	"context"
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/srs"
)

// A geoKey is an entry of the GeoKey directory (GeoTIFF 1.1, section 7.1).
type geoKey uint16

const (
	keyModelType        geoKey = 1024
	keyRasterType       geoKey = 1025
	keyCitation         geoKey = 1026
	keyGeodeticCRS      geoKey = 2048
	keyGeodeticCitation geoKey = 2049
	keyProjectedCRS     geoKey = 3072
	keyProjectedCit     geoKey = 3073

	modelProjected  = 1
	modelGeographic = 2
	modelGeocentric = 3

	rasterPixelIsPoint = 2

	keyUndefined   = 0
	keyUserDefined = 32767
)

// String is the key's name as in GeoTIFF 1.0, which is what messages of other software say, and its number.
func (k geoKey) String() string {
	names := map[geoKey]string{
		keyModelType: "GTModelTypeGeoKey", keyRasterType: "GTRasterTypeGeoKey", keyCitation: "GTCitationGeoKey",
		keyGeodeticCRS: "GeographicTypeGeoKey", keyGeodeticCitation: "GeogCitationGeoKey",
		keyProjectedCRS: "ProjectedCSTypeGeoKey", keyProjectedCit: "PCSCitationGeoKey",
	}
	return fmt.Sprintf("%s (%d)", names[k], uint16(k))
}

// geoKeys are the keys that this package looks at.
type geoKeys struct {
	codes map[geoKey]uint16
	texts map[geoKey]string
}

func readGeoKeys(ctx context.Context, d *directory) (geoKeys, error) {
	k := geoKeys{map[geoKey]uint16{}, map[geoKey]string{}}
	if !d.has(tagGeoKeyDirectory) {
		return k, nil
	}
	dir, err := d.uints(ctx, tagGeoKeyDirectory)
	if err != nil {
		return k, err
	}
	if len(dir) < 4 || dir[0] != 1 {
		return k, wrong(tagGeoKeyDirectory, dir, "want version 1 and a header of 4 values")
	}
	if n := dir[3]; n > uint64(len(dir)-4)/4 {
		return k, wrong(tagGeoKeyDirectory, nil, fmt.Sprintf("%d keys in %d values", n, len(dir)))
	}
	var ascii string
	if d.has(tagGeoASCIIParams) {
		if ascii, err = d.ascii(ctx, tagGeoASCIIParams); err != nil {
			return k, err
		}
	}
	for e := dir[4 : 4+4*dir[3]]; len(e) > 0; e = e[4:] {
		key, location, count, value := geoKey(e[0]), tag(e[1]), e[2], e[3]
		switch {
		case location == 0:
			k.codes[key] = uint16(value)
		case location == tagGeoASCIIParams:
			if value > uint64(len(ascii)) {
				continue // a text that is not there is no harm: only codes are relied on
			}
			text := ascii[value:]
			k.texts[key] = strings.TrimRight(text[:min(count, uint64(len(text)))], "|")
		}
	}
	return k, nil
}

// pixelIsPoint says whether the file's coordinates are those of pixel centres rather than of corners.
func (k geoKeys) pixelIsPoint() bool { return k.codes[keyRasterType] == rasterPixelIsPoint }

// crs is the spatial reference that the keys name by a code, or the zero one if they say nothing. Vertical ones do not
// count.
func (k geoKeys) crs(warn func(string)) (srs.CRS, error) {
	key := keyProjectedCRS
	if k.codes[keyModelType] == modelGeographic || k.codes[keyModelType] != modelProjected && k.codes[key] == keyUndefined {
		key = keyGeodeticCRS
	}
	if k.codes[keyModelType] == modelGeocentric {
		return srs.CRS{}, unsupported(keyModelType, modelGeocentric, "geocentric coordinates")
	}
	code := k.codes[key]
	switch {
	case code == keyUserDefined || code == keyUndefined && key == keyProjectedCRS:
		known := k.wellKnown()
		if known == 0 {
			return srs.CRS{}, unsupported(key, code, fmt.Sprintf("no code, but a definition of its own: %q", show(k.citations())))
		}
		code = known
	case code == keyUndefined:
		warn("no spatial reference is stated")
		return srs.CRS{}, nil
	}
	crs, err := srs.FromWKID(int(code))
	if err != nil {
		return srs.CRS{}, fmt.Errorf("geotiff: %v %d: %w", key, code, err)
	}
	return crs, nil
}

func (k geoKeys) citations() []string {
	var c []string
	for _, key := range [...]geoKey{keyProjectedCit, keyCitation, keyGeodeticCitation} {
		if s := k.texts[key]; s != "" {
			c = append(c, s)
		}
	}
	return c
}

// wellKnown is the code of a user-defined spatial reference that a citation gives the name of a common one; 0 if none
// does.
func (k geoKeys) wellKnown() uint16 {
	for _, c := range [...]string{k.texts[keyProjectedCit], k.texts[keyCitation]} {
		for _, name := range [...]string{
			"WGS_1984_Web_Mercator_Auxiliary_Sphere", // Esri
			"WGS 84 / Pseudo-Mercator",               // EPSG, and what GDAL writes
		} {
			if strings.Contains(c, name) {
				return 3857
			}
		}
	}
	return 0
}
