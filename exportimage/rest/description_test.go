package rest_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// The rule that the ArcGIS Maps SDK for JavaScript makes of a service's description is the service's own.
func TestRuleOfTheDescriptionIsTheDefault(t *testing.T) {
	s, raw := service(ramp(t), ramp(t))
	want, _ := export(t, s, raw, "size=32,32")
	d := decode[struct {
		DefaultMosaicMethod, MosaicOperator string
		SortAscending                       bool
	}](t, rest.NewHandler(s, nil), "/?f=json")
	assert.True(t, d.SortAscending)
	got, _ := export(t, s, raw, "size=32,32&mosaicRule="+url.QueryEscape(
		`{"ascending":true,"mosaicMethod":"esriMosaic`+d.DefaultMosaicMethod+`","mosaicOperation":"MT_`+d.MosaicOperator+`"}`))
	assert.Equal(t, want, got)
}
