package srs

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// OperationFromWKT returns the datum operation that a text defines: Esri's GEOGTRAN, or a COORDINATEOPERATION of WKT 2
// with the names of either. Without Forward or Backward it is used in the direction that fits.
//
// In GEOGTRAN translations are in metres, rotations and offsets in seconds and the scale in parts per million. The error
// is a *SyntaxError, or that of one of the two systems, or an *OperationError for a method that is not supported. A text
// of a grid file's operation is returned: see [Options].Operations.
func OperationFromWKT(wkt string) (Operation, error) {
	if len(wkt) > maxText {
		return Operation{}, &SyntaxError{wkt, fmt.Sprintf("it is longer than %d bytes", maxText)}
	}
	roots, err := parseWKT(plainQuotes(wkt))
	if err != nil {
		return Operation{}, &SyntaxError{wkt, err.Error()}
	}
	if len(roots) != 1 {
		return Operation{}, &SyntaxError{wkt, fmt.Sprintf("it is %d operations", len(roots))}
	}
	d, err := readGeogtran(&roots[0])
	if err != nil {
		if isPublic(err) {
			return Operation{}, err
		}
		return Operation{}, &SyntaxError{wkt, err.Error()}
	}
	d.source = strings.Clone(wkt)
	return Operation{definition: d}, nil
}

// isPublic reports whether an error already names what is at fault.
func isPublic(err error) bool {
	if _, ok := errors.AsType[*UnsupportedError](err); ok {
		return true
	}
	_, ok := errors.AsType[*OperationError](err)
	return ok
}

// readGeogtran reads an operation's node.
func readGeogtran(n *wktNode) (*operationDefinition, error) {
	ends := n.nodes
	switch n.keyword {
	case "GEOGTRAN":
	case "COORDINATEOPERATION":
		source, target := n.find("SOURCECRS"), n.find("TARGETCRS")
		if source == nil || target == nil || len(source.nodes) == 0 || len(target.nodes) == 0 {
			return nil, errors.New("COORDINATEOPERATION lacks SOURCECRS or TARGETCRS")
		}
		ends = []wktNode{source.nodes[0], target.nodes[0]}
	case "VERTTRAN":
		return nil, &UnsupportedError{"kind of transformation", "vertical: " + n.value(0)}
	default:
		return nil, fmt.Errorf("it is a %.40s, and no GEOGTRAN", n.keyword)
	}
	d := &operationDefinition{name: n.value(0), accuracy: math.NaN()}
	if c := n.code(); c.number > 0 {
		d.wkid = c.number
	}
	var systems []definition
	for i := range ends {
		if k := ends[i].keyword; k != "GEOGCS" && !strings.HasPrefix(k, "GEO") || len(systems) == 2 {
			continue
		}
		s, err := readCRS(&ends[i])
		if err != nil {
			return nil, err
		}
		systems = append(systems, s)
	}
	if len(systems) != 2 {
		return nil, errors.New("it does not have two geographic systems")
	}
	d.from, d.to = systems[0].datum, systems[1].datum
	if a := n.find("OPERATIONACCURACY"); a != nil {
		v, err := a.number(0)
		if err != nil {
			return nil, err
		}
		if v > 0 {
			d.accuracy = v
		}
	}
	method := n.find("METHOD")
	if method == nil {
		return nil, errors.New("it has no METHOD")
	}
	return d, d.readMethod(n, method.value(0))
}

// A geogtranMethod is how a method's parameters become a word of parseShift.
type geogtranMethod struct {
	word    byte // 't', 'e', 'b', 'm', 'a', 'o', 'l', or 'n' for nothing
	turned  bool // rotations have the signs of the coordinate frame
	numbers int  // of the first of the parameters below
	moving  bool
}

