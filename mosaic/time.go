package mosaic

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A TimeExtent is a period of time with both ends included; a zero end is open. The zero TimeExtent is all of time, and
// one whose ends are equal is an instant.
type TimeExtent struct{ From, To time.Time }

// IsZero reports whether the extent is all of time.
func (t TimeExtent) IsZero() bool { return t.From.IsZero() && t.To.IsZero() }

// Intersects reports whether t and u have an instant in common. An extent that ends before it begins intersects none.
func (t TimeExtent) Intersects(u TimeExtent) bool {
	before := func(to, from time.Time) bool { return !to.IsZero() && !from.IsZero() && to.Before(from) }
	return !before(t.To, t.From) && !before(u.To, u.From) && !before(t.To, u.From) && !before(u.To, t.From)
}

// parseDate reads a date in a condition or a sort value.
func parseDate(s string) (time.Time, bool) { return ParseTime(s) }

// instant matches a date with or without a time: RFC 3339, of which section 5.6 allows small letters and a blank in place
// of T, and the forms that programs write in its place: without a zone, without seconds, with slashes, or with a zone
// without a colon.
var instant = regexp.MustCompile(
	`^(\d{4})[-/](\d\d)[-/](\d\d)(?:(?:[Tt]| +)(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)? *([Zz]|UTC|GMT|[-+]\d\d(?::?\d\d)?)?)?$`)

// parseInstant reads the text of a date or a time as an instant in UTC, which is the zone of texts that state none. A date
// is its midnight. A leap second is the second after it.
func parseInstant(s string) (time.Time, bool) {
	m := instant.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return time.Time{}, false
	}
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // digits, or empty, which is 0
	}
	nano, _ := strconv.Atoi((m[7] + "000000000")[:9])
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], min(n[5], 59), nano, time.UTC)
	if t.Month() != time.Month(n[1]) || t.Day() != n[2] || n[3] > 23 || n[4] > 59 || n[5] > 60 {
		return time.Time{}, false
	}
	if n[5] == 60 {
		t = t.Add(time.Second)
	}
	if zone := m[8]; len(zone) > 2 && (zone[0] == '+' || zone[0] == '-') {
		digits := strings.ReplaceAll(zone[1:], ":", "") + "00"
		hours, _ := strconv.Atoi(digits[:2])
		minutes, _ := strconv.Atoi(digits[2:4])
		if hours > 23 || minutes > 59 {
			return time.Time{}, false
		}
		ahead := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
		if zone[0] == '-' {
			ahead = -ahead
		}
		t = t.Add(-ahead)
	}
	return t, true
}
