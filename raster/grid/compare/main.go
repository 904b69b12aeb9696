// Compare reads windows of a grid, for compare.py beside it: each line of the input is a window, x0 y0 x1 y1, and each line
// of the output the seconds that reading it took and the CRC-32 of its samples, by bands, in little-endian order.
package main

import (
	"bufio"
	"context"
	"fmt"
	"hash/crc32"
	"image"
	"os"
	"time"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/grid"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(path string) error {
	start := time.Now()
	f, err := grid.OpenFile(path, nil)
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Printf("%g %v\n", time.Since(start).Seconds(), f.Info().Type)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var win image.Rectangle
		if _, err := fmt.Sscan(lines.Text(), &win.Min.X, &win.Min.Y, &win.Max.X, &win.Max.Y); err != nil {
			return err
		}
		start := time.Now()
		b, err := f.Read(context.Background(), nil, 0, win, nil)
		if err != nil {
			return err
		}
		seconds := time.Since(start).Seconds()
		fmt.Printf("%g %08x\n", seconds, checksum(b))
	}
	return lines.Err()
}

// checksum returns the CRC-32 of all samples.
func checksum(b *raster.Block) (sum uint32) {
	r, size := b.Bounds(), b.Type.Size()
	row := make([]byte, r.Dx()*size)
	for _, p := range b.Bands {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			raster.PutRow(row, size, p, y, r.Min.X, r.Max.X)
			sum = crc32.Update(sum, crc32.IEEETable, row)
		}
	}
	return sum
}
