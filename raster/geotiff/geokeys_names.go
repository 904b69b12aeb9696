package geotiff

import "fmt"

// A geoKey is an entry of the GeoKey directory (GeoTIFF 1.1, section 7.1).
type geoKey uint16

const (
	keyModelType           geoKey = 1024
	keyRasterType          geoKey = 1025
	keyCitation            geoKey = 1026
	keyGeodeticCRS         geoKey = 2048
	keyGeodeticCitation    geoKey = 2049
	keyDatum               geoKey = 2050
	keyMeridian            geoKey = 2051
	keyGeogLinearUnit      geoKey = 2052
	keyAngularUnit         geoKey = 2054
	keyAngularUnitSize     geoKey = 2055
	keyEllipsoid           geoKey = 2056
	keySemiMajorAxis       geoKey = 2057
	keySemiMinorAxis       geoKey = 2058
	keyInvFlattening       geoKey = 2059
	keyMeridianLongitude   geoKey = 2061
	keyToWGS84             geoKey = 2062
	keyProjectedCRS        geoKey = 3072
	keyProjectedCit        geoKey = 3073
	keyConversion          geoKey = 3074
	keyMethod              geoKey = 3075
	keyLinearUnit          geoKey = 3076
	keyLinearUnitSize      geoKey = 3077
	keyStdParallel1        geoKey = 3078
	keyStdParallel2        geoKey = 3079
	keyNatOriginLong       geoKey = 3080
	keyNatOriginLat        geoKey = 3081
	keyFalseEasting        geoKey = 3082
	keyFalseNorthing       geoKey = 3083
	keyFalseOriginLong     geoKey = 3084
	keyFalseOriginLat      geoKey = 3085
	keyFalseOriginEasting  geoKey = 3086
	keyFalseOriginNorthing geoKey = 3087
	keyCenterLong          geoKey = 3088
	keyCenterLat           geoKey = 3089
	keyCenterEasting       geoKey = 3090
	keyCenterNorthing      geoKey = 3091
	keyScaleAtNatOrigin    geoKey = 3092
	keyScaleAtCenter       geoKey = 3093
	keyAzimuthAngle        geoKey = 3094
	keyStraightVertPole    geoKey = 3095
	keyRectifiedGridAngle  geoKey = 3096

	modelProjected  = 1
	modelGeographic = 2
	modelGeocentric = 3

	rasterPixelIsPoint = 2

	keyUndefined   = 0
	keyUserDefined = 32767
)

// String is the key's name as in GeoTIFF 1.0, which is what messages of other software say, and its number.
func (k geoKey) String() string {
	names := map[geoKey]string{
		keyModelType:           "GTModelTypeGeoKey",
		keyRasterType:          "GTRasterTypeGeoKey",
		keyCitation:            "GTCitationGeoKey",
		keyGeodeticCRS:         "GeographicTypeGeoKey",
		keyGeodeticCitation:    "GeogCitationGeoKey",
		keyDatum:               "GeogGeodeticDatumGeoKey",
		keyMeridian:            "GeogPrimeMeridianGeoKey",
		keyGeogLinearUnit:      "GeogLinearUnitsGeoKey",
		keyAngularUnit:         "GeogAngularUnitsGeoKey",
		keyAngularUnitSize:     "GeogAngularUnitSizeGeoKey",
		keyEllipsoid:           "GeogEllipsoidGeoKey",
		keySemiMajorAxis:       "GeogSemiMajorAxisGeoKey",
		keySemiMinorAxis:       "GeogSemiMinorAxisGeoKey",
		keyInvFlattening:       "GeogInvFlatteningGeoKey",
		keyMeridianLongitude:   "GeogPrimeMeridianLongGeoKey",
		keyToWGS84:             "GeogTOWGS84GeoKey",
		keyProjectedCRS:        "ProjectedCSTypeGeoKey",
		keyProjectedCit:        "PCSCitationGeoKey",
		keyConversion:          "ProjectionGeoKey",
		keyMethod:              "ProjCoordTransGeoKey",
		keyLinearUnit:          "ProjLinearUnitsGeoKey",
		keyLinearUnitSize:      "ProjLinearUnitSizeGeoKey",
		keyStdParallel1:        "ProjStdParallel1GeoKey",
		keyStdParallel2:        "ProjStdParallel2GeoKey",
		keyNatOriginLong:       "ProjNatOriginLongGeoKey",
		keyNatOriginLat:        "ProjNatOriginLatGeoKey",
		keyFalseEasting:        "ProjFalseEastingGeoKey",
		keyFalseNorthing:       "ProjFalseNorthingGeoKey",
		keyFalseOriginLong:     "ProjFalseOriginLongGeoKey",
		keyFalseOriginLat:      "ProjFalseOriginLatGeoKey",
		keyFalseOriginEasting:  "ProjFalseOriginEastingGeoKey",
		keyFalseOriginNorthing: "ProjFalseOriginNorthingGeoKey",
		keyCenterLong:          "ProjCenterLongGeoKey",
		keyCenterLat:           "ProjCenterLatGeoKey",
		keyCenterEasting:       "ProjCenterEastingGeoKey",
		keyCenterNorthing:      "ProjCenterNorthingGeoKey",
		keyScaleAtNatOrigin:    "ProjScaleAtNatOriginGeoKey",
		keyScaleAtCenter:       "ProjScaleAtCenterGeoKey",
		keyAzimuthAngle:        "ProjAzimuthAngleGeoKey",
		keyStraightVertPole:    "ProjStraightVertPoleLongGeoKey",
		keyRectifiedGridAngle:  "ProjRectifiedGridAngleGeoKey",
	}
	return fmt.Sprintf("%s (%d)", names[k], uint16(k))
}
