package mosaic

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scene is the item that the conditions are tested with.
func scene() *Item {
	return &Item{
		ID: 7, Name: "LC08_L1TP", MaxPS: 120,
		Attrs: map[string]any{
			"Month": int64(6), "CloudCover": 0.25, "Sensor": "OLI", "AcqDate": day(2014, 10, 20), "Big": int64(1<<53 + 1),
			"Odd name": "it's", "Broken": math.NaN(), "Path": "015", "Day": "2014-10-20", "Flag": true, "Wrong": []int{1},
			"Ümlaut": "Äö",
		},
	}
}

func matches(c *condition, it *Item) (bool, error) { return c.reader().match(c, it) }

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		where string
		want  bool
	}{
		{"Month = 6", true}, {"month=6", true}, {"MONTH <> 6", false}, {"Month != 5", true}, {"6 = Month", true},
		{"Month < 7 AND Month > 5", true}, {"Month <= 6 and Month >= 6", true}, {"Month = 6.0", true}, {"Month = 6e0", true},
		{"Month = -6", false}, {"Month > -6", true}, {"Month = +6", true}, {"CloudCover < .3", true}, {"CloudCover<1e-1", false},
		{"1=1", true}, {"1 = 2", false}, {"'a' < 'b'", true},
		{"Big = 9007199254740993", true}, {"Big = 9007199254740992", false}, {"Big IN (9007199254740992)", false},
		{"Big IN (9007199254740993)", true},

		// Precedence: NOT, then AND, then OR.
		{"1=1 OR 1=1 AND 1=2", true}, {"(1=1 OR 1=1) AND 1=2", false}, {"NOT 1=2 AND 1=1", true}, {"NOT (1=1 OR 1=2)", false},
		{"NOT NOT 1=1", true}, {"NOT NOT NOT 1=1", false}, {"((((Month)) = ((6))))", true},

		{"Sensor = 'OLI'", true}, {"Sensor = 'oli'", false}, {"UPPER(Sensor) = 'OLI'", true}, {"lower(Sensor)='oli'", true},
		{"\"Odd name\" = 'it''s'", true}, {`"sensor" = 'OLI'`, true}, {"ümlaut = 'Äö'", true}, {"LOWER(Ümlaut) = 'äö'", true},

		{"Month IN (1, 6)", true}, {"Month NOT IN (1,6)", false}, {"Month IN (1)", false}, {"Month NOT IN (1)", true},
		{"Sensor IN ('TIRS','OLI')", true}, {"Month IN ('6')", true}, {"Month IN ('5', '7')", false}, {"Month IN (Month)", true},
		{"AcqDate IN (DATE '2014-10-20')", true}, {"AcqDate IN ('2014-10-20')", true}, {"Month IN (5, NULL)", false},
		{"Month NOT IN (5, NULL)", false}, {"Month IN (6, NULL)", true},

		{"Month BETWEEN 6 AND 7", true}, {"Month BETWEEN 7 AND 6", false}, {"Month NOT BETWEEN 1 AND 5", true},
		{"Month BETWEEN 1 AND 6 AND 1=2", false}, {"Sensor BETWEEN 'A' AND 'P'", true},

		{"Name LIKE 'LC08%'", true}, {"Name LIKE '%L1__'", true}, {"Name LIKE 'LC08'", false}, {"Name NOT LIKE 'X%'", true},
		{"Name LIKE '%'", true}, {"Name LIKE ''", false}, {"Name LIKE '%_L1%'", true}, {"Name LIKE 'LC08!_%' ESCAPE '!'", true},
		{"Name LIKE 'LC0!_%' ESCAPE '!'", false}, {"Name LIKE '%%%%P'", true}, {"Ümlaut LIKE '__'", true}, {"Ümlaut LIKE '_'", false},
		{"UPPER(Name) LIKE '%L1TP%'", true},

		{"AcqDate = DATE '2014-10-20'", true}, {"AcqDate < date '2014-10-21'", true},
		{"AcqDate >= TIMESTAMP '2014-10-20 00:00:01'", false}, {"AcqDate = timestamp '2014-10-20T02:00:00+02:00'", true},
		{"AcqDate = '2014/10/20'", true}, {"AcqDate > '2014'", true}, {"Day = DATE '2014-10-20'", true},
		{"AcqDate BETWEEN DATE '2014-01-01' AND DATE '2014-12-31 23:59:59.5'", true},

		// Three values.
		{"None = 1", false}, {"NOT None = 1", false}, {"None <> 1", false}, {"None IS NULL", true}, {"None IS NOT NULL", false},
		{"Month IS NOT NULL", true}, {"None = 1 OR 1=1", true}, {"NOT (None = 1 AND 1=2)", true}, {"None = 1 AND 1=1", false},
		{"None IN (1)", false}, {"None NOT IN (1)", false}, {"None LIKE '%'", false}, {"None NOT LIKE '%'", false},
		{"None BETWEEN 1 AND 2", false}, {"NOT None BETWEEN 1 AND 2", false}, {"NOT Month BETWEEN None AND 5", true},
		{"NULL = NULL", false}, {"NULL IS NULL", true}, {"Broken IS NULL", true}, {"UPPER(None) IS NULL", true},
		{"None = None", false},

		{"OBJECTID = 7", true}, {"objectid in (7)", true}, {"MaxPS = 120", true}, {"MinPS = 0", true}, {"Flag = 1", true},
		{"Month\t=\n6", true},
	} {
		cond, err := parseCondition(c.where)
		require.NoError(t, err, c.where)
		got, err := matches(cond, scene())
		require.NoError(t, err, c.where)
		assert.Equal(t, c.want, got, c.where)
		assert.Equal(t, c.where, c.where)
	}
}

