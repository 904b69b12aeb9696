package projection

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// An Operation is a name that PROJ has for a projection, with the keys of its parameters. Those of all operations are
// understood: lon_0, x_0, y_0, axis, f=0 for the sphere of the semi-major axis, and the flags of other spheres, such as
// R_A for the one of the same surface.
type Operation struct {
	Name string
	Keys []Key

	// Sphere reports that the operation is defined on the sphere only, and takes the semi-major axis as its radius.
	Sphere bool

	// Oblique reports that the operation turns the globe of another, o_proj.
	Oblique bool

	// Authalic reports that it takes the radius of the sphere of the same surface instead.
	Authalic bool

	// Check completes and checks a projection. It may be nil.
	Check func(p *Projection, a Arguments) error
}

// A Key is PROJ's name of a parameter.
type Key struct {
	Name     string
	Field    Field // NoField if the value is a flag or a word, which Check reads
	Required bool

	// Default is the value if there is none and hasDefault is set. Any other is 0, or 1 for a scale factor.
	Default    float64
	hasDefault bool
}

var (
	lon0    = Key{Name: "lon_0", Field: CentralMeridian}
	lonC    = Key{Name: "lonc", Field: CentralMeridian}
	lat0    = Key{Name: "lat_0", Field: LatitudeOfOrigin}
	lat1    = Key{Name: "lat_1", Field: StandardParallel1}
	lat2    = Key{Name: "lat_2", Field: StandardParallel2}
	latTS   = Key{Name: "lat_ts", Field: StandardParallel1}
	lat1Of  = Key{Name: "lat_1", Field: LatitudeOfPoint1}
	lon1Of  = Key{Name: "lon_1", Field: LongitudeOfPoint1}
	lat2Of  = Key{Name: "lat_2", Field: LatitudeOfPoint2}
	lon2Of  = Key{Name: "lon_2", Field: LongitudeOfPoint2}
	k0      = Key{Name: "k_0", Field: ScaleFactor}
	alpha   = Key{Name: "alpha", Field: Azimuth}
	gamma   = Key{Name: "gamma", Field: RectifiedGridAngle}
	height  = Key{Name: "h", Field: Height, Required: true}
	heightO = Key{Name: "h_0", Field: Height, Required: true}
	shapeM  = Key{Name: "m", Field: ShapeM}
	shapeN  = Key{Name: "n", Field: ShapeN}
	shapeQ  = Key{Name: "q", Field: ShapeQ}
	x0      = Key{Name: "x_0", Field: FalseEasting}
	y0      = Key{Name: "y_0", Field: FalseNorthing}
)

// common are the keys of all operations.
var common = append([]Key{lon0, x0, y0, word("axis"), word("f")}, radiusKeys...)

// word returns the key of a flag or a word.
func word(name string) Key { return Key{Name: name} }

func (k Key) must() Key {
	k.Required = true
	return k
}

func (k Key) or(v float64) Key {
	k.Default, k.hasDefault = v, true
	return k
}

// callerKeys are the parameters of a PROJ string that are not the projection's business.
var callerKeys = []string{
	"proj", "type", "no_defs", "wktext", "units", "to_meter", "vunits", "vto_meter", "ellps", "datum", "a", "b", "rf", "R",
	"es", "e", "pm", "towgs84", "nadgrids", "geoidgrids", "over", "geoc", "title",
}

// keyAliases are the second spellings of parameters.
var keyAliases = map[string]string{"k": "k_0", "no_off": "no_uoff", "azi": "alpha"}

func (o *Operation) takes(key string) bool {
	named := func(k Key) bool { return k.Name == key }
	return slices.ContainsFunc(common, named) || slices.ContainsFunc(o.Keys, named)
}

// arguments returns the operation's arguments, under their first spellings.
func (o *Operation) arguments(args Arguments) (Arguments, error) {
	a := make(Arguments, len(args))
	for _, key := range slices.Sorted(maps.Keys(args)) {
		value := args[key]
		if alias, ok := keyAliases[key]; ok && !o.takes(key) {
			key = alias
		}
		switch {
		case o.takes(key):
			a[key] = value
		case !slices.Contains(callerKeys, key):
			return nil, &Unsupported{"parameter of " + o.Name, key}
		}
	}
	for _, k := range o.Keys {
		if k.Required && !a.Has(k.Name) {
			return nil, &Unsupported{"projection", o.Name + " without " + k.Name}
		}
	}
	return a, nil
}

