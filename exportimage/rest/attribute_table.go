package rest

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

type attributeTableJSON struct {
	ID       string             `json:"objectIdFieldName"`
	Fields   []attributeField   `json:"fields"`
	Features []attributeFeature `json:"features"`
}

type attributeField struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Alias string `json:"alias"`
}

type attributeFeature struct {
	Attributes attributes `json:"attributes"`
}

// attributes are the members of a JSON object, in their order.
type attributes []attribute

type attribute struct {
	name  string
	value any
}

// MarshalJSON returns the object.
func (a attributes) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range a {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// fieldTypes are Esri's names of the types of columns; others are texts.
var fieldTypes = map[string]string{"Integer": "esriFieldTypeInteger", "Real": "esriFieldTypeDouble"}

const objectID = "OBJECTID"

// attributeTable answers with the raster attribute table, or with the named values and their colours.
func (r *responder) attributeTable(form url.Values) error {
	d, _, err := r.rendered(form)
	if err != nil {
		return err
	}
	t := d.AttributeTable()
	if t == nil {
		return notFound("the service has no attribute table")
	}
	j := attributeTableJSON{
		ID: objectID, Fields: []attributeField{{objectID, "esriFieldTypeOID", objectID}}, Features: []attributeFeature{},
	}
	for _, c := range t.Columns {
		if strings.EqualFold(c.Name, objectID) {
			continue
		}
		kind, ok := fieldTypes[c.Type]
		if !ok {
			kind = "esriFieldTypeString"
		}
		j.Fields = append(j.Fields, attributeField{c.Name, kind, c.Name})
	}
	for i, row := range t.Rows {
		a := attributes{{objectID, i + 1}}
		for n, c := range t.Columns {
			if v := attributeValue(c, row, n); v != nil && !strings.EqualFold(c.Name, objectID) {
				a = append(a, attribute{c.Name, v})
			}
		}
		j.Features = append(j.Features, attributeFeature{a})
	}
	r.json(j)
	return nil
}

// attributeValue returns a row's value in a column; nil if there is none, or none of the column's type.
func attributeValue(c raster.AttributeColumn, row []string, n int) any {
	if n >= len(row) || row[n] == "" {
		return nil
	}
	text := strings.TrimSpace(row[n])
	switch c.Type {
	case "Integer":
		if v, err := strconv.ParseInt(text, 10, 64); err == nil {
			return v
		}
		if v, err := strconv.ParseFloat(text, 64); err == nil && v == float64(int64(v)) {
			return int64(v)
		}
		return nil
	case "Real":
		if v, err := strconv.ParseFloat(text, 64); err == nil && v-v == 0 {
			return v
		}
		return nil
	}
	return row[n]
}
