package exportimage

import (
	"errors"
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// A TileScheme cuts a plane into tiles of one size, at several levels. Rows run down and columns to the right, from 0
// at the origin:
//
//	origin ──┬─────────┬─────────┬─ x
//	         │ row 0   │ row 0   │
//	         │ col 0   │ col 1   │
//	         ├─────────┼─────────┤
//	         │ row 1   │ row 1   │
//	         y
//
// The zero TileScheme is the service's own: it has the service's reference, begins at the upper left corner of its
// extent, has the service's pixels at its finest level, and doubles them from level to level until the whole extent is
// one tile. The extent of a service whose rasters change may change too, and all tiles with it: such a service states
// its Extent, or a scheme.
type TileScheme struct {
	// CRS is that of the tiles. Default: the service's. A service that states none has that of its tiles, since programs
	// that read tiles take the two for one.
	CRS srs.CRS
	// Origin is the upper left corner of the tile in row 0 and column 0, in CRS. It counts only with Levels.
	Origin Origin
	// Size is the width and height of a tile in pixels (default 256 by 256).
	Size image.Point
	// DPI is the pixels in an inch of the screens that scales are about (default 96).
	DPI float64
	// Levels are the levels, the coarsest first; level n is Levels[n]. Nil makes those of the service's own scheme, in
	// CRS.
	Levels []TileLevel
	// MinLevel and MaxLevel are the first and the last level that have tiles. A MaxLevel of 0 is the last of Levels.
	MinLevel, MaxLevel int
	// Extent is the box in CRS that has tiles, as far as it lies right of and below the origin (default the service's
	// extent).
	Extent srs.Envelope
	// Request is what all tiles are exported with, such as Format or Function. Its zero fields mean the service's
	// Defaults, but for Format, which is png32 if the service's Defaults state none: all programs that show tiles read
	// that. Fields about box and size belong to the tiles and must be zero.
	Request Request
	// Elevation makes tiles of heights, in LERC, as three-dimensional maps read them: samples stand at the corners of
	// cells and not in their middles, so that a tile has a column and a row more than Size, which it shares with the next
	// one.
	Elevation bool
	// Blank is what tiles are that no raster reaches (default BlankImage).
	Blank BlankTiles
}

// An Origin is a corner, in the CRS of what it belongs to.
type Origin struct{ X, Y float64 }

// A TileLevel is one level of a TileScheme.
type TileLevel struct {
	Resolution float64 // the size of a pixel, in units of the scheme's CRS
	Scale      float64 // how many times smaller a map is than the ground (default from Resolution and DPI)
}

// BlankTiles is what tiles are that no raster reaches.
type BlankTiles uint8

// The kinds of blank tiles.
const (
	DefaultBlank  BlankTiles = iota // that of the scheme (default BlankImage)
	BlankImage                      // images without data, as any export outside of the rasters
	BlankNotFound                   // errors of kind NotFound
)

const (
	defaultTileSide = 256
	maxTileSide     = 4096
	maxTileLevels   = 64
	// maxTiles bounds the rows and columns of a level, so that programs may count them with 32 bits.
	maxTiles = math.MaxInt32
	// halfWorld is half of the width of Web Mercator in metres, as ArcGIS Online states it for its origin: 2 µm less than
	// π times the radius. With more, the ArcGIS Maps SDK for JavaScript takes the first tile for one of the next world.
	halfWorld = 20037508.342787
	// inchesPerMetre is what ArcGIS counts with for scales.
	inchesPerMetre = 39.37
	// bareEdge is the part of a pixel by which an extent may reach into a tile without needing it: rounding is less.
	bareEdge = 1e-6
)

// WebMercatorTiles returns the scheme of most maps on the web, which ArcGIS Online, Google and OpenStreetMap share: in
// Web Mercator, with levels 0 to 23, of which level 0 is a tile of the whole world. The reference has the code 102100
// that ArcGIS gives EPSG:3857, since Cesium knows no other.
func WebMercatorTiles() TileScheme {
	world := srs.Envelope{XMin: -halfWorld, YMin: -halfWorld, XMax: halfWorld, YMax: halfWorld}
	return worldTiles(102100, world, 2*halfWorld/defaultTileSide, 24)
}

// GeographicTiles returns the scheme of the world in degrees (EPSG:4326), with levels 0 to 21, of which level 0 is two
// tiles side by side.
func GeographicTiles() TileScheme {
	return worldTiles(4326, srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}, 180.0/defaultTileSide, 22)
}

// elevationTolerance is how far a height may be off in ElevationTiles, in the unit of the heights: a centimetre if that
// is a metre.
const elevationTolerance = 0.01

// ElevationTiles returns a scheme as one of heights: float32 in LERC of version 1, the only one that the ElevationLayer
// of the ArcGIS Maps SDK for JavaScript reads, with an error of up to 0.01.
func (t TileScheme) ElevationTiles() TileScheme {
	t.Elevation, t.Request.Format, t.Request.PixelType = true, "lerc", raster.F32
	t.Request.LERCVersion, t.Request.CompressionTolerance = 1, new(elevationTolerance)
	return t
}

