package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A call is one request and what its answer must be.
type call struct {
	method, path string        // below the directory's root; empty method: GET
	form         string        // body of a POST
	hangUp       time.Duration // after which the client goes away; 0: it stays
	slowly       bool          // the client takes its time to read
	check        func(a *answer) error
}

// An answer is a whole answer. Those of status 503 and 504 are not checked by calls, but for those that name a cell.
type answer struct {
	status          int
	media           string
	body            []byte
	asked, answered time.Time
}

// A kind of requests has a share in all of them.
type kind struct {
	name  string
	share int
	call  func(s *soak, r *rand.Rand) call
}

var kinds = []kind{
	{"known image", 30, knownImage},
	{"random image", 20, randomImage},
	{"live cell", 25, liveCell},
	{"live whole", 5, liveWhole},
	{"stored image", 6, storedImage},
	{"plan", 8, get("exportImage?bbox=%s&size=300,300&f=json", isJSON)},
	{"explain", 2, get("exportImage?bbox=%s&size=64,64&f=pjson&explain=true", isJSON)},
	{"page", 3, get("exportImage?bbox=%s&size=64,64&f=html", isMedia("text/html"))},
	{"form", 1, get("exportImage?f=html&unused=%s", isMedia("text/html"))},
	{"kmz", 3, get("exportImage?bbox=%s&size=200,200&f=kmz", isMedia("application/vnd.google-earth.kmz"))},
	{"description", 4, get("?f=json&unused=%s", isJSON)},
	{"statistics", 2, get("statistics?f=json&unused=%s", isJSON)},
	{"legend", 2, get("legend?f=json&unused=%s", isJSON)},
	{"key properties", 1, get("keyProperties?f=json&unused=%s", isJSON)},
	{"thumbnail", 1, get("info/thumbnail?unused=%s", isMedia("image/"))},
	{"map page", 2, get("map?unused=%s", isMedia("text/html"))},
	{"directory", 1, directoryPage},
	{"large image", 1, largeImage},
	{"mistake", 8, mistake},
	{"hostile", 8, hostile},
	{"client gone", 4, clientGone},
	{"slow client", 2, slowClient},
}

// A fixed service does not change.
type fixedService struct {
	name string
	box  [4]float64 // that holds data, in the service's spatial reference
}

// inside returns a random box of at least a 20th of the whole.
func (f fixedService) inside(r *rand.Rand) string {
	w, h := f.box[2]-f.box[0], f.box[3]-f.box[1]
	side := .05 + .95*r.Float64()
	x, y := f.box[0]+w*(1-side)*r.Float64(), f.box[1]+h*(1-side)*r.Float64()
	return fmt.Sprintf("%.9g,%.9g,%.9g,%.9g", x, y, x+w*side, y+h*side)
}

func (f fixedService) whole() string {
	return fmt.Sprintf("%.9g,%.9g,%.9g,%.9g", f.box[0], f.box[1], f.box[2], f.box[3])
}

func (f fixedService) path(operation string) string { return f.name + "/ImageServer/" + operation }

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// get returns calls of an operation of any fixed service, with a random box in the place of %s.
func get(operation string, check func(a *answer) error) func(*soak, *rand.Rand) call {
	return func(s *soak, r *rand.Rand) call {
		f := pick(r, s.fixed)
		return call{path: f.path(fmt.Sprintf(operation, f.inside(r))), check: check}
	}
}

// knownQueries are those whose answers are compared with the first one, %s being a box.
var knownQueries = []string{
	"format=png&size=256,256&bbox=%s", "format=png8&size=200,100&bbox=%s", "format=png24&size=100,200&bbox=%s",
	"format=png32&size=256,256&imageSR=3857&bbox=%s", "format=jpg&size=256,256&compressionQuality=60&bbox=%s",
	"format=jpgpng&size=256,256&imageSR=32725&bbox=%s", "format=gif&size=128,128&bbox=%s",
	"format=bmp&size=100,100&bbox=%s", "format=tiff&size=300,300&pixelType=F32&bbox=%s",
	"format=tiff&size=256,256&compression=LZ77&interpolation=RSP_CubicConvolution&bbox=%s",
	"format=bip&size=100,100&interpolation=RSP_NearestNeighbor&bbox=%s", "format=bsq&size=100,100&imageSR=102100&bbox=%s",
	"format=png&size=256,256&interpolation=RSP_Majority&bbox=%s", "format=png&size=700,500&imageSR=54030&bbox=%s",
	`format=png&size=200,200&renderingRule={"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5}}&bbox=%s`,
	`format=jpg&size=200,200&renderingRule={"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[0]}}&bbox=%s`,
	`format=png&size=200,200&mosaicRule={"itemRenderingRule":{"rasterFunction":"Convolution","rasterFunctionArguments":{"Type":11}}}&bbox=%s`,
}

