package mosaic

import (
	"strings"
	"time"
)

// A TimeExtent is a stretch of time, both ends included; a zero end is open. The zero TimeExtent is all of time, and one
// whose ends are equal is an instant.
type TimeExtent struct{ From, To time.Time }

// IsZero says whether the extent is all of time.
func (t TimeExtent) IsZero() bool { return t.From.IsZero() && t.To.IsZero() }

// Intersects reports whether t and u have an instant in common. An extent that ends before it begins intersects none.
func (t TimeExtent) Intersects(u TimeExtent) bool {
	before := func(to, from time.Time) bool { return !to.IsZero() && !from.IsZero() && to.Before(from) }
	return !before(t.To, t.From) && !before(u.To, u.From) && !before(t.To, u.From) && !before(u.To, t.From)
}

// dateLayouts are the ways in which conditions and sort values write dates: those of SQL and of the operation's desktop
// clients, which leave out as much of the end as they like. Fractions of a second may follow where seconds stand. Without
// a zone, times are UTC.
var dateLayouts = [...]string{
	"2006-1-2", "2006-1-2 15:4:5", "2006-1-2 15:4",
	"2006-1-2T15:4:5Z07:00", "2006-1-2T15:4:5", "2006-1-2 15:4:5Z07:00",
	"2006-1", "2006",
}

// parseDate reads a date. Slashes are as good as hyphens between its parts.
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
