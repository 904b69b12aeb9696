package srs

import "strings"

// reasons are why texts of the reference table differ from PROJ 9.1.1, by what the text or the difference contains.
var reasons = []struct{ has, why string }{
	{`GEOGCRS["Saba"`, "the EPSG data set of 2026 has an operation to WGS 84, and that of 2022 had none"},
	{"International_Terrestrial_Reference_Frame_2020", "the same"},
	{"Gunung_Segara", "the datum's operations are used, which PROJ does not find by this name; and PROJ leaves out the scale " +
		"factor of Esri's Mercator"},
	{"NTF", "the datum's operations are used, which PROJ does not find by this name"},
	{"Bern_1898", "the datum's operations are used, which PROJ does not find by this name"},
	{"D_North_American_1983_CSRS98", "the datum's operations are used, which PROJ does not find by this name"},
	{"Pulkovo 1963", "points outside the areas of all operations, where PROJ copies coordinates and we take the first one"},
	{"Kartastokoordinaattijarjestelma_1966", "the same"},
	{"(radian)", "the table has degrees, and the text radians"},
	{"Krovak", "points far from the country, from which PROJ 9.1.1 does not come back: its arcsines fold there; and a text " +
		"whose axes contradict its parameters is refused"},
	{"Van_der_Grinten", "PROJ 9.1.1 loses digits next to the equator; compared with 60 digits"},
	{"Google Mercator", "GeoTools' parameters semi_major and semi_minor, a sphere, make it web Mercator; PROJ leaves them out"},
	{"Two_Point_Center", "PROJ 9.1.1 leaves out Latitude_Of_Center"},
	{`PROJCS["Lambert", GEOGCS["WGS84"`, "one standard parallel of two: PROJ takes 0 for the other, GeoTools and we the same"},
	{"South Polar Stereographic", "no parallel of true scale: PROJ 9.1.1 turns to the north pole"},
	{"Equidistant_Cylindrical_Ellipsoidal", "PROJ 9.1.1 takes the sphere"},
	{"geographic 3D", "heights are not read; the error names the kind"},
	{"PROJ-based operation method", "a pipeline in place of an operation"},
	{`AXIS["Lat",SOUTH]`, "latitudes that grow to the south"},
	{"an angle's UNIT is 1000", "a kilometre as the unit of angles"},
	{`unsupported parameter "unknown"`, "a parameter that nobody knows"},
	{"latitude of origin of a Mercator projection", "EPSG: it is the equator; whether the scale is true there or at the latitude " +
		"is not stated, and PROJ leaves it out"},
	{"// we renormalize", "text of a program in the midst"},
}

// reasonFor returns the number of the reason for a difference, -1 if there is none.
func reasonFor(miss, text string) int {
	text = strings.Join(strings.Fields(text), " ")
	for i, r := range reasons {
		if strings.Contains(miss, r.has) || strings.Contains(text, r.has) {
			return i
		}
	}
	return -1
}
