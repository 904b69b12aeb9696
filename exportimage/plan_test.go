package exportimage_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// The plan as text states what is read of which raster, by which kernel, and into which part of the image: 512 m in 100
// pixels are drawn of the level of 4 m, and a box across the antimeridian shows the raster twice.
func TestPlanAsText(t *testing.T) {
	ramps, _ := service(ramp(t), ramp(t))
	worlds, _ := service(world(t))
	for _, c := range []struct {
		service     *exportimage.Service
		query, want string
	}{
		{ramps, "bbox=0,0,512,512&size=100,100&format=tiff", `
			(100,100) pixels (0,-100)-(100,0) of 0,0,512,512 in EPSG:3857: bands [0] of F32, merged by First, as tiff
			1 "raster 1": level 2, (128,128) pixels, by Bilinear into (0,-100)-(100,0)
			2 "raster 2": level 2, (128,128) pixels, by Bilinear into (0,-100)-(100,0)`},
		{ramps, "bbox=-9,-9,9,9&size=36,36&imageSR=32631&interpolation=RSP_Majority&format=tiff", `
			(36,36) pixels (331699,-18)-(331735,18) of 166012.4343,-9.008829719,166030.4519,9.008829719 in EPSG:32631: bands [0] of F32, merged by First, as tiff
			1 "raster 1": level 0, (512,512) pixels, by Majority into (331716,-18)-(331735,1)
			2 "raster 2": level 0, (512,512) pixels, by Majority into (331716,-18)-(331735,1)`},
		{worlds, "bbox=170,-10,190,10&size=40,40", `
			(40,40) pixels (340,-20)-(380,20) of 170,-10,190,10 in EPSG:4326: bands [0] of U8, merged by First, as png
			1 "raster 1": level 0, (360,180) pixels, by Bilinear into (340,-20)-(361,20)
			1 "raster 1": level 0, (360,180) pixels, by Bilinear into (359,-20)-(380,20)`},
		{worlds, `bbox=1e6,1e6,2e6,2e6&bboxSR=3857&imageSR=3857&mosaicRule={"mosaicOperation":"MT_MAX"}&interpolation=RSP_NearestNeighbor`, `
			(400,400) pixels (400,-800)-(800,-400) of 1000000,1000000,2000000,2000000 in EPSG:3857: bands [0] of U8, merged by Max, as png
			1 "raster 1": level 0, (360,180) pixels, by Nearest into (400,-800)-(800,-400)`},
	} {
		req := parse(t, c.query)
		req.Explain = true
		res, err := c.service.Plan(t.Context(), req)
		require.NoError(t, err)
		var lines []string
		for line := range strings.Lines(c.want) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
		assert.Equal(t, strings.Join(lines, "\n"), strings.TrimSpace(res.Trace.Plan), c.query)
	}
}

// What the rule left out is in the trace if it is asked for, and what it chose and does not show as well.
func TestLeftOut(t *testing.T) {
	s, _ := service(world(t), world(t), rastertest.FromFunc(flat(t, 4, 4), 1, func(int, int, int) uint8 { return 1 }))
	items := s.Catalog.(mosaic.Slice)
	items[2].Footprint = items[0].Footprint // which states more than is true
	req := parse(t, `bbox=100,10,120,20&bboxSR=4326&size=8,4&mosaicRule={"fids":[1,3]}`)
	res, err := s.Plan(t.Context(), req)
	require.NoError(t, err)
	assert.Zero(t, res.Trace.Offered)
	assert.Empty(t, res.Trace.LeftOut)
	assert.Empty(t, res.Trace.Plan)
	req.Explain = true
	res, err = s.Plan(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, 3, res.Trace.Offered)
	assert.Equal(t, []exportimage.LeftOut{{2, "raster 2", mosaic.NotInIDs}, {3, "raster 3", mosaic.Chosen}}, res.Trace.LeftOut)
	require.Len(t, res.Trace.Rasters, 1)
}
