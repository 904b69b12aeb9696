package exportimage

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
)

// elements reads the XML of the 9.3 parameters: a fragment without a root, of elements that hold text and nothing else.
// Names come out in lower case. Whatever could refer to something outside (directives, processing instructions, entities
// of one's own) is refused.
func elements(s string) (map[string]string, error) {
	dec := xml.NewDecoder(strings.NewReader(s))
	out := map[string]string{}
	var name string
	var text strings.Builder
	depth := 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, errors.New("it is not well-formed XML")
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if depth++; depth > 1 {
				return nil, fmt.Errorf("element %s is inside another", quote(tok.Name.Local))
			}
			name = strings.ToLower(tok.Name.Local)
			text.Reset()
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(tok)) != "" {
				return nil, fmt.Errorf("%s stands outside any element", quote(strings.TrimSpace(string(tok))))
			}
			text.Write(tok)
		case xml.EndElement:
			depth--
			if _, twice := out[name]; twice {
				return nil, fmt.Errorf("element %s comes twice", quote(tok.Name.Local))
			}
			out[name] = strings.TrimSpace(text.String())
		case xml.Comment:
		default:
			return nil, errors.New("directives and processing instructions are not allowed")
		}
	}
	return out, nil
}

// readMosaicProperties reads the mosaic rule of 9.3.
func readMosaicProperties(r *Request, s string) error {
	e, err := elements(s)
	if err != nil {
		return err
	}
	rule := &r.MosaicRule
	for name, text := range e {
		if text == "" {
			continue
		}
		switch name {
		case "mosaicmethod":
			if err := enumerated(&rule.Method, text, methods); err != nil {
				return fmt.Errorf("MosaicMethod: %w", err)
			}
		case "tileorderfield":
			rule.SortField = text
		case "tileorderbase":
			rule.SortValue = text
			if n, err := number(text); err == nil {
				rule.SortValue = n
			}
		case "lockrasterid":
			if rule.LockIDs, err = integers(text, maxParameter); err != nil {
				return fmt.Errorf("LockRasterID: %w", err)
			}
		default:
			return unsupported("", "element %s is not supported", quote(name))
		}
	}
	return nil
}

// readViewpointProperties reads the viewpoint of 9.3, which the method Viewpoint of mosaicProperties looks from, moved by
// the shift. Its coordinates are in the service's spatial reference.
func readViewpointProperties(r *Request, s string) error {
	e, err := elements(s)
	if err != nil {
		return err
	}
	p := &mosaic.Point{}
	for name, text := range e {
		if text == "" {
			continue
		}
		n, err := number(text)
		if err != nil {
			return fmt.Errorf("%s: %w", quote(name), err)
		}
		switch name {
		case "viewpointx", "viewpointdefshiftx":
			p.X += n
		case "viewpointy", "viewpointdefshifty":
			p.Y += n
		default:
			return unsupported("", "element %s is not supported", quote(name))
		}
	}
	r.MosaicRule.Viewpoint = p
	return nil
}
