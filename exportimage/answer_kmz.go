package exportimage

import (
	"bytes"
	"math"
	"net/url"

	"github.com/geoexport/geoexport/kmz"
	"github.com/geoexport/geoexport/srs"
)

// kmz answers with a ground overlay. KML stretches pictures linearly over degrees, so the picture is drawn in degrees,
// whatever imageSR says, and no further than the poles and once around.
func (a *answer) kmz(req Request, form url.Values) {
	res, err := a.overlay(req, form)
	if err != nil {
		a.error(err)
		return
	}
	var buf bytes.Buffer
	err = kmz.Write(&buf, kmz.Overlay{
		Name: a.service.title(),
		West: res.Envelope.XMin, South: res.Envelope.YMin, East: res.Envelope.XMax, North: res.Envelope.YMax,
		Image: res.Data, Ext: a.service.formats()[res.Format].Ext,
	})
	if err != nil {
		a.error(err)
		return
	}
	a.w.Header().Set("Content-Disposition", `attachment; filename="image.kmz"`)
	a.picture(kmz.MediaType, buf.Bytes())
}

// overlay is the picture of a ground overlay. A box that reaches beyond a pole, perhaps only because it was grown to
// square pixels, or around more than the whole world, is cut, and drawn with the pixels that then fit.
func (a *answer) overlay(req Request, form url.Values) (Result, error) {
	var err error
	if req.ImageSR, err = srs.FromWKID(4326); err != nil {
		return Result{}, err
	}
	if req.Format == "" {
		req.Format = a.service.pictureFormat() // the service's own default may be no picture to viewers
	}
	whole, err := a.service.Plan(a.r.Context(), req)
	if err != nil {
		return Result{}, err
	}
	e := whole.Envelope
	e.YMin, e.YMax = math.Max(e.YMin, -90), math.Min(e.YMax, 90)
	if e.Width() > 360 {
		x, _ := e.Center()
		e.XMin, e.XMax = x-180, x+180
	}
	if e.Empty() {
		return Result{}, invalid("bbox", "the box lies beyond the poles")
	}
	if e != whole.Envelope {
		req.BBox, req.BBoxSR, req.Aspect = e, req.ImageSR, ExactBox
	}
	return a.draw(req, form)
}
