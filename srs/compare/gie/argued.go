package main

import "regexp"

// arguments list cases that fail for a reason, by patterns of the operation and of what is wrong.
var arguments = []struct{ operation, what, reason string }{
	{`proj=(adams_|peirce_q|guyou|spilhaus)`, `, 0\.[0-5]\d* m off|, 0\.0\d*e?-?\d* m off`, "PROJ's elliptic integral has seven digits"},
	{`proj=peirce_q`, `\[(45|135) -(45|89\.999)\]`, "the point is on a cut, and PROJ takes its other side"},
	{`proj=adams_ws2`, `outside_projection_domain`, "the point is on the pole, by what rounding leaves of an input"},
	{`init=epsg:4807`, ``, "NTF (Paris) and NTF are two datums, between which the script goes by WGS 84"},
	{`datum=potsdam`, ``, "PROJ takes the grid BETA2007, and we the operation without a grid"},
	{`proj=eqc `, `e\+0\d m off|664 m off`, "this is the sphere's form, as in PROJ before 9.8; eqc_ellipsoid is the other"},
	{`proj=gnom .*rf=200`, ``, "this is the sphere's form, as in PROJ before 9.5; gnom_ellipsoid is the other"},
	{`proj=krovak \+ellps=GRS80$`, ``, "PROJ puts Bessel's ellipsoid in place of any"},
	{`proj=tmerc \+R=`, `NaN`, "the domain ends 67.2° from the central meridian, and 45° beyond the poles"},
	{`algo=evenden_snyder`, ``, "PROJ leaves terms out on demand"},
	{`proj=robin`, `\[0 (-?90|-?8\.65472e\+06)\]`, "PROJ's polynomials end 0.47 m from the pole's row, which it puts in there"},
	{`proj=vandg .*over`, ``, "longitudes beyond 180° from the central meridian are turned back"},
	{`proj=(som|lsat|misrsom)`, `, 0\.0[0-4]\d* m off`, "PROJ's iterations end at 1e-7 radians"},
	{`proj=(som|lsat|misrsom)`, `NaN`, "the point is before the revolution"},
	{`proj=lee_os`, `NaN`, "the point is 165° from the centre, where the projection shows places twice"},
	{`proj=wink2`, `89\.999`, "PROJ stops short of convergence next to the poles"},
	{`proj=(eck4 \+a=6400000|eqearth)`, `expect -?(0|180) -?(90|45|82\.318):|failure`, "the point is on a pole or beyond it, by what rounding leaves of an input"},
	{`R_[AV]$`, `, 0\.000\d* m off`, "PROJ takes four terms of a series for the sphere's radius"},
	{`proj=(lcc|omerc|sterea) .*[ab]=\d*\.\d`, `is not refused`, "an ellipsoid flat as a disc works"},
	{`proj=(ups|utm) .*a=6400000|rf=0`, `is not refused`, "the zones of a sphere work, and rf=0 is one"},
	{`proj=krovak \+lat_0=-90`, ``, "works"},
	{`proj=labrd .*lat_0=0$`, `failure`, "the closed form works at the equator"},
	{`proj=hammer .*W=1`, `\[-180 0\]`, "the point has an image"},
	{`proj=merc`, `e-1[567]`, "below the rounding of degrees"},
	{`proj=merc`, `89\.99999999999999`, "1e-9° from the pole there is no image"},
	{`proj=ortho`, `outside_projection_domain`, "the point is on the horizon, by what rounding leaves of an input"},
	{`proj=aeqd \+R=1`, `outside_projection_domain`, "the point opposite has an image"},
	{`proj=stere`, `e-09 m off`, "a nanometre"},
	{`vto_meter=1/0`, ``, "heights play no part"},
	{`proj=vandg2`, `, 0\.181 m off`, "PROJ adds 1e-10 below the root of y"},
	{`proj=lagrng`, `has the image|, 0\.000118 m off`, "the circle's edge has an image, and PROJ ends 1e-5° short of the poles"},
	{`proj=urm5 .*inv|inv .*proj=urm5`, ``, "it has an inverse here, and the script does not look at a pipeline's own +inv"},
	{`proj=pipeline .*proj=merc .*proj=merc`, `malformed_pipeline`, "the script does not check which steps follow each other"},
	{`proj=ob_tran .*o_proj=latlon`, `accept|00\] expect`, "latitudes of 100 radians"},
}

// argument returns the reason why a case is argued with, or "".
func argument(operation, what string) string {
	for _, a := range arguments {
		if regexp.MustCompile(a.operation).MatchString(operation) && regexp.MustCompile(a.what).MatchString(what) {
			return a.reason
		}
	}
	return ""
}
