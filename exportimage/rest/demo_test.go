package rest_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// The two examples of the operation's documentation, over HTTP, on real data.
func TestDocumentedExamplesOnRealData(t *testing.T) {
	s, _ := demo(t, "world.tif")
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	first := get(h, "/exportImage?bbox=-117,34,-116,35&bboxSR=4326&f=image")
	second := get(h, "/exportImage?bbox=-117,34,-116,35&bboxSR=4326&imageSR=102113&f=image")
	for _, w := range []*bytes.Buffer{first.Body, second.Body} {
		assert.True(t, bytes.HasPrefix(w.Bytes(), []byte("\x89PNG")))
		assert.Greater(t, w.Len(), 10000, "a picture of something")
	}
	assert.Contains(t, get(h, "/exportImage?bbox=-117,34,-116,35&bboxSR=4326&f=json").Body.String(),
		`"extent":{"xmin":-117,"ymin":34,"xmax":-116,"ymax":35,"spatialReference":{"wkid":4326,"latestWkid":4326}}`)
}
