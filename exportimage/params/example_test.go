package params_test

import (
	"fmt"
	"log"
	"maps"
	"net/url"
	"slices"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

func ExampleParseRequest() {
	query, err := url.ParseQuery("bbox=-117,34,-116,35&bboxSR=4326&size=800,600&interpolation=RSP_CubicConvolution&dpi=96")
	if err != nil {
		log.Fatal(err)
	}
	req, err := params.ParseRequest(query)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(req.BBox, req.BBoxSR, req.Size, req.Interpolation)
	fmt.Println("unknown:", req.Unknown)

	_, err = params.ParseRequest(url.Values{"size": {"huge"}})
	fmt.Println(err)
	// Output:
	// -117,34,-116,35 EPSG:4326 (800,600) Cubic
	// unknown: [dpi]
	// size: "huge" is not a number
}

func ExampleMosaicRule() {
	rule, err := params.MosaicRule(`{"mosaicMethod":"esriMosaicAttribute","sortField":"Month","sortValue":6,"where":"Cloud < 5"}`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rule.Method, rule.SortField, rule.SortValue, rule.Where)
	fmt.Println(params.MosaicMethods.Name(mosaic.Center))
	// Output:
	// Attribute Month 6 Cloud < 5
	// esriMosaicCenter
}

func ExampleGeometry() {
	g, err := params.Geometry(`{"rings":[[[0,0],[0,10],[5,5]]],"spatialReference":{"wkid":4326}}`, "esriGeometryPolygon")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g.CRS, g.Parts, g.Envelope)
	g, err = params.Geometry("7.5,47", "")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g.Type == exportimage.PointGeometry, g.Parts)
	// Output:
	// EPSG:4326 [[[0 0] [0 10] [5 5] [0 0]]] 0,0,5,10
	// true [[[7.5 47]]]
}

// Another operation has a table of its own, made of the same parameters.
func ExampleTable() {
	type samples struct {
		Geometry exportimage.Geometry
		Rule     mosaic.Rule
	}
	table := params.Table[samples]{
		params.Bind(params.GeometryParam, func(s *samples, g exportimage.Geometry) { s.Geometry = g }),
		params.Bind(params.MosaicRuleParam, func(s *samples, m params.Mosaic) { s.Rule = m.Rule }),
	}
	var s samples
	remarks, err := table.Parse(url.Values{"geometry": {"7.5,47"}, "sampleCount": {"9"}}, &s)
	fmt.Println(s.Geometry.Envelope.XMin, remarks.Unknown, err)
	for _, info := range table.Infos() {
		fmt.Println(info.Name+":", info.Usage())
	}
	// Output:
	// 7.5 [samplecount] <nil>
	// geometry: `JSON` of a point, multipoint, polyline, polygon or envelope, or x,y, or xmin,ymin,xmax,ymax
	// mosaicRule: `JSON` of the rule by which rasters are chosen, ordered and merged
}

func ExampleValues() {
	v, err := params.Values(exportimage.Request{
		BBox: srs.Envelope{XMin: -117, YMin: 34, XMax: -116, YMax: 35}, BBoxSR: srs.WGS84(), ImageSR: srs.WebMercator(),
		Function: function.NewHillshade(function.Source{}),
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		fmt.Println(name, v.Get(name))
	}
	// Output:
	// bbox -117,34,-116,35
	// bboxSR 4326
	// imageSR 3857
	// renderingRule {"rasterFunction":"Hillshade","rasterFunctionArguments":{"Raster":"$$"}}
}
