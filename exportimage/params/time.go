package params

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// readTime reads one time or two. A date may have a comma of its own.
func readTime(s string, f *Forgiven) (extent mosaic.TimeExtent, err error) {
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") {
		f.Add("brackets around a list")
		s = strings.TrimSuffix(inner, "]")
	}
	ends := []string{s}
	if _, whole := mosaic.ParseTime(s); !whole {
		if ends = strings.SplitN(s, ",", 6); len(ends) == 4 {
			ends = []string{ends[0] + "," + ends[1], ends[2] + "," + ends[3]}
		}
	}
	if len(ends) > 2 {
		return extent, fmt.Errorf("one or two times are wanted, not %d", len(ends))
	}
	if extent.From, err = readInstant(ends[0], f); err != nil {
		return extent, err
	}
	if extent.To, err = readInstant(ends[len(ends)-1], f); err != nil {
		return extent, err
	}
	if !extent.From.IsZero() && !extent.To.IsZero() && extent.From.After(extent.To) {
		return extent, errors.New("the extent ends before it starts")
	}
	return extent, nil
}

// mostMilliseconds is the end of the year 9999. Later times are mistakes.
const mostMilliseconds = 253402300799999

// readInstant reads one end of an extent, of which the zero time is open.
func readInstant(s string, f *Forgiven) (time.Time, error) {
	s = strings.Trim(s, "+ \t\r\n\"'")
	switch strings.ToLower(s) {
	case "null":
		return time.Time{}, nil
	case "", "none", "undefined", "nan":
		f.Add("%q for an open end", s)
		return time.Time{}, nil
	}
	if ms, err := integer(s); err == nil {
		if ms > mostMilliseconds || ms < -mostMilliseconds {
			return time.Time{}, fmt.Errorf("%s is no time", quote.Text(s))
		}
		return time.UnixMilli(ms).UTC(), nil
	}
	if ms, err := number(s); err == nil {
		if math.Abs(ms) > mostMilliseconds {
			return time.Time{}, fmt.Errorf("%s is no time", quote.Text(s))
		}
		f.Add("milliseconds with a point or an exponent")
		whole := math.Floor(ms)
		return time.UnixMilli(int64(whole)).Add(time.Duration((ms - whole) * float64(time.Millisecond))).UTC(), nil
	}
	t, ok := mosaic.ParseTime(s)
	if !ok {
		return t, fmt.Errorf("%s is neither milliseconds since 1970 nor a date", quote.Text(s))
	}
	f.Add("%s for %s", quote.Text(s), t.Format(time.RFC3339Nano))
	return t, nil
}
