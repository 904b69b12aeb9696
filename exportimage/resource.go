package exportimage

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// serverVersion is the ArcGIS version whose image services this one resembles. At 10.3 clients know of adjustAspectRatio,
// and do not yet count on LERC.
const serverVersion = 10.3

// serviceJSON is the image service resource, as far as clients need it to draw. Arrays that could be null are empty: there
// are clients that do not survive a null.
type serviceJSON struct {
	CurrentVersion       float64    `json:"currentVersion"`
	Name                 string     `json:"name"`
	Description          string     `json:"description"`
	ServiceDescription   string     `json:"serviceDescription"`
	CopyrightText        string     `json:"copyrightText"`
	Extent               extentJSON `json:"extent"`
	InitialExtent        extentJSON `json:"initialExtent"`
	FullExtent           extentJSON `json:"fullExtent"`
	SpatialReference     srJSON     `json:"spatialReference"`
	PixelSizeX           float64    `json:"pixelSizeX"`
	PixelSizeY           float64    `json:"pixelSizeY"`
	BandCount            int        `json:"bandCount"`
	BandNames            []string   `json:"bandNames"`
	PixelType            string     `json:"pixelType"`
	ServiceDataType      string     `json:"serviceDataType"`
	Capabilities         string     `json:"capabilities"`
	MaxImageWidth        int        `json:"maxImageWidth"`
	MaxImageHeight       int        `json:"maxImageHeight"`
	DefaultResampling    string     `json:"defaultResamplingMethod"`
	DefaultQuality       int        `json:"defaultCompressionQuality"`
	DefaultMosaicMethod  string     `json:"defaultMosaicMethod"`
	AllowedMosaicMethods string     `json:"allowedMosaicMethods"`
	MosaicOperator       string     `json:"mosaicOperator"`
	ImageFormats         string     `json:"supportedImageFormatTypes"`
	Fields               []struct{} `json:"fields"`
	RasterFunctions      []function `json:"rasterFunctionInfos"`
	HasHistograms        bool       `json:"hasHistograms"`
	HasColormap          bool       `json:"hasColormap"`
	HasRAT               bool       `json:"hasRasterAttributeTable"`
	HasMultidimensions   bool       `json:"hasMultidimensions"`
	SingleFusedMapCache  bool       `json:"singleFusedMapCache"`
}

type function struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Help        string `json:"help"`
}

// resource answers with a description of the service.
func (a *answer) resource() {
	about, err := a.service.describe(a.r.Context())
	if err != nil {
		a.error(err)
		return
	}
	switch a.f {
	case "json", "pjson":
		a.json(a.service.resource(about))
	case "html":
		a.page("service", a.servicePage(about), http.StatusOK)
	default:
		a.error(invalid("f", "the service is described as html, json or pjson"))
	}
}

func (s *Service) resource(a *about) serviceJSON {
	extent := extentOf(a.extent, a.crs)
	side := s.limits().Side
	for side > 1 && side > s.limits().Pixels/side {
		side-- // clients take the two as independent, so a picture of both must be allowed
	}
	j := serviceJSON{
		CurrentVersion: serverVersion, Name: s.Name,
		Description: s.Description, ServiceDescription: s.Description, CopyrightText: s.Copyright,
		Extent: extent, InitialExtent: extent, FullExtent: extent, SpatialReference: extent.SR,
		PixelSizeX: a.pixel[0], PixelSizeY: a.pixel[1],
		BandCount: len(a.bands), BandNames: []string{}, PixelType: a.typ.String(),
		ServiceDataType: serviceDataType(a), Capabilities: "Image,Metadata",
		MaxImageWidth: side, MaxImageHeight: side,
		DefaultResampling: "Bilinear", DefaultQuality: 75,
		DefaultMosaicMethod:  mosaicMethodName(s.Defaults.MosaicRule.Method),
		AllowedMosaicMethods: "NorthWest,Center,LockRaster,ByAttribute,Nadir,Viewpoint,Seamline,None",
		MosaicOperator:       cmp.Or(s.Defaults.MosaicRule.Operation, mosaic.First).String(),
		ImageFormats:         strings.ToUpper(strings.Join(formatList(s), ",")),
		Fields:               []struct{}{},
		RasterFunctions:      []function{{Name: "None", Description: "Pixels as they are."}},
	}
	for i, b := range a.bands {
		if b.Name == "" {
			b.Name = fmt.Sprintf("Band_%d", i+1)
		}
		j.BandNames = append(j.BandNames, b.Name)
	}
	return j
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

func serviceDataType(a *about) string {
	switch n := len((raster.Info{Bands: a.bands}).Colors()); {
	case a.palette != nil:
		return "esriImageServiceDataTypeThematic"
	case n == 3 && a.typ == raster.U8:
		return "esriImageServiceDataTypeRGB"
	}
	return "esriImageServiceDataTypeGeneric"
}

// formatList is the names of the service's formats, sorted.
func formatList(s *Service) []string { return slices.Sorted(maps.Keys(s.formats())) }

func (a *answer) servicePage(about *about) page {
	export := a.root + "/exportImage"
	j := a.service.resource(about)
	return page{
		Title:       a.service.title() + " (ImageServer)",
		Description: a.service.Description,
		Crumbs:      a.crumbs(),
		Image:       export + "?f=image&bbox=" + boxText(about.extent),
		Rows: append([]row{
			{"Rasters", fmt.Sprint(about.items)},
			{"Bands", strings.Join(j.BandNames, ", ")},
			{"Pixel type", j.PixelType},
			{"Pixel size", plain(j.PixelSizeX) + ", " + plain(j.PixelSizeY)},
			{"Formats", strings.ToLower(j.ImageFormats)},
			{"Copyright", j.CopyrightText},
		}, extentRows(about.extent, about.crs)...),
		Links: []link{{"Export image", export}, {"JSON", a.root + "/?f=pjson"}},
	}
}
