package exportimage

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
)

// The ArcGIS versions whose image services this one resembles. At 10.3 clients know of adjustAspectRatio, and do not yet
// count on LERC; at 10.91 they ask for LERC where they want values.
const (
	serverVersion     = 10.3
	serverVersionLERC = 10.91
)

func (s *Service) version() float64 {
	if _, ok := s.formats()["lerc"]; ok {
		return serverVersionLERC
	}
	return serverVersion
}

// serviceJSON is the image service resource. Arrays that could be null are empty: there are clients that do not survive a
// null. Members of which nothing is known are left out.
type serviceJSON struct {
	CurrentVersion       float64    `json:"currentVersion"`
	ServiceDescription   string     `json:"serviceDescription"`
	Name                 string     `json:"name"`
	Description          string     `json:"description"`
	Extent               extentJSON `json:"extent"`
	InitialExtent        extentJSON `json:"initialExtent"`
	FullExtent           extentJSON `json:"fullExtent"`
	SpatialReference     srJSON     `json:"spatialReference"`
	TimeInfo             *timeInfo  `json:"timeInfo,omitempty"`
	PixelSizeX           float64    `json:"pixelSizeX"`
	PixelSizeY           float64    `json:"pixelSizeY"`
	BandCount            int        `json:"bandCount"`
	PixelType            string     `json:"pixelType"`
	MinPixelSize         float64    `json:"minPixelSize"`
	MaxPixelSize         float64    `json:"maxPixelSize"`
	CopyrightText        string     `json:"copyrightText"`
	ServiceDataType      string     `json:"serviceDataType"`
	ServiceSourceType    string     `json:"serviceSourceType"`
	MinValues            []float64  `json:"minValues"`
	MaxValues            []float64  `json:"maxValues"`
	MeanValues           []float64  `json:"meanValues"`
	StdvValues           []float64  `json:"stdvValues"`
	ObjectIDField        string     `json:"objectIdField"`
	Fields               []struct{} `json:"fields"`
	Capabilities         string     `json:"capabilities"`
	DefaultMosaicMethod  string     `json:"defaultMosaicMethod"`
	AllowedMosaicMethods string     `json:"allowedMosaicMethods"`
	SortField            string     `json:"sortField"`
	SortValue            any        `json:"sortValue,omitempty"`
	SortAscending        bool       `json:"sortAscending"`
	MosaicOperator       string     `json:"mosaicOperator"`
	DefaultQuality       int        `json:"defaultCompressionQuality"`
	DefaultResampling    string     `json:"defaultResamplingMethod"`
	MaxImageHeight       int        `json:"maxImageHeight"`
	MaxImageWidth        int        `json:"maxImageWidth"`
	MaxMosaicImageCount  int        `json:"maxMosaicImageCount"`
	ImageFormats         string     `json:"supportedImageFormatTypes"`
	SingleFusedMapCache  bool       `json:"singleFusedMapCache"`
	ExportTilesAllowed   bool       `json:"exportTilesAllowed"`
	MinScale             float64    `json:"minScale"`
	MaxScale             float64    `json:"maxScale"`
	AllowRasterFunction  bool       `json:"allowRasterFunction"`
	RasterFunctions      []function `json:"rasterFunctionInfos"`
	HasHistograms        bool       `json:"hasHistograms"`
	HasColormap          bool       `json:"hasColormap"`
	HasRAT               bool       `json:"hasRasterAttributeTable"`
	HasMultidimensions   bool       `json:"hasMultidimensions"`
	SupportsStatistics   bool       `json:"supportsStatistics"`
	SupportsQueries      bool       `json:"supportsAdvancedQueries"`
	AllowCopy            bool       `json:"allowCopy"`
	AllowAnalysis        bool       `json:"allowAnalysis"`
	BandNames            []string   `json:"bandNames"`
	NoDataValue          *float64   `json:"noDataValue,omitempty"`
	NoDataValues         []float64  `json:"noDataValues,omitempty"`
}

type function struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Help        string `json:"help"`
}

