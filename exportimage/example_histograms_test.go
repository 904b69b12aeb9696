package exportimage_test

import (
	"context"
	"fmt"
	"log"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

func ExampleService_ComputeStatisticsHistograms() {
	service, closeFile := openWorld()
	defer closeFile()
	res, err := service.ComputeStatisticsHistograms(context.Background(), exportimage.HistogramsRequest{
		Geometry: exportimage.Geometry{
			Type:  exportimage.PolygonGeometry,
			Parts: [][][2]float64{{{0, 40}, {10, 50}, {20, 40}, {0, 40}}},
		},
		PixelSize: exportimage.PixelSize{X: 1, Y: 1},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Pixels, "pixels,", res.Statistics[0].Count, "with data,", len(res.Histograms[0].Counts), "bins")
	// Output: 100 pixels, 100 with data, 256 bins
}

func ExampleService_ComputeHistograms() {
	service, closeFile := openWorld()
	defer closeFile()
	histograms, err := service.ComputeHistograms(context.Background(), exportimage.HistogramsRequest{
		Geometry: exportimage.Geometry{
			Type: exportimage.EnvelopeGeometry, Envelope: srs.Envelope{XMin: 0, YMin: 40, XMax: 20, YMax: 50},
		},
		PixelSize: exportimage.PixelSize{X: 1, Y: 1},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, h := range histograms {
		fmt.Println(h.Min, h.Max, len(h.Counts))
	}
	// Output:
	// -0.5 255.5 256
	// -0.5 255.5 256
	// -0.5 255.5 256
}

func ExampleService_Histograms() {
	service, closeFile := openWorld()
	defer closeFile()
	histograms, err := service.Histograms(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(histograms), "bands,", len(histograms[0].Counts), "bins")
	// Output: 3 bands, 256 bins
}

func ExampleDescription_AttributeTable() {
	service, closeFile := openWorld()
	defer closeFile()
	d, err := service.Describe(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.AttributeTable() == nil)
	// Output: true
}
