package projection

// sineSeries holds the coefficients c of Σ c[k−1] sin(2kθ), k = 1…6.
type sineSeries [6]float64

// Series in the third flattening n = f/(2 − f). Row k−1 holds the coefficients of n^k, n^(k+1), … n^6 in c[k−1].
//
// Source: C. F. F. Karney, On auxiliary latitudes, Survey Review 56 (2024), appendix A, and for the transverse Mercator
// projection C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers, Journal of Geodesy 85 (2011),
// equations 35 and 36. What is left out is of the order of n^7 = 4e-20 times a few hundred, which is nanometres.
var (
	geodeticToConformal = [6][]float64{
		{-2, 2. / 3, 4. / 3, -82. / 45, 32. / 45, 4642. / 4725},
		{5. / 3, -16. / 15, -13. / 9, 904. / 315, -1522. / 945},
		{-26. / 15, 34. / 21, 8. / 5, -12686. / 2835},
		{1237. / 630, -12. / 5, -24832. / 14175},
		{-734. / 315, 109598. / 31185},
		{444337. / 155925},
	}
	conformalToGeodetic = [6][]float64{
		{2, -2. / 3, -2, 116. / 45, 26. / 45, -2854. / 675},
		{7. / 3, -8. / 5, -227. / 45, 2704. / 315, 2323. / 945},
		{56. / 15, -136. / 35, -1262. / 105, 73814. / 2835},
		{4279. / 630, -332. / 35, -399572. / 14175},
		{4174. / 315, -144838. / 6237},
		{601676. / 22275},
	}
	authalicToGeodetic = [6][]float64{
		{4. / 3, 4. / 45, -16. / 35, -2582. / 14175, 60136. / 467775, 28112932. / 212837625},
		{46. / 45, 152. / 945, -11966. / 14175, -21016. / 51975, 251310128. / 638512875},
		{3044. / 2835, 3802. / 14175, -94388. / 66825, -8797648. / 10945935},
		{6059. / 4725, 41072. / 93555, -1472637812. / 638512875},
		{768272. / 467775, 455935736. / 638512875},
		{4210684958. / 1915538625},
	}
	geodeticToAuthalic = [6][]float64{
		{-4. / 3, -4. / 45, 88. / 315, 538. / 4725, 20824. / 467775, -44732. / 2837835},
		{34. / 45, 8. / 105, -2482. / 14175, -37192. / 467775, -12467764. / 212837625},
		{-1532. / 2835, -898. / 14175, 54968. / 467775, 100320856. / 1915538625},
		{6007. / 14175, 24496. / 467775, -5884124. / 70945875},
		{-23356. / 66825, -839792. / 19348875},
		{570284222. / 1915538625},
	}
	geodeticToRectifying = [6][]float64{
		{-3. / 2, 0, 9. / 16, 0, -3. / 32, 0},
		{15. / 16, 0, -15. / 32, 0, 135. / 2048},
		{-35. / 48, 0, 105. / 256, 0},
		{315. / 512, 0, -189. / 512},
		{-693. / 1280, 0},
		{1001. / 2048},
	}
	rectifyingToGeodetic = [6][]float64{
		{3. / 2, 0, -27. / 32, 0, 269. / 512, 0},
		{21. / 16, 0, -55. / 32, 0, 6759. / 4096},
		{151. / 96, 0, -417. / 128, 0},
		{1097. / 512, 0, -15543. / 2560},
		{8011. / 2560, 0},
		{293393. / 61440},
	}
	sphereToPlane = [6][]float64{ // Karney's alpha
		{1. / 2, -2. / 3, 5. / 16, 41. / 180, -127. / 288, 7891. / 37800},
		{13. / 48, -3. / 5, 557. / 1440, 281. / 630, -1983433. / 1935360},
		{61. / 240, -103. / 140, 15061. / 26880, 167603. / 181440},
		{49561. / 161280, -179. / 168, 6601661. / 7257600},
		{34729. / 80640, -3418889. / 1995840},
		{212378941. / 319334400},
	}
	planeToSphere = [6][]float64{ // Karney's beta, negated
		{-1. / 2, 2. / 3, -37. / 96, 1. / 360, 81. / 512, -96199. / 604800},
		{-1. / 48, -1. / 15, 437. / 1440, -46. / 105, 1118711. / 3870720},
		{-17. / 480, 37. / 840, 209. / 4480, -5569. / 90720},
		{-4397. / 161280, 11. / 504, 830251. / 7257600},
		{-4583. / 161280, 108847. / 3991680},
		{-20648693. / 638668800},
	}
)

// newSineSeries evaluates a table for an ellipsoid. All coefficients are 0 for a sphere.
func newSineSeries(table *[6][]float64, n float64) sineSeries {
	var c sineSeries
	power := 1.0
	for k, row := range table {
		power *= n
		sum := 0.0
		for j := len(row) - 1; j >= 0; j-- {
			sum = float64(sum*n) + row[j]
		}
		c[k] = power * sum
	}
	return c
}

// at sums the series by Clenshaw's method, given sin 2θ and cos 2θ.
func (c *sineSeries) at(sin, cos float64) float64 {
	u := 2 * cos
	b6 := c[5]
	b5 := c[4] + float64(u*b6)
	b4 := c[3] + float64(u*b5) - b6
	b3 := c[2] + float64(u*b4) - b5
	b2 := c[1] + float64(u*b3) - b4
	b1 := c[0] + float64(u*b2) - b3
	return float64(sin * b1)
}

// atComplex sums the series for θ = ξ + iη, given sin 2ξ, cos 2ξ, sinh 2η and cosh 2η.
func (c *sineSeries) atComplex(sin, cos, sinh, cosh float64) (re, im float64) {
	// 2 cos 2θ
	ur, ui := 2*cos*cosh, -2*sin*sinh

	b6r := c[5]
	b5r, b5i := c[4]+float64(ur*b6r), float64(ui*b6r)
	b4r := c[3] + float64(ur*b5r) - float64(ui*b5i) - b6r
	b4i := float64(ur*b5i) + float64(ui*b5r)
	b3r := c[2] + float64(ur*b4r) - float64(ui*b4i) - b5r
	b3i := float64(ur*b4i) + float64(ui*b4r) - b5i
	b2r := c[1] + float64(ur*b3r) - float64(ui*b3i) - b4r
	b2i := float64(ur*b3i) + float64(ui*b3r) - b4i
	b1r := c[0] + float64(ur*b2r) - float64(ui*b2i) - b3r
	b1i := float64(ur*b2i) + float64(ui*b2r) - b3i

	// times sin 2θ
	sr, si := sin*cosh, cos*sinh
	return float64(sr*b1r) - float64(si*b1i), float64(sr*b1i) + float64(si*b1r)
}
