package grid

import (
	"context"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster/sidecar"
)

// maxColors is how many colours a table can have: one for each value of 16 bits.
const maxColors = 1 << 16

// readColors reads Esri's colours of values, lines of a value, red, green and blue. Values without a line are
// transparent.
func (in *input) readColors(ctx context.Context, h *header) error {
	text, err := in.readText(ctx, sidecar.Colors)
	if err != nil || text == nil {
		return err
	}
	table := &sidecar.ColorTable{}
	for line := range strings.Lines(string(text.Bytes)) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) < 4 {
			return &FormatError{Name: text.Name, Value: strings.TrimSpace(line), Reason: "no value with three colours"}
		}
		v, err := strconv.Atoi(words[0])
		if err != nil {
			return &FormatError{Name: text.Name, Value: words[0], Reason: "no whole number"}
		}
		if v < 0 || v >= maxColors {
			h.note("%s: the colour of %d is left aside: values are from 0 to %d", text.Name, v, maxColors-1)
			continue
		}
		for len(table.Entries) <= v {
			table.Entries = append(table.Entries, [4]string{"0", "0", "0", "0"})
		}
		table.Entries[v] = [4]string{words[1], words[2], words[3]}
	}
	if len(table.Entries) > 0 {
		h.band(0).Colors = table
	}
	return nil
}

// readStatistics reads Esri's statistics, lines of a band, counted from 1, its minimum, maximum, mean and standard
// deviation. Lines that lack one of the four, or have # for it, state nothing that is used.
func (in *input) readStatistics(ctx context.Context, h *header) error {
	text, err := in.readText(ctx, sidecar.Statistics)
	if err != nil || text == nil {
		return err
	}
	for line := range strings.Lines(string(text.Bytes)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		n, err := strconv.Atoi(words[0])
		if err != nil || n < 1 || n > h.bands {
			h.note("%s: the line of band %q is left aside: there are %d bands", text.Name, shorten(words[0]), h.bands)
			continue
		}
		if len(words) < 5 || strings.Contains(strings.Join(words[1:5], " "), "#") {
			h.note("%s: the statistics of band %d are not complete, and left aside", text.Name, n)
			continue
		}
		h.band(n - 1).Stats = [4]string(words[1:5])
	}
	return nil
}
