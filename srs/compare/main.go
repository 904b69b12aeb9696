// Command compare answers points.py and speed.py, which ask PROJ the same. See the README beside this file.
package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/geoexport/geoexport/srs"
)

func main() {
	run := map[string]func(io.Reader, io.Writer) error{"points": points, "speed": speed, "pairs": pairs}
	if len(os.Args) != 2 || run[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: compare points|speed|pairs")
		os.Exit(2)
	}
	if err := run[os.Args[1]](bufio.NewReader(os.Stdin), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A place is a point on WGS 84, in degrees, and what PROJ makes of it in another system.
type place struct {
	code           string
	lon, lat, x, y float64
}

// points answers every line "code lon lat x y" by how far, in metres, our x and y are from those, and our longitude
// and latitude made of them from lon and lat. It is -1 -1 where we do not know the code.
func points(in io.Reader, out io.Writer) error {
	world, err := srs.FromWKID(4326)
	if err != nil {
		return err
	}
	for {
		var p place
		if _, err := fmt.Fscan(in, &p.code, &p.lon, &p.lat, &p.x, &p.y); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		forward, inverse := -1.0, -1.0
		if to, err := srs.Parse(p.code); err == nil {
			if forward, inverse, err = p.misses(world, to); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintln(out, forward, inverse); err != nil {
			return err
		}
	}
}

const radius = 6378137 // metres

// misses measures on the plane, or along meridian and parallel.
func (p place) misses(world, to srs.CRS) (forward, inverse float64, err error) {
	t, err := srs.NewTransformer(world, to)
	if err != nil {
		return 0, 0, err
	}
	xs, ys := []float64{p.lon}, []float64{p.lat}
	t.Transform(xs, ys)
	cos := math.Cos(p.lat * math.Pi / 180)
	if to.Geographic() {
		dx := math.Remainder(xs[0]-p.x, to.Period())
		forward = math.Hypot(dx*cos, ys[0]-p.y) * to.Unit() * radius
	} else {
		forward = math.Hypot(xs[0]-p.x, ys[0]-p.y) * to.Unit()
	}
	xs[0], ys[0] = p.x, p.y
	t.Inverse().Transform(xs, ys)
	inverse = math.Hypot(math.Remainder(xs[0]-p.lon, 360)*cos, ys[0]-p.lat) * math.Pi / 180 * radius
	return forward, inverse, nil
}
