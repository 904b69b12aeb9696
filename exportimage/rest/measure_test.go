package rest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage/rest"
)

type measuredValue struct {
	Value        float64
	DisplayValue string
	Unit         string
}

type measured struct {
	Name, SensorName string
	Point            *struct {
		Value struct {
			X, Y             float64
			SpatialReference struct{ WKID int }
		}
	}
	Distance, AzimuthAngle, Area, Perimeter *measuredValue
}

// measure as ArcGIS JS asks it, and the parts of the answer that it reads.
func TestMeasure(t *testing.T) {
	s, _ := service(world(t))
	h := rest.NewHandler(s, nil)
	p := func(x, y string) string { return `{"spatialReference":{"wkid":4326},"x":` + x + `,"y":` + y + `}` }
	// echo "47 8 48 11" | GeodSolve -i -p 6
	got := answer[measured](t, h, "/measure", url.Values{"fromGeometry": {p("8", "47")}, "toGeometry": {p("11", "48")}, "geometryType": {"esriGeometryPoint"},
		"measureOperation": {"esriMensurationDistanceAndAngle"}, "linearUnit": {"esriMeters"}, "angularUnit": {"esriDUDecimalDegrees"}, "f": {"json"}})
	assert.Equal(t, "raster 1", got.Name)
	assert.InDelta(t, 251870.433427, got.Distance.Value, 2e-6)
	assert.Equal(t, "251870.4 esriMeters", got.Distance.DisplayValue+" "+got.Distance.Unit)
	assert.InDelta(t, 62.70762219460, got.AzimuthAngle.Value, 1e-8)
	assert.Nil(t, got.Area)
	got = answer[measured](t, h, "/measure", url.Values{"fromGeometry": {"8,47"}, "toGeometry": {"11,48"}, "measureOperation": {"DistanceAndAngle"},
		"linearUnit": {"esriMiles"}, "angularUnit": {"radians"}, "f": {"json"}})
	assert.InDelta(t, 251870.433427/1609.344, got.Distance.Value, 1e-8)
	assert.InDelta(t, 1.0944544, got.AzimuthAngle.Value, 1e-7)
	// printf '47 8\n48 11\n46 12\n' | Planimeter -p 6
	got = answer[measured](t, h, "/measure", url.Values{"fromGeometry": {`{"rings":[[[8,47],[11,48],[12,46],[8,47]]]}`}, "geometryType": {"esriGeometryPolygon"},
		"measureOperation": {"esriMensurationAreaAndPerimeter"}, "areaUnit": {"esriHectares"}, "linearUnit": {"esriKilometers"}, "f": {"json"}})
	assert.InDelta(t, 2944585.60864, got.Area.Value, 1e-5)
	assert.InDelta(t, 813.360787418, got.Perimeter.Value, 1e-8)
	got = answer[measured](t, h, "/measure", url.Values{"fromGeometry": {"1,2,3,4"}, "measureOperation": {"esriMensurationCentroid"}, "f": {"json"}})
	assert.Equal(t, [2]float64{2, 3}, [2]float64{got.Point.Value.X, got.Point.Value.Y})
	assert.Equal(t, 4326, got.Point.Value.SpatialReference.WKID)
}

type placed struct {
	Geometries []struct {
		X, Y                   float64
		XMin, YMin, XMax, YMax float64
		Rings                  [][][2]float64
	}
}

func TestProjectAndComputePixelLocation(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	// echo "16 16" | cs2cs -f %.12f EPSG:3857 EPSG:4326
	got := answer[placed](t, h, "/project", url.Values{"geometries": {`{"geometryType":"esriGeometryPoint","geometries":[{"x":16,"y":16}]}`},
		"inSR": {"102100"}, "outSR": {"4326"}, "f": {"json"}})
	assert.InDelta(t, 0.000143730445, got.Geometries[0].X, 1e-12)
	got = answer[placed](t, h, "/project", url.Values{"geometries": {`[{"xmin":0,"ymin":0,"xmax":16,"ymax":16},{"rings":[[[0,0],[0,16],[16,16],[0,0]]]}]`},
		"outSR": {"4326"}, "f": {"json"}})
	assert.InDelta(t, 0.000143730445, got.Geometries[0].XMax, 1e-12)
	assert.Len(t, got.Geometries[1].Rings[0], 4)
	got = answer[placed](t, h, "/computePixelLocation", url.Values{"geometries": {`{"geometryType":"esriGeometryPoint","geometries":[{"x":1.5,"y":15,"spatialReference":{"wkid":3857}}]}`},
		"rasterId": {"2"}, "f": {"json"}})
	assert.Equal(t, [2]float64{1.5, 1}, [2]float64{got.Geometries[0].X, got.Geometries[0].Y})
}

