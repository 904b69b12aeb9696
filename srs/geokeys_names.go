package srs

import "fmt"

// A GeoKeyID is the number of a GeoKey (OGC GeoTIFF 1.1, annexes B to D).
type GeoKeyID uint16

const (
	keyModelType           GeoKeyID = 1024
	keyRasterType          GeoKeyID = 1025
	keyCitation            GeoKeyID = 1026
	keyGeodeticCRS         GeoKeyID = 2048
	keyGeodeticCitation    GeoKeyID = 2049
	keyDatum               GeoKeyID = 2050
	keyMeridian            GeoKeyID = 2051
	keyGeogLinearUnit      GeoKeyID = 2052
	keyAngularUnit         GeoKeyID = 2054
	keyAngularUnitSize     GeoKeyID = 2055
	keyEllipsoid           GeoKeyID = 2056
	keySemiMajorAxis       GeoKeyID = 2057
	keySemiMinorAxis       GeoKeyID = 2058
	keyInvFlattening       GeoKeyID = 2059
	keyAzimuthUnit         GeoKeyID = 2060
	keyMeridianLongitude   GeoKeyID = 2061
	keyToWGS84             GeoKeyID = 2062
	keyProjectedCRS        GeoKeyID = 3072
	keyProjectedCit        GeoKeyID = 3073
	keyConversion          GeoKeyID = 3074
	keyMethod              GeoKeyID = 3075
	keyLinearUnit          GeoKeyID = 3076
	keyLinearUnitSize      GeoKeyID = 3077
	keyStdParallel1        GeoKeyID = 3078
	keyStdParallel2        GeoKeyID = 3079
	keyNatOriginLong       GeoKeyID = 3080
	keyNatOriginLat        GeoKeyID = 3081
	keyFalseEasting        GeoKeyID = 3082
	keyFalseNorthing       GeoKeyID = 3083
	keyFalseOriginLong     GeoKeyID = 3084
	keyFalseOriginLat      GeoKeyID = 3085
	keyFalseOriginEasting  GeoKeyID = 3086
	keyFalseOriginNorthing GeoKeyID = 3087
	keyCenterLong          GeoKeyID = 3088
	keyCenterLat           GeoKeyID = 3089
	keyCenterEasting       GeoKeyID = 3090
	keyCenterNorthing      GeoKeyID = 3091
	keyScaleAtNatOrigin    GeoKeyID = 3092
	keyScaleAtCenter       GeoKeyID = 3093
	keyAzimuthAngle        GeoKeyID = 3094
	keyStraightVertPole    GeoKeyID = 3095
	keyRectifiedGridAngle  GeoKeyID = 3096

	modelProjected  = 1
	modelGeographic = 2
	modelGeocentric = 3

	keyUndefined   = 0
	keyUserDefined = 32767
)

// String returns the key's name as in GeoTIFF 1.0, which messages of other software use, and its number; "GeoKey" and
// its number if this package does not use the key.
func (k GeoKeyID) String() string {
	names := map[GeoKeyID]string{
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
		keyAzimuthUnit:         "GeogAzimuthUnitsGeoKey",
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
	if names[k] == "" {
		return fmt.Sprintf("GeoKey %d", uint16(k))
	}
	return fmt.Sprintf("%s (%d)", names[k], uint16(k))
}
