package mosaic

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The forms of dates, of which names in the expressions are the parts.
var dateForms = []*regexp.Regexp{
	regexp.MustCompile(`^(?<year>\d{4})-(?<month>\d{1,2})(?:-(?<day>\d{1,2})|$)`),
	regexp.MustCompile(`^(?<year>\d{4})/(?<month>\d{1,2})(?:/(?<day>\d{1,2})|$)`),
	regexp.MustCompile(`^(?<year>\d{4})$`),
	regexp.MustCompile(`^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?:$|[Tt ])`),
	regexp.MustCompile(`^(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4})`),
	regexp.MustCompile(`^(?:[A-Za-z]{3,9},? +)?(?<day>\d{1,2})[- ](?<name>[A-Za-z]{3,9})[- ](?<year>\d{4})`),
	regexp.MustCompile(`^(?:[A-Za-z]{3} +)?(?<name>[A-Za-z]{3,9})\.? +(?<day>\d{1,2}),? +(?<year>\d{4})`),
}

// timeOfDay matches what may follow a date. A plus sign before the zone may have become a blank in a URL.
var timeOfDay = regexp.MustCompile(`^(?:[Tt]|,? +)(?<hour>\d{1,2})(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,12}))?)?|` +
	`(?<minute2>\d\d)(?<second2>\d\d))?(?: *(?<half>[AaPp])\.?[Mm]\.?)? *(?:(?:[Zz]|UTC|GMT)?(?<zone>[-+]\d\d(?::?\d\d)?| \d\d:\d\d)?(?: \([^)]{1,40}\))?)$`)

// longestTime bounds the length of a date with its time: JavaScript writes the zone's name in full.
const longestTime = 96

// monthNames are the names of months in English by their first three letters.
var monthNames = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// ParseTime reads a date, or a date and a time, in the forms that programs write:
//
//	2017-02-06, 2017/02/06, 20170206          year, month and day, of which the day may be missing, or all but the year
//	02/06/2017                                month, day and year with slashes, as in the United States
//	06-Feb-2017, Feb 6, 2017                  with English names of months, of which the first three letters count
//
// and after these, behind a T, blanks or a comma,
//
//	12:30, 12:30:00, 12:30:00.125, 12:30 PM   in 24 hours, or in 12 with AM or PM
//	12:30:00Z, 12:30:00+02:00, 12:30:00 GMT   with a zone
//
// Parts of a date that are missing are the first, and a time that is missing is midnight. Without a zone, times are in
// UTC. A leap second is the second after it. Everything else is no time: dates such as 02-06-2017 or 13/02/2017 mean
// different days to different people.
func ParseTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if len(text) > longestTime {
		return time.Time{}, false
	}
	for _, form := range dateForms {
		date, end := parts(form, text)
		if date == nil {
			continue
		}
		month, ok := monthOf(date)
		if !ok {
			return time.Time{}, false
		}
		day := time.Date(date.number("year", 0), month, date.number("day", 1), 0, 0, 0, 0, time.UTC)
		if day.Month() != month || day.Day() != date.number("day", 1) {
			return time.Time{}, false
		}
		rest := strings.TrimSpace(text[end:])
		if rest == "" {
			return day, true
		}
		if last := text[end-1] | 0x20; last == 't' || last == ' ' {
			end-- // which the form took for its end
		}
		since, ok := clock(text[end:])
		return day.Add(since), ok
	}
	return time.Time{}, false
}

// namedParts are parts of a text by their names in an expression.
type namedParts map[string]string

// parts returns the parts of what an expression matches at the beginning of a text, and where it ends.
func parts(form *regexp.Regexp, text string) (namedParts, int) {
	m := form.FindStringSubmatchIndex(text)
	if m == nil {
		return nil, 0
	}
	out := namedParts{}
	for i, name := range form.SubexpNames() {
		if name != "" && m[2*i] >= 0 {
			out[name] = text[m[2*i]:m[2*i+1]]
		}
	}
	return out, m[1]
}

// number returns a part that has only digits, or the default if it is not there.
func (p namedParts) number(name string, usual int) int {
	n, err := strconv.Atoi(p[name])
	if err != nil {
		return usual
	}
	return n
}

func monthOf(date namedParts) (time.Month, bool) {
	name, ok := date["name"]
	if !ok {
		m := date.number("month", 1)
		return time.Month(m), m >= 1 && m <= 12
	}
	m, ok := monthNames[strings.ToLower(name[:3])]
	return m, ok && (len(name) <= 4 || strings.EqualFold(name, m.String())) // Sept has four
}

// clock reads a time of day and returns the time since midnight in UTC.
func clock(text string) (time.Duration, bool) {
	p, end := parts(timeOfDay, text)
	if p == nil || end != len(text) {
		return 0, false
	}
	if p["minute"]+p["minute2"]+p["half"] == "" {
		return 0, false
	}
	hour, minute, second := p.number("hour", 0), p.number("minute", p.number("minute2", 0)), p.number("second", p.number("second2", 0))
	if half := strings.ToLower(p["half"]); half != "" {
		if hour < 1 || hour > 12 {
			return 0, false
		}
		if hour %= 12; half == "p" {
			hour += 12
		}
	}
	if minute > 59 || second > 60 || hour > 24 || hour == 24 && minute+second > 0 {
		return 0, false
	}
	nano, _ := strconv.Atoi((p["fraction"] + "000000000")[:9]) // digits
	since := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second +
		time.Duration(nano)
	zone := strings.ReplaceAll(p["zone"], ":", "")
	if zone == "" {
		return since, true
	}
	hours, _ := strconv.Atoi(zone[1:3])
	minutes, _ := strconv.Atoi(zone[3:])
	if hours > 23 || minutes > 59 {
		return 0, false
	}
	ahead := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if zone[0] == '-' {
		ahead = -ahead
	}
	return since - ahead, true
}
