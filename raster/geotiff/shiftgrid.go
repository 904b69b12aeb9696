package geotiff

import (
	"context"
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// ReadShiftGrid reads a GeoTIFF with a grid of datum shifts, as PROJ's content delivery network has them: NTv2 and NADCON
// in bands of latitude and longitude offsets, one page for each grid. name is the file's, for messages and for
// srs.ShiftGrid.Name. It reads all of the file and does not keep src. o may be nil.
//
// From and To are what the file states: its georeference, and target_crs_epsg_code. They are zero where it states
// nothing, or what package srs does not have; a caller then sets them. Besides the errors of Open, the error is a
// *FormatError for a file that is no such grid, and that of srs.NewNTv2. Source of the format: PROJ, Geodetic TIFF grids
// (GTG).
func ReadShiftGrid(ctx context.Context, name string, src source.Source, o *Options) (srs.ShiftGrid, error) {
	out := srs.ShiftGrid{Name: name}
	var with Options
	if o != nil {
		with = *o
	}
	var parts []srs.GridPart
	var first raster.Info
	for page, pages := 0, 1; page < pages; page++ {
		with.page = page
		f, err := Open(ctx, src, &with)
		if err != nil {
			return out, err
		}
		if f.cutShort != nil { // finer grids would be missing
			return out, f.cutShort
		}
		info := f.Info()
		if page == 0 {
			if pages, first = f.pages, info; pages > maxShiftPages {
				return out, &FormatError{Name: "directories", Reason: fmt.Sprintf("%d pages are more than %d", pages, maxShiftPages)}
			}
			if kind := info.Metadata["TYPE"]; kind != "" && kind != "HORIZONTAL_OFFSET" {
				return out, &FormatError{Name: "TYPE", Value: kind, Reason: "is no grid of horizontal shifts"}
			}
		}
		part, err := readGridPart(ctx, f, info, first)
		if err != nil {
			return out, fmt.Errorf("geotiff: grid %d: %w", page+1, err)
		}
		switch way := first.Metadata["interpolation_method"]; way {
		case "", "bilinear":
		case "biquadratic":
			part.Biquadratic = true
		default:
			return out, &UnsupportedError{Name: "interpolation_method", Value: way}
		}
		parts = append(parts, part)
	}
	if first.Grid.CRS.Geographic() {
		out.From = first.Grid.CRS
	}
	if to, err := srs.Parse("EPSG:" + first.Metadata["target_crs_epsg_code"]); err == nil && to.Geographic() {
		out.To = to
	}
	grid, err := srs.NewNTv2(out.From.Name(), out.To.Name(), parts)
	out.NTv2 = grid
	return out, err
}

// The limits of a grid of shifts are those of srs.NewNTv2.
const (
	maxShiftPages = 4096
	maxShiftNodes = 1 << 25
)

// offsets are the bands of a grid of shifts.
type offsets struct {
	latitude, longitude int
	accuracies          []int
	latScale, lonScale  float32 // seconds north and east per unit
}

// findOffsets finds the bands by their names, or takes the first two where none has one, as PROJ does.
func findOffsets(info, first raster.Info) (offsets, error) {
	o := offsets{latitude: -1, longitude: -1}
	bands := info.Bands
	if len(bands) > 0 && bands[0].Name == "" && len(first.Bands) == len(bands) {
		bands = first.Bands // later pages may leave out what the first one has
	}
	named := false
	for i := range bands {
		switch name := bands[i].Name; {
		case name == "latitude_offset":
			o.latitude = i
		case name == "longitude_offset":
			o.longitude = i
		case strings.HasSuffix(name, "_offset_accuracy") && (bands[i].Unit == "" || strings.HasPrefix(bands[i].Unit, "met")):
			o.accuracies = append(o.accuracies, i)
		}
		named = named || bands[i].Name != ""
	}
	if !named && len(bands) >= 2 {
		o.latitude, o.longitude = 0, 1
	}
	if o.latitude < 0 || o.longitude < 0 {
		return o, &FormatError{Name: "bands", Reason: "are not latitude_offset and longitude_offset"}
	}
	for _, b := range []struct {
		band  int
		scale *float32
	}{{o.latitude, &o.latScale}, {o.longitude, &o.lonScale}} {
		switch unit := bands[b.band].Unit; unit {
		case "", "arc-second", "arc-seconds", "arc second", "arc seconds":
			*b.scale = 1
		case "degree", "degrees":
			*b.scale = 3600
		case "radian", "radians":
			*b.scale = 3600 * 180 / math.Pi
		default:
			return o, &UnsupportedError{Name: "unit of a shift", Value: unit}
		}
	}
	if bands[o.longitude].Metadata["positive_value"] == "west" {
		o.lonScale = -o.lonScale
	}
	return o, nil
}

// readGridPart reads one page.
func readGridPart(ctx context.Context, f *File, info, first raster.Info) (srs.GridPart, error) {
	a, size := info.Grid.Affine, info.Levels[0]
	if a.B != 0 || a.D != 0 || a.A <= 0 || a.E == 0 {
		return srs.GridPart{}, &UnsupportedError{Name: "georeference", Reason: "of a grid of shifts that is turned"}
	}
	if size.X > maxShiftNodes/size.Y {
		return srs.GridPart{}, &FormatError{Name: "size", Reason: fmt.Sprintf("of %v nodes is more than %d", size, maxShiftNodes)}
	}
	o, err := findOffsets(info, first)
	if err != nil {
		return srs.GridPart{}, err
	}
	b, err := f.Read(ctx, nil, 0, image.Rectangle{Max: size}, append([]int{o.latitude, o.longitude}, o.accuracies...))
	if err != nil {
		return srs.GridPart{}, err
	}
	planes, err := floatPlanes(b)
	if err != nil {
		return srs.GridPart{}, err
	}
	x0, y0 := a.Apply(0.5, 0.5) // nodes are the middles of pixels
	out := srs.GridPart{
		Name: info.Metadata["grid_name"], Parent: info.Metadata["parent_grid_name"],
		West: x0, North: y0, StepLon: a.A, StepLat: math.Abs(a.E), Rows: size.Y, Columns: size.X,
		Latitude: make([]float32, 0, size.X*size.Y), Longitude: make([]float32, 0, size.X*size.Y),
	}
	southUp := a.E > 0
	if southUp {
		_, out.North = a.Apply(0.5, float64(size.Y)-0.5)
	}
	for j := range size.Y {
		y := j
		if southUp {
			y = size.Y - 1 - j
		}
		for x := range size.X {
			lat, lon := planes[0].Row(y)[x]*o.latScale, planes[1].Row(y)[x]*o.lonScale
			if b.Valid != nil && b.Valid.AlphaAt(x, y).A == 0 {
				lat, lon = float32(math.NaN()), float32(math.NaN())
			}
			out.Latitude, out.Longitude = append(out.Latitude, lat), append(out.Longitude, lon)
			var sum float64
			for _, p := range planes[2:] {
				v := float64(p.Row(y)[x])
				sum += float64(v * v)
			}
			if e := math.Sqrt(sum); e > out.Accuracy && !math.IsInf(e, 0) {
				out.Accuracy = e
			}
		}
	}
	return out, nil
}

// floatPlanes returns planes of 32-bit floats.
func floatPlanes(b *raster.Block) ([]*raster.PlaneOf[float32], error) {
	var out []*raster.PlaneOf[float32]
	for _, p := range b.Bands {
		f, ok := p.(*raster.PlaneOf[float32])
		if !ok {
			return nil, &UnsupportedError{Name: "sample type of a grid of shifts", Value: strconv.Quote(b.Type.String())}
		}
		out = append(out, f)
	}
	return out, nil
}
