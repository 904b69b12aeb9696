package rest

import (
	"cmp"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// The ArcGIS versions whose image services this one resembles. At 10.3 clients know of adjustAspectRatio, and do not
// yet count on LERC; at 10.91 they ask for LERC where they want values.
const (
	serverVersion     = 10.3
	serverVersionLERC = 10.91
)

func version(formats encode.Formats) float64 {
	if _, ok := formats["lerc"]; ok {
		return serverVersionLERC
	}
	return serverVersion
}

// defaultVersion returns the version of a service with the default formats, for what is no service.
func defaultVersion() float64 { return version(new(exportimage.Service).Settings().Formats) }

// serviceJSON is the image service resource. Arrays that could be null are empty, since some clients fail on a null.
// Members whose values are unknown are left out.
type serviceJSON struct {
	CurrentVersion       float64        `json:"currentVersion"`
	ServiceDescription   string         `json:"serviceDescription"`
	Name                 string         `json:"name"`
	Description          string         `json:"description"`
	Extent               extentJSON     `json:"extent"`
	InitialExtent        extentJSON     `json:"initialExtent"`
	FullExtent           extentJSON     `json:"fullExtent"`
	SpatialReference     srJSON         `json:"spatialReference"`
	TimeInfo             *timeInfo      `json:"timeInfo,omitempty"`
	PixelSizeX           float64        `json:"pixelSizeX"`
	PixelSizeY           float64        `json:"pixelSizeY"`
	BandCount            int            `json:"bandCount"`
	PixelType            string         `json:"pixelType"`
	MinPixelSize         float64        `json:"minPixelSize"`
	MaxPixelSize         float64        `json:"maxPixelSize"`
	CopyrightText        string         `json:"copyrightText"`
	ServiceDataType      string         `json:"serviceDataType"`
	ServiceSourceType    string         `json:"serviceSourceType"`
	MinValues            []float64      `json:"minValues"`
	MaxValues            []float64      `json:"maxValues"`
	MeanValues           []float64      `json:"meanValues"`
	StdvValues           []float64      `json:"stdvValues"`
	ObjectIDField        string         `json:"objectIdField"`
	Fields               []fieldJSON    `json:"fields"`
	Capabilities         string         `json:"capabilities"`
	DefaultMosaicMethod  string         `json:"defaultMosaicMethod"`
	AllowedMosaicMethods string         `json:"allowedMosaicMethods"`
	SortField            string         `json:"sortField"`
	SortValue            any            `json:"sortValue,omitempty"`
	SortAscending        bool           `json:"sortAscending"`
	MosaicOperator       string         `json:"mosaicOperator"`
	DefaultQuality       int            `json:"defaultCompressionQuality"`
	DefaultResampling    string         `json:"defaultResamplingMethod"`
	MaxImageHeight       int            `json:"maxImageHeight"`
	MaxImageWidth        int            `json:"maxImageWidth"`
	MaxMosaicImageCount  int            `json:"maxMosaicImageCount"`
	MaxRecordCount       int            `json:"maxRecordCount"`
	MaxDownloads         int            `json:"maxDownloadImageCount"`
	ImageFormats         string         `json:"supportedImageFormatTypes"`
	SingleFusedMapCache  bool           `json:"singleFusedMapCache"`
	TileInfo             *tileInfoJSON  `json:"tileInfo,omitempty"`
	CacheType            string         `json:"cacheType,omitempty"`
	MinLOD               *int           `json:"minLOD,omitempty"`
	MaxLOD               *int           `json:"maxLOD,omitempty"`
	ExportTilesAllowed   bool           `json:"exportTilesAllowed"`
	MinScale             float64        `json:"minScale"`
	MaxScale             float64        `json:"maxScale"`
	AllowRasterFunction  bool           `json:"allowRasterFunction"`
	RasterFunctions      []functionInfo `json:"rasterFunctionInfos"`
	HasHistograms        bool           `json:"hasHistograms"`
	HasColormap          bool           `json:"hasColormap"`
	HasRAT               bool           `json:"hasRasterAttributeTable"`
	HasMultidimensions   bool           `json:"hasMultidimensions"`
	DefaultVariable      string         `json:"defaultVariable,omitempty"`
	SupportsStatistics   bool           `json:"supportsStatistics"`
	SupportsQueries      bool           `json:"supportsAdvancedQueries"`
	StandardQueries      bool           `json:"useStandardizedQueries"`
	QueryCapabilities    *queryCapacity `json:"advancedQueryCapabilities,omitempty"`
	Mensuration          string         `json:"mensurationCapabilities"`
	AllowCopy            bool           `json:"allowCopy"`
	AllowAnalysis        bool           `json:"allowAnalysis"`
	BandNames            []string       `json:"bandNames"`
	NoDataValue          *float64       `json:"noDataValue,omitempty"`
	NoDataValues         []float64      `json:"noDataValues,omitempty"`
}

// queryCapacity is what queries can do.
type queryCapacity struct {
	Standard   bool `json:"useStandardizedQueries"`
	Statistics bool `json:"supportsStatistics"`
	OrderBy    bool `json:"supportsOrderBy"`
	Distinct   bool `json:"supportsDistinct"`
	Pagination bool `json:"supportsPagination"`
}

type functionInfo struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Help        string `json:"help"`
	onItems     bool   // of each raster before they are merged
}

