package srs_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

// TestGeoKeyTags: keys are found where the directory says that their values are.
func TestGeoKeyTags(t *testing.T) {
	tags := srs.GeoKeyTags{
		Directory: []uint16{1, 1, 0, 8,
			1024, 0, 1, 1,
			1026, 34737, 6, 0,
			2049, 34737, 90, 6, // longer than what is there
			2057, 34736, 1, 1,
			2062, 34736, 3, 0,
			3073, 34737, 5, 200, // outside
			3080, 34736, 3, 1, // partly outside
			3081, 34264, 1, 0, // in a field that holds no values of keys
		},
		Doubles: []float64{7, 8, 9},
		ASCII:   "first|second|",
	}
	keys, err := tags.Keys()
	require.NoError(t, err)
	assert.Equal(t, []srs.GeoKey{
		{ID: 1024, Code: 1},
		{ID: 1026, Text: "first|"},
		{ID: 2049, Text: "second|"},
		{ID: 2057, Numbers: []float64{8}},
		{ID: 2062, Numbers: []float64{7, 8, 9}},
		{ID: 3080, Numbers: []float64{}},
	}, keys)
	packed, err := srs.NewGeoKeyTags(keys[:5]).Keys()
	require.NoError(t, err)
	keys[1].Text, keys[2].Text = "first||", "second||" // as each text ends in a mark of its own
	assert.Equal(t, keys[:5], packed)
	for _, directory := range [][]uint16{{1}, {1, 1, 0}, {2, 1, 0, 0}, {1, 1, 0, 1}, {1, 1, 0, 65535, 1024, 0, 1, 1}} {
		_, err := srs.GeoKeyTags{Directory: directory}.Keys()
		e, ok := errors.AsType[*srs.GeoKeyError](err)
		require.True(t, ok, "%v %v", directory, err)
		assert.Equal(t, "GeoKeyDirectoryTag (34735)", e.Key)
		assert.False(t, e.Unsupported)
	}
	keys, err = srs.GeoKeyTags{}.Keys()
	assert.NoError(t, err)
	assert.Empty(t, keys)
	crs, notes, err := srs.FromGeoKeys(keys)
	assert.NoError(t, err)
	assert.True(t, crs.IsZero())
	assert.Equal(t, []string{"no spatial reference is stated"}, notes)
}

// TestGeoKeyUnread: a number that could not be read fails only a system that needs it.
func TestGeoKeyUnread(t *testing.T) {
	cause := errors.New("disk on fire")
	semiMajor := srs.GeoKey{ID: 2057, Numbers: []float64{}, Err: cause}
	c, _, err := srs.FromGeoKeys([]srs.GeoKey{{ID: 1024, Code: 2}, {ID: 2048, Code: 4326}, semiMajor})
	require.NoError(t, err)
	wkid, _ := c.WKID()
	assert.Equal(t, 4326, wkid)
	_, _, err = srs.FromGeoKeys([]srs.GeoKey{{ID: 1024, Code: 2}, {ID: 2048, Code: 32767}, {ID: 2056, Code: 7030}, semiMajor})
	assert.Equal(t, cause, err)
	shift := srs.GeoKey{ID: 2062, Numbers: []float64{}, Err: cause}
	_, _, err = srs.FromGeoKeys([]srs.GeoKey{{ID: 1024, Code: 2}, {ID: 2048, Code: 32767}, {ID: 2056, Code: 7030}, shift})
	assert.Equal(t, cause, err)
}

// FuzzGeoKeys: whatever the tags hold, there is a CRS, none, or an error of one kind.
func FuzzGeoKeys(f *testing.F) {
	for _, s := range definedSystems {
		directory, numbers := make([]byte, 2*len(s.keys)), make([]byte, 8*len(s.numbers))
		for i, v := range s.keys {
			binary.LittleEndian.PutUint16(directory[2*i:], v)
		}
		for i, v := range s.numbers {
			binary.LittleEndian.PutUint64(numbers[8*i:], math.Float64bits(v))
		}
		f.Add(directory, numbers, s.text)
	}
	f.Fuzz(func(t *testing.T, directory, numbers []byte, text string) {
		if len(directory)+len(numbers)+len(text) > 1<<13 {
			t.Skip("large")
		}
		var tags srs.GeoKeyTags
		for ; len(directory) >= 2; directory = directory[2:] {
			tags.Directory = append(tags.Directory, binary.LittleEndian.Uint16(directory))
		}
		for ; len(numbers) >= 8; numbers = numbers[8:] {
			tags.Doubles = append(tags.Doubles, math.Float64frombits(binary.LittleEndian.Uint64(numbers)))
		}
		tags.ASCII = text
		c, _, err := fromTags(tags.Directory, tags.Doubles, tags.ASCII)
		if err != nil {
			if _, ok := errors.AsType[*srs.GeoKeyError](err); !ok || !c.IsZero() {
				t.Fatalf("%v with %T: %v", c, err, err)
			}
			return
		}
		if c.IsZero() {
			return
		}
		object, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := srs.Parse(string(object)); err != nil {
			t.Fatalf("%s: %v", object, err)
		}
	})
}
