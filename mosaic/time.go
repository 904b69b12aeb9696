package mosaic

import (
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

// dateLayouts are the forms of dates in conditions and sort values: those of SQL and of desktop clients, which leave
// out any number of parts at the end. Seconds may have a fraction. Without a zone, times are UTC.
var dateLayouts = [...]string{
	"2006-1-2", "2006-1-2 15:4:5", "2006-1-2 15:4",
	"2006-1-2T15:4:5Z07:00", "2006-1-2T15:4:5", "2006-1-2 15:4:5Z07:00",
	"2006-1", "2006",
}

// parseDate reads a date. Its parts may be separated by slashes or hyphens.
func parseDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) > len("2006-01-02T15:04:05.000000000+00:00") {
		return time.Time{}, false
	}
	s = strings.ReplaceAll(s, "/", "-")
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