// timeInfo is the time span of a service's rasters. The attributes that state it are not known here.
type timeInfo struct {
	StartField string   `json:"startTimeField"`
	EndField   string   `json:"endTimeField"`
	Extent     [2]int64 `json:"timeExtent"` // milliseconds since 1970
}

// renderingTable holds the parameter of everything that describes pixels as they are drawn.
var renderingTable = params.Table[function.Function]{
	params.Bind(params.RenderingRuleParam, func(f *function.Function, v function.Function) { *f = v }),
}

// renderingRule returns the request's renderingRule, nil for none.
func renderingRule(form url.Values) (f function.Function, err error) {
	_, err = renderingTable.Parse(form, &f)
	return f, err
}

// rendered returns the description of the service's pixels as the request's renderingRule draws them, which clients ask
// for in order to set up an image. Without a rule, they are the rasters' own.
func (r *responder) rendered(form url.Values) (exportimage.Description, function.Function, error) {
	f, err := renderingRule(form)
	if err != nil {
		return exportimage.Description{}, nil, err
	}
	d, err := r.service.DescribeRendered(r.request.Context(), f)
	return d, f, err
}

// describeService answers with a description of the service.
func (r *responder) describeService(form url.Values) error {
	d, f, err := r.rendered(form)
	if err != nil {
		return err
	}
	tiles, err := r.tiles()
	if err != nil {
		return err
	}
	switch r.f {
	case "json", "pjson":
		j := newServiceJSON(r.service, &d)
		j.setTiles(r.service, tiles)
		if r.settings.serves(Catalog) {
			j.setCatalog(r.service, &d)
			if r.settings.Files != nil {
				j.Capabilities += ",Download"
				j.MaxDownloads = maxDownloads
			}
		}
		if r.settings.serves(Measures) {
			j.Capabilities += ",Mensuration"
			j.Mensuration = "Basic"
		}
		if served := r.settings.serves(Resources); served {
			j.HasHistograms = !d.PixelType.Complex()
		} else {
			j.HasColormap, j.HasRAT, j.HasMultidimensions = false, false, false // each makes clients ask for it
		}
		// Where statistics cannot be found, the service can be described all the same.
		ctx := r.request.Context()
		stats, err := r.service.Statistics(ctx, f)
		if err != nil && ctx.Err() == nil {
			logger(r.service).WarnContext(ctx, "no statistics", "service", r.service.Name, "error", err)
		}
		j.setStatistics(stats)
		r.json(j)
	case "html":
		p := r.servicePage(&d, tiles)
		view, err := r.newMapView(&d, form)
		if err != nil {
			return err
		}
		all, err := r.exportForm(form)
		if err != nil {
			return err
		}
		p.Map, p.Fields = &view, all.Fields
		r.pageWithMap("service", p)
	default:
		return invalid("f", "the service is described as html, json, pjson or openapi")
	}
	return nil
}

