package srs

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A projUnit is a unit of PROJJSON: a name, or an object with a conversion factor to metres, radians or one.
type projUnit struct{ factor float64 }

func (u *projUnit) UnmarshalJSON(b []byte) error {
	var name string
	if json.Unmarshal(b, &name) == nil {
		switch name {
		case "metre", "unity":
			u.factor = 1
		case "degree":
			u.factor = degree
		default:
			return fmt.Errorf("unit %.40q", name)
		}
		return nil
	}
	var object struct {
		Factor float64 `json:"conversion_factor"`
	}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	u.factor = object.Factor
	return nil
}

// A projNumber is a number with or without a unit.
type projNumber struct {
	value float64
	unit  *projUnit
}

func (n *projNumber) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &n.value) == nil {
		return nil
	}
	var object struct {
		Value float64   `json:"value"`
		Unit  *projUnit `json:"unit"`
	}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	n.value, n.unit = object.Value, object.Unit
	return nil
}

// in returns the number in a base unit, in which a bare number is.
func (n *projNumber) in(base float64) float64 {
	if n.unit == nil {
		return n.value
	}
	return n.value * n.unit.factor / base
}

// A projID is an identifier of PROJJSON.
type projID struct {
	Authority string          `json:"authority"`
	Code      json.RawMessage `json:"code"` // a number or a string
}

// code returns the EPSG or Esri code, or zero.
func (id *projID) code() (c code) {
	if id == nil || !isAuthority(id.Authority) {
		return c
	}
	c.authority = strings.ToUpper(id.Authority)
	c.number, _ = parseCode(strings.Trim(string(id.Code), `"`))
	return c
}

// A projDatum is a datum or an ensemble of datums.
type projDatum struct {
	Name      string `json:"name"`
	Ellipsoid *struct {
		A      projNumber  `json:"semi_major_axis"`
		B      *projNumber `json:"semi_minor_axis"`
		RF     float64     `json:"inverse_flattening"`
		Radius *projNumber `json:"radius"`
	} `json:"ellipsoid"`
	Meridian *struct {
		Name      string     `json:"name"`
		Longitude projNumber `json:"longitude"`
	} `json:"prime_meridian"`
	ID *projID `json:"id"`
}

// A projCRS holds the members of a CRS in PROJJSON, version 0.2 and later (https://proj.org/schemas/), that are read.
type projCRS struct {
	Type       string     `json:"type"`
	Name       string     `json:"name"`
	Base       *projCRS   `json:"base_crs"`
	Datum      *projDatum `json:"datum"`
	Ensemble   *projDatum `json:"datum_ensemble"`
	Conversion *struct {
		Method struct {
			Name string `json:"name"`
		} `json:"method"`
		Parameters []struct {
			Name  string    `json:"name"`
			Value float64   `json:"value"`
			Unit  *projUnit `json:"unit"`
		} `json:"parameters"`
	} `json:"conversion"`
	CS *struct {
		Subtype string `json:"subtype"`
		Axis    []struct {
			Direction string    `json:"direction"`
			Unit      *projUnit `json:"unit"`
		} `json:"axis"`
	} `json:"coordinate_system"`
	Components []*projCRS `json:"components"`
	ID         *projID    `json:"id"`
}

// parsePROJJSON reads PROJJSON.
func parsePROJJSON(s string) (CRS, error) {
	d, err := definitionFromPROJJSON(s)
	if err != nil {
		return CRS{}, err
	}
	return makeCRS(d)
}

// definitionFromPROJJSON is parsePROJJSON before the definition is interned.
func definitionFromPROJJSON(s string) (definition, error) {
	var c projCRS
	if err := json.Unmarshal([]byte(s), &c); err != nil {
		return definition{}, &SyntaxError{s, err.Error()}
	}
	d, err := c.definition()
	if err != nil {
		if _, ok := errors.AsType[*UnsupportedError](err); ok {
			return definition{}, err
		}
		return definition{}, &SyntaxError{s, err.Error()}
	}
	if d.wkid == 0 {
		d.wkt = strings.Clone(s)
	}
	return d, nil
}

// definition returns the definition of a CRS, or of the horizontal part of a compound one.
func (c *projCRS) definition() (definition, error) {
	own := c.ID.code()
	t := description{name: c.Name, wkid: own.number, authority: own.authority}
	if t.wkid > 0 {
		if d, err := lookup(t.authority, t.wkid); err == nil {
			return d.withText(func() (definition, error) { return c.read(&t) }), nil
		}
	}
	return c.read(&t)
}

