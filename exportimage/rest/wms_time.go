package rest

import (
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// timeForms are the forms of a time in ISO 8601, and how long what each names lasts. A zone may follow those with hours.
var timeForms = []struct {
	layout string
	end    func(time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01-02T15", func(t time.Time) time.Time { return t.Add(time.Hour) }},
	{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04:05.999999999", nil},
}

// parseWMSTime reads a time or an interval of TIME, for rasters of a span: a value of less precision than seconds is the
// year, month and so on that it names, and "current" the last time.
func parseWMSTime(text string, span mosaic.TimeExtent) (mosaic.TimeExtent, error) {
	fault := func(format string, args ...any) (mosaic.TimeExtent, error) {
		return mosaic.TimeExtent{}, wmsInvalid("InvalidDimensionValue", "TIME", format, args...)
	}
	switch {
	case span.IsZero():
		return fault("the layer has no time")
	case strings.EqualFold(text, "current"):
		return mosaic.TimeExtent{From: span.To, To: span.To}, nil
	case strings.Contains(text, ","):
		return fault("a map shows one time or one interval, not a list")
	}
	ends := strings.Split(text, "/")
	if len(ends) > 2 {
		return fault("an interval with a period is a series of maps: leave out %s", quote.Text(ends[2]))
	}
	first, ok := parseWMSInstant(ends[0])
	last := first
	if ok && len(ends) == 2 {
		if strings.EqualFold(ends[1], "current") {
			last = mosaic.TimeExtent{From: span.To, To: span.To}
		} else {
			last, ok = parseWMSInstant(ends[1])
		}
	}
	out := mosaic.TimeExtent{From: first.From, To: last.To}
	switch {
	case !ok:
		return fault("%s is no time such as 2020-06-01T12:00:00Z", quote.Text(text))
	case out.From.After(out.To):
		return fault("the interval %s ends before it starts", quote.Text(text))
	case out.To.Before(span.From) || out.From.After(span.To):
		return fault("%s is not from %s to %s", quote.Text(text), wmsInstant(span.From), wmsInstant(span.To))
	}
	return out, nil
}

// parseWMSInstant reads one time.
func parseWMSInstant(text string) (mosaic.TimeExtent, bool) {
	for _, form := range timeForms {
		layouts := []string{form.layout}
		if strings.Contains(form.layout, "T") {
			layouts = append(layouts, form.layout+"Z07:00", form.layout+"Z0700")
		}
		for _, layout := range layouts {
			t, err := time.Parse(layout, text)
			if err != nil {
				continue
			}
			t = t.UTC()
			if form.end == nil {
				return mosaic.TimeExtent{From: t, To: t}, true
			}
			return mosaic.TimeExtent{From: t, To: form.end(t).Add(-1)}, true
		}
	}
	return mosaic.TimeExtent{}, false
}

// wmsInstant returns a time as capabilities write it.
func wmsInstant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// timeValues returns the times of a service's rasters as capabilities list them: each by itself or, if there are too many,
// from the first to the last.
func timeValues(d *exportimage.Description) string {
	whole := wmsInstant(d.Time.From) + "/" + wmsInstant(d.Time.To) + "/0"
	var all []string
	for _, t := range d.Times {
		switch {
		case t.From.IsZero() || t.To.IsZero():
			return whole
		case t.From.Equal(t.To):
			all = append(all, wmsInstant(t.From))
		default:
			all = append(all, wmsInstant(t.From)+"/"+wmsInstant(t.To)+"/0")
		}
	}
	if all == nil {
		return whole
	}
	return strings.Join(all, ",")
}
