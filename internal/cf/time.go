package cf

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// A clock counts time from an instant on, in a calendar.
type clock struct {
	start  float64 // milliseconds since 1970, in UTC; of a year without leap days, those since 1970 in that calendar
	factor float64 // milliseconds in a unit
	noLeap bool    // no year has a 29 February
}

// units are those of time in milliseconds. Months and years are none that CF recommends: their lengths differ.
var units = map[string]float64{
	"milliseconds": 1, "millisecond": 1, "msec": 1, "msecs": 1, "ms": 1,
	"seconds": 1000, "second": 1000, "secs": 1000, "sec": 1000, "s": 1000,
	"minutes": 60e3, "minute": 60e3, "mins": 60e3, "min": 60e3,
	"hours": 3600e3, "hour": 3600e3, "hrs": 3600e3, "hr": 3600e3, "h": 3600e3,
	"days": day, "day": day, "d": day,
}

const day = 86400e3

// cutSince splits units such as "days since 2000-01-01".
func cutSince(text string) (unit, since string, ok bool) {
	i := strings.Index(strings.ToLower(text), " since ")
	if i < 0 {
		return "", "", false
	}
	return strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+len(" since "):]), true
}

// instant matches the date from which time counts, in the forms of UDUNITS: parts may have one digit, and be missing
// from the right. A zone without a sign before it is UTC.
var instant = regexp.MustCompile(`^([-+]?\d{1,4})-(\d{1,2})(?:-(\d{1,2}))?(?:[Tt ]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?)?` +
	` *(?:[Zz]|UTC|GMT)? *(?:([-+])(\d{1,2})(?::?(\d{2}))?)?$`)

func newClock(unit, since, calendar string) (c clock, err error) {
	var ok bool
	if c.factor, ok = units[strings.ToLower(unit)]; !ok {
		return c, fmt.Errorf("units %q since a date have no fixed length", unit)
	}
	m := instant.FindStringSubmatch(since)
	if m == nil {
		return c, fmt.Errorf("%q is no date", since)
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v } // digits, or empty, which is 0
	seconds, _ := strconv.ParseFloat("0"+m[6], 64)
	year, month, date := n(1), n(2), max(n(3), 1)
	if m[3] != "" && n(3) == 0 || month < 1 || month > 12 || date > 31 || n(4) > 24 || n(5) > 59 || seconds >= 61 {
		return c, fmt.Errorf("%q is no date", since)
	}
	ofDay := float64(n(4)*3_600_000+n(5)*60_000) + math.Round(seconds*1000)
	if m[7] != "" {
		ahead := float64(n(8)*3_600_000 + n(9)*60_000)
		if m[7] == "-" {
			ahead = -ahead
		}
		ofDay -= ahead
	}
	days, noLeap, err := daysOf(year, month, date, calendar)
	c.start, c.noLeap = float64(float64(days)*day)+ofDay, noLeap
	return c, err
}

// daysOf returns the days from 1970-01-01 to a date of a calendar.
func daysOf(year, month, date int, calendar string) (days int, noLeap bool, err error) {
	switch strings.ToLower(strings.TrimSpace(calendar)) {
	case "", "standard", "gregorian":
		// The Julian calendar until 4 October 1582, the Gregorian from the 15th on, which is the day after.
		if year < 1582 || year == 1582 && (month < 10 || month == 10 && date < 15) {
			return julian(year, month, date), false, nil
		}
		return gregorian(year, month, date), false, nil
	case "proleptic_gregorian":
		return gregorian(year, month, date), false, nil
	case "julian":
		return julian(year, month, date), false, nil
	case "noleap", "365_day":
		if month == 2 && date == 29 {
			return 0, false, errors.New("the calendar has no 29 February")
		}
		return (year-1970)*365 + before[month-1] + date - 1, true, nil
	}
	return 0, false, fmt.Errorf("calendar %q has days that are in no other", calendar)
}

// before are the days before each month in a year without a leap day.
var before = [13]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// gregorian returns the days from 1970-01-01 to a date; julian those to a date of the Julian calendar. Both count in
// years that begin in March, so that a leap day is the last of its year.
func gregorian(year, month, date int) int {
	y, inYear := fromMarch(year, month, date)
	return 365*y + floorDiv(y, 4) - floorDiv(y, 100) + floorDiv(y, 400) + inYear - 719468
}

func julian(year, month, date int) int {
	y, inYear := fromMarch(year, month, date)
	return 365*y + floorDiv(y, 4) + inYear - 719470
}

func fromMarch(year, month, date int) (y, inYear int) {
	if month < 3 {
		year, month = year-1, month+12
	}
	return year, (153*(month-3)+2)/5 + date - 1
}

func floorDiv(a, b int) int {
	return int(math.Floor(float64(a) / float64(b)))
}

// most is the end of the year 9999 in milliseconds since 1970: later times are mistakes.
const most = 253402300799999

// milliseconds returns the instant of a value in whole milliseconds since 1970, in UTC; NaN for one that is none.
func (c clock) milliseconds(v float64) float64 {
	ms := c.start + math.Round(v*c.factor)
	if c.noLeap {
		days := math.Floor(ms / day)
		year := math.Floor(days / 365)
		if !(math.Abs(year) < 9000) {
			return math.NaN()
		}
		inYear, month := int(days-float64(year*365)), 1
		for month < 12 && before[month] <= inYear {
			month++
		}
		ms += float64((float64(gregorian(1970+int(year), month, inYear-before[month-1]+1)) - days) * day)
	}
	if !(math.Abs(ms) <= most) {
		return math.NaN()
	}
	return ms
}
