package rest_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// queriedIDs returns the IDs that a query finds, or the status and the last line of its error.
func queriedIDs(t *testing.T, post func(form string) (int, []byte), q url.Values) string {
	t.Helper()
	start := time.Now()
	code, body := post(q.Encode())
	assert.Less(t, time.Since(start), 10*time.Second)
	var a struct {
		Error    *struct{ Details []string }
		IDs      []int64 `json:"objectIds"`
		Features []struct{ Attributes map[string]any }
	}
	require.NoError(t, json.Unmarshal(body, &a), "%s", body)
	if a.Error != nil {
		assert.Less(t, len(body), 750)
		return fmt.Sprint(code, " ", a.Error.Details[len(a.Error.Details)-1])
	}
	ids := []any{}
	for _, f := range a.Features {
		ids = append(ids, f.Attributes["OBJECTID"])
	}
	for _, id := range a.IDs {
		ids = append(ids, id)
	}
	return fmt.Sprint(ids)
}

// The scenes are 1, 2 and 3, called Scene_A, Scene_B and Scene_C, of the years 2020, 2021 and 2022. Whatever a condition is,
// it is either understood as a whole or refused by name: nothing is passed on to a database, and nothing in it is run.
func TestHostileConditions(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	ask := func(form string) (int, []byte) {
		w := post(h, "/query", "application/x-www-form-urlencoded", form)
		return w.Code, w.Body.Bytes()
	}
	for where, want := range map[string]string{
		// injections
		"1=1; DROP TABLE x":            "400 where: condition, at byte 3: ';' is not understood",
		"Name='a' OR '1'='1'":          "[1 2 3]", // which is a condition
		"Name='a''; DROP TABLE x --'":  "[]",      // which is a text
		"1=1 --":                       `400 where: condition, at byte 4: "--" is not understood`,
		"1=1 /* x */":                  `400 where: condition, at byte 4: "/*" is not understood`,
		"Year=2020 UNION SELECT 1":     `400 where: condition, at byte 10: "UNION" is not expected`,
		"Year IN (SELECT Year FROM x)": `400 where: condition, at byte 16: "Year" stands where ")" is expected`,
		"SLEEP(5)=0":                   `400 where: condition, at byte 0: function "SLEEP" is not supported`,
		"pg_sleep(10)=1":               `400 where: condition, at byte 0: function "pg_sleep" is not supported`,
		"EXISTS(SELECT 1)":             `400 where: condition, at byte 0: function "EXISTS" is not supported`,
		"Year=2020\x00":                `400 where: condition, at byte 9: '\x00' is not understood`,
		// what does not end
		"Name='abc":     "400 where: condition, at byte 5: a quote is not closed",
		`"Name='a'`:     "400 where: condition, at byte 0: a quote is not closed",
		"(Year=2020":    `400 where: condition, at byte 10: the end stands where ")" is expected`,
		"Year=2020 AND": "400 where: condition, at byte 13: it ends where a value is expected",
		"Year IN ()":    `400 where: condition, at byte 9: ")" stands where a value is expected`,
		// much
		"Year IN (" + strings.Repeat("1,", 9_000) + "2020)":             "[1]",
		"Year IN (" + strings.Repeat("1,", 100_000) + "2020)":           "400 where: the value is longer than 65536 bytes",
		strings.Repeat("(", 60) + "Year=2020" + strings.Repeat(")", 60): "[1]",
		strings.Repeat("(", 5_000) + "1=1" + strings.Repeat(")", 5_000): "400 where: condition, at byte 64: it nests deeper than 64",
		strings.Repeat("NOT ", 5_000) + "Year=2020":                     "[1]",
		"Year=2020" + strings.Repeat(" OR Year=2020", 4_000):            "[1]",
		"Name LIKE '" + strings.Repeat("%a", 2_000) + "'":               "[]",
		// fields and types
		"Yeer=1":                       `400 where: condition: there is no field "Yeer"`,
		"Year='abc'":                   `400 where: condition: field "Year", a number, does not compare with "abc", a text`,
		"Year='2020'":                  "[1]",
		"Name=5":                       `400 where: condition: field "Name", a text, does not compare with 5, a number`,
		"Year LIKE '202%'":             `400 where: condition: field "Year" is a number, and LIKE is for texts`,
		"Year":                         "400 where: condition, at byte 0: a value stands where a condition is expected",
		"Year=1e999":                   "400 where: condition, at byte 5: the number is too large",
		"Year=99999999999999999999999": "[]",
		"Year=0x10":                    "400 where: condition, at byte 5: a number runs into 'x'",
		"Year==2020":                   `400 where: condition, at byte 4: "==" is not understood`,
		"Year!=2020":                   "[2 3]",
		"[Year]=2020":                  "[1]",
		`"year"=2020`:                  "[1]",
		"Year = NULL":                  "[]", // unknown, as SQL has it
		"Year BETWEEN 2022 AND 2020":   "[]",
		// division
		"Year/0=1":       `400 where: condition: field "Year" / 0: it divides by zero`,
		"Year/0 IS NULL": `400 where: condition: field "Year" / 0: it divides by zero`,
		"MOD(Year,0)=0":  `400 where: condition: MOD(field "Year", 0): it divides by zero`,
		"Year/2.0=1010":  "[1]",
		"Year/2=1010":    `400 where: condition: field "Year" / 2: databases differ in what 2021 / 2 is`,
		// patterns
		`Name LIKE 'Scene\_%' ESCAPE '\'`: "[1 2 3]",
		"Name LIKE 'Scene!_A' ESCAPE '!'": "[1]",
		"Name LIKE 'Scene!%A' ESCAPE '!'": "[]",
		"Name LIKE '%' ESCAPE ''":         `400 where: condition, at byte 21: "" stands where one character is expected`,
		"Name LIKE 'x!' ESCAPE '!'":       "400 where: condition, at byte 10: the pattern ends with its escape character",
		"Name LIKE 5":                     `400 where: condition, at byte 10: "5" stands where a text is expected`,
		// dates
		"AcquisitionDate > DATE '2017-02-01'":               "[2 3]",
		"AcquisitionDate > timestamp '2017-02-06 00:00:00'": "[3]",
		"AcquisitionDate > DATE 'foo'":                      `400 where: condition, at byte 23: "foo" is not a date`,
		"AcquisitionDate > '2017-13-45'":                    `400 where: condition: field "AcquisitionDate", a date, does not compare with "2017-13-45", a text`,
		"AcquisitionDate < CURRENT_TIMESTAMP - 3":           "[1 2 3]",
	} {
		got := queriedIDs(t, ask, url.Values{"where": {where}, "returnIdsOnly": {"true"}, "f": {"json"}})
		if strings.HasPrefix(want, "4") {
			assert.Contains(t, got, want, "%.90s", where)
			continue
		}
		assert.Equal(t, want, got, "%.90s", where)
	}
}

