package params

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// Values returns the parameters of Export Image that state a request: the inverse of ParseRequest. A field that is zero has
// no parameter, so that Values of the zero Request is empty. Names and numbers are written as the operation documents them,
// and rules as JSON, in the dialect of today. A function that is not a rule becomes one, by function.Marshal; in rules, the
// name of a service's own template counts before that of a function.
//
// Explain becomes explain, which is about the form of the answer (see IsTransport), so that ParseRequest passes over it.
// Unknown and Forgiven are remarks about another text and are left out.
//
// What the operation has no parameter for is an *exportimage.Error of kind Unsupported that names the field: Antialias,
// Background, and the Corner, Time and Now of MosaicRule. A value that no text stands for, such as a quality of 200 or a
// number that is not finite, is one of kind Invalid that names the parameter. Nothing is left out in silence.
func Values(r exportimage.Request) (url.Values, error) {
	if err := unwritable(r); err != nil {
		return nil, err
	}
	w := writer{values: url.Values{}}
	w.place(r)
	w.picture(r)
	w.rasters(r)
	if r.Explain {
		write(&w, ExplainParam, true, "true")
	}
	if w.err != nil {
		return nil, w.err
	}
	return w.values, nil
}

// unwritable returns the error of the first field for which the operation has no parameter.
func unwritable(r exportimage.Request) error {
	for _, field := range []struct {
		name string
		set  bool
	}{
		{"Antialias", r.Antialias}, {"Background", r.Background != nil},
		{"MosaicRule.Corner", r.MosaicRule.Corner != nil}, {"MosaicRule.Time", !r.MosaicRule.Time.IsZero()},
		{"MosaicRule.Now", !r.MosaicRule.Now.IsZero()},
	} {
		if field.set {
			return unsupported("the operation has no parameter for the field %s of a request", field.name)
		}
	}
	return nil
}

// A writer collects parameters until the first error.
type writer struct {
	values url.Values
	err    error
}

func (w *writer) fail(param string, err error) {
	if w.err == nil && err != nil {
		w.err = blame(param, err)
	}
}

// write adds a parameter, unless its text does not mean the value.
func write[V any](w *writer, p Param[V], v V, text string) {
	writeIf(w, p, text, func(got V) bool { return reflect.DeepEqual(got, v) })
}

// writeIf adds a parameter whose text must be read as a value that is the one meant.
func writeIf[V any](w *writer, p Param[V], text string, meant func(V) bool) {
	got, err := p.Parse(text)
	if err == nil && !meant(got) {
		err = fmt.Errorf("no text of the parameter stands for the value; %.100q is another", text)
	}
	w.fail(p.Name, err)
	w.values.Set(p.Name, text)
}

// place writes which box is drawn.
func (w *writer) place(r exportimage.Request) {
	if (r.BBox != srs.Envelope{}) {
		b := r.BBox
		write(w, BBoxParam, Box{Envelope: b}, join([]float64{b.XMin, b.YMin, b.XMax, b.YMax}, decimalOf))
	}
	w.reference(BBoxSRParam, r.BBoxSR)
	w.reference(ImageSRParam, r.ImageSR)
	if (r.Size != image.Point{}) {
		write(w, SizeParam, r.Size, join([]int{r.Size.X, r.Size.Y}, strconv.Itoa))
	}
	switch r.Aspect {
	case exportimage.DefaultAspect:
	case exportimage.GrowBox, exportimage.ExactBox:
		grow := r.Aspect == exportimage.GrowBox
		write(w, AdjustAspectRatioParam, grow, strconv.FormatBool(grow))
	default:
		w.fail(AdjustAspectRatioParam.Name, fmt.Errorf("there is no aspect %d", r.Aspect))
	}
	if r.ValidateExtent {
		write(w, ValidateExtentParam, true, "true")
	}
	if len(r.DatumTransformation) > 0 {
		w.operations(r.DatumTransformation)
	}
}

