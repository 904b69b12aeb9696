package rest

import (
	"errors"
	"math"
	"strings"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

// tileInfoJSON is a scheme of tiles as ArcGIS describes it.
type tileInfoJSON struct {
	Rows    int       `json:"rows"`
	Cols    int       `json:"cols"`
	DPI     float64   `json:"dpi"`
	Format  string    `json:"format"`
	Quality int       `json:"compressionQuality"`
	Origin  pointJSON `json:"origin"`
	SR      srJSON    `json:"spatialReference"`
	Levels  []tileLOD `json:"lods"`
}

// tileLOD is a level of detail.
type tileLOD struct {
	Level      int     `json:"level"`
	Resolution float64 `json:"resolution"`
	Scale      float64 `json:"scale"`
}

// tiles returns the scheme of the service's tiles, nil if it has none or they are not served.
func (r *responder) tiles() (*exportimage.TileScheme, error) {
	if r.service.Tiles == nil || !r.settings.serves(Tiles) {
		return nil, nil
	}
	t, err := r.service.TileScheme(r.request.Context())
	if err != nil {
		return nil, err
	}
	return &t, nil
}

// setTiles describes the service's tiles, if it has any.
func (j *serviceJSON) setTiles(s *exportimage.Service, t *exportimage.TileScheme) {
	if t == nil {
		return
	}
	format := s.Settings().Formats[t.Request.Format]
	name, kind := tileFormat(t, format)
	j.Capabilities += ",Tilemap"
	j.SingleFusedMapCache, j.CacheType = true, kind
	j.TileInfo = &tileInfoJSON{
		Rows: t.Size.Y, Cols: t.Size.X, DPI: t.DPI, Format: name,
		Origin: pointJSON{X: t.Origin.X, Y: t.Origin.Y}, SR: srOf(t.CRS),
	}
	if format.Lossy {
		j.TileInfo.Quality = j.DefaultQuality
		if q := t.Request.CompressionQuality; q != nil {
			j.TileInfo.Quality = *q
		}
	}
	for i, l := range t.Levels[:t.MaxLevel+1] { // for clients that heed no maxLOD; those of GDAL begin at 0
		j.TileInfo.Levels = append(j.TileInfo.Levels, tileLOD{i, l.Resolution, l.Scale})
	}
	j.MinLOD, j.MaxLOD = &t.MinLevel, &t.MaxLevel
	j.MinScale, j.MaxScale = t.Levels[t.MinLevel].Scale, t.Levels[t.MaxLevel].Scale
	if t.Elevation {
		j.ServiceDataType = "esriImageServiceDataTypeElevation"
		// Cesium counts tiles from the corner of extent, and takes it for the box of level 0.
		n := t.Tiles(0)
		first, last := t.Box(0, n.Min.Y, n.Min.X), t.Box(0, n.Max.Y-1, n.Max.X-1)
		if wkid, _ := t.CRS.WKID(); wkid == j.SpatialReference.WKID {
			j.Extent = extentOf(srs.Envelope{XMin: first.XMin, YMin: last.YMin, XMax: last.XMax, YMax: first.YMax}, t.CRS)
		}
	}
}

// tileFormats are the names that ArcGIS has for formats of tiles. Others have their own in capitals.
var tileFormats = map[string]string{"jpg": "JPEG", "jpgpng": "MIXED"}

// tileFormat returns what ArcGIS calls the format of a scheme's tiles, and their kind: pictures, heights or values.
func tileFormat(t *exportimage.TileScheme, f encode.Format) (name, kind string) {
	name = strings.ToUpper(t.Request.Format)
	if known, ok := tileFormats[t.Request.Format]; ok {
		name = known
	}
	switch {
	case t.Elevation:
		return name, "Elevation"
	case strings.HasPrefix(f.MediaType, "image/") && f.MediaType != "image/tiff": // which programs take for pictures
		return name, "Map"
	}
	return name, "Raster"
}

// inWebMercator reports whether a scheme is that of maps on the web, as far as its levels go: level z has 2^z tiles of
// the world's width.
func inWebMercator(t *exportimage.TileScheme) bool {
	web := exportimage.WebMercatorTiles()
	_, latest := t.CRS.WKID()
	if latest != 3857 || len(t.Levels) > len(web.Levels) || t.Size.X != t.Size.Y {
		return false
	}
	const part = 1e-3 // of a pixel
	for i, l := range t.Levels {
		world := web.Levels[i].Resolution * 256
		pixel := world / float64(t.Size.X)
		if math.Abs(l.Resolution-pixel) > pixel*1e-9 ||
			math.Abs(t.Origin.X-web.Origin.X) > pixel*part || math.Abs(t.Origin.Y-web.Origin.Y) > pixel*part {
			return false
		}
	}
	return true
}

// errHeights is why pictures of tiles of heights are not served.
var errHeights = errors.New("the service's tiles are heights, for programs that read tile/{level}/{row}/{column}")
