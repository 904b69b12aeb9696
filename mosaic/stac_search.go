package mosaic

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/geoexport/geoexport/raster/source"
)

// STACSearchOptions are options of SearchSTAC. Open and Read are needed; the zero value of all else works.
type STACSearchOptions struct {
	// STACOptions are those of STAC. Documents and MaxBytes bound each search; Documents is 100 by default.
	STACOptions

	// Collections are those whose items are shown. Nil is that of the location if it is a collection's, and otherwise all.
	Collections []string
	// Datetime is an instant or an interval as the API takes it, such as "2024-01-01T00:00:00Z/..". Empty is all of time.
	Datetime string
	// Page is the number of items that one request asks for, at least SummaryItems; 0 is 250. What a service says of
	// fields, such as their lengths, is of the items on the first page.
	Page int
	// Refresh is how long what was found may be out of date; 0 is 30 s.
	Refresh time.Duration
}

// A STACSearch is a live catalogue of what the search of a STAC API finds. It holds no items but those of recent
// searches, and asks the API for those of each other box, so that scenes that are added, changed and withdrawn there show
// within STACSearchOptions.Refresh. It is made by SearchSTAC, and safe for concurrent use.
//
// IDs are made of the names of collection and item, and so are equal in all processes and stay as they are. Items have an
// attribute "collection". An API has no versions: what was added between two searches may show in one of two pictures
// that a process makes of different boxes in the time of Refresh, and not in the other.
type STACSearch struct {
	o           STACSearchOptions
	search      string   // the URL of the search
	collections []string // the URLs of the collections, or that of the list of all

	mu       sync.Mutex
	now      func() time.Time
	asked    time.Time // for state
	state    *stacState
	versions int
	recent   map[string]*stacAnswer
	kept     int              // items in recent
	known    map[int64]string // names of items
}

// A stacState is what is known of all items.
type stacState struct {
	summary Summary
	sum     [sha256.Size]byte // of what it was made of
	fields  map[string]bool   // in lower case
	open    [2]bool           // whether a collection has no first or no last moment
	version string
}

// A stacAnswer is what a search found.
type stacAnswer struct {
	items []*Item
	at    time.Time
}

const (
	mostSTACPages  = 100
	stacPage       = 250
	stacRefresh    = 30 * time.Second
	mostSTACKept   = 100_000 // items of recent searches
	mostSTACKnown  = 1_000_000
	stacIDBits     = 50 // so that Layers of eight catalogues have room for them
	methodOfLinks  = "GET"
	stacCollection = "collection" // the attribute
)

var (
	_ Versioned  = (*STACSearch)(nil)
	_ Summarizer = (*STACSearch)(nil)
	_ Lookup     = (*STACSearch)(nil)
	_ Schema     = (*STACSearch)(nil)
)

// ErrNoSearch is the error of SearchSTAC for a document that leads to no search.
var ErrNoSearch = errors.New("it leads to no search of a STAC API")

var errNoPage = errors.New("a search answered with something else than items")

// SearchSTAC returns the catalogue of the STAC API whose landing page is at a URL, or of one collection of an API, which
// names the landing page by a link "root".
func SearchSTAC(ctx context.Context, location string, o *STACSearchOptions) (*STACSearch, error) {
	if o == nil || o.Read == nil || o.Open == nil {
		return nil, errors.New("mosaic: STACSearchOptions.Read or Open is missing")
	}
	s := &STACSearch{o: *o, now: time.Now}
	s.o.Documents = cmp.Or(s.o.Documents, mostSTACPages)
	if s.o.Page <= 0 {
		s.o.Page = stacPage
	}
	s.o.Page = max(s.o.Page, SummaryItems)
	s.o.Refresh = cmp.Or(s.o.Refresh, stacRefresh)
	if err := s.find(ctx, location); err != nil {
		return nil, fmt.Errorf("mosaic: %s: %w", source.Redacted(location), err)
	}
	return s, nil
}

