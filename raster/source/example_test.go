package source_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/raster/source"
)

// Whatever reads at offsets is a source: here a text in memory.
func Example() {
	const text = "II*\x00 and the rest of a file"
	src := source.FromReaderAt(strings.NewReader(text), int64(len(text)))

	head := make([]byte, 4)
	if err := source.ReadFull(context.Background(), src, head, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q of %d bytes\n", head, src.Size())
	// Output:
	// "II*\x00" of 27 bytes
}
