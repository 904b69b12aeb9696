package lerc_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/geoexport/geoexport/raster/lerc"
)

func Example() {
	elevations := []float32{
		410.02, 411.37, 412.5, 413.04,
		409.81, 410.66, 411.9, 0,
		408.4, 409.13, 0, 0,
	}
	valid := []uint8{
		1, 1, 1, 1,
		1, 1, 1, 0,
		1, 1, 0, 0,
	}
	var blob bytes.Buffer
	m := &lerc.Image{Width: 4, Height: 3, Pix: elevations, Valid: valid}
	if err := lerc.Encode(&blob, m, &lerc.EncodeOptions{MaxZError: 0.05}); err != nil {
		log.Fatal(err)
	}

	h, err := lerc.DecodeHeader(blob.Bytes())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d × %d, %v, error %.2f at most\n", h.Width, h.Height, h.Type, h.MaxZError)

	decoded, err := lerc.Decode(blob.Bytes(), nil)
	if err != nil {
		log.Fatal(err)
	}
	for i, v := range decoded.Pix.([]float32)[:4] {
		fmt.Println(decoded.Valid[i] != 0, v-elevations[i] <= 0.05 && elevations[i]-v <= 0.05)
	}
	fmt.Println(decoded.Valid[7] != 0)
	// Output:
	// 4 × 3, float32, error 0.05 at most
	// true true
	// true true
	// true true
	// true true
	// false
}

func ExampleDecodeInto() {
	blob, err := lerc.Append(nil, &lerc.Image{Width: 2, Height: 2, Pix: []int16{1, 2, 3, 4}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	tile := make([]int16, 4) // for one tile after the other
	if err := lerc.DecodeInto(tile, nil, blob, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(tile)
	// Output: [1 2 3 4]
}
