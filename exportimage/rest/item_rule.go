package rest

import (
	"net/url"
	"strings"

	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/raster/function"
)

// drawing are the paths whose operations compute the pixels of single rasters by the itemRenderingRule of a mosaicRule.
var drawing = map[string]bool{
	"exportimage": true, "identify": true, "getsamples": true, "computehistograms": true,
	"computestatisticshistograms": true,
	"kml/image.kmz":               true, wmsPath: true, "map": true,
}

// checkItemRule returns an error if a request states an itemRenderingRule for a path that does not honour one: what is
// described, measured or queried there would be that of other pixels.
func checkItemRule(path string, form url.Values) error {
	text := formValue(form, params.MosaicRuleParam.Name) + formValue(form, "moasiacRule")
	if drawing[path] || !strings.Contains(strings.ToLower(text), "itemrenderingrule") {
		return nil
	}
	m, err := params.MosaicRule(text)
	if err != nil {
		return err
	}
	if rule, ok := m.ItemFunction.(*function.Rule); m.ItemFunction == nil || ok && rule.IsNone() {
		return nil
	}
	return unsupported(params.MosaicRuleParam.Name,
		"itemRenderingRule is not supported here: images, identify, getSamples and histograms of places honour it")
}
