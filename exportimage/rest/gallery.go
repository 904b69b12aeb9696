package rest

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/srs"
)

const (
	// galleryPage is how many services are shown on one page.
	galleryPage = 48
	// galleryTime bounds how long a page waits for services to be described. Those that are not by then have no extent on it.
	galleryTime = 2 * time.Second
	// galleryReaders is how many services are described at the same time.
	galleryReaders = 8
)

// A gallery shows the services of a directory.
type gallery struct {
	Search  string
	Of      string // how many services are shown, of how many
	Folders []link
	Cards   []card
	World   *worldMap // nil if no extent is known
	Earlier string    // URLs of other pages
	Later   string
}

// A card shows a service.
type card struct {
	Name        string
	URL         string
	Thumbnail   string // URL; empty without one
	Description string
	Facts       string
	Credits     string
	Fault       string // why it cannot be described

	box   srs.Envelope // in degrees
	known bool
}

// A worldMap is a drawing of the coastlines with the extents of services. Its unit is a degree, and y goes down.
type worldMap struct {
	ViewBox       string
	Width, Height string
	Coast         template.HTMLAttr // the attribute d of a path
	Extents       []worldExtent
}

// A worldExtent is a box, which is drawn with a mark at its middle where it is too small to be seen.
type worldExtent struct {
	Name, URL           string
	X, Y, Width, Height string
	Mark, Everywhere    bool
	MarkX, MarkY, MarkR string
}

// galleryOf describes the services of a folder, or those of the folder and all below that a search finds.
func (d *directory) galleryOf(r *responder, folder string, form url.Values) *gallery {
	words := strings.Fields(strings.ToLower(formText(form, "q")))
	g := &gallery{Search: formText(form, "q")}
	var found []*handler
	all := 0
	for _, name := range d.names {
		h := d.services[strings.ToLower(name)]
		in, _, inFolder := strings.Cut(name, "/")
		if folder != "" && !(inFolder && strings.EqualFold(in, folder)) {
			continue
		}
		all++
		if len(words) == 0 && folder == "" && inFolder {
			g.addFolder(in, r.services)
			continue
		}
		text := strings.ToLower(name + " " + h.service.Description + " " + h.service.Copyright)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			found = append(found, h)
		}
	}
	first, err := strconv.Atoi(formText(form, "from"))
	if err != nil || first < 0 || first >= len(found) {
		first = 0
	}
	shown := found[first:min(first+galleryPage, len(found))]
	if len(words) > 0 {
		g.Of = fmt.Sprintf("%d of %d services", len(found), all)
	}
	if len(shown) < len(found) {
		g.Of = strings.TrimPrefix(fmt.Sprintf("%s, %d to %d are here", g.Of, first+1, first+len(shown)), ", ")
	}
	at := func(from int) string {
		v := url.Values{"from": {fmt.Sprint(from)}}
		if g.Search != "" {
			v.Set("q", g.Search)
		}
		return "?" + v.Encode()
	}
	if first > 0 {
		g.Earlier = at(max(0, first-galleryPage))
	}
	if first+galleryPage < len(found) {
		g.Later = at(first + galleryPage)
	}
	g.Cards = d.cards(r.request.Context(), shown, r.services)
	g.World = worldOf(g.Cards)
	return g
}

func (g *gallery) addFolder(name, services string) {
	to := link{name, services + url.PathEscape(name) + "/"}
	if !slices.Contains(g.Folders, to) {
		g.Folders = append(g.Folders, to)
	}
}

// cards describes services, those that can be described soon.
func (d *directory) cards(ctx context.Context, handlers []*handler, services string) []card {
	ctx, cancel := context.WithTimeout(ctx, galleryTime)
	defer cancel()
	out := make([]card, len(handlers))
	var group guard.Group
	group.SetLimit(galleryReaders)
	for i, h := range handlers {
		s := h.service
		folder, name, inFolder := strings.Cut(s.Name, "/")
		at := services + url.PathEscape(folder)
		if inFolder {
			at += "/" + url.PathEscape(name)
		}
		at += "/ImageServer/"
		out[i] = card{Name: s.Name, URL: at, Description: s.Description, Credits: s.Copyright}
		if d.settings.serves(Resources) {
			out[i].Thumbnail = at + "info/thumbnail"
		}
		group.Go("describing a service", func() error {
			out[i].describe(ctx, s)
			return nil
		})
	}
	_ = group.Wait() // Describe lets no panic pass
	return out
}

