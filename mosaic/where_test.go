package mosaic

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

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

// sometime is the present of the conditions.
var sometime = time.Date(2014, 10, 25, 15, 30, 0, 0, time.UTC)

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

		// Arithmetic: signs before products before sums, from left to right.
		{"Month % 2 = 0", true}, {"Month + 1 = 7", true}, {"1 + 2 * 3 = 7", true}, {"(1 + 2) * 3 = 9", true}, {"10 - 2 - 3 = 5", true},
		{"Month / 3 = 2", true}, {"Month / 4.0 = 1.5", true}, {"7 % 4 * 2 = 6", true}, {"-Month = -6", true}, {"- - Month = 6", true},
		{"-7 % 4 = -3", true}, {"CloudCover * 100 = 25", true}, {"Month*-1=-6", true}, {"2 - -1 = 3", true}, {"1 - Month < 0", true},
		{"9223372036854775807 + 1 > 9e18", true}, {"Big * 1 = 9007199254740993", true}, {"Big + 0 = Big", true},
		{"Month BETWEEN 5 + 0 AND 5 + 2", true}, {"Month IN (3 * 2, 1)", true}, {"None + 1 IS NULL", true}, {"1 + None = 1", false},
		{"MOD(Month, 4) = 2", true}, {"ABS(-3) = 3", true}, {"FLOOR(2.7) = 2", true}, {"CEILING(2.1) = 3", true}, {"ROUND(2.55, 1) > 2.4", true},
		{"TRUNCATE(-2.7) = -2", true}, {"POWER(2, 10) = 1024", true}, {"SIGN(-2.5) = -1", true}, {"FLOOR(Month / 4.0) = 1", true},

		// Texts.
		{"LOWER(Name) LIKE 'lc08%'", true}, {"UPPER(LOWER(Name)) = 'LC08_L1TP'", true}, {"SUBSTRING(Name, 1, 4) = 'LC08'", true},
		{"SUBSTRING(Name FROM 6 FOR 2) = 'L1'", true}, {"SUBSTRING(Name FROM 6) = 'L1TP'", true}, {"CHAR_LENGTH(Ümlaut) = 2", true},
		{"Sensor || '_' || Path = 'OLI_015'", true}, {"CONCAT(Sensor, '-', Month) = 'OLI-6'", true}, {"TRIM('  a ') = 'a'", true},
		{"SUBSTRING(Name, 0, 3) = 'LC'", true}, {"SUBSTRING(Name, 99) = ''", true}, {"COALESCE(None, Sensor) = 'OLI'", true},
		{"NULLIF(Month, 6) IS NULL", true}, {"CAST(Path AS INTEGER) = 15", true}, {"CAST(Month AS VARCHAR) = '6'", true},
		{"[Month] = 6", true}, {"[Odd name] = 'it''s'", true},

		// Dates: now is 2014-10-25, in the afternoon.
		{"EXTRACT(YEAR FROM AcqDate) = 2014", true}, {"extract(month from AcqDate) IN (9, 10)", true}, {"EXTRACT(DAY FROM Day) = 20", true},
		{"EXTRACT(YEAR FROM AcqDate) * 100 + EXTRACT(MONTH FROM AcqDate) = 201410", true}, {"YEAR(AcqDate) = 2014", true},
		{"AcqDate > CURRENT_TIMESTAMP - 6", true}, {"AcqDate > CURRENT_TIMESTAMP - 5", false}, {"AcqDate >= CURRENT_DATE - 5", true},
		{"AcqDate > CURRENT_DATE - 5", false}, {"AcqDate > CURRENT_TIMESTAMP - INTERVAL '6' DAY", true},
		{"AcqDate > CURRENT_TIMESTAMP - INTERVAL '120' HOUR", false}, {"AcqDate > NOW() - INTERVAL '1 month'", true},
		{"AcqDate + INTERVAL '1' YEAR > CURRENT_TIMESTAMP", true}, {"AcqDate + 0.5 = TIMESTAMP '2014-10-20 12:00:00'", true},
		{"CURRENT_DATE - AcqDate = 5", true}, {"AcqDate - DATE '2014-10-19' = 1", true}, {"AcqDate - '2014-10-19' = 1", true},
		{"AcqDate = date '10/20/2014'", true}, {"AcqDate < '10/20/2014 12:00:01 AM'", true}, {"AcqDate = {ts '2014-10-20 00:00:00'}", true},
		{"AcqDate = {d '2014-10-20'}", true}, {"AcqDate = #10/20/2014#", true}, {"AcqDate = timestamp '2014-10-20t00:00:00z'", true},
		{"CAST('2014-10-20' AS DATE) = AcqDate", true}, {"CURRENT_TIMESTAMP() = CURRENT_TIMESTAMP", true}, {"1 + AcqDate = DATE '2014-10-21'", true},

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
		cond, err := parseConditionAt(c.where, sometime)
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
		{"Month = 6 -- x", `at byte 10: "--" is not understood`},
		{"Month /* six */ = 6", `at byte 6: "/*" is not understood`},
		{"Month = 'x", "at byte 8: a quote is not closed"},
		{`"" = 1`, "at byte 0: a name is empty"},
		{"Month == 6", `at byte 6: "==" is not understood`},
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
		{"Month = - AND", `at byte 10: "AND" stands where a value is expected`},
		{"AcqDate = DATE 'soon'", `at byte 15: "soon" is not a date`},
		{"EXTRACT(Month) = 6", `at byte 13: ")" stands where "FROM" is expected`},
		{"EXTRACT(EPOCH FROM AcqDate) = 6", `at byte 8: "EPOCH" stands where a part of a date is expected`},
		{"EXTRACT(YEAR FROM Sensor) = 6", `EXTRACT YEAR (field "Sensor"): "OLI" is no date`},
		{"SOUNDEX(Sensor) = 'x'", `at byte 0: function "SOUNDEX" is not supported`},
		{`"UPPER"(Sensor) = 'x'`, `at byte 0: function "UPPER" is not supported`},
		{"ABS(1, 2) = 1", `at byte 7: function "ABS" has at most 1 arguments`},
		{"MOD(1) = 1", `at byte 5: function "MOD" has at least 2 arguments`},
		{"Month + 'x' = 6", `field "Month" + "x": a number + a text has no meaning`},
		{"AcqDate * 2 = 6", `a date * a number has no meaning`},
		{"AcqDate + AcqDate = 6", `a date + a date has no meaning`},
		{"Month / 0 = 6", "it divides by zero"}, {"Month % 0 = 6", "it divides by zero"}, {"Month / 0.0 = 6", "it divides by zero"},
		{"Month / 4 = 1", "databases differ in what 6 / 4 is: write 6 / 4.0 for a fraction, or FLOOR(6 / 4.0)"},
		{"-Sensor = 6", `field "Sensor" is a text, which has no sign`},
		{"AcqDate > CURRENT_TIMESTAMP - INTERVAL 'x' DAY", "is no number of units of time"},
		{"AcqDate > CURRENT_TIMESTAMP - INTERVAL '1' FORTNIGHT", "1 FORTNIGHT is no interval that is understood"},
		{"AcqDate > CURRENT_TIMESTAMP - INTERVAL '1.5' MONTH", "1.5 MONTH is no interval that is understood"},
		{"AcqDate > CURRENT_TIMESTAMP - 1e9", "a date is more than 3660000 days or months off"},
		{"CURRENT_TIMESTAMP(3) > AcqDate", `at byte 18: "3" stands where ")" is expected`},
		{"{t '12:00'} = 6", `at byte 1: "t" stands where a date such as {ts '2017-02-06 12:00:00'} is expected`},
		{"#soon# = AcqDate", `"soon" is not a date`},
		{"CAST(Sensor AS FLOAT) = 1", `"OLI" is no number`}, {"CAST(Sensor AS BLOB) = 1", `type "BLOB" is not supported`},
		{"(Month = 6) + 1 = 2", "at byte 0: a condition stands where a value is expected"},
		{"AcqDate = DATE '02-06-2017'", `"02-06-2017" is not a date`},
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
		{"UPPER(Month) = '6'", `UPPER(field "Month"): it is a number, and a text is wanted`},
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
		"EXTRACT(YEAR FROM AcqDate) % 4 = 2", "AcqDate > CURRENT_TIMESTAMP - INTERVAL '3' DAY", "-Month * 2 + 1 <= CAST('7' AS FLOAT)",
		"{ts '2014-10-20'} = #10/20/2014#", "SUBSTRING(Name FROM 2 FOR 3) || [Odd name] = 'x'", "COALESCE(NULLIF(Month, 6), 1) / 0 = 1",
	} {
		f.Add(s)
	}
	it := scene()
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 {
			return
		}
		c, err := parseConditionAt(s, sometime)
		if err != nil {
			return
		}
		got, err := matches(c, it)
		// What is read from its own text again, or put in parentheses, means the same.
		again, err2 := parseConditionAt("("+s+")", sometime)
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
		not, err2 := parseConditionAt("NOT ("+s+")", sometime)
		if err2 != nil {
			t.Fatal(err2)
		}
		if opposite, _ := matches(not, it); got && opposite {
			t.Fatal("it is true, and so is its opposite")
		}
	})
}

func BenchmarkCondition(b *testing.B) {
	c, err := parseConditionAt("CloudCover < 0.5 AND Sensor IN ('OLI', 'TIRS') AND AcqDate >= DATE '2014-06-01'", sometime)
	require.NoError(b, err)
	it, r := scene(), c.reader()
	for b.Loop() {
		if ok, err := r.match(c, it); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