// knownPaths are the paths of all known requests.
func (s *soak) knownPaths() (paths []string) {
	for i, f := range s.fixed {
		for j, q := range knownQueries {
			box := f.inside(rand.New(rand.NewPCG(uint64(i), uint64(j))))
			v, _ := url.ParseQuery(fmt.Sprintf(q, box))
			v.Set("f", "image")
			paths = append(paths, f.path("exportImage?"+v.Encode()))
		}
	}
	return paths
}

func knownImage(s *soak, r *rand.Rand) call {
	path := pick(r, s.known)
	return call{path: path, check: func(a *answer) error { return s.sameAsBefore(path, a) }}
}

// sameAsBefore compares an answer with the first one.
func (s *soak) sameAsBefore(path string, a *answer) error {
	if got := digest(a); got != s.hashes[path] {
		return fmt.Errorf("status %d with other bytes than at first", a.status)
	}
	return nil
}

// digest is the hash of an answer, without what differs from one to the next.
func digest(a *answer) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d %s %x", a.status, a.media, sha256.Sum256(a.body)))
}

func randomImage(s *soak, r *rand.Rand) call {
	f := pick(r, s.fixed)
	v := url.Values{"f": {"image"}, "bbox": {f.inside(r)}}
	grow := pick(r, []string{"true", "false"})
	least := 1
	if grow == "true" {
		least = 16 // a box grown to the shape of a line shows more worlds than are drawn
	}
	v.Set("adjustAspectRatio", grow)
	v.Set("size", fmt.Sprintf("%d,%d", least+r.IntN(512), least+r.IntN(512)))
	v.Set("format", pick(r, []string{"png", "png8", "jpg", "jpgpng", "gif", "bmp", "tiff", "bip", "bsq"}))
	v.Set("interpolation", "RSP_"+pick(r, []string{"BilinearInterpolation", "CubicConvolution", "NearestNeighbor", "Majority"}))
	return call{path: f.path("exportImage?" + v.Encode()), check: isImage}
}

// liveSize is the size of images of a cell.
const liveSize = 150

func liveCell(s *soak, r *rand.Rand) call {
	cell := r.IntN(cellsAcross * cellsAcross)
	b := s.world.live.box(cell)
	const side, margin = 200, 20.
	x, y := b.XMin+margin+r.Float64()*(cellSide-side-2*margin), b.YMin+margin+r.Float64()*(cellSide-side-2*margin)
	path := fmt.Sprintf("live/ImageServer/exportImage?f=image&format=bip&size=%d,%d&bbox=%.3f,%.3f,%.3f,%.3f",
		liveSize, liveSize, x, y, x+side, y+side)
	return call{path: path, check: func(a *answer) error {
		if namesACell(a) {
			s.changing.Add(1)
			return nil // the file changed meanwhile, and the error names it
		}
		if a.status != http.StatusOK {
			return fmt.Errorf("status %d: %.200s", a.status, a.body)
		}
		value, err := uniform(a.body, liveSize*liveSize)
		if err != nil {
			return err
		}
		if !s.world.live.history.showed(cell, value, a.asked, a.answered) {
			return fmt.Errorf("cell %d shows a value of %d, which it last had more than %v before, or never",
				cell, value, staleAfter)
		}
		return nil
	}}
}

// namesACell reports whether an answer is an error that names a raster of the folder that changes.
func namesACell(a *answer) bool {
	return (a.status == http.StatusInternalServerError || a.status == http.StatusServiceUnavailable) &&
		bytes.Contains(a.body, []byte("cell_"))
}

func liveWhole(s *soak, r *rand.Rand) call {
	size := 64 + r.IntN(600)
	path := fmt.Sprintf("live/ImageServer/exportImage?f=image&format=png&size=%d,%d&bbox=0,0,2400,2400", size, size)
	return call{path: path, check: func(a *answer) error {
		if namesACell(a) {
			s.changing.Add(1)
			return nil
		}
		return isImage(a)
	}}
}

// storedImage stores an image. The link is followed by the driver, since its answer has to be the image.
func storedImage(s *soak, r *rand.Rand) call {
	path := pick(r, s.images)
	stored := strings.Replace(path, "f=image", "f=json", 1)
	return call{path: "stored/" + stored, check: func(a *answer) error {
		if err := isJSON(a); err != nil {
			return err
		}
		var j struct{ Href string }
		if err := json.Unmarshal(a.body, &j); err != nil {
			return err
		}
		below, ok := strings.CutPrefix(j.Href, s.world.base+root+"/")
		if !ok {
			return fmt.Errorf("a link to %q", j.Href)
		}
		b, err := s.ask(s.context, call{path: below})
		if err != nil || b.status == http.StatusNotFound { // it was dropped since
			return err
		}
		return s.sameAsBefore(path, b)
	}}
}

func directoryPage(*soak, *rand.Rand) call { return call{path: "", check: isMedia("text/html")} }

func largeImage(s *soak, r *rand.Rand) call {
	f := pick(r, s.fixed)
	format := pick(r, []string{"png", "jpg", "bsq", "tiff"})
	path := f.path("exportImage?f=image&size=2000,2000&format=" + format + "&bbox=" + f.whole())
	return call{path: path, check: isImage}
}