func worldTiles(wkid int, world srs.Envelope, resolution float64, levels int) TileScheme {
	crs, err := srs.FromWKID(wkid)
	if err != nil {
		return TileScheme{} // both codes are built in
	}
	return TileScheme{
		CRS: crs, Origin: Origin{world.XMin, world.YMax}, Extent: world, Levels: doubling(resolution, levels),
	}
}

// doubling returns levels of which each has pixels half as wide as the one before, from the coarsest on.
func doubling(coarsest float64, n int) []TileLevel {
	out := make([]TileLevel, n)
	for i := range out {
		out[i].Resolution = math.Ldexp(coarsest, -i)
	}
	return out
}

// check returns an error that names what is without a meaning in the scheme as it was stated.
func (t *TileScheme) check() error {
	size, e, r := t.Size, t.Extent, t.Request
	switch {
	case !finite(t.Origin.X, t.Origin.Y):
		return fmt.Errorf("its Origin is %v,%v", t.Origin.X, t.Origin.Y)
	case size != image.Point{} && (size.X < 1 || size.Y < 1 || size.X > maxTileSide || size.Y > maxTileSide):
		return fmt.Errorf("its Size is %d by %d, and must be between 1 and %d on a side", size.X, size.Y, maxTileSide)
	case !finite(t.DPI) || t.DPI < 0:
		return fmt.Errorf("its DPI is %v", t.DPI)
	case !e.Finite() || e.XMin > e.XMax || e.YMin > e.YMax:
		return fmt.Errorf("its Extent is no box: %v", e)
	case len(t.Levels) > maxTileLevels:
		return fmt.Errorf("its Levels are %d, more than %d", len(t.Levels), maxTileLevels)
	case len(t.Levels) == 0 && (t.Origin != Origin{} || e != srs.Envelope{}):
		return errors.New("an Origin or Extent is stated without Levels")
	case t.Blank > BlankNotFound:
		return fmt.Errorf("its Blank is %d", t.Blank)
	case alien(&r) != nil:
		return errors.New("its Request states a box or a size, which are those of each tile")
	case t.Elevation && r.Format != "" && r.Format != "lerc":
		return fmt.Errorf("its Request.Format is %s, and heights are in lerc", r.Format)
	}
	last := len(t.Levels) - 1
	if t.MinLevel < 0 || t.MaxLevel < 0 || t.MinLevel > max(last, 0) || t.MaxLevel > max(last, 0) ||
		t.MaxLevel > 0 && t.MinLevel > t.MaxLevel {
		return fmt.Errorf("its MinLevel %d and MaxLevel %d are not among its %d Levels",
			t.MinLevel, t.MaxLevel, len(t.Levels))
	}
	for i, l := range t.Levels {
		if !finite(l.Resolution, l.Scale) || l.Resolution <= 0 || l.Scale < 0 {
			return fmt.Errorf("its Levels[%d] has resolution %v and scale %v", i, l.Resolution, l.Scale)
		}
		if i > 0 && l.Resolution >= t.Levels[i-1].Resolution {
			return fmt.Errorf("its Levels[%d] has resolution %v and is not finer than the level before", i, l.Resolution)
		}
	}
	if err := checkValues(r); err != nil {
		return fmt.Errorf("its Request: %w", err)
	}
	return nil
}

// complete returns the scheme with all defaults filled in, for a service of a description.
func (t TileScheme) complete(s *Service, d *Description) (TileScheme, error) {
	fill(&t.CRS, d.CRS)
	fill(&t.Size, image.Pt(defaultTileSide, defaultTileSide))
	fill(&t.DPI, 96)
	fill(&t.Blank, BlankImage)
	if t.Elevation {
		fill(&t.Request.Format, "lerc")
	}
	if _, ok := s.formats()["png32"]; ok && s.Defaults.Format == "" {
		fill(&t.Request.Format, "png32")
	}
	fill(&t.Request.Format, s.Settings().Defaults.Format)
	if (t.Extent == srs.Envelope{}) {
		var err error
		if t.Extent, err = s.extentIn(t.CRS, d); err != nil {
			return t, err
		}
	}
	if len(t.Levels) == 0 {
		if err := t.fit(s, d); err != nil {
			return t, err
		}
	}
	fill(&t.MaxLevel, len(t.Levels)-1)
	metres := t.CRS.Unit()
	if t.CRS.Geographic() {
		semiMajor, _ := t.CRS.Ellipsoid()
		metres *= semiMajor
	}
	levels := make([]TileLevel, len(t.Levels))
	for i, l := range t.Levels {
		fill(&l.Scale, l.Resolution*metres*t.DPI*inchesPerMetre)
		levels[i] = l
	}
	t.Levels = levels
	if n := t.Tiles(t.MaxLevel); n.Empty() {
		return t, errors.New("the service's Tiles: no tile of the finest level lies in Extent")
	} else if n.Max.X > maxTiles || n.Max.Y > maxTiles {
		return t, fmt.Errorf("the service's Tiles: level %d has %d columns and %d rows, more than %d",
			t.MaxLevel, n.Max.X, n.Max.Y, maxTiles)
	}
	return t, nil
}

