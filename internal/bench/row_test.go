package main

import (
	"math"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProduct(t *testing.T) {
	assert.Equal(t, "deflate/utm-3857/bilinear/400/png/cold/2/file", product(0)[0].String())
	// 6 + 3·4 + 3·1 levels beside the usual ones; of pairs, all but those of one factor.
	assert.Len(t, product(1), 1+21)
	assert.Len(t, product(2), 1+21+(21*21-(36+4*9+3))/2)
	assert.Len(t, product(len(factors)), 7*4*4*4*4*2*2*2)
	seen := map[Row]bool{}
	for i, r := range product(2) {
		assert.False(t, seen[r], r)
		assert.LessOrEqual(t, r.apart(), 2)
		seen[r] = true
		if i > 0 {
			assert.GreaterOrEqual(t, r.apart(), product(2)[i-1].apart(), "those that differ least come first")
		}
	}
}

func TestChooseRows(t *testing.T) {
	all := regexp.MustCompile("")
	full, short := chooseRows(false, 2, all), chooseRows(true, 2, all)
	assert.Len(t, full, len(product(2))+len(special))
	assert.Subset(t, full, short)
	assert.Less(t, len(short), 40)
	for _, r := range short {
		assert.LessOrEqual(t, r.side(), 1024)
	}
	for _, r := range chooseRows(false, 2, regexp.MustCompile("^lerc/.*/jpg/")) {
		assert.Equal(t, "lerc", r.raster())
		assert.Equal(t, "jpg", r.format())
	}
	assert.NotEmpty(t, chooseHTTP(true, all))
	assert.Len(t, chooseHTTP(false, all), 2*3*2*3)
	assert.Len(t, chooseFloors(false, all), 7*3*2)
	assert.Empty(t, chooseFloors(false, regexp.MustCompile("^deflate")))
}

// Every row has a raster, and a spatial reference of its pictures; its boxes lie inside the raster.
func TestBoxes(t *testing.T) {
	for _, r := range chooseRows(false, 1, regexp.MustCompile("")) {
		of := rasterOf(r).place
		code := pictureCode(r)
		b, err := newBoxes(of, code, r.side())
		require.NoError(t, err, r)
		again, err := newBoxes(of, code, r.side())
		require.NoError(t, err)
		back := b.forward.Inverse()
		for range 20 {
			box := b.next()
			assert.Equal(t, box, again.next(), "boxes are the same in every run")
			xs := []float64{box[0], box[2], box[0], box[2]}
			ys := []float64{box[1], box[1], box[3], box[3]}
			assert.InEpsilon(t, xs[1]-xs[0], ys[2]-ys[0], 1e-6)
			require.Zero(t, back.Transform(xs, ys))
			for i := range xs {
				column, row := (xs[i]-of.x)/of.pixel, (of.y-ys[i])/of.pixel
				inside := column > 0 && column < float64(of.width) && row > 0 && row < float64(of.height)
				assert.True(t, inside, "%v: %v, %v", r, column, row)
			}
			// A pixel of the picture is one and a half of the raster's along its rows.
			assert.InDelta(t, zoom, math.Hypot(xs[1]-xs[0], ys[1]-ys[0])/of.pixel/float64(r.side()), .05, "%v", r)
		}
	}
	_, err := newBoxes(place{32633, 0, 0, 1, 100, 100}, 3857, 400)
	require.ErrorContains(t, err, "too small")
}