func newServiceJSON(s *exportimage.Service, d *exportimage.Description) serviceJSON {
	extent := extentOf(d.Extent, d.CRS)
	set := s.Settings()
	rule := set.Defaults.MosaicRule
	// Clients take width and height as independent, so that an image of both must be allowed.
	side := min(set.Limits.Side, int(math.Sqrt(float64(set.Limits.Pixels))))
	j := serviceJSON{
		CurrentVersion: version(set.Formats), Name: s.Name,
		Description: s.Description, ServiceDescription: s.Description, CopyrightText: s.Copyright,
		Extent: extent, InitialExtent: extent, FullExtent: extent, SpatialReference: extent.SR, TimeInfo: timesOf(d),
		PixelSizeX: d.PixelSize.X, PixelSizeY: d.PixelSize.Y,
		BandCount: len(d.Bands), BandNames: bandNames(d), PixelType: d.PixelType.String(),
		ServiceDataType: serviceDataType(d), ServiceSourceType: "esriImageServiceSourceTypeDataset",
		MinValues: []float64{}, MaxValues: []float64{}, MeanValues: []float64{}, StdvValues: []float64{},
		Fields: []fieldJSON{}, Capabilities: "Image,Metadata",
		DefaultMosaicMethod: params.MosaicMethods.Property(rule.Method),
		SortField:           rule.SortField, SortValue: rule.SortValue, SortAscending: !rule.Descending,
		MosaicOperator: params.MosaicOperations.Property(rule.Operation),
		DefaultQuality: *set.Defaults.CompressionQuality, DefaultResampling: params.Interpolations.Property(d.Interpolation),
		MaxImageWidth: side, MaxImageHeight: side, MaxMosaicImageCount: set.Limits.Items,
		ImageFormats:    strings.ToUpper(strings.Join(formatList(s), ",")),
		RasterFunctions: functionList(s),
		HasColormap:     d.Palette != nil, HasRAT: d.AttributeTable() != nil,
		AllowCopy: true, AllowAnalysis: true,
		AllowRasterFunction: true, // functions are drawn whether or not the service has templates of them
	}
	if d.Rasters > 1 {
		j.ServiceSourceType = "esriImageServiceSourceTypeMosaicDataset"
		j.AllowedMosaicMethods = strings.Join(params.MosaicMethods.Properties(), ",")
	}
	if m := d.Multidimensional; m != nil {
		j.HasMultidimensions, j.DefaultVariable = true, m.Default
	}
	if values, ok := noDataValues(d); ok {
		j.NoDataValues = values
		if len(slices.Compact(slices.Clone(values))) == 1 {
			j.NoDataValue = &values[0]
		}
	}
	return j
}

func (j *serviceJSON) setStatistics(stats []raster.Statistics) {
	j.SupportsStatistics = len(stats) > 0
	for _, b := range stats {
		j.MinValues, j.MaxValues = append(j.MinValues, b.Min), append(j.MaxValues, b.Max)
		j.MeanValues, j.StdvValues = append(j.MeanValues, b.Mean), append(j.StdvValues, b.StdDev)
	}
}

// setCatalog describes the catalogue. As with ArcGIS, only a service of several rasters has one.
func (j *serviceJSON) setCatalog(s *exportimage.Service, d *exportimage.Description) {
	if d.Rasters < 2 {
		return
	}
	j.Capabilities += ",Catalog"
	j.ObjectIDField, j.Fields = mosaic.IDFieldName, fieldsJSON(d.Fields)
	j.MaxRecordCount = s.Settings().Limits.Records
	j.SupportsQueries, j.StandardQueries = true, true
	j.QueryCapabilities = &queryCapacity{true, true, true, true, true}
}

// functionList returns the raster functions that requests may name, the default first: clients take the first for it.
func functionList(s *exportimage.Service) []functionInfo {
	list := []functionInfo{{Name: function.NoFunction, Description: "Pixels as they are."}}
	usual := function.NoFunction
	if r, ok := s.Defaults.Function.(*function.Rule); ok {
		usual = r.Name()
	}
	for _, f := range s.Functions {
		info := functionInfo{Name: f.Name, Description: f.Description, Help: f.Help, onItems: f.OnItems}
		if strings.EqualFold(f.Name, usual) {
			list = slices.Insert(list, 0, info)
		} else {
			list = append(list, info)
		}
	}
	return list
}

// functionNames returns the names of functionList; nil if there is only None.
func functionNames(s *exportimage.Service) []string {
	list := functionList(s)
	if len(list) == 1 {
		return nil
	}
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = f.Name
	}
	return names
}

func bandNames(d *exportimage.Description) []string {
	names := make([]string, len(d.Bands))
	for i, b := range d.Bands {
		names[i] = b.Name
	}
	return names
}

// noDataValues returns the noData values of all bands; false unless each band has one that JSON can hold.
func noDataValues(d *exportimage.Description) ([]float64, bool) {
	var out []float64
	for _, b := range d.Bands {
		if b.NoData == nil || math.IsNaN(*b.NoData) || math.IsInf(*b.NoData, 0) {
			return nil, false
		}
		out = append(out, *b.NoData)
	}
	return out, true
}

func timesOf(d *exportimage.Description) *timeInfo {
	if d.Time.IsZero() {
		return nil
	}
	field := "" // of the catalogue, if it is known
	if d.Multidimensional != nil {
		field = "StdTime"
	}
	return &timeInfo{StartField: field, EndField: field, Extent: [2]int64{d.Time.From.UnixMilli(), d.Time.To.UnixMilli()}}
}

func serviceDataType(d *exportimage.Description) string {
	switch n := len((raster.Info{Bands: d.Bands}).DataBands()); {
	case d.Palette != nil, d.HasClasses():
		return "esriImageServiceDataTypeThematic"
	case n == 3 && d.PixelType == raster.U8:
		return "esriImageServiceDataTypeRGB"
	}
	return "esriImageServiceDataTypeGeneric"
}

