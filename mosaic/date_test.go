package mosaic

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseTime(t *testing.T) {
	for want, spellings := range map[string][]string{
		"2017-02-06T00:00:00Z": {
			"2017-02-06", "2017/2/6", "20170206", "02/06/2017", "2/6/2017", "06-Feb-2017", "6 February 2017", "Feb 6, 2017",
			"February 06 2017", " 2017-02-06 ", "2017-02-06T00:00:00Z", "2017-02-06t00:00:00z", "2017-02-06 00:00:00",
			"2017-02-06  00:00", "2017/02/06, 12:00 AM", "02/06/2017 12:00:00 am", "2017-02-06T00:00:00.000+00:00",
			"2017-02-06 02:00:00 02:00", "2017-02-05T22:00:00-0200", "2017-02-05 24:00:00", "2017-02-05T23:59:60Z",
			"Mon, 06 Feb 2017 00:00:00 GMT", "Mon Feb 06 2017 01:00:00 GMT+0100 (Central European Standard Time)",
			"20170206T000000Z", "2017-02-06T00:00:00 UTC", "6 Feb 2017 12 AM",
		},
		"2017-02-06T13:30:05.125Z": {
			"2017-02-06 13:30:05.125", "2017-02-06T13:30:05,125Z", "2/6/2017 1:30:05.125 PM", "2017-02-06T15:30:05.125+02:00",
		},
		"2017-01-01T00:00:00Z": {"2017", "2017-01", "2017/1", "January 1, 2017"},
		"2017-09-01T00:00:00Z": {"1 Sept 2017", "Sep 1, 2017"},
		"2016-02-29T00:00:00Z": {"2016-02-29", "02/29/2016"},
	} {
		for _, s := range spellings {
			got, ok := ParseTime(s)
			require.True(t, ok, s)
			assert.Equal(t, want, got.Format(time.RFC3339Nano), s)
			assert.Equal(t, time.UTC, got.Location(), s)
		}
	}
	for _, s := range []string{
		"", "yesterday", "now", "12:30", "2017-13-01", "2017-00-01", "2017-02-30", "2017-02-29", "02-06-2017", "13/02/2017",
		"2/6/17", "17-02-06", "2017-02-06T25:00:00Z", "2017-02-06 12:60", "2017-02-06 12:00:61", "2017-02-06 13:00 PM",
		"2017-02-06 24:00:01", "2017-02-06T12", "2017-02-06T01+01", "2017-02-06 12", "2017-02-06x", "2017-02-06 12:00 CET", "2017-02-06T12:00:00+25:00",
		"6 Foo 2017", "6 Febtober 2017", "2017-2-6-1", "2017--02", "-2017-02-06", "12017-01-01", "2017-02-06T12:00:00Z junk",
		"2017-02-06/2017-03-01", string(make([]byte, 200)),
	} {
		_, ok := ParseTime(s)
		assert.False(t, ok, "%.60q", s)
	}
}

// A time that is written by the standard library is read as itself, by every layout that has all of it.
func FuzzParseTime(f *testing.F) {
	for _, s := range []string{"2017-02-06", "2/6/2017 1:30 PM", "Mon Feb 06 2017 01:00:00 GMT+0100 (x)", "20170206T000000Z"} {
		f.Add(s, int64(1486339200))
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		if at, ok := ParseTime(text); ok {
			again, ok := ParseTime(at.Format(time.RFC3339Nano))
			require.True(t, ok || at.Year() > 9999 || at.Year() < 0, text)
			require.True(t, !ok || at.Equal(again), text)
		}
		at := time.Unix(seconds%(200*365*86400), 0).UTC()
		for _, layout := range []string{
			time.RFC3339, time.RFC1123, time.DateTime, "2006/01/02 15:04:05", "01/02/2006 15:04:05", "1/2/2006 3:04:05 PM",
			"20060102T150405Z", "02-Jan-2006 15:04:05", "January 2, 2006 15:04:05", "Mon Jan 02 2006 15:04:05 GMT-0700",
		} {
			got, ok := ParseTime(at.Format(layout))
			require.True(t, ok, at.Format(layout))
			require.True(t, at.Equal(got), "%s gave %v", at.Format(layout), got)
		}
	})
}
