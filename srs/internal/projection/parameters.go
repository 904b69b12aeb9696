package projection

// Parameters are the numbers that a projection may depend on. Angles are degrees.
type Parameters struct {
	// LatitudeOfOrigin and CentralMeridian are those of the natural or false origin, or of the projection's centre.
	LatitudeOfOrigin, CentralMeridian float64

	// StandardParallel1 is also the latitude of true scale where there is one.
	StandardParallel1, StandardParallel2 float64

	// Two points that define a line. Longitudes are counted from the central meridian.
	LatitudeOfPoint1, LongitudeOfPoint1, LatitudeOfPoint2, LongitudeOfPoint2 float64

	// ScaleFactor is that at the natural origin. 0 means 1.
	ScaleFactor float64

	// Azimuth is that of the initial line, and RectifiedGridAngle the one from the rectified to the oblique grid.
	Azimuth, RectifiedGridAngle float64

	// Height is that of the viewpoint, or of the projection's plane, in metres.
	Height float64

	// FalseEasting and FalseNorthing are what x and y are at the origin, along the axes, in units of the system.
	FalseEasting, FalseNorthing float64
}

// A Field is one of the numbers of Parameters.
type Field uint8

const (
	NoField Field = iota // of a parameter that is no number, or whose number a method fixes
	CentralMeridian
	LatitudeOfOrigin
	StandardParallel1
	StandardParallel2
	LatitudeOfPoint1
	LatitudeOfPoint2
	LongitudeOfPoint1
	LongitudeOfPoint2
	ScaleFactor
	FalseEasting
	FalseNorthing
	Azimuth
	RectifiedGridAngle
	Height
)

// at returns where a field's number is.
func (p *Parameters) at(f Field) *float64 {
	return [...]*float64{
		NoField: nil, CentralMeridian: &p.CentralMeridian, LatitudeOfOrigin: &p.LatitudeOfOrigin,
		StandardParallel1: &p.StandardParallel1, StandardParallel2: &p.StandardParallel2,
		LatitudeOfPoint1: &p.LatitudeOfPoint1, LongitudeOfPoint1: &p.LongitudeOfPoint1,
		LatitudeOfPoint2: &p.LatitudeOfPoint2, LongitudeOfPoint2: &p.LongitudeOfPoint2,
		ScaleFactor: &p.ScaleFactor, FalseEasting: &p.FalseEasting, FalseNorthing: &p.FalseNorthing,
		Azimuth: &p.Azimuth, RectifiedGridAngle: &p.RectifiedGridAngle, Height: &p.Height,
	}[f]
}

// A Unit is what a parameter is counted in.
type Unit uint8

const (
	Number Unit = iota // no unit
	Degree
	SystemUnit // that of the system's coordinates
	Metre
)

// A Parameter is how texts and files spell one parameter of a method. One whose name in a spelling is empty does not
// occur in it.
type Parameter struct {
	// Key is PROJ's name of what the parameter means, or a name like PROJ's. FromText takes values by it.
	Key string

	Field Field
	Unit  Unit

	// Fixed is the value that the method has for a parameter without a field. Texts must give it, if they give one.
	Fixed float64

	EPSG string // EPSG's name, in WKT 2 and PROJJSON
	Code int    // EPSG's code, or 0
	Esri string // Esri's name, in WKT 1

	GeoKey   uint16 // GeoTIFF's key, or 0
	Required bool   // whether GeoTIFF's key has to be there
}