// title returns the service's name, or a general title if it has none.
func title(s *exportimage.Service) string { return cmp.Or(s.Name, "image service") }

func logger(s *exportimage.Service) *slog.Logger { return cmp.Or(s.Logger, slog.Default()) }

// formatList returns the names of the service's formats, sorted.
func formatList(s *exportimage.Service) []string {
	return s.Settings().Formats.Names()
}

// imageFormat returns the name of a format that browsers show, with transparency if there is one.
func imageFormat(s *exportimage.Service) string {
	formats := s.Settings().Formats
	for _, name := range []string{"png32", "png", "jpgpng", "jpg"} {
		if _, ok := formats[name]; ok {
			return name
		}
	}
	return "" // the service's own default
}

func (r *responder) servicePage(d *exportimage.Description, tiles *exportimage.TileScheme) page {
	export := r.root + "/exportImage"
	return page{
		Title:       title(r.service) + " (ImageServer)",
		Description: r.service.Description,
		Crumbs:      r.crumbs(),
		Rows: append([]row{
			{"Rasters", fmt.Sprint(d.Rasters)},
			{"Bands", strings.Join(bandNames(d), ", ")},
			{"Variables", variablesText(d.Multidimensional)},
			{"Pixel type", d.PixelType.String()},
			{"Pixel size", readable(d.PixelSize.X) + ", " + readable(d.PixelSize.Y)},
			{"Formats", strings.Join(formatList(r.service), ", ")},
			{"Copyright", r.service.Copyright},
		}, extentRows(d.Extent, d.CRS)...),
		Links:      r.serviceLinks(),
		Operations: slices.Concat([]link{{"Export Image", export}}, r.pageLinks(d), r.tileLinks(tiles)),
	}
}

// serviceLinks returns links to other forms of a service's page.
func (r *responder) serviceLinks() []link {
	out := []link{{"Map on a page of its own", r.root + "/map"}, {"JSON", r.root + "/?f=pjson"}}
	if r.settings.serves(Resources) {
		out = append(out, link{"OpenAPI", r.root + "/?f=" + openAPIFormat})
	}
	return out
}

// variablesText names variables and their dimensions for people.
func variablesText(m *exportimage.Multidimensional) string {
	if m == nil {
		return ""
	}
	var out []string
	for _, v := range m.Variables {
		var dims []string
		for _, d := range v.Dimensions {
			dims = append(dims, fmt.Sprintf("%d of %s", len(d.Values), d.Name))
		}
		out = append(out, v.Name+" ("+strings.Join(dims, ", ")+")")
	}
	return strings.Join(out, "; ")
}

// pageLinks returns links to the pages of the operations and resources that the service has.
func (r *responder) pageLinks(d *exportimage.Description) (links []link) {
	if r.settings.serves(Places) {
		for _, l := range []link{
			{"Identify", "identify"}, {"Get Samples", "getSamples"}, {"Compute Histograms", "computeHistograms"},
			{"Compute Statistics and Histograms", "computeStatisticsHistograms"},
		} {
			links = append(links, link{l.Name, r.root + "/" + l.URL})
		}
	}
	if r.settings.serves(Catalog) {
		links = append(links, link{"Query", r.root + "/query"}, link{"Query Boundary", r.root + "/queryBoundary"})
	}
	if r.settings.serves(Measures) {
		links = append(links, link{"Measure", r.root + "/measure"}, link{"Project", r.root + "/project"},
			link{"Compute Pixel Location", r.root + "/computePixelLocation"})
	}
	if r.settings.serves(WMS) {
		links = append(links, link{"WMS", r.root + "/WMSServer?SERVICE=WMS&REQUEST=GetCapabilities"})
	}
	if !r.settings.serves(Resources) {
		return links
	}
	for _, l := range []struct {
		name, path string
		served     bool
	}{
		{"Legend", "legend", true}, {"Statistics", "statistics", true}, {"Histograms", "histograms", true},
		{"Multidimensional Info", "multidimensionalInfo", d.Multidimensional != nil},
		{"Slices", "slices", d.Multidimensional != nil},
		{"Key Properties", "keyProperties", true}, {"Colormap", "colormap", d.Palette != nil},
		{"Raster Attribute Table", "rasterAttributeTable", d.AttributeTable() != nil},
		{"Raster Function Infos", "rasterFunctionInfos", true},
	} {
		if l.served {
			links = append(links, link{l.name, r.root + "/" + l.path + "?f=html"})
		}
	}
	return append(links, link{"Item Info", r.root + "/info/iteminfo?f=html"},
		link{"Metadata", r.root + "/info/metadata"}, link{"Thumbnail", r.root + "/info/thumbnail"})
}