// read is definition without regard to the code that the CRS bears.
func (c *projCRS) read(t *description) (definition, error) {
	var err error
	switch c.Type {
	case "ProjectedCRS":
		err = c.projected(t)
	case "GeographicCRS", "GeodeticCRS":
		err = c.geographic(t)
	case "CompoundCRS":
		for _, part := range c.Components {
			if part != nil && (part.Type == "ProjectedCRS" || part.Type == "GeographicCRS") {
				return part.definition()
			}
		}
		return definition{}, errors.New("CompoundCRS has no horizontal component")
	case "VerticalCRS":
		return definition{}, &UnsupportedError{"kind of spatial reference", "vertical"}
	default:
		return definition{}, &UnsupportedError{"kind of spatial reference", c.Type}
	}
	if err != nil {
		return definition{}, err
	}
	return t.definition()
}

// geographic reads a geographic CRS, by itself or as the base of a projected one.
func (c *projCRS) geographic(t *description) error {
	t.systemName, t.angular = c.Name, degree
	d := c.Datum
	if d == nil {
		d = c.Ensemble
	}
	if d == nil || d.Ellipsoid == nil {
		return fmt.Errorf("%s has no datum", c.Type)
	}
	t.datumName = d.Name
	t.datumCode = d.ID.code()
	e := d.Ellipsoid
	switch {
	case e.Radius != nil:
		t.ellipsoid.A = e.Radius.in(metre)
	case e.B != nil:
		a, b := e.A.in(metre), e.B.in(metre)
		t.ellipsoid.A = a
		if a != b {
			t.ellipsoid.RF = a / (a - b)
		}
	default:
		t.ellipsoid = ellipsoid{A: e.A.in(metre), RF: e.RF}
	}
	if m := d.Meridian; m != nil {
		t.meridian = m.Longitude.in(degree)
		if known, ok := openNames().meridians[canonical(m.Name)]; ok && nearMeridian(known, t.meridian) {
			t.meridian = known
		}
	}
	if c.CS == nil {
		return nil
	}
	switch {
	case c.CS.Subtype == "Cartesian":
		return &UnsupportedError{"kind of spatial reference", "geocentric"}
	case len(c.CS.Axis) == 3:
		return &UnsupportedError{"kind of spatial reference", "geographic 3D"}
	}
	if u := c.unit(); u != 0 {
		t.angular = u
	}
	return c.readAxes(t)
}

// unit returns the unit of the first axis, 0 if it is not stated.
func (c *projCRS) unit() float64 {
	if c.CS == nil || len(c.CS.Axis) == 0 || c.CS.Axis[0].Unit == nil {
		return 0
	}
	return c.CS.Axis[0].Unit.factor
}

// readAxes reads the directions of the axes.
func (c *projCRS) readAxes(t *description) error {
	var directions []string
	for _, a := range c.CS.Axis {
		directions = append(directions, a.Direction)
	}
	return t.setAxes(directions)
}

// projected reads a projected CRS.
func (c *projCRS) projected(t *description) error {
	if c.Base == nil || c.Conversion == nil || c.CS == nil {
		return errors.New("ProjectedCRS lacks base_crs, conversion or coordinate_system")
	}
	if err := c.Base.geographic(t); err != nil {
		return err
	}
	t.system = c.Base.ID.code()
	t.axes = projection.AxesNotStated
	t.method, t.dialect = c.Conversion.Method.Name, projection.EPSG
	if t.linear = c.unit(); t.linear == 0 {
		t.linear = metre
	}
	t.params = map[string]projection.TextValue{}
	for _, p := range c.Conversion.Parameters {
		known, ok := projection.TextParameter(p.Name)
		if !ok {
			return &UnsupportedError{"parameter", p.Name}
		}
		if _, ok := t.params[known.Key]; ok {
			return fmt.Errorf("parameter %.40q is there twice", p.Name)
		}
		factor := 1.0
		if p.Unit != nil {
			factor = p.Unit.factor
		}
		v, err := readParameter(p.Name, known.Unit, p.Value, p.Unit != nil, factor, exactAngle(t.angular), exactLength(t.linear))
		if err != nil {
			return err
		}
		t.params[known.Key] = v
	}
	return c.readAxes(t)
}
