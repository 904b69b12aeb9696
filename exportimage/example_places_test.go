package exportimage_test

import (
	"context"
	"fmt"
	"log"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

func ExampleService_Identify() {
	service, closeFile := openWorld()
	defer closeFile()
	res, err := service.Identify(context.Background(), exportimage.IdentifyRequest{Geometry: exportimage.Geometry{
		Type: exportimage.PointGeometry, Envelope: srs.Envelope{XMin: 7.4, YMin: 46.9, XMax: 7.4, YMax: 46.9},
	}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Type, len(res.Values) > 0)
	// Output: U8 true
}

func ExampleService_Samples() {
	service, closeFile := openWorld()
	defer closeFile()
	samples, err := service.Samples(context.Background(), exportimage.SamplesRequest{
		Geometry: exportimage.Geometry{Type: exportimage.PolylineGeometry, Parts: [][][2]float64{{{0, 0}, {10, 0}}}},
		Count:    5,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range samples {
		fmt.Println(s.LocationID, s.Location.X, s.Item.Name)
	}
	// Output:
	// 0 0 world
	// 1 2.5 world
	// 2 5 world
	// 3 7.5 world
	// 4 10 world
}

func ExampleService_Query() {
	service, closeFile := openWorld()
	defer closeFile()
	res, err := service.Query(context.Background(), exportimage.QueryRequest{
		Where:    "Name LIKE 'w%'",
		Geometry: exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: srs.Envelope{XMin: 5, YMin: 45, XMax: 10, YMax: 48}},
		Fields:   []string{"OBJECTID", "Name"},
		Outlines: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range res.Features {
		fmt.Println(f.Values, f.Outline)
	}
	// Output: [1 world] [[-180 -90] [-180 90] [180 90] [180 -90] [-180 -90]]
}

func ExampleService_Measure() {
	service, closeFile := openWorld()
	defer closeFile()
	at := func(lon, lat float64) exportimage.Geometry {
		return exportimage.Geometry{
			Type: exportimage.PointGeometry, Parts: [][][2]float64{{{lon, lat}}},
			Envelope: srs.Envelope{XMin: lon, YMin: lat, XMax: lon, YMax: lat},
		}
	}
	res, err := service.Measure(context.Background(), exportimage.MeasureRequest{
		Measurement: exportimage.MeasureDistance, From: at(8, 47), To: at(11, 48),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.3f m, %.4f°\n", res.Distance, res.Azimuth)
	// Output: 251870.433 m, 62.7076°
}

func ExampleService_Project() {
	service, closeFile := openWorld()
	defer closeFile()
	mercator, err := srs.FromWKID(3857)
	if err != nil {
		log.Fatal(err)
	}
	out, err := service.Project(context.Background(), exportimage.ProjectRequest{
		CRS: mercator, Geometries: []exportimage.Geometry{{Type: exportimage.EnvelopeGeometry, Envelope: srs.Envelope{XMax: 10, YMax: 10}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f %.2f\n", out[0].Envelope.XMax, out[0].Envelope.YMax)
	// Output: 1113194.91 1118889.97
}

func ExampleService_PixelLocations() {
	service, closeFile := openWorld()
	defer closeFile()
	at, err := service.PixelLocations(context.Background(), 1, []exportimage.Geometry{{
		Type: exportimage.PointGeometry, Parts: [][][2]float64{{{0, 0}}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	info, err := service.RasterInfo(context.Background(), 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(at[0][0]/float64(info.Info.Grid.Size.X), at[0][1]/float64(info.Info.Grid.Size.Y))
	// Output: 0.5 0.5
}

func ExampleService_Boundary() {
	service, closeFile := openWorld()
	defer closeFile()
	b, err := service.Boundary(context.Background(), srs.CRS{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d ring, %.0f km²\n", len(b.Rings), b.Area/1e6)
	// Output: 1 ring, 510065622 km²
}
