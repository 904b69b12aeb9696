package cf

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func axis(attributes map[string]string) (Axis, string) {
	return NewAxis("d", func(name string) string { return attributes[name] })
}

func TestTimes(t *testing.T) {
	for _, c := range []struct {
		units, calendar string
		value, want     float64
	}{
		// cftime.num2date of Python's cftime 1.6, and date -u -d "2000-03-01 12:00" +%s
		{"days since 2000-01-01 00:00:00", "standard", 60.5, 951912000000},
		{"hours since 1900-01-01", "gregorian", 0, -2208988800000},
		{"seconds since 1970-01-01T00:00:00Z", "", 1.5, 1500},
		{"Days Since 1970-1-1", "proleptic_gregorian", -1, -86400000},
		{"minutes since 1970-01-01 00:00 -6:00", "standard", 0, 21600000},
		{"minutes since 1970-01-01 00:00:00 +0530", "standard", 0, -19800000},
		{"hours since 1-1-1 00:00:0.0", "standard", 24 * 719164, 0}, // two days more than in the proleptic calendar
		{"hours since 1-1-1 00:00:0.0", "proleptic_gregorian", 24 * 719162, 0},
		{"days since 1582-10-15", "standard", -1, -12219379200000}, // 4 October in the Julian calendar
		{"days since 1582-10-04", "standard", 1, -12219292800000},
		{"days since 1969-12-19", "julian", 0, 0},             // 1970-01-01
		{"days since 2000-01-01", "noleap", 59, 951868800000}, // 1 March, since there is no 29 February
		{"days since 2000-01-01", "365_day", 365, 978307200000},
		{"days since 1970-01-01", "noleap", 365*30 + 58.5, 951739200000},
		{"days since 2000-01-01", "noleap", -365, 915148800000},
	} {
		a, note := axis(map[string]string{"units": c.units, "calendar": c.calendar})
		assert.Empty(t, note, c.units)
		assert.Equal(t, Axis{Time, "ISO8601", true, a.clock, 0}, a, c.units)
		assert.Equal(t, c.want, a.Value(c.value), "%v %s %s", c.value, c.units, c.calendar)
	}
}

func TestTimesThatAreNotUnderstood(t *testing.T) {
	for units, calendar := range map[string]string{
		"months since 2000-01-01": "", "years since 2000-01-01": "", "days since yesterday": "", "days since 2000-13-01": "",
		"days since 2000-01-00": "", "days since 2000-01-01 25:00": "", "days since 2001-01-01": "360_day",
		"days since 2001-02-01": "all_leap", "days since 2000-02-29": "noleap", "days since 20000101": "",
		"hours since 2000-01-01": "martian",
	} {
		a, note := axis(map[string]string{"units": units, "calendar": calendar})
		assert.Contains(t, note, `dimension "d" is not read as time`, units)
		assert.Equal(t, Axis{Name: "d", Unit: units}, a)
		assert.Equal(t, 3.5, a.Value(3.5))
	}
	a, _ := axis(map[string]string{"units": "days since 2000-01-01"})
	for _, v := range []float64{1e9, -1e9, math.Inf(1), math.NaN()} {
		assert.True(t, math.IsNaN(a.Value(v)), v)
		noLeap, _ := axis(map[string]string{"units": "days since 2000-01-01", "calendar": "noleap"})
		assert.True(t, math.IsNaN(noLeap.Value(v)), v)
	}
}

// TestCalendarsAgree: a day has the same number in both ways of counting, and each day follows the last.
func TestCalendarsAgree(t *testing.T) {
	assert.Equal(t, 0, gregorian(1970, 1, 1))
	assert.Equal(t, gregorian(1582, 10, 15), julian(1582, 10, 4)+1)
	last := gregorian(-1, 12, 31)
	for year := range 2200 {
		leap := year%4 == 0 && (year%100 != 0 || year%400 == 0)
		for month := 1; month <= 12; month++ {
			days := before[month] - before[month-1]
			if month == 2 && leap {
				days++
			}
			for date := 1; date <= days; date++ {
				last++
				if got := gregorian(year, month, date); got != last {
					t.Fatalf("%d-%d-%d is day %d, not %d", year, month, date, got, last)
				}
			}
		}
	}
}

func TestHeightsAndPressures(t *testing.T) {
	for _, c := range []struct {
		attributes  map[string]string
		name, unit  string
		value, want float64
	}{
		{map[string]string{"units": "m", "positive": "down"}, Height, "m", 50, -50},
		{map[string]string{"units": "m", "positive": "down"}, Height, "m", 0, 0},
		{map[string]string{"units": "m", "positive": "up"}, Height, "m", 50, 50},
		{map[string]string{"units": "Meters", "standard_name": "depth"}, Height, "m", 5, -5},
		{map[string]string{"units": "km", "axis": "Z"}, Height, "m", 1.5, 1500},
		{map[string]string{"units": "cm", "standard_name": "height"}, Height, "m", 30, 0.3},
		{map[string]string{"units": "cm", "positive": "down"}, Height, "m", 30, -0.3},
		{map[string]string{"units": "ft", "standard_name": "altitude"}, Height, "m", 10, 3.048},
		{map[string]string{"units": "hPa"}, Pressure, "Pa", 850, 85000},
		{map[string]string{"units": "millibar", "positive": "down"}, Pressure, "Pa", 850, 85000},
		{map[string]string{"units": "m"}, "d", "m", 50, 50},   // a wavelength, say
		{map[string]string{"units": "nm"}, "d", "nm", 50, 50}, //
		{map[string]string{"units": "sigma_level", "positive": "down"}, "d", "sigma_level", 0.5, 0.5},
		{map[string]string{}, "d", "", 1961, 1961},
	} {
		a, note := axis(c.attributes)
		assert.Empty(t, note)
		assert.Equal(t, [2]string{c.name, c.unit}, [2]string{a.Name, a.Unit}, c.attributes)
		got := a.Value(c.value)
		assert.Equal(t, c.want, got, c.attributes)
		assert.False(t, math.Signbit(got) && got == 0, "no zero below zero")
	}
}

func FuzzAxis(f *testing.F) {
	f.Add("days since 2000-01-01", "standard", 1.5)
	f.Add("hours since 1-1-1 00:00:0.0", "noleap", -1e300)
	f.Add("hPa", "", 3.0)
	f.Fuzz(func(t *testing.T, units, calendar string, v float64) {
		a, _ := axis(map[string]string{"units": units, "calendar": calendar})
		got := a.Value(v)
		if a.Time && !math.IsNaN(got) && (math.Abs(got) > most || got != math.Trunc(got)) {
			t.Fatalf("%v %q is %v", v, units, got)
		}
	})
}
