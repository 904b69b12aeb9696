package main

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A command is one of a file: its name, and what stands behind it, perhaps on several lines.
type command struct {
	name, text string
	line       int
}

// names are those of the commands.
var names = []string{
	"operation", "crs_src", "crs_dst", "use_proj4_init_rules", "accept", "expect", "roundtrip", "banner", "verbose",
	"direction", "tolerance", "ignore", "require_grid", "echo", "skip",
}

// commands yields the commands of a file between its marks <gie> and </gie>. Lines of dashes end a command, and so do blank
// lines where the file is strict about its continued lines.
func commands(text string) iter.Seq[command] {
	return func(yield func(command) bool) {
		var c command
		flush := func() bool {
			out := c
			c = command{}
			out.text = strings.Join(strings.Fields(out.text), " ")
			return out.name == "" || yield(out)
		}
		var inside, strict, continued bool
		line := 0
		for raw := range strings.Lines(text) {
			line++
			content, _, _ := strings.Cut(raw, "#")
			content = strings.TrimSpace(content)
			first, rest, _ := strings.Cut(strings.Replace(content, "\t", " ", 1), " ")
			isCommand := slices.Contains(names, first)
			switch {
			case first == "<gie>" || first == "<gie-strict>":
				inside, strict = true, first == "<gie-strict>"
			case first == "</gie>" || first == "</gie-strict>":
				inside = false
			case !inside:
			case isCommand && !continued:
				if !flush() {
					return
				}
				c = command{first, strings.TrimSuffix(rest, `\`), line}
				continued = strict && strings.HasSuffix(content, `\`)
				continue
			case strings.HasPrefix(content, "----") || strings.HasPrefix(content, "===="):
				if !flush() {
					return
				}
			case continued || !strict && c.name != "":
				c.text += " " + strings.TrimSuffix(content, `\`)
				continued = strict && strings.HasSuffix(content, `\`)
				continue
			}
			continued = false
		}
		flush()
	}
}

// lengths are the units of tolerances in metres.
var lengths = map[string]float64{
	"km": 1e3, "m": 1, "dm": 0.1, "cm": 0.01, "mm": 1e-3, "um": 1e-6, "nm": 1e-9, "": 1,
	"deg": degreeOfEquator, "rad": degreeOfEquator * 180 / math.Pi,
}

const degreeOfEquator = 111319.4908 // metres, of GRS 1980

// parseLength reads a number with a unit.
func parseLength(words []string) (float64, error) {
	if len(words) == 0 {
		return 0, errors.New("there is no tolerance")
	}
	digits := strings.TrimRight(words[0], "cdkmnu") // of 1cm
	v, err := parseNumber(digits)
	if err != nil {
		return 0, err
	}
	unit := words[0][len(digits):]
	if len(words) > 1 {
		unit = words[1]
	}
	size, ok := lengths[unit]
	if !ok {
		return 0, fmt.Errorf("the unit of a tolerance is %q", unit)
	}
	return v * size, nil
}

// parsePoint reads two to four numbers.
func parsePoint(text string) (p []float64, err error) {
	for word := range strings.FieldsSeq(text) {
		v, err := parseNumber(word)
		if err != nil {
			if len(p) >= 2 {
				break // a remark
			}
			return nil, err
		}
		p = append(p, v)
	}
	if len(p) < 2 {
		return nil, fmt.Errorf("a point is %q", text)
	}
	return p, nil
}

// parseNumber reads a number, perhaps with underscores between digits, or an angle such as 12d30'15.5"W.
func parseNumber(word string) (float64, error) {
	if word == "HUGE_VAL" {
		return math.Inf(1), nil
	}
	word = strings.ReplaceAll(word, "_", "")
	if v, err := strconv.ParseFloat(word, 64); err == nil {
		return v, nil
	}
	sign := 1.0
	rest := strings.TrimRight(word, "NnEe")
	if trimmed := strings.TrimRight(word, "SsWw"); trimmed != word {
		rest, sign = trimmed, -1
	}
	if after, ok := strings.CutPrefix(rest, "-"); ok {
		rest, sign = after, -sign
	}
	total, size := 0.0, 1.0
	for rest != "" {
		end := strings.IndexAny(rest, `dD°'"`)
		digits := rest
		if end >= 0 {
			digits = rest[:end]
		}
		v, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			return 0, fmt.Errorf("%q is no number", word)
		}
		total += v * size
		size /= 60
		if end < 0 {
			break
		}
		rest = strings.TrimPrefix(rest[end:], "°")
		if rest != "" && strings.ContainsRune(`dD'"`, rune(rest[0])) {
			rest = rest[1:]
		}
	}
	return sign * total, nil
}