// Takes reports whether PROJ's operation of a name takes a parameter, or knows it as that of another part of a PROJ string.
// It is true for an operation that is not known.
func Takes(name, key string) bool {
	known, ok := lookup().operations[name]
	if !ok || slices.Contains(callerKeys, key) || known.operation.takes(key) {
		return true
	}
	alias, ok := keyAliases[key]
	return ok && known.operation.takes(alias)
}

// Parse turns one of PROJ's operation names and its parameters, with the ellipsoid of the datum, into a projection:
// +proj=name +key=value. It ignores the parameters of other parts of a PROJ string, as units and datum: those are the
// caller's.
//
// False eastings and northings are metres in PROJ, and they are metres in the result, too: the caller divides them by the
// system's unit. They come in the order and with the signs of the axes: of +axis=wsu +x_0=1 the false easting is −1.
//
// The error is an *Unsupported naming the operation, or the parameter that it does not take, or whose value it cannot
// work with.
func Parse(name string, e Ellipsoid, args Arguments) (Projection, error) {
	return lookup().parse(name, e, args)
}

func (t *table) parse(name string, e Ellipsoid, args Arguments) (Projection, error) {
	known, ok := t.operations[name]
	if !ok {
		return Projection{}, &Unsupported{"projection", name}
	}
	o := known.operation
	a, err := o.arguments(args)
	if err != nil {
		return Projection{}, err
	}
	if o.Oblique {
		return t.parseOblique(known, e, a)
	}
	p := Projection{Descriptor: known.descriptor, Ellipsoid: e}
	if err := o.readNumbers(&p, a); err != nil {
		return Projection{}, err
	}
	if p.Ellipsoid, err = o.sphere(e, a); err != nil {
		return Projection{}, err
	}
	if o.Sphere || a.isSphere() {
		p.Ellipsoid = p.Ellipsoid.Sphere()
	}
	if o.Check != nil {
		if err := o.Check(&p, a); err != nil {
			return Projection{}, err
		}
	}
	if !(p.ScaleFactor > 0) || math.IsInf(p.ScaleFactor, 0) {
		return Projection{}, &Unsupported{"scale factor", fmt.Sprint(p.ScaleFactor)}
	}
	if s := a["axis"].Word; s != "" {
		turn, ok := axesByName[s]
		if !ok || p.Axes != EastNorth {
			return Projection{}, &Unsupported{"axis", s}
		}
		p.Axes = turn
		p.FalseEasting, p.FalseNorthing = turn.orient(p.FalseEasting, p.FalseNorthing)
	}
	return p, nil
}

// isSphere reports whether f=0 makes a sphere of the ellipsoid.
func (a Arguments) isSphere() bool {
	f := 1.0
	return a["f"].Word != "" && a.ReadNumber("", "f", &f) == nil && f == 0
}

// readNumbers sets the fields of a projection, and bounds the angles.
func (o *Operation) readNumbers(p *Projection, a Arguments) error {
	p.ScaleFactor = 1
	for _, keys := range [...][]Key{common, o.Keys} {
		for _, k := range keys {
			if k.Field == NoField {
				continue
			}
			if k.hasDefault && !a.Has(k.Name) {
				*p.at(k.Field) = k.Default
			}
			if err := a.ReadNumber(o.Name, k.Name, p.at(k.Field)); err != nil {
				return err
			}
		}
	}
	for _, f := range [...]Field{LatitudeOfOrigin, StandardParallel1, StandardParallel2, LatitudeOfPoint1, LatitudeOfPoint2} {
		if v := *p.at(f); !(math.Abs(v) <= 90) {
			return &Unsupported{"latitude in a projection", fmt.Sprint(v)}
		}
	}
	for _, f := range [...]Field{CentralMeridian, LongitudeOfPoint1, LongitudeOfPoint2, Azimuth, RectifiedGridAngle} {
		if v := *p.at(f); !(math.Abs(v) <= 360) {
			return &Unsupported{"angle in a projection", fmt.Sprint(v)}
		}
	}
	return nil
}

// checkVariant returns a check that makes a flag the variant of its name.
func checkVariant(key string) func(*Projection, Arguments) error {
	return func(p *Projection, a Arguments) error {
		if a.Flag(key) {
			p.Variant = key
		}
		return nil
	}
}

// checkTrueScale makes the latitude of true scale positive, as north and south are the same here, so that there is one
// spelling of each system.
func checkTrueScale(p *Projection, _ Arguments) error {
	p.StandardParallel1 = math.Abs(p.StandardParallel1)
	if p.StandardParallel1 > 89.9 {
		return &Unsupported{"latitude of true scale", fmt.Sprint(p.StandardParallel1)}
	}
	return nil
}
