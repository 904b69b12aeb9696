package relaxed_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/relaxed"
)

var limits = relaxed.Limits{Bytes: 1 << 16, Depth: 8}

func TestWhatProgramsWrite(t *testing.T) {
	for in, want := range map[string]string{
		// str() of a dictionary in Python 3 and in Python 2, repr of a tuple, and JavaScript.
		`{'mosaicMethod' : 'LockRaster', 'lockRasterIds' : [2]}`:          `{"mosaicMethod":"LockRaster","lockRasterIds":[2]}`,
		`{u'where': u"Name = 'a'", 'ids': (1L, 22L), 'x': (3,), 'y': ()}`: `{"where":"Name = 'a'","ids":[1,22],"x":[3],"y":[]}`,
		`{'a': True, 'b': False, 'c': None}`:                              `{"a":true,"b":false,"c":null}`,
		`{mosaicMethod:'ByAttribute',ascending:true,}`:                    `{"mosaicMethod":"ByAttribute","ascending":true}`,
		`{a: undefined, $b_2: NULL}`:                                      `{"a":null,"$b_2":null}`,
		// A shell took the quotes away.
		`{rasterFunction:Hillshade,mosaicMethod:Center}`: `{"rasterFunction":"Hillshade","mosaicMethod":"Center"}`,
		// A word processor made other quotes.
		`{“a”: ”b“, ‘c’: „d“, «e»: 1}`: `{"a":"b","c":"d","e":1}`,
		`{"a":TRUE,"b":nil}`:           `{"a":true,"b":null}`,
		`[+1, .5, 1., -.5e3, +0]`:      `[1,0.5,1,-0.5e3,0]`,
		`['it\'s', "\x41\U0001F600"]`:  `["it's","A😀"]`,
		"[\"two\nlines\",\u00a01]":     `["two\u000alines",1]`,
		`['say "x"', "it's"]`:          `["say \"x\"","it's"]`,
		`[{'a':[1,],},]`:               `[{"a":[1]}]`,
		"\ufeff{}":                     `{}`,
	} {
		got, forgiven, err := relaxed.JSON(in, limits)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
		assert.NotEmpty(t, forgiven, in)
	}
}

func TestStrictJSONIsForgivenNothing(t *testing.T) {
	for in, want := range map[string]string{
		` { "a" : [ 1 , -2.5e-7 , true , false , null , "x\n\u00fc\ud83d\ude00" ] } `: `{"a":[1,-2.5e-7,true,false,null,"x\n\u00fc\ud83d\ude00"]}`,
		`12345678901234567890`: `12345678901234567890`,
		`""`:                   `""`,
		`[]`:                   `[]`,
	} {
		got, forgiven, err := relaxed.JSON(in, limits)
		require.NoError(t, err, in)
		assert.Equal(t, want, got)
		assert.Empty(t, forgiven)
	}
}

func TestForgivenThingsAreListedOnce(t *testing.T) {
	_, forgiven, err := relaxed.JSON(`{'a':True,b:None,'c':[1,],d:x}`, limits)
	require.NoError(t, err)
	assert.Equal(t, []string{"single quotes", "True, False and None", "names without quotes",
		"a comma before the end of an object or list", "texts without quotes"}, forgiven)
}

func TestTextsWithNoOneMeaning(t *testing.T) {
	for in, want := range map[string]string{
		``:                              "the end stands where a value is expected",
		`{`:                             "the end stands where a name",
		`{"a"`:                          "the end stands where a colon",
		`{"a":}`:                        `at byte 5, "}" stands where a value is expected`,
		`{"a":1,,"b":2}`:                `"," stands where a name is expected`,
		`[1,,2]`:                        `"," stands where a value is expected`,
		`[,1]`:                          `"," stands where a value is expected`,
		`{,}`:                           `"," stands where a name is expected`,
		`[1 2]`:                         `"2" stands where a comma`,
		`(1]`:                           `"]" stands where a comma`,
		`{"a":1}{}`:                     `"{" follows the value`,
		`{'where':'Name = 'x''}`:        `at byte 18, "x" stands where a comma`,
		`'abc`:                          "at byte 1, a text has no end",
		`[007]`:                         `"007" is not a number`,
		`[0x10]`:                        `"0x10" is not a number`,
		`[1e]`:                          `"1e" is not a number`,
		`[.]`:                           `"." is not a number`,
		`[1.5L]`:                        `"1.5L" is not a number`,
		`[-]`:                           `"-" is not a number`,
		`[NaN]`:                         `"NaN" is not a number`,
		`[-Infinity]`:                   `"-Infinity" is not a number`,
		`[2017-01-02]`:                  `"2017-01-02" is not a number`,
		`["\q"]`:                        `a backslash stands before "q"`,
		`["\UFFFFFFFF"]`:                "is no character",
		`{"a":1,"a":2}`:                 `member "a" comes twice`,
		`{"a":1,'\x61':2}`:              `member "a" comes twice`,
		"\"\xff\"":                      "it is not UTF-8",
		strings.Repeat("[", 9):          "it nests deeper than 8",
		strings.Repeat("(", 100000)[:9]: "it nests deeper than 8",
		strings.Repeat("1", 1<<16+1):    "it is longer than 65536 bytes",
		"[\"\x00\"]":                    `"\x00" stands in a text`,
		`{1:2}`:                         `"1" stands where a name`,
	} {
		_, _, err := relaxed.JSON(in, limits)
		assert.ErrorContains(t, err, want, "%.60s", in)
	}
}

// value decodes strict JSON so that no digit of a number is lost.
func value(t require.TestingT, strict string) (v any) {
	dec := json.NewDecoder(strings.NewReader(strict))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&v), strict)
	return v
}

// What encoding/json reads means the same here, and nothing of it is forgiven; what is returned is strict JSON, of which
// a second reading changes nothing.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-2.5e-7,true,null,"x\n\u00fc"]}`, `{u'a': (1L, .5), b: None,}`, `{“a”:”b”}`, `{a:"\x41\'"}`, "[\"\n\"]",
		`{"a":1,"a":2}`, `{rasterFunction:Hillshade}`, "[[[[[[[[[[", `'`, `\`, "\u2028{}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		strict, forgiven, err := relaxed.JSON(text, limits)
		valid := len(text) <= limits.Bytes && utf8.ValidString(text) && json.Valid([]byte(text))
		if err != nil {
			require.Empty(t, strict)
			ours := strings.Contains(err.Error(), "comes twice") || strings.Contains(err.Error(), "nests deeper")
			require.True(t, !valid || ours, "%q: %v", text, err)
			return
		}
		require.True(t, json.Valid([]byte(strict)), "%q gave %q", text, strict)
		again, none, err := relaxed.JSON(strict, relaxed.Limits{Bytes: len(strict), Depth: limits.Depth})
		require.NoError(t, err)
		require.Equal(t, strict, again)
		require.Empty(t, none)
		if valid {
			require.Empty(t, forgiven)
			require.Equal(t, value(t, text), value(t, strict))
			require.LessOrEqual(t, len(strict), len(bytes.TrimSpace([]byte(text))))
		}
	})
}
