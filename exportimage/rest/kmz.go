package rest

import (
	"crypto/sha256"
	"hash"
	"io"
	"math"
	"net/url"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/kmz"
	"github.com/geoexport/geoexport/srs"
)

// kmlImage is the operation with f=kmz, under a name of its own.
func (r *responder) kmlImage(form url.Values) error {
	r.f = "kmz"
	return r.exportImage(form)
}

// kmz answers with a ground overlay. KML stretches images linearly over degrees, so the image is drawn in degrees,
// whatever imageSR states, and no further than the poles and once around.
func (r *responder) kmz(req exportimage.Request, form url.Values) error {
	a, err := r.overlay(req, form)
	if err != nil {
		return err
	}
	data, err := a.Bytes(r.request.Context())
	if err != nil {
		return err
	}
	e := onEarth(a.Envelope)
	write := func(w io.Writer) error {
		return kmz.Write(w, kmz.Overlay{
			Name: title(r.service),
			West: e.XMin, South: e.YMin, East: e.XMax, North: e.YMax,
			Image: data, Ext: r.service.Settings().Formats[a.Format].Ext,
		})
	}
	// The size and the sum come first. Writing twice takes less than holding the file, too.
	var sum summer
	sum.Hash = sha256.New()
	if err := write(&sum); err != nil {
		return err
	}
	r.w.Header().Set("Content-Disposition", `attachment; filename="image.kmz"`)
	r.sendTagged(kmz.MediaType, [sha256.Size]byte(sum.Sum(nil)), sum.size, write)
	return nil
}

// A summer counts and sums bytes.
type summer struct {
	hash.Hash
	size int64
}

func (s *summer) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	return s.Hash.Write(p)
}

// onEarth returns the box of an image that was cut at the poles and to one turn, without what rounding adds to it: the
// last bit of a side that is computed from the other one and the size of pixels.
func onEarth(e srs.Envelope) srs.Envelope {
	e.YMin, e.YMax = math.Max(e.YMin, -90), math.Min(e.YMax, 90)
	for e.XMax-e.XMin > 360 {
		e.XMax = math.Nextafter(math.Min(e.XMax, e.XMin+360), e.XMin)
	}
	return e
}

// overlay draws the image of a ground overlay. A box that reaches beyond a pole, perhaps only because it was grown to
// square pixels, or around more than the whole world, is cut, and drawn with the pixels that then fit.
func (r *responder) overlay(req exportimage.Request, form url.Values) (*exportimage.Spooled, error) {
	var err error
	if req.ImageSR, err = srs.FromWKID(4326); err != nil {
		return nil, err
	}
	if req.Format == "" {
		req.Format = imageFormat(r.service) // viewers may not know the service's default
	}
	whole, err := r.service.Plan(r.request.Context(), req)
	if err != nil {
		return nil, err
	}
	e := whole.Envelope
	e.YMin, e.YMax = math.Max(e.YMin, -90), math.Min(e.YMax, 90)
	if e.Width() > 360 {
		x, _ := e.Center()
		e.XMin, e.XMax = x-180, x+180
	}
	if e.Empty() {
		return nil, invalid("bbox", "the box lies beyond the poles")
	}
	if e != whole.Envelope {
		req.BBox, req.BBoxSR, req.Aspect = e, req.ImageSR, exportimage.ExactBox
	}
	return r.export(req, form)
}