// A stacHead is what the search and the summary need of a document.
type stacHead struct {
	Type, ID string
	Links    []stacLink
	Extent   struct {
		Spatial  struct{ BBox [][]float64 }
		Temporal struct{ Interval [][]*string }
	}
	Summaries     map[string]json.RawMessage
	Collections   []stacHead
	NumberMatched *int
	Context       struct{ Matched *int }
}

// walk returns a walk of its own limits.
func (s *STACSearch) walk() (*stacWalk, error) {
	f, err := newFeatureReader(&s.o.FeatureOptions)
	if err != nil {
		return nil, err
	}
	return &stacWalk{o: f.o, read: s.o.Read, left: f.o.MaxBytes, seen: map[string]bool{}, most: s.o.Documents}, nil
}

// head reads a document.
func (s *STACSearch) head(ctx context.Context, location string) (h stacHead, data []byte, err error) {
	w, err := s.walk()
	if err != nil {
		return h, nil, err
	}
	if data, err = w.bytes(ctx, location); err != nil {
		return h, nil, err
	}
	if err := json.Unmarshal(data, &h); err != nil {
		return h, nil, fmt.Errorf("it is not the JSON of a STAC document: %w", err)
	}
	return h, data, nil
}

// linkOf returns where the link of a kind leads that is followed with GET, or "".
func (s *STACSearch) linkOf(from string, h *stacHead, rel string) (string, error) {
	var with []stacLink
	for _, l := range h.Links {
		if l.Rel == rel && (l.Method == "" || strings.EqualFold(l.Method, methodOfLinks)) {
			with = append(with, l)
			break
		}
	}
	w, err := s.walk()
	if err != nil {
		return "", err
	}
	to, err := w.links(from, with, []string{rel})
	if err != nil || len(to) == 0 {
		return "", err
	}
	return to[0], nil
}

// find finds the search, and where the collections are described.
func (s *STACSearch) find(ctx context.Context, location string) error {
	h, _, err := s.head(ctx, location)
	if err != nil {
		return err
	}
	if h.Type == "Collection" {
		if len(s.o.Collections) == 0 {
			s.o.Collections = []string{h.ID}
		}
		root, err := s.linkOf(location, &h, "root")
		if err != nil {
			return err
		}
		if root == "" || root == location {
			return ErrNoSearch
		}
		if h, _, err = s.head(ctx, root); err != nil {
			return err
		}
		location = root
	}
	if s.search, err = s.linkOf(location, &h, "search"); err != nil {
		return err
	}
	if s.search == "" {
		return ErrNoSearch
	}
	list, err := s.linkOf(location, &h, "data")
	if err != nil {
		return err
	}
	if list == "" {
		list = strings.TrimSuffix(location, "/") + "/collections"
	}
	if len(s.o.Collections) == 0 {
		s.collections = []string{list}
		return nil
	}
	for _, name := range s.o.Collections {
		at, err := url.JoinPath(list, url.PathEscape(name))
		if err != nil {
			return err
		}
		s.collections = append(s.collections, at)
	}
	return nil
}

// query returns the URL of a search.
func (s *STACSearch) query(with url.Values) string {
	if len(s.o.Collections) > 0 {
		with.Set("collections", strings.Join(s.o.Collections, ","))
	}
	if s.o.Datetime != "" {
		with.Set("datetime", s.o.Datetime)
	}
	with.Set("limit", strconv.Itoa(s.o.Page))
	separator := "?"
	if strings.Contains(s.search, "?") {
		separator = "&" // a key that the landing page has put into its links
	}
	return s.search + separator + with.Encode()
}

// found returns what a search finds, from the API or, within Refresh, from memory.
func (s *STACSearch) found(ctx context.Context, at string) ([]*Item, error) {
	s.mu.Lock()
	a := s.recent[at]
	fresh := a != nil && s.now().Sub(a.at) < s.o.Refresh
	s.mu.Unlock()
	if fresh {
		return a.items, nil
	}
	asked := s.now()
	w, err := s.walk()
	if err != nil {
		return nil, err
	}
	w.seen[at] = true
	first := &stacDocument{location: at}
	for next := []*stacDocument{first}; len(next) > 0; {
		pages := next
		if next, err = w.level(ctx, pages); err != nil {
			return nil, err
		}
		for _, p := range pages {
			if p.own == nil {
				return nil, fmt.Errorf("mosaic: %s: %w", source.Redacted(p.location), errNoPage)
			}
		}
	}
	f, err := newFeatureReader(&s.o.FeatureOptions)
	if err != nil {
		return nil, err
	}
	w.gather(first, f)
	if err := s.identify(f); err != nil {
		return nil, err
	}
	s.keep(at, &stacAnswer{f.items, asked})
	return f.items, nil
}

