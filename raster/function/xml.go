package function

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// ArcGIS stores templates in XML (.rft.xml) as well as in JSON. The XML says the same with other words: attributes of type
// name what JSON has as members of type, arguments are a list of names and one of values, and objects that are used twice
// are referred to by the text of their id. readXML returns what readJSON would of the same template.

// An element is one of XML.
type element struct {
	name, kind string // the kind is its xsi:type, without a prefix
	id, href   string
	text       []byte
	children   []*element
}

func (e *element) trimmed() string { return strings.TrimSpace(string(e.text)) }

// readXML reads a template in XML. What could refer to something outside (directives, entities of one's own) is an error.
func readXML(text string) (any, error) {
	if len(text) > maxText {
		return nil, tooLarge("", "it is longer than %d bytes", maxText)
	}
	root, err := readElements(text)
	if err != nil {
		return nil, err
	}
	if root.kind != "RasterFunctionTemplate" && root.name != "RasterFunctionTemplate" {
		return nil, invalid("", "element %s is no raster function template", quote.Text(root.name))
	}
	return root.template()
}

func readElements(text string) (*element, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	var root *element
	var open []*element
	count := 0
	for {
		tok, err := d.Token()
		switch {
		case err == io.EOF && root != nil && len(open) == 0:
			return root, nil
		case err != nil:
			return nil, errors.New("it is not well-formed XML")
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if count++; count > maxElements {
				return nil, tooLarge("", "it has more than %d elements", maxElements)
			}
			if len(open) >= maxNesting {
				return nil, tooLarge("", "its XML nests deeper than %d", maxNesting)
			}
			e := startElement(tok)
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			case root != nil:
				return nil, errors.New("it is not one element of XML")
			default:
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				at := open[len(open)-1]
				at.text = append(at.text, tok...)
			}
		case xml.Comment:
		case xml.ProcInst:
			if tok.Target != "xml" {
				return nil, errors.New("it has a processing instruction")
			}
		default:
			return nil, errors.New("it has a directive such as DOCTYPE")
		}
	}
}

func startElement(tok xml.StartElement) *element {
	e := &element{name: tok.Name.Local}
	for _, a := range tok.Attr {
		switch a.Name.Local {
		case "type":
			e.kind = a.Value[strings.LastIndexByte(a.Value, ':')+1:]
		case "id":
			e.id = a.Value
		case "href":
			e.href = a.Value
		}
	}
	return e
}

// identified adds to an object the number by which others refer to it.
func (e *element) identified(o *object) (*object, error) {
	if e.id == "" {
		return o, nil
	}
	n, err := e.number(e.id)
	o.members = append(o.members, member{"_object_id", n})
	return o, err
}

// number returns the number in an id such as "ID14".
func (e *element) number(id string) (any, error) {
	n := json.Number(strings.TrimPrefix(strings.TrimPrefix(id, "#"), "ID"))
	if _, err := readWhole(n); err != nil {
		return nil, invalid("", "element %s has the id %s, which is not of the form ID1", quote.Text(e.name), quote.Text(id))
	}
	return n, nil
}

// template returns the object of a template.
func (e *element) template() (any, error) {
	o := &object{members: []member{{"type", "RasterFunctionTemplate"}}}
	seen := map[string]bool{}
	for _, c := range e.children {
		if err := e.once(seen, c.name); err != nil {
			return nil, err
		}
		var v any
		var err error
		name := strings.ToLower(c.name[:min(1, len(c.name))]) + c.name[min(1, len(c.name)):]
		switch c.name {
		case "Function":
			v, err = c.object()
		case "Arguments":
			v, err = c.arguments()
		case "Type":
			name, v = "functionType", c.trimmed()
		default:
			v, err = c.value()
		}
		if err != nil {
			return nil, err
		}
		o.members = append(o.members, member{name, v})
	}
	return e.identified(o)
}

// once returns an error about a name that has come before, in any case.
func (e *element) once(seen map[string]bool, name string) error {
	key := strings.ToLower(name)
	if seen[key] {
		return invalid("", "%s comes twice in element %s", quote.Text(name), quote.Text(e.name))
	}
	seen[key] = true
	return nil
}

// arguments returns the arguments of a function: an object of the names and values that are listed, or what stands in the
// place of such lists.
func (e *element) arguments() (any, error) {
	var names, values *element
	for _, c := range e.children {
		switch c.name {
		case "Names":
			names = c
		case "Values":
			values = c
		}
	}
	if e.href != "" || names == nil && values == nil {
		return e.value()
	}
	if names == nil || values == nil || len(names.children) != len(values.children) || len(e.children) != 2 {
		return nil, invalid("", "its arguments are not as many names as values")
	}
	o := &object{members: []member{{"type", e.kind}}}
	seen := map[string]bool{}
	for i, n := range names.children {
		name := n.trimmed()
		if err := e.once(seen, name); err != nil {
			return nil, err
		}
		v, err := values.children[i].value()
		if err != nil {
			return nil, err
		}
		o.members = append(o.members, member{name, v})
	}
	return e.identified(o)
}

// value returns what an element stands for, by its type.
func (e *element) value() (any, error) {
	if e.href != "" {
		n, err := e.number(e.href)
		return &object{members: []member{{"_object_ref_id", n}}}, err
	}
	text := e.trimmed()
	switch kind := strings.TrimPrefix(strings.TrimPrefix(e.kind, "unsigned"), "Unsigned"); {
	case e.kind == "RasterFunctionTemplate":
		return e.template()
	case strings.HasPrefix(e.kind, "ArrayOf"):
		list := []any{}
		for _, c := range e.children {
			v, err := c.element()
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case len(e.children) > 0:
		return e.object()
	case e.kind == "string" || e.kind == "base64Binary":
		return text, nil
	case e.kind == "boolean" || e.kind == "":
		if text == "" {
			return nil, nil
		}
		return text, nil // which all kinds of arguments are read from
	case numeric[strings.ToLower(kind)]:
		n := json.Number(text)
		if _, err := readNumber(n); err != nil {
			return nil, invalid("", "element %s: %w", quote.Text(e.name), err)
		}
		return n, nil
	}
	return e.object()
}

// numeric are the types of numbers, in lower case and without "unsigned".
var numeric = map[string]bool{
	"int": true, "integer": true, "long": true, "short": true, "byte": true, "double": true, "float": true, "decimal": true,
}

// element returns an element of an array, whose name may say its type.
func (e *element) element() (any, error) {
	c := *e
	if c.kind == "" && len(c.children) == 0 {
		c.kind = strings.ToLower(c.name)
		if c.kind != "string" && !numeric[c.kind] {
			c.kind = ""
		}
	}
	return c.value()
}

// object returns an object of an element's children and its type.
func (e *element) object() (*object, error) {
	o := &object{}
	if e.kind != "" {
		o.members = append(o.members, member{"type", e.kind})
	}
	seen := map[string]bool{}
	for _, c := range e.children {
		if err := e.once(seen, c.name); err != nil {
			return nil, err
		}
		v, err := c.value()
		if err != nil {
			return nil, err
		}
		o.members = append(o.members, member{c.name, v})
	}
	return e.identified(o)
}