func TestConditionsThatAreWrong(t *testing.T) {
	for _, c := range []struct{ where, want string }{
		{"", "mosaic: condition, at byte 0: it is empty"},
		{"  ", "mosaic: condition, at byte 0: it is empty"},
		{"Month", "at byte 0: a value stands where a condition is expected"},
		{"Month =", "at byte 7: it ends where a value is expected"},
		{"Month = 6)", `at byte 9: ")" is not expected`},
		{"(Month = 6", `at byte 10: the end stands where ")" is expected`},
		{"Month = 6 Month", `at byte 10: "Month" is not expected`},
		{"Month = 6; DROP TABLE x", `at byte 9: ';' is not understood`},
		{"Month = 6 -- x", `at byte 10: "-" is not expected`},
		{"Month = 'x", "at byte 8: a quote is not closed"},
		{`"" = 1`, "at byte 0: a name is empty"},
		{"Month == 6", `at byte 7: "=" stands where a value is expected`},
		{"Month = (Month = 6)", "at byte 8: a condition stands where a value is expected"},
		{"(Month = 6) = 6", "at byte 0: a condition stands where a value is expected"},
		{"AND Month = 6", `at byte 0: "AND" stands where a value is expected`},
		{"Month = 6 AND", "at byte 13: it ends where a value is expected"},
		{"Month = 6 AND Month", "at byte 14: a value stands where a condition is expected"},
		{"NOT Month", "at byte 4: a value stands where a condition is expected"},
		{"Month NOT = 6", `at byte 10: "=" is not expected after NOT`},
		{"Month NOT IS NULL", `at byte 10: "IS" is not expected after NOT`},
		{"Month IS 6", `at byte 9: "6" stands where "NULL" is expected`},
		{"Month IN ()", `at byte 10: ")" stands where a value is expected`},
		{"Month IN 6", `at byte 9: "6" stands where "(" is expected`},
		{"Month BETWEEN 1 OR 2", `at byte 16: "OR" stands where "AND" is expected`},
		{"Month LIKE 6", `at byte 11: "6" stands where a text is expected`},
		{"Name LIKE 'a' ESCAPE 'ab'", `at byte 21: "ab" stands where one character is expected`},
		{"Name LIKE 'a!' ESCAPE '!'", "at byte 10: the pattern ends with its escape character"},
		{"Name LIKE '!a' ESCAPE '!'", "at byte 10: 'a' cannot be escaped"},
		{"Month = 1.2.3", "at byte 8: a number runs into '.'"},
		{"Month = 6x", "at byte 8: a number runs into 'x'"},
		{"Month = 1e", "at byte 8: a number has no exponent"},
		{"Month = 1e999", "at byte 8: the number is too large"},
		{"Month = .", `at byte 8: "." is not understood`},
		{"Month = - x", `at byte 10: "x" stands where a number is expected`},
		{"AcqDate = DATE 'soon'", `at byte 15: "soon" is not a date`},
		{"EXTRACT(Month) = 6", `at byte 0: function "EXTRACT" is not supported`},
		{"Month = \xff", "at byte 8: it is not UTF-8"},
		{"Name = '\xff'", "at byte 7: it is not UTF-8"},
		{strings.Repeat("(", 100) + "1=1" + strings.Repeat(")", 100), "at byte 64: it nests deeper than 64"},
		{strings.Repeat("UPPER(", 100) + "x", "at byte 384: it nests deeper than 64"},
		{strings.Repeat(" ", maxCondition+1), "mosaic: condition: it is longer than 65536 bytes"},

		{"Month = 'June'", `field "Month", a number, does not compare with "June", a text`},
		{"Sensor = 6", `field "Sensor", a text, does not compare with 6, a number`},
		{"Sensor IN (6)", `field "Sensor", a text, does not compare with 6, a number`},
		{"Path = 15", `field "Path", a text, does not compare with 15, a number`},
		{"AcqDate = 5", `field "AcqDate", a date, does not compare with 5, a number`},
		{"Sensor < DATE '2014-10-20'", `field "Sensor", a text, does not compare with 2014-10-20 00:00:00, a date`},
		{"Month LIKE '6'", `field "Month" is a number, and LIKE is for texts`},
		{"UPPER(Month) = '6'", `field "Month" is a number, which has no case`},
		{"Wrong = 1", `field "Wrong" of item 7 is a []int, which cannot be compared`},
	} {
		cond, err := parseCondition(c.where)
		if err == nil {
			_, err = matches(cond, scene())
		}
		require.ErrorContains(t, err, c.want, "%.40s", c.where)
		var e *ConditionError
		require.ErrorAs(t, err, &e)
	}
}

