package function

// Elevation returns templates for a service of heights, under the names by which programs ask for them: those of the
// USGS 3DEP service that can be drawn here, and others that are frequent.
func Elevation() []Template {
	tinted := func(name string) Function {
		s := NewShadedRelief(nil)
		s.Name = name
		return s
	}
	many := NewHillshade(nil)
	many.Type = Multidirectional
	return []Template{
		{Name: "Hillshade Gray", Description: "Light from the north-west.", Function: NewHillshade(nil)},
		{Name: "Hillshade Multidirectional", Description: "Light from six directions.", Function: many},
		{Name: "Multi-Directional_Hillshade", Description: "Light from six directions.", Function: many},
		{Name: "Hillshade Elevation Tinted", Description: "Light from the north-west on colours of heights.", Function: tinted("Elevation #1")},
		{Name: "ColorHillshade", Description: "Light from the north-west on colours of heights.", Function: tinted("Elevation #2")},
		{Name: "GreyHillshade_elevationFill", Description: "Light from the north-west.", Function: NewHillshade(nil)},
		{Name: "Slope Degrees", Description: "Slopes in degrees.", Function: NewSlope(nil)},
		{Name: "Slope Map", Description: "Slopes in classes of colour, from flat in green to steep in red.", Function: slopeMap()},
		{Name: "Aspect Degrees", Description: "Directions of slopes in degrees from north; -1 is flat.", Function: &Aspect{}},
		{Name: "Aspect Map", Description: "Directions of slopes in colours; flat ground is grey.", Function: aspectMap()},
		{Name: "RFTAspectColor", Description: "Directions of slopes in colours; flat ground is grey.", Function: aspectMap()},
		{Name: "Height Ellipsoidal", Description: "Heights as they are stored.", Function: &Identity{}},
	}
}

// classMap returns a map of classes of values, whose ends are ascending, in colours.
func classMap(in Function, ends []float64, colors ...uint32) Function {
	r := &Remap{Input: in, DropUnmatched: true}
	m := &Colormap{Input: r}
	for i, c := range colors {
		r.Ranges = append(r.Ranges, ValueRange{ends[i], ends[i+1]})
		r.Values = append(r.Values, float64(i+1))
		m.Colors = append(m.Colors, ColorEntry{float64(i + 1), opaque(c)})
	}
	return m
}

func slopeMap() Function {
	return classMap(NewSlope(nil), []float64{0, 2, 5, 10, 15, 25, 35, 45, 91},
		0x2e8b3c, 0x7fbf4d, 0xcfe36b, 0xfff47a, 0xfdc04e, 0xf58634, 0xe0452b, 0x9c1518)
}

func aspectMap() Function {
	return classMap(&Aspect{}, []float64{-1, 0, 22.5, 67.5, 112.5, 157.5, 202.5, 247.5, 292.5, 337.5, 361},
		0xb0b0b0, 0xff0000, 0xffa600, 0xffff00, 0x00ff00, 0x00ffff, 0x00a6ff, 0x0000ff, 0xff00ff, 0xff0000)
}

// ImageryBands are the numbers of a service's bands, counted from 0; -1 is a band that there is not.
type ImageryBands struct{ Red, Green, Blue, NearInfrared int }

// Imagery returns templates for a service of multispectral images: those for which it has the bands.
func Imagery(b ImageryBands) []Template {
	var out []Template
	add := func(name, description string, f Function, needs ...int) {
		for _, n := range needs {
			if n < 0 {
				return
			}
		}
		out = append(out, Template{Name: name, Description: description, Function: f})
	}
	add("Natural Color", "Red, green and blue.", &ExtractBand{IDs: []int{b.Red, b.Green, b.Blue}}, b.Red, b.Green, b.Blue)
	add("False Color", "Near infrared, red and green.",
		&ExtractBand{IDs: []int{b.NearInfrared, b.Red, b.Green}}, b.NearInfrared, b.Red, b.Green)
	add("NDVI", "The normalised difference of near infrared and red, in bytes: 100 is 0.",
		&NDVI{VisibleBandID: b.Red, InfraredBandID: b.NearInfrared}, b.Red, b.NearInfrared)
	add("NDVI_Raw", "The normalised difference of near infrared and red.",
		&NDVI{VisibleBandID: b.Red, InfraredBandID: b.NearInfrared, ScientificOutput: true}, b.Red, b.NearInfrared)
	add("NDVI_Color", "The normalised difference of near infrared and red, in colours.",
		&Colormap{Input: &NDVI{VisibleBandID: b.Red, InfraredBandID: b.NearInfrared}, Name: "NDVI"}, b.Red, b.NearInfrared)
	add("NDWI", "The normalised difference of green and near infrared.",
		&BandArithmetic{Method: 18, Bands: []int{b.NearInfrared + 1, b.Green + 1}}, b.Green, b.NearInfrared)
	return out
}
