package params

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// elements reads the XML of the 9.3 parameters: a fragment without a root, of elements that hold only text. Names are
// returned in lower case. Anything that could refer to something outside (directives, processing instructions, entities
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
				return nil, fmt.Errorf("element %s is inside another", quote.Text(tok.Name.Local))
			}
			name = strings.ToLower(tok.Name.Local)
			text.Reset()
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(tok)) != "" {
				return nil, fmt.Errorf("%s stands outside any element", quote.Text(strings.TrimSpace(string(tok))))
			}
			text.Write(tok)
		case xml.EndElement:
			depth--
			if _, twice := out[name]; twice {
				return nil, fmt.Errorf("element %s comes twice", quote.Text(tok.Name.Local))
			}
			out[name] = strings.TrimSpace(text.String())
		case xml.Comment:
		default:
			return nil, errors.New("directives and processing instructions are not allowed")
		}
	}
	return out, nil
}