// The parameters' spellings. Names are EPSG's of 2022, which PROJ 9.1 writes, and which all later readers know. GeoTIFF's
// keys are those of OGC GeoTIFF 1.1, annex D.
var (
	latitudeOfNaturalOrigin  = Parameter{Key: "lat_0", Field: LatitudeOfOrigin, Unit: Degree, EPSG: "Latitude of natural origin", Code: 8801, Esri: "Latitude_Of_Origin", GeoKey: 3081}
	longitudeOfNaturalOrigin = Parameter{Key: "lon_0", Field: CentralMeridian, Unit: Degree, EPSG: "Longitude of natural origin", Code: 8802, Esri: "Central_Meridian", GeoKey: 3080}
	latitudeOfFalseOrigin    = Parameter{Key: "lat_0", Field: LatitudeOfOrigin, Unit: Degree, EPSG: "Latitude of false origin", Code: 8821, Esri: "Latitude_Of_Origin", GeoKey: 3085}
	longitudeOfFalseOrigin   = Parameter{Key: "lon_0", Field: CentralMeridian, Unit: Degree, EPSG: "Longitude of false origin", Code: 8822, Esri: "Central_Meridian", GeoKey: 3084}
	latitudeOfCentre         = Parameter{Key: "lat_0", Field: LatitudeOfOrigin, Unit: Degree, EPSG: "Latitude of projection centre", Code: 8811, Esri: "Latitude_Of_Center", GeoKey: 3089}
	longitudeOfCentre        = Parameter{Key: "lon_0", Field: CentralMeridian, Unit: Degree, EPSG: "Longitude of projection centre", Code: 8812, Esri: "Longitude_Of_Center", GeoKey: 3088}
	longitudeOfOrigin        = Parameter{Key: "lon_0", Field: CentralMeridian, Unit: Degree, EPSG: "Longitude of origin", Code: 8833, Esri: "Central_Meridian"}
	latitudeOfTopocentre     = Parameter{Key: "lat_0", Field: LatitudeOfOrigin, Unit: Degree, EPSG: "Latitude of topocentric origin", Code: 8834, Esri: "Latitude_Of_Center"}
	longitudeOfTopocentre    = Parameter{Key: "lon_0", Field: CentralMeridian, Unit: Degree, EPSG: "Longitude of topocentric origin", Code: 8835, Esri: "Longitude_Of_Center"}

	firstParallel      = Parameter{Key: "lat_1", Field: StandardParallel1, Unit: Degree, EPSG: "Latitude of 1st standard parallel", Code: 8823, Esri: "Standard_Parallel_1", GeoKey: 3078}
	secondParallel     = Parameter{Key: "lat_2", Field: StandardParallel2, Unit: Degree, EPSG: "Latitude of 2nd standard parallel", Code: 8824, Esri: "Standard_Parallel_2", GeoKey: 3079}
	latitudeOfParallel = Parameter{Key: "lat_1", Field: StandardParallel1, Unit: Degree, EPSG: "Latitude of standard parallel", Code: 8832, Esri: "Standard_Parallel_1", GeoKey: 3081}

	latitudeOfPoint1  = Parameter{Key: "lat_1", Field: LatitudeOfPoint1, Unit: Degree, EPSG: "Latitude of 1st point", Esri: "Latitude_Of_1st_Point"}
	longitudeOfPoint1 = Parameter{Key: "lon_1", Field: LongitudeOfPoint1, Unit: Degree, EPSG: "Longitude of 1st point", Esri: "Longitude_Of_1st_Point"}
	latitudeOfPoint2  = Parameter{Key: "lat_2", Field: LatitudeOfPoint2, Unit: Degree, EPSG: "Latitude of 2nd point", Esri: "Latitude_Of_2nd_Point"}
	longitudeOfPoint2 = Parameter{Key: "lon_2", Field: LongitudeOfPoint2, Unit: Degree, EPSG: "Longitude of 2nd point", Esri: "Longitude_Of_2nd_Point"}

	scaleAtNaturalOrigin   = Parameter{Key: "k_0", Field: ScaleFactor, EPSG: "Scale factor at natural origin", Code: 8805, Esri: "Scale_Factor", GeoKey: 3092}
	scaleOnInitialLine     = Parameter{Key: "k_0", Field: ScaleFactor, EPSG: "Scale factor on initial line", Code: 8815, Esri: "Scale_Factor", GeoKey: 3093}
	scaleOnPseudoParallel  = Parameter{Key: "k_0", Field: ScaleFactor, EPSG: "Scale factor on pseudo standard parallel", Code: 8819, Esri: "Scale_Factor"}
	ellipsoidScalingFactor = Parameter{Key: "k_0", Field: ScaleFactor, EPSG: "Ellipsoid scaling factor", Code: 1038, Esri: "Scale_Factor"}

	falseEasting             = Parameter{Key: "x_0", Field: FalseEasting, Unit: SystemUnit, EPSG: "False easting", Code: 8806, Esri: "False_Easting", GeoKey: 3082}
	falseNorthing            = Parameter{Key: "y_0", Field: FalseNorthing, Unit: SystemUnit, EPSG: "False northing", Code: 8807, Esri: "False_Northing", GeoKey: 3083}
	eastingAtFalseOrigin     = Parameter{Key: "x_0", Field: FalseEasting, Unit: SystemUnit, EPSG: "Easting at false origin", Code: 8826, Esri: "False_Easting", GeoKey: 3086}
	northingAtFalseOrigin    = Parameter{Key: "y_0", Field: FalseNorthing, Unit: SystemUnit, EPSG: "Northing at false origin", Code: 8827, Esri: "False_Northing", GeoKey: 3087}
	eastingAtCentre          = Parameter{Key: "x_0", Field: FalseEasting, Unit: SystemUnit, EPSG: "Easting at projection centre", Code: 8816, Esri: "False_Easting", GeoKey: 3090}
	northingAtCentre         = Parameter{Key: "y_0", Field: FalseNorthing, Unit: SystemUnit, EPSG: "Northing at projection centre", Code: 8817, Esri: "False_Northing", GeoKey: 3091}
	azimuthOfInitialLine     = Parameter{Key: "alpha", Field: Azimuth, Unit: Degree, EPSG: "Azimuth of initial line", Code: 8813, Esri: "Azimuth", GeoKey: 3094, Required: true}
	angleToSkewGrid          = Parameter{Key: "gamma", Field: RectifiedGridAngle, Unit: Degree, EPSG: "Angle from Rectified to Skew Grid", Code: 8814, GeoKey: 3096}
	coLatitudeOfConeAxis     = Parameter{Key: "alpha", Field: Azimuth, Unit: Degree, EPSG: "Co-latitude of cone axis", Code: 1036, Esri: "Azimuth"}
	viewpointHeight          = Parameter{Key: "h", Field: Height, Unit: Metre, EPSG: "Viewpoint height", Code: 8840, Esri: "Height"}
	satelliteHeight          = Parameter{Key: "h", Field: Height, Unit: Metre, EPSG: "Satellite Height", Esri: "Height"}
	heightOfProjectionPlane  = Parameter{Key: "h_0", Field: Height, Unit: Metre, EPSG: "Projection plane origin height", Code: 1039}
	latitudeOfPseudoParallel = Parameter{Key: "pseudo", Unit: Degree, Fixed: 78.5, EPSG: "Latitude of pseudo standard parallel", Code: 8818, Esri: "Pseudo_Standard_Parallel_1"}
	initialLongitude         = Parameter{Key: "initial", Unit: Degree, Fixed: -180, EPSG: "Initial longitude", Code: 8830}
	zoneWidth                = Parameter{Key: "width", Unit: Degree, Fixed: 6, EPSG: "Zone width", Code: 8831}
	auxiliarySphereType      = Parameter{Key: "sphere", Esri: "Auxiliary_Sphere_Type"}
	option                   = Parameter{Key: "option", Esri: "Option"}
	xScale                   = Parameter{Key: "xscale", Esri: "X_Scale"}
	yScale                   = Parameter{Key: "yscale", Esri: "Y_Scale", Fixed: 1}
	xyPlaneRotation          = Parameter{Key: "rotation", Unit: Degree, Esri: "XY_Plane_Rotation"}
)