// timeInfo is when a service's rasters are of. Which attributes say so is not known here.
type timeInfo struct {
	StartField string   `json:"startTimeField"`
	EndField   string   `json:"endTimeField"`
	Extent     [2]int64 `json:"timeExtent"` // milliseconds since 1970
}

// resource answers with a description of the service.
func (a *answer) resource(form url.Values) {
	about, err := a.service.describe(a.r.Context())
	if err == nil {
		about, err = a.drawn(about, form)
	}
	if err != nil {
		a.error(err)
		return
	}
	switch a.f {
	case "json", "pjson":
		a.json(a.service.resource(a.r.Context(), about))
	case "html":
		a.page("service", a.servicePage(about), http.StatusOK)
	default:
		a.error(invalid("f", "the service is described as html, json or pjson"))
	}
}

func (s *Service) resource(ctx context.Context, a *about) serviceJSON {
	extent := extentOf(a.extent, a.crs)
	// Clients take width and height as independent, so that a picture of both must be allowed.
	side := min(s.limits().Side, int(math.Sqrt(float64(s.limits().Pixels))))
	rule := s.Defaults.MosaicRule
	quality := 75
	if q := s.Defaults.CompressionQuality; q != nil {
		quality = *q
	}
	j := serviceJSON{
		CurrentVersion: s.version(), Name: s.Name,
		Description: s.Description, ServiceDescription: s.Description, CopyrightText: s.Copyright,
		Extent: extent, InitialExtent: extent, FullExtent: extent, SpatialReference: extent.SR, TimeInfo: timesOf(a),
		PixelSizeX: a.pixel[0], PixelSizeY: a.pixel[1],
		BandCount: len(a.bands), BandNames: bandNames(a), PixelType: a.typ.String(),
		ServiceDataType: serviceDataType(a), ServiceSourceType: "esriImageServiceSourceTypeDataset",
		MinValues: []float64{}, MaxValues: []float64{}, MeanValues: []float64{}, StdvValues: []float64{},
		Fields: []struct{}{}, Capabilities: "Image,Metadata",
		DefaultMosaicMethod: mosaicMethodName(rule.Method),
		SortField:           rule.SortField, SortValue: rule.SortValue, SortAscending: !rule.Descending,
		MosaicOperator: cmp.Or(rule.Operation, mosaic.First).String(),
		DefaultQuality: quality, DefaultResampling: s.resamplingName(a),
		MaxImageWidth: side, MaxImageHeight: side, MaxMosaicImageCount: s.limits().Items,
		ImageFormats:    strings.ToUpper(strings.Join(formatList(s), ",")),
		RasterFunctions: s.functionList(),
		HasColormap:     a.palette != nil, HasRAT: hasClasses(a),
		AllowCopy: true, AllowAnalysis: true,
	}
	j.AllowRasterFunction = len(j.RasterFunctions) > 1
	if a.items > 1 {
		j.ServiceSourceType = "esriImageServiceSourceTypeMosaicDataset"
		j.AllowedMosaicMethods = "NorthWest,Center,LockRaster,ByAttribute,Nadir,Viewpoint,Seamline,None"
	}
	if stats, ok := s.knownStatistics(ctx, a); ok {
		j.SupportsStatistics = true
		for _, b := range stats {
			j.MinValues, j.MaxValues = append(j.MinValues, b.Min), append(j.MaxValues, b.Max)
			j.MeanValues, j.StdvValues = append(j.MeanValues, b.Mean), append(j.StdvValues, b.StdDev)
		}
	}
	if values, ok := noDataValues(a); ok {
		j.NoDataValues = values
		if len(slices.Compact(slices.Clone(values))) == 1 {
			j.NoDataValue = &values[0]
		}
	}
	return j
}

// knownStatistics are those of all bands. Where they cannot be found, the service can be described all the same.
func (s *Service) knownStatistics(ctx context.Context, a *about) ([]raster.Statistics, bool) {
	stats, err := s.drawnStatistics(ctx, a)
	if err != nil && ctx.Err() == nil {
		s.logger().WarnContext(ctx, "no statistics", "service", s.Name, "error", err)
	}
	return stats, len(stats) > 0
}