// Long conditions nest only as their text does.
func TestLongConditions(t *testing.T) {
	var ids []string
	for i := range 9000 {
		ids = append(ids, fmt.Sprint(i))
	}
	for _, where := range []string{
		"OBJECTID IN (" + strings.Join(ids, ",") + ")",
		strings.Repeat("1=2 OR ", 9000) + "1=1",
		strings.Repeat("NOT ", 10000) + "1=1",
	} {
		c, err := parseCondition(where)
		require.NoError(t, err)
		ok, err := matches(c, scene())
		require.NoError(t, err)
		assert.True(t, ok)
	}
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{
		"Month = 6", "NOT (a <> 'b''c' OR \"d e\" IS NOT NULL)", "x IN (1, -2.5e3, NULL)", "AcqDate BETWEEN DATE '2014' AND TIMESTAMP '2014-10-20 1:2:3'",
		"UPPER(Name) LIKE '%!_a' ESCAPE '!'", "((1))", "Sensor NOT IN ('a', Name)", "\xff", "'", "1e", "a.b = 1",
	} {
		f.Add(s)
	}
	it := scene()
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 {
			return
		}
		c, err := parseCondition(s)
		if err != nil {
			return
		}
		got, err := matches(c, it)
		// What is read from its own text again, or put in parentheses, means the same.
		again, err2 := parseCondition("(" + s + ")")
		if err2 != nil {
			if strings.Contains(err2.Error(), "deeper") {
				return
			}
			t.Fatal(err2)
		}
		got2, err2 := matches(again, it)
		if got != got2 || (err == nil) != (err2 == nil) {
			t.Fatalf("%v, %v; in parentheses %v, %v", got, err, got2, err2)
		}
		not, err2 := parseCondition("NOT (" + s + ")")
		if err2 != nil {
			t.Fatal(err2)
		}
		if opposite, _ := matches(not, it); got && opposite {
			t.Fatal("it is true, and so is its opposite")
		}
	})
}

func BenchmarkCondition(b *testing.B) {
	c, err := parseCondition("CloudCover < 0.5 AND Sensor IN ('OLI', 'TIRS') AND AcqDate >= DATE '2014-06-01'")
	require.NoError(b, err)
	it, r := scene(), c.reader()
	for b.Loop() {
		if ok, err := r.match(c, it); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