// picture writes how pixels become an image.
func (w *writer) picture(r exportimage.Request) {
	if r.Format != "" {
		write(w, FormatParam, r.Format, r.Format)
	}
	if q := r.CompressionQuality; q != nil {
		write(w, CompressionQualityParam, *q, strconv.Itoa(*q))
	}
	if r.PixelType != 0 {
		write(w, PixelTypeParam, r.PixelType, r.PixelType.String())
	}
	if len(r.NoData) > 0 {
		write(w, NoDataParam, r.NoData, join(r.NoData, decimalOf))
	}
	if r.NoDataMatch != exportimage.DefaultMatch {
		write(w, NoDataInterpretationParam, r.NoDataMatch, NoDataMatches.Name(r.NoDataMatch))
	}
	if r.Interpolation != 0 {
		write(w, InterpolationParam, r.Interpolation, Interpolations.Name(r.Interpolation))
	}
	if len(r.BandIDs) > 0 {
		write(w, BandIDsParam, r.BandIDs, join(r.BandIDs, strconv.Itoa))
	}
	if r.Compression != "" {
		write(w, CompressionParam, r.Compression, r.Compression)
	}
	if e := r.CompressionTolerance; e != nil {
		write(w, CompressionToleranceParam, *e, decimalOf(*e))
	}
	if r.LERCVersion != 0 {
		write(w, LERCVersionParam, r.LERCVersion, strconv.Itoa(r.LERCVersion))
	}
	if r.Function != nil {
		text, err := ruleText(r.Function)
		w.fail(RenderingRuleParam.Name, err)
		writeIf(w, RenderingParam, string(text), func(got Rendering) bool {
			return sameFunction(got.Function, r.Function, text) && len(got.Slices) == 0
		})
	}
}

// rasters writes which rasters are drawn, and how they are merged.
func (w *writer) rasters(r exportimage.Request) {
	if !r.Time.IsZero() {
		writeIf(w, TimeParam, timeOf(r.Time), func(got mosaic.TimeExtent) bool {
			return got.From.Equal(r.Time.From) && got.To.Equal(r.Time.To)
		})
	}
	if r.SliceID != nil {
		write(w, SliceIDParam, *r.SliceID, strconv.FormatInt(*r.SliceID, 10))
	}
	if len(r.Slices) > 0 {
		list := conditionsOf(r.Slices)
		text, err := json.Marshal(list)
		w.fail(MultidimensionalDefinitionParam.Name, err)
		writeIf(w, MultidimensionalDefinitionParam, string(text), func(got []mosaic.SliceCondition) bool {
			return reflect.DeepEqual(conditionsOf(got), list)
		})
	}
	w.rule(r.MosaicRule, r.ItemFunction)
}

// A ruleObject is the JSON of a mosaicRule.
type ruleObject struct {
	Method     string          `json:"mosaicMethod,omitempty"`
	Operation  string          `json:"mosaicOperation,omitempty"`
	SortField  string          `json:"sortField,omitempty"`
	SortValue  any             `json:"sortValue,omitempty"`
	Ascending  *bool           `json:"ascending,omitempty"`
	LockIDs    []int64         `json:"lockRasterIds,omitzero"`
	Viewpoint  *pointObject    `json:"viewpoint,omitempty"`
	Where      string          `json:"where,omitempty"`
	IDs        []int64         `json:"fids,omitzero"`
	Conditions []condition     `json:"multidimensionalDefinition,omitempty"`
	Item       json.RawMessage `json:"itemRenderingRule,omitempty"`
}

type pointObject struct {
	X   float64         `json:"x"`
	Y   float64         `json:"y"`
	CRS json.RawMessage `json:"spatialReference,omitempty"`
}

func (w *writer) rule(rule mosaic.Rule, item function.Function) {
	name := MosaicRuleParam.Name
	o := ruleObject{
		Method: MosaicMethods.Name(rule.Method), Operation: MosaicOperations.Name(rule.Operation), SortField: rule.SortField,
		SortValue: rule.SortValue, LockIDs: rule.LockIDs, Where: rule.Where, IDs: rule.IDs, Conditions: conditionsOf(rule.Slices),
	}
	if rule.Method != 0 && o.Method == "" {
		w.fail(name, fmt.Errorf("there is no method %d", rule.Method))
	}
	if rule.Operation != 0 && o.Operation == "" {
		w.fail(name, fmt.Errorf("there is no operation %d", rule.Operation))
	}
	if rule.Descending {
		o.Ascending = new(false)
	}
	if p := rule.Viewpoint; p != nil {
		o.Viewpoint = &pointObject{X: p.X, Y: p.Y}
		if !p.CRS.IsZero() {
			o.Viewpoint.CRS = referenceOf(p.CRS)
		}
	}
	var err error
	if item != nil {
		o.Item, err = ruleText(item)
		w.fail(name, err)
	}
	if reflect.ValueOf(o).IsZero() {
		return
	}
	text, err := json.Marshal(o)
	w.fail(name, err)
	writeIf(w, MosaicRuleParam, string(text), func(got Mosaic) bool {
		want := Mosaic{rule, item}
		if !sameFunction(got.ItemFunction, item, o.Item) || !reflect.DeepEqual(conditionsOf(got.Slices), o.Conditions) {
			return false
		}
		got.ItemFunction, want.ItemFunction, got.Slices, want.Slices = nil, nil, nil, nil
		return reflect.DeepEqual(got, want)
	})
}

