package srs_test

import (
	"fmt"

	"github.com/geoexport/geoexport/srs"
)

func Example() {
	from, err := srs.Parse("EPSG:4326")
	if err != nil {
		panic(err)
	}
	to, err := srs.Parse(`{"wkid":102100,"latestWkid":3857}`)
	if err != nil {
		panic(err)
	}
	t, err := srs.NewTransformer(from, to)
	if err != nil {
		panic(err)
	}
	xs, ys := []float64{-117, 0}, []float64{34, 90}
	lost := t.Transform(xs, ys)
	fmt.Printf("%.2f %.2f, %d lost\n", xs[0], ys[0], lost)

	box, err := t.Envelope(srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f\n", box)
	// Output:
	// -13024380.42 4028802.03, 1 lost
	// {-20037508.34 -20037508.34 20037508.34 20037508.34}
}