// describe adds what a service's rasters are.
func (c *card) describe(ctx context.Context, s *exportimage.Service) {
	d, err := s.Describe(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		c.Facts = "not described yet"
		return
	case err != nil:
		message, details := describe(exportimage.AsError(err))
		c.Fault, c.Thumbnail = strings.Join(append([]string{message}, details...), " "), ""
		return
	}
	c.Facts = fmt.Sprintf("%s, %s of %s, %s", count(d.Rasters, "raster"), count(len(d.Bands), "band"), d.PixelType, srName(d.CRS))
	c.box, c.known = inDegrees(s, &d)
	c.known = c.known && !c.box.Empty() && c.box.Finite()
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// worldOf draws the extents of services, on as much of the world as they need.
func worldOf(cards []card) *worldMap {
	var all srs.Envelope
	var known []*card
	for i := range cards {
		if c := &cards[i]; c.known {
			if len(known) == 0 {
				all = c.box
			}
			all = all.Union(c.box)
			known = append(known, c)
		}
	}
	if len(known) == 0 {
		return nil
	}
	view := viewOf(all)
	m := &worldMap{
		ViewBox: strings.Join([]string{round(view.XMin), round(-view.YMax), round(view.Width()), round(view.Height())}, " "),
		Width:   "720", Height: round(720 * view.Height() / view.Width()), Coast: template.HTMLAttr(`d="` + coastPath() + `"`),
	}
	// Smaller ones lie above larger ones, so that each can be pointed at.
	slices.SortStableFunc(known, func(a, b *card) int { return cmp.Compare(area(b.box), area(a.box)) })
	for _, c := range known {
		x, y := c.box.Center()
		m.Extents = append(m.Extents, worldExtent{
			Name: c.Name, URL: c.URL, X: round(c.box.XMin), Y: round(-c.box.YMax), Width: round(c.box.Width()), Height: round(c.box.Height()),
			Everywhere: c.box.Contains(view),
			Mark:       max(c.box.Width(), c.box.Height()) < view.Width()/40,
			MarkX:      round(x), MarkY: round(-y), MarkR: round(view.Width() / 90),
		})
	}
	return m
}

func area(e srs.Envelope) float64 { return float64(e.Width() * e.Height()) }

// viewOf returns the part of the world around a box, twice as wide as it is high.
func viewOf(e srs.Envelope) srs.Envelope {
	const least = 40 // degrees, so that coastlines of 1:110m show where it is
	width := min(max(1.5*e.Width(), 3*e.Height(), least), 360)
	x, y := e.Center()
	half, quarter := float64(width/2), float64(width/4)
	x = math.Min(math.Max(x, -180+half), 180-half)
	y = math.Min(math.Max(y, -90+quarter), 90-quarter)
	return srs.Envelope{XMin: x - half, YMin: y - quarter, XMax: x + half, YMax: y + quarter}
}

// round writes degrees to a hundredth.
func round(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64) }

// coastPath returns the coastlines as a path of an SVG, in degrees.
var coastPath = sync.OnceValue(func() string {
	var b strings.Builder
	for _, line := range coastlines() {
		for i, p := range line {
			if i == 0 || math.Abs(p[0]-line[i-1][0]) > 180 { // across the antimeridian
				b.WriteByte('M')
			} else {
				b.WriteByte('L')
			}
			b.WriteString(strconv.FormatFloat(math.Round(p[0]*10)/10+0, 'f', -1, 64))
			b.WriteByte(' ')
			b.WriteString(strconv.FormatFloat(math.Round(-p[1]*10)/10+0, 'f', -1, 64))
		}
	}
	return b.String()
})