// The ways to end a list of parameters.
var (
	atNaturalOrigin = []Parameter{falseEasting, falseNorthing}
	atFalseOrigin   = []Parameter{eastingAtFalseOrigin, northingAtFalseOrigin}
	atCentre        = []Parameter{eastingAtCentre, northingAtCentre}
)

// aliases are further names of parameters in texts: EPSG's of other years, GDAL's, and those of common mistakes.
var aliases = []struct {
	of    Parameter
	names []string
}{
	{scaleOnInitialLine, []string{"Scale factor at projection centre"}},
	{azimuthOfInitialLine, []string{"Azimuth at projection centre"}},
	{angleToSkewGrid, []string{"rectified_grid_angle"}},
	{latitudeOfPoint1, []string{"Latitude_Of_First_Point", "Latitude_Of_Point_1"}},
	{longitudeOfPoint1, []string{"Longitude_Of_First_Point", "Longitude_Of_Point_1"}},
	{latitudeOfPoint2, []string{"Latitude_Of_Second_Point", "Latitude_Of_Point_2"}},
	{longitudeOfPoint2, []string{"Longitude_Of_Second_Point", "Longitude_Of_Point_2"}},
}

// of returns the parameters with an end.
func of(end []Parameter, parameters ...Parameter) []Parameter { return append(parameters, end...) }

// inField returns the parameter as the spelling of another field.
func (p Parameter) inField(f Field) Parameter {
	p.Field = f
	return p
}

// esriAs returns the parameter with another name in Esri's dialect.
func (p Parameter) esriAs(name string) Parameter {
	p.Esri = name
	return p
}

// geoKeyAs returns the parameter with another key in GeoTIFF.
func (p Parameter) geoKeyAs(key uint16) Parameter {
	p.GeoKey = key
	return p
}

// required returns the parameter as one that GeoTIFF's keys must have.
func (p Parameter) required() Parameter {
	p.Required = true
	return p
}

// fixedAt returns the parameter with another fixed value.
func (p Parameter) fixedAt(v float64) Parameter {
	p.Fixed = v
	return p
}

// onlyEsri returns the parameter as one that occurs in Esri's dialect only.
func (p Parameter) onlyEsri() Parameter {
	p.EPSG, p.Code, p.GeoKey = "", 0, 0
	return p
}

// onlyGeoTIFF returns the parameter as one that is read from GeoTIFF's keys, but not written.
func (p Parameter) onlyGeoTIFF() Parameter {
	p.EPSG, p.Code, p.Esri = "", 0, ""
	return p
}

// notEsri returns the parameter as one that does not occur in Esri's dialect.
func (p Parameter) notEsri() Parameter {
	p.Esri = ""
	return p
}

// at the centre of an azimuthal projection, whose keys GeoTIFF has for what EPSG calls the natural origin.
var (
	latitudeOfAzimuthalCentre  = latitudeOfNaturalOrigin.geoKeyAs(3089)
	longitudeOfAzimuthalCentre = longitudeOfNaturalOrigin.geoKeyAs(3088)
)