func TestQueryBoundary(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	type boundary struct {
		Shape struct {
			Rings            [][][2]float64
			SpatialReference struct{ LatestWKID int }
		}
		Area float64
	}
	got := answer[boundary](t, h, "/queryBoundary", url.Values{"f": {"json"}})
	assert.Len(t, got.Shape.Rings, 1)
	assert.ElementsMatch(t, [][2]float64{{0, 0}, {0, 16}, {16, 16}, {16, 0}}, got.Shape.Rings[0][1:], "of three that are the same")
	// echo "16 16" | cs2cs -f %.15f EPSG:3857 EPSG:4326, and Planimeter -p 9 of the corners in degrees
	assert.InDelta(t, 254.28, got.Area, 0.01)
	got = answer[boundary](t, h, "/queryBoundary", url.Values{"outSR": {"4326"}, "f": {"json"}})
	assert.Equal(t, 4326, got.Shape.SpatialReference.LatestWKID)
	assert.Contains(t, get(h, "/queryBoundary?f=json&outSR=x").Body.String(), "outSR")
}

func TestMeasuresThatAreNotServed(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	many := strings.TrimSuffix(strings.Repeat("1,2,", 20_000), ",")
	for target, want := range map[string]string{
		"/measure?fromGeometry=1,1":                                                                        "measureOperation: there is no measurement 0",
		"/measure?measureOperation=esriMensurationPoint":                                                   "fromGeometry: it is missing",
		"/measure?fromGeometry=1,1&measureOperation=esriMensurationHeightFromBaseAndTop":                   "heights are not measured",
		"/measure?fromGeometry=1,1&measureOperation=esriMensurationPoint3D":                                "heights are not measured",
		"/measure?fromGeometry=1,1&measureOperation=esriMensurationDistanceAndAngle":                       "toGeometry: it is missing",
		"/measure?fromGeometry=1,1&toGeometry=1,2&measureOperation=DistanceAndAngle&linearUnit=leagues":    "linearUnit:",
		"/measure?fromGeometry=1,1&geometryType=esriGeometryPolygon&measureOperation=esriMensurationPoint": "fromGeometry: it is of type esriGeometryPoint",
		"/measure?fromGeometry=1,1&measureOperation=esriMensurationPoint&raster=x":                         "parameter raster is not supported",
		"/project?outSR=4326":                      "geometries: it is missing",
		"/project?geometries=1,2,3&outSR=4326":     "x and y of each point are wanted",
		"/project?geometries={}&outSR=4326":        "is missing",
		"/project?geometries=[{'x':1}]&outSR=4326": "geometry 0:",
		"/project?geometries={'geometryType':'esriGeometryPolygon','geometries':[{'x':1,'y':2}]}&outSR=4326": "geometry 0 is of type esriGeometryPoint",
		"/project?geometries=1,2&outSR=x":                                                       "outSR:",
		"/project?geometries=1,99&inSR=4326&outSR=3857":                                         "geometries:",
		"/computePixelLocation?geometries=1,2":                                                  "rasterId: it is missing",
		"/computePixelLocation?geometries=1,2&rasterId=77":                                      "there is no raster 77",
		"/computePixelLocation?geometries=1,2&rasterId=x":                                       "rasterId:",
		"/computePixelLocation?geometries=[{'xmin':0,'ymin':0,'xmax':16,'ymax':16}]&rasterId=1": "pixels are located at points",
		"/project?geometries=" + many:                                                           "there are more than",
	} {
		path, query, _ := strings.Cut(target, "?")
		w := post(h, path, "application/x-www-form-urlencoded", "f=json&"+query)
		assert.GreaterOrEqual(t, w.Code, 400, "%.99s", target)
		assert.Contains(t, w.Body.String(), want, "%.99s", target)
		assert.True(t, json.Valid(w.Body.Bytes()))
		assert.Less(t, w.Body.Len(), 750)
	}
	none := rest.NewHandler(scenes(t), &rest.Options{Without: rest.Measures})
	assert.Equal(t, http.StatusNotFound, get(none, "/measure?f=json").Code)
	assert.NotContains(t, get(none, "/?f=json").Body.String(), "Mensuration")
	assert.Contains(t, get(h, "/measure").Body.String(), "<option>esriMensurationCentroid</option>")
	assert.Contains(t, get(h, "/measure?fromGeometry=1,1&measureOperation=esriMensurationPoint").Body.String(), "Scene_A")
}
