package main

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"image"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

// most is the side of the part of a raster whose samples are compared, and mostBands the number of its bands. They are
// those of gdal.py.
const (
	most      = 4096
	mostBands = 64
)

// A reading is what was found in a file.
type reading struct {
	Error, Kind          string // Kind is the type of the error
	Width, Height, Bands int
	Samples              []string  // a hash of the samples of each band
	Invalid              int       // pixels without data; -1 if there are several bands
	Affine               []float64 // in the order of GDAL's geotransforms; nil if there is none
	WKT                  string    // empty if the spatial reference is not stated
	Reference            string    // how the spatial references differ, as gdal.py finds
	Inks                 bool      // samples are inks, which GDAL turns into colours unless it is asked not to
	Points               bool      // there are control points
	Unplaced             bool      // the file is not georeferenced in a way that package geotiff reads
	Notes                []string
}

// read reads a file with package geotiff. A file that cannot be placed is placed somewhere, so that its samples can be
// compared.
func read(ctx context.Context, path string) reading {
	var out reading
	f, err := geotiff.OpenFile(path, nil)
	if unplaced(err) {
		out.Unplaced, out.Error = true, err.Error()
		mercator, _ := srs.FromWKID(3857) // which exists
		f, err = geotiff.OpenFile(path, &geotiff.Options{Affine: raster.Affine{A: 1, E: -1}, CRS: mercator})
	}
	if err != nil {
		return refusal(out, err)
	}
	defer f.Close()
	info := f.Info()
	out.Width, out.Height, out.Bands, out.Notes = info.Grid.Size.X, info.Grid.Size.Y, len(info.Bands), info.Notes
	for _, b := range info.Bands {
		out.Inks = out.Inks || b.Color == raster.ColorCyan
	}
	if !out.Unplaced {
		a := info.Grid.Affine
		out.Affine = []float64{a.C, a.A, a.B, a.F, a.D, a.E}
		if !info.Grid.CRS.IsZero() {
			if out.WKT, err = info.Grid.CRS.WKT2(); err != nil {
				return refusal(out, err)
			}
		}
	}
	win := image.Rect(0, 0, min(out.Width, most), min(out.Height, most))
	var valid *image.Alpha
	for band := range min(out.Bands, mostBands) {
		b, err := f.Read(ctx, nil, 0, win, []int{band})
		if err != nil {
			return refusal(out, err)
		}
		out.Samples = append(out.Samples, hashOf(b.Bands[0], info.Type))
		valid = b.Valid
	}
	if out.Invalid = -1; out.Bands == 1 {
		out.Invalid = 0
		if valid != nil {
			for y := win.Min.Y; y < win.Max.Y; y++ {
				for _, a := range raster.AlphaRow(valid, y, win) {
					if a == 0 {
						out.Invalid++
					}
				}
			}
		}
	}
	return out
}

// unplaced reports whether an error is about the place of a raster alone.
func unplaced(err error) bool {
	if err == nil {
		return false
	}
	if errors.Is(err, geotiff.ErrNoGeoreference) {
		return true
	}
	if e, ok := errors.AsType[*geotiff.UnsupportedError](err); ok {
		return e.Name == "ModelTiepointTag (33922)" || e.Name == "RPCCoefficientTag (50844)" || e.Name == "GCPList in .aux.xml"
	}
	return false
}

// refusal returns a reading that ends with an error.
func refusal(out reading, err error) reading {
	out.Error, out.Samples = err.Error(), nil
	switch {
	case isKind[*geotiff.UnsupportedError](err), isKind[*srs.UnsupportedError](err):
		out.Kind = "not supported"
	case isKind[*geotiff.FormatError](err):
		out.Kind = "breaks the format"
	case isKind[*geotiff.LimitError](err):
		out.Kind = "exceeds a limit"
	default:
		out.Kind = "error"
	}
	return out
}

func isKind[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// hashOf returns a hash of the samples of a plane, little endian, row by row.
func hashOf(p raster.Plane, t raster.PixelType) string {
	h := sha1.New()
	r, size := p.Bounds(), t.Size()
	row := make([]byte, r.Dx()*size)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		raster.PutRow(row, size, p, y, r.Min.X, r.Max.X)
		h.Write(row)
	}
	return hex.EncodeToString(h.Sum(nil))
}