// ruleText returns a function as a rule.
func ruleText(f function.Function) ([]byte, error) {
	switch f := f.(type) {
	case function.Source:
		return function.Marshal(function.Named(function.NoFunction))
	case function.Leaf:
		return nil, fmt.Errorf("no rule is the raster or the number %v by itself", f)
	}
	return function.Marshal(f)
}

// sameFunction reports whether a rule that was read is the one that was written. A function that was no rule is read as one
// with the same text.
func sameFunction(got, wrote function.Function, text []byte) bool {
	if _, ok := wrote.(*function.Rule); ok || got == nil || wrote == nil {
		return reflect.DeepEqual(got, wrote)
	}
	again, err := function.Marshal(got)
	return err == nil && bytes.Equal(again, text)
}

// reference writes a spatial reference.
func (w *writer) reference(p Param[srs.CRS], c srs.CRS) {
	if c.IsZero() {
		return
	}
	text := c.Text()
	if text == "" {
		w.fail(p.Name, fmt.Errorf("no text defines the spatial reference %v", c))
	}
	write(w, p, c, text)
}

// referenceOf returns a spatial reference as a member of JSON.
func referenceOf(c srs.CRS) json.RawMessage {
	text := c.Text()
	if strings.HasPrefix(text, "{") {
		return json.RawMessage(text)
	}
	if _, err := strconv.Atoi(text); err == nil {
		return json.RawMessage(`{"wkid":` + text + `}`)
	}
	quoted, err := json.Marshal(text)
	if err != nil { // of a text there is none
		return nil
	}
	return quoted
}

// operations writes datum operations: one by its code, others as a list.
func (w *writer) operations(list []srs.Operation) {
	same := func(got []srs.Operation) bool {
		return slices.EqualFunc(got, list, func(a, b srs.Operation) bool {
			x, xerr := json.Marshal(a)
			y, yerr := json.Marshal(b)
			return xerr == nil && yerr == nil && !b.IsZero() && bytes.Equal(x, y)
		})
	}
	object, err := json.Marshal(map[string][]srs.Operation{"geoTransforms": list})
	w.fail(DatumTransformationParam.Name, err)
	text := string(object)
	if code := strconv.Itoa(list[0].WKID()); len(list) == 1 {
		if got, err := DatumTransformationParam.Parse(code); err == nil && same(got) {
			text = code
		}
	}
	writeIf(w, DatumTransformationParam, text, same)
}

// A condition is the JSON of a mosaic.SliceCondition.
type condition struct {
	Variable  string `json:"variableName,omitempty"`
	Dimension string `json:"dimensionName,omitempty"`
	Values    []any  `json:"values,omitempty"` // numbers, and pairs of the ends of ranges
	Exact     bool   `json:"isSlice,omitempty"`
}

// conditionsOf returns conditions in JSON, without those that leave nothing out.
func conditionsOf(list []mosaic.SliceCondition) (out []condition) {
	for _, s := range list {
		c := condition{Variable: s.Variable, Dimension: s.Dimension, Exact: s.Exact}
		for _, v := range s.Values {
			if v.From == v.To {
				c.Values = append(c.Values, v.From)
			} else {
				c.Values = append(c.Values, [2]float64{v.From, v.To})
			}
		}
		if c.Variable != "" || c.Dimension != "" || len(c.Values) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// timeOf writes milliseconds since 1970, or a date where those are not whole.
func timeOf(t mosaic.TimeExtent) string {
	text := func(t time.Time) string {
		switch {
		case t.IsZero():
			return "null"
		case t.Equal(time.UnixMilli(t.UnixMilli())):
			return strconv.FormatInt(t.UnixMilli(), 10)
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	if t.From.Equal(t.To) {
		return text(t.From)
	}
	return text(t.From) + "," + text(t.To)
}

// decimalOf writes a number so that it is read as the same one, and without a plus sign, which URLs have for a blank.
func decimalOf(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "e+", "e", 1)
}

func join[T any](list []T, text func(T) string) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = text(v)
	}
	return strings.Join(texts, ",")
}
