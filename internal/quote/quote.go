// Package quote shows texts that come from outside in messages: short, and with nothing in them that a terminal, a log or a
// page could take for its own.
package quote

import "strconv"

// longest is how many bytes of a text are shown.
const longest = 40

// Text returns s in double quotes, cut where it is long, everything but printable ASCII escaped.
func Text(s string) string { return strconv.QuoteToASCII(Short(s)) }

// Short returns s, cut where it is long.
func Short(s string) string {
	if len(s) > longest {
		s = s[:longest] + "…"
	}
	return s
}