// keep remembers an answer, and which items there are.
func (s *STACSearch) keep(at string, a *stacAnswer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.recent == nil || s.kept+len(a.items) > mostSTACKept {
		s.recent, s.kept = map[string]*stacAnswer{}, 0
	}
	if old := s.recent[at]; old != nil {
		s.kept -= len(old.items)
	}
	s.recent[at] = a
	s.kept += len(a.items)
	if s.known == nil || len(s.known)+len(a.items) > mostSTACKnown {
		s.known = map[int64]string{}
	}
	for _, it := range a.items {
		s.known[it.ID] = it.Name
	}
}

// identify sets the IDs of items. An item without a name, and two with one ID, are errors.
func (s *STACSearch) identify(f *featureReader) error {
	seen := map[int64]int{}
	for i, it := range f.items {
		if f.ids[i] == "" {
			return fmt.Errorf("mosaic: item %d of a search has no id", i+1)
		}
		if c := f.collections[i]; c != "" {
			it.Attrs[stacCollection] = c
		}
		it.ID = stacID(f.collections[i], f.ids[i])
		if j, ok := seen[it.ID]; ok {
			return &ItemError{ID: it.ID, Name: it.Name, Err: fmt.Errorf("it has the ID of %q", f.items[j].Name)}
		}
		seen[it.ID] = i
	}
	return nil
}

// stacID returns the ID of an item: above 0, and the same everywhere.
func stacID(collection, name string) int64 {
	sum := sha256.Sum256([]byte(collection + "\x00" + name))
	return max(1, int64(binary.BigEndian.Uint64(sum[:])>>(64-stacIDBits)))
}

// Items yields what the API finds in the query's box.
func (s *STACSearch) Items(ctx context.Context, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		boxes, err := stacBoxes(q)
		if err != nil {
			yield(nil, err)
			return
		}
		seen := map[int64]bool{}
		for _, b := range boxes {
			with := url.Values{}
			if b != "" {
				with.Set("bbox", b)
			}
			items, err := s.found(ctx, s.query(with))
			if err != nil {
				yield(nil, err)
				return
			}
			for _, it := range items {
				if seen[it.ID] {
					continue
				}
				seen[it.ID] = true
				if !yield(it, nil) {
					return
				}
			}
		}
	}
}

// Lookup returns the items with the given IDs. It asks for those by name that a search has found before, and looks through
// all items for others.
func (s *STACSearch) Lookup(ctx context.Context, ids []int64) ([]*Item, error) {
	wanted := idSet(ids)
	var names []string
	s.mu.Lock()
	for id := range wanted {
		if name, ok := s.known[id]; ok {
			names = append(names, name)
		}
	}
	s.mu.Unlock()
	unknown := len(wanted) - len(names)
	var out []*Item
	take := func(items iter.Seq2[*Item, error]) error {
		for it, err := range items {
			if err != nil {
				return err
			}
			if wanted[it.ID] {
				delete(wanted, it.ID)
				out = append(out, it)
			}
		}
		return nil
	}
	slices.Sort(names)
	for some := range slices.Chunk(names, 100) { // so that the URL stays short
		items, err := s.found(ctx, s.query(url.Values{"ids": {strings.Join(some, ",")}}))
		if err != nil {
			return nil, err
		}
		if err := take(Slice(items).Items(ctx, Query{})); err != nil {
			return nil, err
		}
	}
	if unknown == 0 {
		return out, nil // what was known and is not found was withdrawn
	}
	return out, take(s.Items(ctx, Query{}))
}