// geogtranMethods are the methods by their canonical names: Esri's, and EPSG's without the words in parentheses.
var geogtranMethods = map[string]geogtranMethod{
	"geocentrictranslation":  {word: 't', numbers: 3},
	"geocentrictranslations": {word: 't', numbers: 3},

	"positionvector":               {word: 't', numbers: 7},
	"positionvectortransformation": {word: 't', numbers: 7},
	"bursawolf":                    {word: 't', numbers: 7},
	"coordinateframe":              {word: 't', turned: true, numbers: 7},
	"coordinateframerotation":      {word: 't', turned: true, numbers: 7},

	"coordinateframefullmatrix":         {word: 'e', turned: true, numbers: 7},
	"coordinateframerotationfullmatrix": {word: 'e', turned: true, numbers: 7},

	"timebasedhelmertpositionvector":       {word: 't', numbers: 7, moving: true},
	"timedependentpositionvectortfm":       {word: 't', numbers: 7, moving: true},
	"timebasedhelmertcoordinateframe":      {word: 't', turned: true, numbers: 7, moving: true},
	"timedependentcoordinateframerotation": {word: 't', turned: true, numbers: 7, moving: true},
	"molodenskybadekas":                    {word: 'b', turned: true, numbers: 10},
	"molodenskybadekascoordinateframe":     {word: 'b', turned: true, numbers: 10},
	"molodenskybadekascf":                  {word: 'b', turned: true, numbers: 10},
	"molodenskybadekascfgeog2ddomain":      {word: 'b', turned: true, numbers: 10},
	"molodenskybadekaspositionvector":      {word: 'b', numbers: 10},
	"molodenskybadekaspv":                  {word: 'b', numbers: 10},
	"molodenskybadekaspvgeog2ddomain":      {word: 'b', numbers: 10},
	"molodensky":                           {word: 'm', numbers: 3},
	"molodenskyabridged":                   {word: 'a', numbers: 3},
	"abridgedmolodensky":                   {word: 'a', numbers: 3},
	"longituderotation":                    {word: 'l'},
	"geographic2doffset":                   {word: 'o'},
	"geographic2doffsets":                  {word: 'o'},
	"geographic2dwithheightoffsets":        {word: 'o'},
	"null":                                 {word: 'n'},
	"unitchange":                           {word: 'n'},
}

// geogtranGrids are the methods that need a grid file, whose name is in the parameter's.
var geogtranGrids = map[string]string{
	"ntv1": "NTv1", "ntv2": "NTv2", "nadcon": "NADCON", "nadcon5": "NADCON5", "harn": "HARN", "geocon": "GEOCON",
	"nadcon52d": "NADCON5", "nadcon53d": "NADCON5",
}

// geogtranNumbers are the parameters of methods by their canonical names, with their places in a word.
var geogtranNumbers = map[string]int{
	"xaxistranslation": 0, "yaxistranslation": 1, "zaxistranslation": 2,
	"xaxisrotation": 3, "yaxisrotation": 4, "zaxisrotation": 5, "scaledifference": 6,
	"xcoordinateofrotationorigin": 7, "ycoordinateofrotationorigin": 8, "zcoordinateofrotationorigin": 9,
	"ordinate1ofevaluationpoint": 7, "ordinate2ofevaluationpoint": 8, "ordinate3ofevaluationpoint": 9,
	"latitudeoffset": 10, "longitudeoffset": 11, "offsetoflatitude": 10, "offsetoflongitude": 11,
}

// rates are parameters of methods whose parameters change with time, which do not count at their epoch.
var rates = []string{"rate", "referencetime", "referenceepoch", "parameterreferenceepoch", "transformationreferenceepoch"}