// functionList is the raster functions that requests may name, the default first: clients take the first for it.
func (s *Service) functionList() []function {
	list := []function{{Name: string(NoFunction), Description: "Pixels as they are."}}
	usual, _ := s.Defaults.RenderingRule.(FunctionName)
	for _, f := range s.Functions {
		info := function{Name: f.Name, Description: f.Description}
		if strings.EqualFold(f.Name, string(usual)) {
			list = slices.Insert(list, 0, info)
		} else {
			list = append(list, info)
		}
	}
	return list
}

func bandNames(a *about) []string {
	names := make([]string, len(a.bands))
	for i, b := range a.bands {
		names[i] = cmp.Or(b.Name, fmt.Sprintf("Band_%d", i+1))
	}
	return names
}

// noDataValues are those of all bands of the first raster, if all have one that JSON can say.
func noDataValues(a *about) ([]float64, bool) {
	var out []float64
	for _, b := range a.bands {
		if b.NoData == nil || math.IsNaN(*b.NoData) || math.IsInf(*b.NoData, 0) {
			return nil, false
		}
		out = append(out, *b.NoData)
	}
	return out, true
}

// timeSpan is the stretch of time from the first to the last instant that the items name.
func timeSpan(items []*mosaic.Item) (span mosaic.TimeExtent) {
	for _, it := range items {
		for _, at := range []time.Time{it.Time.From, it.Time.To} {
			if at.IsZero() {
				continue
			}
			if span.From.IsZero() || at.Before(span.From) {
				span.From = at
			}
			if span.To.IsZero() || at.After(span.To) {
				span.To = at
			}
		}
	}
	return span
}

func timesOf(a *about) *timeInfo {
	if a.time.IsZero() {
		return nil
	}
	return &timeInfo{Extent: [2]int64{a.time.From.UnixMilli(), a.time.To.UnixMilli()}}
}

// mosaicMethodName is a method as service properties call it.
func mosaicMethodName(m mosaic.Method) string {
	switch m {
	case mosaic.DefaultMethod:
		return mosaic.None.String()
	case mosaic.Attribute:
		return "ByAttribute"
	}
	return m.String()
}

// resamplingName is the interpolation of requests that name none.
func (s *Service) resamplingName(a *about) string {
	i := s.Defaults.Interpolation
	switch {
	case a.palette != nil && i != resample.Majority:
		return resample.Nearest.String()
	case i == resample.Default:
		return resample.Bilinear.String()
	}
	return i.String()
}

func serviceDataType(a *about) string {
	switch n := len((raster.Info{Bands: a.bands}).Colors()); {
	case a.palette != nil, hasClasses(a):
		return "esriImageServiceDataTypeThematic"
	case n == 3 && a.typ == raster.U8:
		return "esriImageServiceDataTypeRGB"
	}
	return "esriImageServiceDataTypeGeneric"
}

// formatList is the names of the service's formats, sorted.
func formatList(s *Service) []string { return s.formats().Names() }

func (a *answer) servicePage(about *about) page {
	export := a.root + "/exportImage"
	return page{
		Title:       a.service.title() + " (ImageServer)",
		Description: a.service.Description,
		Crumbs:      a.crumbs(),
		Image:       export + "?f=image&size=400,400&format=" + a.service.pictureFormat() + "&bbox=" + boxText(about.extent),
		Rows: append([]row{
			{"Rasters", fmt.Sprint(about.items)},
			{"Bands", strings.Join(bandNames(about), ", ")},
			{"Pixel type", about.typ.String()},
			{"Pixel size", plain(about.pixel[0]) + ", " + plain(about.pixel[1])},
			{"Formats", strings.Join(formatList(a.service), ", ")},
			{"Copyright", a.service.Copyright},
		}, extentRows(about.extent, about.crs)...),
		Links: []link{{"Map", a.root + "/map"}, {"Export image", export}, {"JSON", a.root + "/?f=pjson"}},
	}
}