// extentIn returns the box around the service in a CRS.
func (s *Service) extentIn(crs srs.CRS, d *Description) (srs.Envelope, error) {
	if crs == d.CRS {
		return d.Extent, nil
	}
	way, err := s.transformer(d.CRS, crs, d.Extent)
	if err != nil {
		return srs.Envelope{}, fmt.Errorf("the service's Tiles: %w", err)
	}
	e, err := way.Envelope(d.Extent)
	if err != nil {
		return e, fmt.Errorf("the service's Tiles: the service has no image in %v: %w", crs, err)
	}
	return e, nil
}

// fit makes origin and levels of the scheme's extent and of the size that the service's pixels have in its middle.
func (t *TileScheme) fit(s *Service, d *Description) error {
	pixel := d.PixelSize
	if t.CRS != d.CRS {
		w, h := math.Round(d.Extent.Width()/pixel.X), math.Round(d.Extent.Height()/pixel.Y)
		size := image.Pt(int(min(max(w, 1), maxSide)), int(min(max(h, 1), maxSide)))
		var err error
		if pixel, err = s.pixelSize(raster.NorthUp(d.CRS, d.Extent, size), t.CRS); err != nil {
			return fmt.Errorf("the service's Tiles: %w", err)
		}
	}
	finest := min(pixel.X, pixel.Y)
	if !finite(finest) || finest <= 0 {
		return fmt.Errorf("the service's Tiles: its pixels have no size in %v", t.CRS)
	}
	sides := max(t.Extent.Width()/(finest*float64(t.Size.X)), t.Extent.Height()/(finest*float64(t.Size.Y)))
	n := 0
	for math.Ldexp(1, n) < sides*(1-bareEdge/float64(max(t.Size.X, t.Size.Y))) && n < maxTileLevels-1 {
		n++
	}
	t.Origin = Origin{t.Extent.XMin, t.Extent.YMax}
	t.Levels = doubling(math.Ldexp(finest, n), n+1)
	return nil
}

// LevelOf returns the coarsest level whose pixels are at most of a size, in units of the scheme's CRS, or the finest
// level if there is none. Of a scheme without Levels it returns 0.
func (t *TileScheme) LevelOf(resolution float64) int {
	for i, l := range t.Levels {
		if l.Resolution <= resolution*(1+bareEdge) {
			return i
		}
	}
	return max(len(t.Levels)-1, 0)
}

// Box returns the box of a tile in the scheme's CRS. Tiles side by side share their edges to the last bit. A level that
// the scheme does not have has an empty box.
func (t *TileScheme) Box(level, row, col int) srs.Envelope {
	if level < 0 || level >= len(t.Levels) {
		return srs.Envelope{}
	}
	r := t.Levels[level].Resolution
	x := func(col int) float64 { return t.Origin.X + float64(float64(col)*float64(t.Size.X)*r) }
	y := func(row int) float64 { return t.Origin.Y - float64(float64(row)*float64(t.Size.Y)*r) }
	return srs.Envelope{XMin: x(col), YMin: y(row + 1), XMax: x(col + 1), YMax: y(row)}
}

// Tiles returns the columns (x) and rows (y) of the tiles that a level has: those that Extent reaches.
func (t *TileScheme) Tiles(level int) image.Rectangle {
	if level < 0 || level >= len(t.Levels) || t.Size.X <= 0 || t.Size.Y <= 0 {
		return image.Rectangle{}
	}
	return t.reached(level, t.Extent, bareEdge)
}

// reached returns the columns and rows of the tiles into which a box reaches by more than a part of a pixel.
func (t *TileScheme) reached(level int, e srs.Envelope, edge float64) image.Rectangle {
	r := t.Levels[level].Resolution
	first := func(distance float64, size int) int {
		return clampTile(math.Floor((distance/r + edge) / float64(size)))
	}
	after := func(distance float64, size int) int {
		return clampTile(math.Ceil((distance/r - edge) / float64(size)))
	}
	out := image.Rectangle{
		Min: image.Pt(first(e.XMin-t.Origin.X, t.Size.X), first(t.Origin.Y-e.YMax, t.Size.Y)),
		Max: image.Pt(after(e.XMax-t.Origin.X, t.Size.X), after(t.Origin.Y-e.YMin, t.Size.Y)),
	}
	if out.Empty() {
		return image.Rectangle{}
	}
	return out
}

// clampTile returns the number of a row or column as an int, at least 0.
func clampTile(v float64) int {
	if !(v > 0) {
		return 0
	}
	return int(min(v, maxTiles+1))
}
