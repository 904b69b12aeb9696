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

	// ShapeM, ShapeN and ShapeQ are numbers that choose one of a family of projections, by PROJ's letters m, n and q.
	ShapeM, ShapeN, ShapeQ float64

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
	ShapeM
	ShapeN
	ShapeQ
)

// at returns where a field's number is.
func (p *Parameters) at(f Field) *float64 {
	return [...]*float64{
		NoField: nil, CentralMeridian: &p.CentralMeridian, LatitudeOfOrigin: &p.LatitudeOfOrigin,
		StandardParallel1: &p.StandardParallel1, StandardParallel2: &p.StandardParallel2,
		LatitudeOfPoint1: &p.LatitudeOfPoint1, LongitudeOfPoint1: &p.LongitudeOfPoint1,
		LatitudeOfPoint2: &p.LatitudeOfPoint2, LongitudeOfPoint2: &p.LongitudeOfPoint2,
		ScaleFactor: &p.ScaleFactor, FalseEasting: &p.FalseEasting, FalseNorthing: &p.FalseNorthing,
		Azimuth: &p.Azimuth, RectifiedGridAngle: &p.RectifiedGridAngle, Height: &p.Height, ShapeM: &p.ShapeM, ShapeN: &p.ShapeN, ShapeQ: &p.ShapeQ,
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

// spelled returns the parameter of a field with EPSG's name and code, Esri's name and GeoTIFF's key.
func spelled(field Field, epsg string, code int, esri string, geoKey uint16) Parameter {
	f := fields[field]
	return Parameter{Key: f.key, Field: field, Unit: f.unit, EPSG: epsg, Code: code, Esri: esri, GeoKey: geoKey}
}

// fields are the usual keys of parameters, and what the parameters are counted in.
var fields = map[Field]struct {
	key  string
	unit Unit
}{
	CentralMeridian: {"lon_0", Degree}, LatitudeOfOrigin: {"lat_0", Degree},
	StandardParallel1: {"lat_1", Degree}, StandardParallel2: {"lat_2", Degree},
	LatitudeOfPoint1: {"lat_1", Degree}, LongitudeOfPoint1: {"lon_1", Degree},
	LatitudeOfPoint2: {"lat_2", Degree}, LongitudeOfPoint2: {"lon_2", Degree},
	ScaleFactor: {"k_0", Number}, FalseEasting: {"x_0", SystemUnit}, FalseNorthing: {"y_0", SystemUnit},
	Azimuth: {"alpha", Degree}, RectifiedGridAngle: {"gamma", Degree}, Height: {"h", Metre},
	ShapeM: {"m", Number}, ShapeN: {"n", Number}, ShapeQ: {"q", Number},
}

// The parameters' spellings. Names are EPSG's of 2022, which PROJ 9.1 writes, and which all later readers know. GeoTIFF's
// keys are those of OGC GeoTIFF 1.1, annex D.
var (
	latitudeOfNaturalOrigin  = spelled(LatitudeOfOrigin, "Latitude of natural origin", 8801, "Latitude_Of_Origin", 3081)
	longitudeOfNaturalOrigin = spelled(CentralMeridian, "Longitude of natural origin", 8802, "Central_Meridian", 3080)
	latitudeOfFalseOrigin    = spelled(LatitudeOfOrigin, "Latitude of false origin", 8821, "Latitude_Of_Origin", 3085)
	longitudeOfFalseOrigin   = spelled(CentralMeridian, "Longitude of false origin", 8822, "Central_Meridian", 3084)
	latitudeOfCentre         = spelled(LatitudeOfOrigin, "Latitude of projection centre", 8811, "Latitude_Of_Center", 3089)
	longitudeOfCentre        = spelled(CentralMeridian, "Longitude of projection centre", 8812, "Longitude_Of_Center", 3088)
	longitudeOfOrigin        = spelled(CentralMeridian, "Longitude of origin", 8833, "Central_Meridian", 0)
	latitudeOfTopocentre     = spelled(LatitudeOfOrigin, "Latitude of topocentric origin", 8834, "Latitude_Of_Center", 0)
	longitudeOfTopocentre    = spelled(CentralMeridian, "Longitude of topocentric origin", 8835, "Longitude_Of_Center", 0)

	firstParallel      = spelled(StandardParallel1, "Latitude of 1st standard parallel", 8823, "Standard_Parallel_1", 3078)
	secondParallel     = spelled(StandardParallel2, "Latitude of 2nd standard parallel", 8824, "Standard_Parallel_2", 3079)
	latitudeOfParallel = spelled(StandardParallel1, "Latitude of standard parallel", 8832, "Standard_Parallel_1", 3081)

	latitudeOfPoint1  = spelled(LatitudeOfPoint1, "Latitude of 1st point", 0, "Latitude_Of_1st_Point", 0)
	longitudeOfPoint1 = spelled(LongitudeOfPoint1, "Longitude of 1st point", 0, "Longitude_Of_1st_Point", 0)
	latitudeOfPoint2  = spelled(LatitudeOfPoint2, "Latitude of 2nd point", 0, "Latitude_Of_2nd_Point", 0)
	longitudeOfPoint2 = spelled(LongitudeOfPoint2, "Longitude of 2nd point", 0, "Longitude_Of_2nd_Point", 0)

	scaleAtNaturalOrigin   = spelled(ScaleFactor, "Scale factor at natural origin", 8805, "Scale_Factor", 3092)
	scaleOnInitialLine     = spelled(ScaleFactor, "Scale factor on initial line", 8815, "Scale_Factor", 3093)
	scaleOnPseudoParallel  = spelled(ScaleFactor, "Scale factor on pseudo standard parallel", 8819, "Scale_Factor", 0)
	ellipsoidScalingFactor = spelled(ScaleFactor, "Ellipsoid scaling factor", 1038, "Scale_Factor", 0)

	falseEasting             = spelled(FalseEasting, "False easting", 8806, "False_Easting", 3082)
	falseNorthing            = spelled(FalseNorthing, "False northing", 8807, "False_Northing", 3083)
	eastingAtFalseOrigin     = spelled(FalseEasting, "Easting at false origin", 8826, "False_Easting", 3086)
	northingAtFalseOrigin    = spelled(FalseNorthing, "Northing at false origin", 8827, "False_Northing", 3087)
	eastingAtCentre          = spelled(FalseEasting, "Easting at projection centre", 8816, "False_Easting", 3090)
	northingAtCentre         = spelled(FalseNorthing, "Northing at projection centre", 8817, "False_Northing", 3091)
	azimuthOfInitialLine     = spelled(Azimuth, "Azimuth of initial line", 8813, "Azimuth", 3094).required()
	angleToSkewGrid          = spelled(RectifiedGridAngle, "Angle from Rectified to Skew Grid", 8814, "", 3096)
	coLatitudeOfConeAxis     = spelled(Azimuth, "Co-latitude of cone axis", 1036, "Azimuth", 0)
	heightOfTopocentre       = Parameter{Key: "h_topocentre", Unit: Metre, EPSG: "Ellipsoidal height of topocentric origin", Code: 8836}
	viewpointHeight          = spelled(Height, "Viewpoint height", 8840, "Height", 0)
	satelliteHeight          = spelled(Height, "Satellite Height", 0, "Height", 0)
	heightOfProjectionPlane  = spelled(Height, "Projection plane origin height", 1039, "Height", 0)
	latitudeOfPseudoParallel = Parameter{
		Key: "pseudo", Unit: Degree, Fixed: 78.5,
		EPSG: "Latitude of pseudo standard parallel", Code: 8818, Esri: "Pseudo_Standard_Parallel_1",
	}
	initialLongitude    = Parameter{Key: "initial", Unit: Degree, Fixed: -180, EPSG: "Initial longitude", Code: 8830}
	zoneWidth           = Parameter{Key: "width", Unit: Degree, Fixed: 6, EPSG: "Zone width", Code: 8831}
	auxiliarySphereType = Parameter{Key: "sphere", Esri: "Auxiliary_Sphere_Type"}
	option              = Parameter{Key: "option", Esri: "Option"}
	xScale              = Parameter{Key: "xscale", Esri: "X_Scale"}
	yScale              = Parameter{Key: "yscale", Esri: "Y_Scale", Fixed: 1}
	xyPlaneRotation     = Parameter{Key: "rotation", Unit: Degree, Esri: "XY_Plane_Rotation"}
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

// keyAs returns the parameter with another key.
func (p Parameter) keyAs(key string) Parameter {
	p.Key = key
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

// projNamed returns the parameter of a method that only PROJ has, whose name in WKT 2 is PROJ's key.
func projNamed(key string, field Field) Parameter {
	return Parameter{Key: key, Field: field, Unit: fields[field].unit, EPSG: key}
}
