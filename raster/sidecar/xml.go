package sidecar

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// xmlDepth bounds the nesting of elements. GDAL writes 5 levels, Esri 12.
const xmlDepth = 64

// xmlTagBytes bounds the length of a tag, since the decoder takes twenty times as much memory for its attributes. The
// longest that GDAL writes have some hundred bytes.
const xmlTagBytes = 64 << 10

// longTag reports whether a text has a start tag of more than xmlTagBytes. What comments and the like hold is not looked
// at apart, so that a tag in one counts as well.
func longTag(text []byte) bool {
	for {
		start := bytes.IndexByte(text, '<')
		if start < 0 {
			return false
		}
		text = text[start+1:]
		if len(text) > 0 && (text[0] == '!' || text[0] == '?' || text[0] == '/') {
			continue
		}
		end, quote := 0, byte(0)
		for ; end < len(text) && (quote != 0 || text[end] != '>'); end++ {
			switch c := text[end]; {
			case end >= xmlTagBytes:
				return true
			case c == quote:
				quote = 0
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
			}
		}
		text = text[end:]
	}
}

// An xmlReader reads a small XML text once and keeps nothing of it. Its caller asks for the elements that it knows,
// level by level, so that a hostile text decides neither how deep calls nest nor how much is kept. A document type is
// an error.
type xmlReader struct {
	d     *xml.Decoder
	depth int
}

// readXML calls do for the outermost element of the text, which must be called root. do must read it to its end.
func readXML(text []byte, root string, do func(r *xmlReader) error) error {
	if longTag(text) {
		return fmt.Errorf("a tag of more than %d bytes", xmlTagBytes)
	}
	// Old writers used the character set of their locale; an invalid byte is no reason to ignore the whole text.
	r := &xmlReader{d: xml.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(text, []byte("\ufffd"))))}
	for {
		t, err := r.token()
		if err == io.EOF {
			return fmt.Errorf("no element %s", root)
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if e.Name.Local != root {
				return fmt.Errorf("element %.40q, want %s", e.Name.Local, root)
			}
			return do(r)
		}
	}
}

func (r *xmlReader) token() (xml.Token, error) {
	t, err := r.d.Token()
	if err != nil {
		return nil, err
	}
	switch t.(type) {
	case xml.Directive:
		return nil, errors.New("a document type is not allowed")
	case xml.StartElement:
		if r.depth++; r.depth > xmlDepth {
			return nil, fmt.Errorf("elements more than %d deep", xmlDepth)
		}
	case xml.EndElement:
		r.depth--
	}
	return t, nil
}

// children calls do for each element inside the current one. do must read each to its end, by children, text or skip.
func (r *xmlReader) children(do func(e xml.StartElement) error) error {
	for {
		t, err := r.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := do(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// text reads to the end of the current element, and returns its own text, without the text of elements inside.
func (r *xmlReader) text() (string, error) {
	var b strings.Builder
	for end := r.depth; r.depth >= end; {
		t, err := r.token()
		if err != nil {
			return "", err
		}
		if c, ok := t.(xml.CharData); ok && r.depth == end {
			b.Write(c)
		}
	}
	return b.String(), nil
}

// skip reads to the end of the current element.
func (r *xmlReader) skip() error {
	for end := r.depth; r.depth >= end; {
		if _, err := r.token(); err != nil {
			return err
		}
	}
	return nil
}

// attribute returns the value of an element's attribute; empty if the element has no attribute of that name.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