var mistakes = []string{
	"exportImage?f=image&bbox=1,2,3", "exportImage?f=image&bbox=a,b,c,d", "exportImage?f=json&size=0,0&bbox=%s",
	"exportImage?f=image&format=webp&bbox=%s", "exportImage?f=image&bandIds=99&bbox=%s", "exportImage?f=gif", "nothing",
	"exportImage?f=image&imageSR=999999&bbox=%s", "exportImage?f=image&interpolation=RSP_None&bbox=%s",
	"exportImage?f=image&mosaicRule={&bbox=%s", `exportImage?f=json&renderingRule={"rasterFunction":"None of it"}&bbox=%s`,
	"exportImage?f=image&compressionQuality=200&format=jpg&bbox=%s", "output/0123456789abcdef0123456789abcdef.png",
}

func mistake(s *soak, r *rand.Rand) call {
	f := pick(r, s.fixed)
	m := pick(r, mistakes)
	if strings.Contains(m, "%s") {
		m = fmt.Sprintf(m, f.inside(r))
	}
	path, query, _ := strings.Cut(m, "?")
	return call{path: f.path(path + "?" + escape(query)), check: refused}
}

// escape makes a query valid where it is not, as clients do.
func escape(query string) string {
	return strings.NewReplacer(" ", "%20", `"`, "%22", "{", "%7B", "}", "%7D").Replace(query)
}

// hostile requests want to cost much or to get what they must not.
func hostile(s *soak, r *rand.Rand) call {
	f := pick(r, s.fixed)
	deep := strings.Repeat(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"Raster":`, 3000)
	c := pick(r, []call{
		{path: f.path("exportImage?f=image&size=15000,15000&bbox=" + f.whole())},
		{path: f.path("exportImage?f=image&size=99999999,99999999&bbox=" + f.whole())},
		{path: f.path("exportImage?f=image&bbox=-1e308,-1e308,1e308,1e308")},
		{path: f.path("exportImage?f=image&bbox=NaN,NaN,NaN,NaN")},
		{path: f.path("exportImage?f=image&size=4096,4096&format=bip&pixelType=F64&bandIds=" + strings.Repeat("0,", 60) +
			"0&bbox=" + f.whole())},
		{path: f.path("output/..%2f..%2f..%2fetc%2fpasswd")},
		{path: f.path("exportImage?f=json&callback=alert(1)")},
		{path: f.path("exportImage?f=image&bbox=" + strings.Repeat("1", 300<<10))},
		{method: http.MethodPost, path: f.path("exportImage"), form: "f=image&renderingRule=" + url.QueryEscape(deep)},
		{method: http.MethodPost, path: f.path("exportImage"), form: "f=json&mosaicRule=" + strings.Repeat("[", 500_000)},
		{method: http.MethodPost, path: f.path("exportImage"), form: "f=json&x=" + strings.Repeat("y", 2<<20)},
		{method: http.MethodDelete, path: f.path("exportImage")},
		{method: "BREW", path: f.path("")},
	})
	c.check = refused
	return c
}

// clientGone goes away before the answer can be whole.
func clientGone(s *soak, r *rand.Rand) call {
	f := pick(r, s.fixed)
	path := f.path(fmt.Sprintf("exportImage?f=image&size=1200,1200&imageSR=54030&noData=-%d&bbox=%s",
		r.IntN(1e6), f.inside(r)))
	return call{path: path, hangUp: time.Duration(1+r.IntN(40)) * time.Millisecond, check: isImage}
}

func slowClient(s *soak, r *rand.Rand) call {
	f := pick(r, s.fixed)
	path := f.path("exportImage?f=image&size=600,600&format=bmp&bbox=" + f.inside(r))
	return call{path: path, slowly: true, check: isImage}
}

func isImage(a *answer) error {
	if a.status != http.StatusOK || len(a.body) == 0 || strings.Contains(a.media, "json") {
		return fmt.Errorf("status %d, %s of %d bytes: %.200s", a.status, a.media, len(a.body), a.body)
	}
	return nil
}

func isJSON(a *answer) error {
	failed := bytes.Contains(a.body[:min(len(a.body), 20)], []byte(`"error"`))
	if a.status != http.StatusOK || !json.Valid(a.body) || failed {
		return fmt.Errorf("status %d: %.200s", a.status, a.body)
	}
	return nil
}

func isMedia(media string) func(a *answer) error {
	return func(a *answer) error {
		if a.status != http.StatusOK || !strings.HasPrefix(a.media, media) {
			return fmt.Errorf("status %d, %s: %.200s", a.status, a.media, a.body)
		}
		return nil
	}
}

// refused answers are errors that blame the request, and never pictures.
func refused(a *answer) error {
	if a.status < 400 || a.status >= 500 && a.status != http.StatusNotImplemented || strings.HasPrefix(a.media, "image/") {
		return fmt.Errorf("status %d, %s: %.200s", a.status, a.media, a.body)
	}
	return nil
}