// Pages, orders, lists of IDs and statistics without a meaning are refused by name.
func TestHostileQueries(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	ask := func(form string) (int, []byte) {
		w := post(h, "/query", "application/x-www-form-urlencoded", form)
		return w.Code, w.Body.Bytes()
	}
	one := func(more string) string {
		return `[{"statisticType":"max","onStatisticField":"Year","outStatisticFieldName":"x"` + more + `}]`
	}
	for _, c := range []struct {
		form string // members apart by &, not escaped
		want string
	}{
		{"resultOffset=-1", "400 resultOffset: -1 is not from 0 to"}, {"resultOffset=0", "[1 2 3]"}, {"resultOffset=2", "[3]"},
		{"resultOffset=5", "[]"}, {"resultOffset=two", `400 resultOffset: "two" is not a whole number`},
		{"resultOffset=1.5", `400 resultOffset: "1.5" is not a whole number`}, {"resultOffset=99999999999999999999", "400 resultOffset: "},
		{"resultRecordCount=0", "400 resultRecordCount: 0 is no number"}, {"resultRecordCount=-1", "400 resultRecordCount: -1 is no number"},
		{"resultRecordCount=1", "[1]"}, {"resultRecordCount=1000000", "[1 2 3]"}, {"resultOffset=1&resultRecordCount=1", "[2]"},
		{"orderByFields=Year DESC", "[3 2 1]"}, {"orderByFields=Yeer", `400 orderByFields: there is no field "Yeer"`},
		{"orderByFields=Year DESCENDING", `400 orderByFields: there is no field "Year DESCENDING"`},
		{"orderByFields=Year;DROP TABLE x", `400 orderByFields: there is no field "Year;DROP TABLE x"`},
		{"orderByFields=1", `400 orderByFields: there is no field "1"`}, {"orderByFields=UPPER(Name)", `400 orderByFields: there is no field "UPPER(Name)"`},
		{"orderByFields=" + strings.Repeat("Year,", 3000) + "Year", "400 orderByFields: there are more than"},
		{"objectIds=1,x", `400 objectIds: "x" is not a whole number`}, {"objectIds=1,,2", `400 objectIds: "" is not a whole number`},
		{"objectIds=1;2", `400 objectIds: "1;2" is not a whole number`}, {"objectIds=1-3", `400 objectIds: "1-3" is not a whole number`},
		{"objectIds=1.5", `400 objectIds: "1.5" is not a whole number`}, {"objectIds=9999999999999999999", "400 objectIds: "},
		{"objectIds=-1", "[]"}, {"objectIds=3,3,99,1", "[1 3]"}, {"objectIds=[1,2]", "[1 2]"},
		{"objectIds=" + strings.Repeat("1,", 140_000) + "1", "400 objectIds: there are more than 131072 numbers"},
		{"outFields=*,Yeer", `400 outFields: there is no field "Yeer"`}, {"outFields=Year,Yeer", `400 outFields: there is no field "Yeer"`},
		{"outStatistics=" + one("") + "&groupByFieldsForStatistics=Yeer", `400 groupByFieldsForStatistics: there is no field "Yeer"`},
		{"groupByFieldsForStatistics=Year", "400 groupByFieldsForStatistics: there are no outStatistics"},
		{"outStatistics=" + one("") + "&orderByFields=Name", `400 orderByFields: there is no field "Name"`},
		{"outStatistics=" + one("") + "&returnIdsOnly=true", "501 outStatistics: "},
		{"outStatistics=" + one(`,"weight":"x"`), `501 outStatistics: member "weight" is not supported`},
		{`outStatistics=[{"statisticType":"sum","onStatisticField":"Name"}]`, `400 outStatistics: field "Name" has no numbers`},
		{`outStatistics=[{"statisticType":"sum","onStatisticField":"Yeer"}]`, `400 outStatistics: there is no field "Yeer"`},
		{`outStatistics=[{"statisticType":"sum"}]`, "400 outStatistics: onStatisticField is missing"}, {`outStatistics=[1]`, "400 outStatistics: "},
		{`outStatistics={"statisticType":"sum","onStatisticField":"Year","outStatisticFieldName":`, "400 outStatistics: "},
		{"returnDistinctValues=true&returnIdsOnly=true", "501 returnDistinctValues: "},
		{"returnDistinctValues=true&outStatistics=" + one(""), "501 returnDistinctValues: "},
		{"returnDistinctValues=true&returnGeometry=true", "501 returnGeometry: distinct rows have no outlines"},
		{"returnExtentOnly=true&returnIdsOnly=true", "400 returnExtentOnly: "},
		{"returnCountOnly=maybe", `400 returnCountOnly: "maybe" is neither true nor false`},
		{"time=abc", `400 time: "abc" is neither`}, {"time=5,1", "400 time: "}, {"pixelSize=0", "400 pixelSize: "}, {"pixelSize=NaN", "400 pixelSize: "},
		{"inSR=999999", "400 inSR: unknown spatial reference 999999"}, {"outSR=999999", "400 outSR: unknown spatial reference 999999"},
		{"where=1=1&where=1=0", "400 where: the parameter comes twice"}, {"distance=100&geometry=0,0", "501 distance: "},
		{"geometryPrecision=3.5", "400 geometryPrecision: "}, {"maxAllowableOffset=NaN", "400 maxAllowableOffset: "},
	} {
		q := url.Values{"f": {"json"}, "returnGeometry": {"false"}}
		for member := range strings.SplitSeq(c.form, "&") {
			name, value, _ := strings.Cut(member, "=")
			if name == "returnGeometry" {
				q.Del(name)
			}
			q.Add(name, value)
		}
		got := queriedIDs(t, ask, q)
		if strings.HasPrefix(c.want, "[") {
			assert.Equal(t, c.want, got, "%.90s", c.form)
			continue
		}
		assert.Contains(t, got, c.want, "%.90s", c.form)
	}
}
