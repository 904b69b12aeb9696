package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Bands that are named in several ways are written so that the same ones count.
func TestBandsNamedTwiceAreWritten(t *testing.T) {
	for _, f := range []*ExtractBand{
		{IDs: []int{1}, Names: []string{"Red"}}, {IDs: []int{1}, Wavelengths: []float64{600}}, {Names: []string{"Red"}, Wavelengths: []float64{600}},
		{IDs: []int{2}}, {Names: []string{"Blue"}}, {Wavelengths: []float64{450}},
	} {
		text, err := Marshal(f)
		require.NoError(t, err)
		again, err := Parse(string(text))
		require.NoError(t, err, "%s", text)
		in := Samples{Bands: make([]Band, 3)}
		for i, name := range []string{"Red", "Green", "Blue"} {
			in.Bands[i].Name = name
		}
		want, wantErr := f.Pick(in, 3)
		got, gotErr := again.(*ExtractBand).Pick(in, 3)
		assert.Equal(t, want, got, "%s", text)
		assert.Equal(t, wantErr, gotErr)
	}
}
