package srs

import (
	"fmt"
	"strings"
)

// GeoKeyTags are the values of the three TIFF tags that hold a file's GeoKeys.
type GeoKeyTags struct {
	Directory []uint16  // GeoKeyDirectoryTag (34735): a header of four values, then four for each key
	Doubles   []float64 // GeoDoubleParamsTag (34736)
	ASCII     string    // GeoAsciiParamsTag (34737)
}

// The TIFF tags of GeoKeys, by which a directory refers to the values that it does not hold itself.
const (
	tagGeoKeyDirectory = 34735
	tagGeoDoubleParams = 34736
	tagGeoASCIIParams  = 34737
)

const nameGeoKeyDirectory = "GeoKeyDirectoryTag (34735)"

// NewGeoKeyTags returns the tags that hold some keys, which must be in rising order of ID: the inverse of Keys. The
// version is that of GeoTIFF 1.0, which all readers know.
func NewGeoKeyTags(keys []GeoKey) GeoKeyTags {
	const version, revision, minor = 1, 1, 0 // of the directory, and of its keys
	t := GeoKeyTags{Directory: []uint16{version, revision, minor, uint16(len(keys))}}
	var texts strings.Builder
	for _, k := range keys {
		location, count, value := uint16(0), 1, k.Code
		switch {
		case k.Text != "":
			location, count, value = tagGeoASCIIParams, len(k.Text)+1, uint16(texts.Len())
			texts.WriteString(k.Text + "|")
		case len(k.Numbers) > 0:
			location, count, value = tagGeoDoubleParams, len(k.Numbers), uint16(len(t.Doubles))
			t.Doubles = append(t.Doubles, k.Numbers...)
		}
		t.Directory = append(t.Directory, uint16(k.ID), location, uint16(count), value)
	}
	t.ASCII = texts.String()
	return t
}

// Keys returns the keys in the order of the directory (OGC GeoTIFF 1.1, section 7.1), none if that is empty. Numbers
// and texts share the memory of the tags. Numbers of a key that refers to values outside of Doubles are empty but not
// nil; a key that refers to a text outside of ASCII is left out, as no text has to be there. The error is a
// *GeoKeyError that names GeoKeyDirectoryTag.
func (t GeoKeyTags) Keys() ([]GeoKey, error) {
	if len(t.Directory) == 0 {
		return nil, nil
	}
	if len(t.Directory) < 4 || t.Directory[0] != 1 {
		return nil, &GeoKeyError{Key: nameGeoKeyDirectory, Value: show(t.Directory), Reason: "want version 1 and a header of 4 values"}
	}
	n := int(t.Directory[3])
	if n > (len(t.Directory)-4)/4 {
		return nil, &GeoKeyError{Key: nameGeoKeyDirectory, Reason: fmt.Sprintf("%d keys in %d values", n, len(t.Directory))}
	}
	keys := make([]GeoKey, 0, n)
	for e := t.Directory[4 : 4+4*n]; len(e) > 0; e = e[4:] {
		key, location, count, value := GeoKey{ID: GeoKeyID(e[0])}, e[1], int(e[2]), int(e[3])
		switch location {
		case 0:
			key.Code = e[3]
		case tagGeoDoubleParams:
			key.Numbers = []float64{}
			if value <= len(t.Doubles) && count <= len(t.Doubles)-value && count > 0 {
				key.Numbers = t.Doubles[value : value+count]
			}
		case tagGeoASCIIParams:
			if value >= len(t.ASCII) || count == 0 {
				continue
			}
			key.Text = t.ASCII[value:min(value+count, len(t.ASCII))]
		default:
			continue
		}
		keys = append(keys, key)
	}
	return keys, nil
}
