package srs

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

func codesOf(q Query) (codes []int) {
	for e := range Search(q) {
		codes = append(codes, e.WKID)
	}
	return codes
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		name     string
		q        Query
		has, not []int
	}{
		{"words in any order", Query{Name: "33n UTM wgs 84"}, []int{32633}, []int{32632, 25833}},
		{"Esri's name", Query{Name: "WGS_1984_Web_Mercator_Auxiliary_Sphere"}, []int{3857}, []int{3395}},
		{"withdrawn", Query{Name: "WGS 84 / Pseudo-Mercator"}, []int{3857}, []int{3785}},
		{"withdrawn ones too", Query{Name: "Popular Visualisation CRS / Mercator", Withdrawn: true}, []int{3785}, nil},
		{"area", Query{Area: &Envelope{6, 46, 7, 47}, Kind: Projected}, []int{2056, 32632}, []int{4326, 27700, 32633}},
		{"area across the antimeridian", Query{Area: &Envelope{179, -18, 182, -17}, Kind: Projected}, []int{3832, 32760, 32701}, []int{27700}},
		{"from the other side", Query{Area: &Envelope{-181, -18, -178, -17}, Kind: Projected}, []int{3832, 32760, 32701}, []int{27700}},
		{"kind", Query{Kind: Geographic}, []int{4326}, []int{3857}},
		{"nothing", Query{Name: "no system has these words"}, nil, []int{4326}},
	} {
		got := codesOf(c.q)
		for _, code := range c.has {
			assert.Contains(t, got, code, c.name)
		}
		for _, code := range c.not {
			assert.NotContains(t, got, code, c.name)
		}
	}
	assert.Greater(t, len(codesOf(Query{})), 7000)
	for e := range Search(Query{Withdrawn: true}) { // every code that is found is known
		c, err := Parse(e.Authority + ":" + strconv.Itoa(e.WKID))
		if err != nil {
			assert.IsType(t, &UnsupportedError{}, err)
			continue
		}
		assert.Equal(t, e.Kind, c.Kind())
		area, _ := c.AreaOfUse()
		assert.Equal(t, e.AreaOfUse, area)
	}
	for range Search(Query{}) {
		break
	}
}

func TestKinds(t *testing.T) {
	assert.Equal(t, NotStated, CRS{}.Kind())
	assert.Equal(t, [2]Axis{}, CRS{}.Axes())
	rotated, err := Parse("+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=30 +R=6371229")
	assert.NoError(t, err)
	assert.Equal(t, RotatedPole, rotated.Kind())
	for k, name := range []string{"not stated", "geographic", "projected", "rotated pole", "Kind(4)"} {
		assert.Equal(t, name, Kind(k).String())
	}
	assert.Equal(t, [2]Axis{{"Easting", "X", "south", "90"}, {"Northing", "Y", "south", "180"}}, mustCRS(t, 3995).Axes())
	assert.True(t, slices.Contains([]string{"south", "west"}, mustCRS(t, 2053).Axes()[0].Direction))
}