// readMethod sets what the operation does.
func (d *operationDefinition) readMethod(n *wktNode, name string) error {
	key := canonical(name)
	if method, ok := geogtranGrids[key]; ok {
		d.method = method
		for i := range n.nodes {
			p := &n.nodes[i]
			switch file := p.value(0); {
			case p.keyword == "PARAMETERFILE":
				d.files = append(d.files, p.value(1))
			case p.keyword == "PARAMETER" && hasPrefixFold(file, "Dataset_"):
				d.files = append(d.files, file[len("Dataset_"):])
			}
		}
		if len(d.files) == 0 {
			return fmt.Errorf("method %s has no parameter Dataset_ and the name of its file", method)
		}
		return nil
	}
	m, ok := geogtranMethods[key]
	if !ok { // EPSG's have their domain in parentheses
		short, _, _ := strings.Cut(name, " (")
		m, ok = geogtranMethods[canonical(short)]
	}
	if !ok {
		return &OperationError{Operation: d.String(), Reason: "is by a method that is not supported: " + name, Unsupported: true}
	}
	v, given, err := readGeogtranNumbers(n)
	if err != nil {
		return err
	}
	if m.turned {
		v[3], v[4], v[5] = -v[3], -v[4], -v[5]
	}
	d.moving = m.moving
	for i, has := range given {
		takes := i < m.numbers || i >= 10 && m.word == 'o' || i == 11 && m.word == 'l'
		switch {
		case has && !takes && v[i] != 0:
			return fmt.Errorf("method %.60s has parameters of another", name)
		case takes && !has && m.word != 'l':
			return fmt.Errorf("method %.60s lacks some of its parameters", name)
		}
	}
	d.text = string(m.word)
	switch m.word {
	case 'o':
		d.text += numberWords([]float64{v[10] / 3600, v[11] / 3600})
	case 'l':
		turn := d.from.meridian - d.to.meridian
		if given[11] {
			turn = v[11] / 3600
		}
		d.text += numberWords([]float64{turn})
	case 'n':
		d.text = unshifted
	default:
		d.text += numberWords(v[:m.numbers])
	}
	return nil
}

// readGeogtranNumbers reads all parameters, in metres, seconds and parts per million, with the places of geogtranNumbers.
func readGeogtranNumbers(n *wktNode) (v [12]float64, given [12]bool, err error) {
	for i := range n.nodes {
		p := &n.nodes[i]
		if p.keyword != "PARAMETER" {
			continue
		}
		key := canonical(p.value(0))
		at, ok := geogtranNumbers[key]
		if !ok {
			known := false
			for _, r := range rates {
				known = known || strings.Contains(key, r)
			}
			if !known {
				return v, given, &UnsupportedError{"parameter of a transformation", p.value(0)}
			}
			continue
		}
		if given[at] {
			return v, given, fmt.Errorf("%.60s comes twice", p.value(0))
		}
		x, err := p.number(1)
		if err != nil {
			return v, given, err
		}
		if x, err = p.inGeogtranUnit(x, at); err != nil {
			return v, given, err
		}
		if limit := geogtranLimit(at); !(math.Abs(x) <= limit) {
			return v, given, fmt.Errorf("%.60s is %g", p.value(0), x)
		}
		v[at], given[at] = x, true
	}
	return v, given, nil
}

// inGeogtranUnit returns a parameter in metres, seconds or parts per million. WKT 2 states the unit of each.
func (n *wktNode) inGeogtranUnit(x float64, at int) (float64, error) {
	unit := n.find("LENGTHUNIT", "ANGLEUNIT", "SCALEUNIT", "UNIT")
	if unit == nil {
		return x, nil
	}
	size, err := unit.number(1)
	if err != nil {
		return 0, err
	}
	switch {
	case at < 3 || at >= 7 && at < 10:
		return x * size, nil
	case at == 6:
		return x * size * 1e6, nil
	}
	// By way of the closest whole part of a second, for units in texts are rounded.
	seconds := size / arcSecond
	if r := math.Round(seconds*1e6) / 1e6; math.Abs(seconds-r) < 1e-8*r {
		seconds = r
	}
	return x * seconds, nil
}

// geogtranLimit is how large a parameter may be: numbers beyond it are no datum operation, and lead to overflows.
func geogtranLimit(at int) float64 {
	switch {
	case at < 3 || at >= 7 && at < 10:
		return 1e8
	case at == 6:
		return 1e5
	case at >= 10:
		return 360 * 3600
	}
	return 36000
}
