package spool_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/faultdisk"
	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// Whatever the disk does, a spool gives back what was written to it, or an *Error that says what failed and keeps the
// cause from strangers. It leaves no file open or behind, and is ready for the next bytes.
func TestFaultyDisk(t *testing.T) {
	disk := &faultdisk.Disk{Dir: t.TempDir(), Faults: &rastertest.Faults{Seed: 1, Rate: .2}}
	verbs := map[string]int{}
	fine := 0
	s := &spool.Spool{Memory: 10, Make: disk.TempFile}
	for round := range 3000 {
		want := bytes.Repeat([]byte{byte(round), byte(round >> 8), 3}, 1+round%400)
		err := useSpool(s, want)
		_ = s.Close() // whose error loses nothing
		require.Zero(t, disk.Open())
		if err == nil {
			fine++
			continue
		}
		failed, ok := errors.AsType[*spool.Error](err)
		require.True(t, ok, "%v", err)
		require.Contains(t, err.Error(), failed.Public())
		require.NotContains(t, failed.Public(), "secret")
		require.Error(t, failed.Unwrap())
		verbs[failed.Verb]++
	}
	disk.Faults.Pause(true)
	require.NoError(t, useSpool(s, []byte("it is ready again after all of that")))
	require.NoError(t, s.Close())
	for _, verb := range []string{"make", "write", "read"} {
		assert.Greater(t, verbs[verb], 100, verb)
	}
	assert.Greater(t, fine, 300)
	t.Logf("%d right, failures %v of %v", fine, verbs, disk.Faults)
}

var errDiffers = errors.New("other bytes than were written")

// useSpool writes bytes in pieces and reads them in two ways.
func useSpool(s *spool.Spool, want []byte) error {
	for at := 0; at < len(want); at += 100 {
		if _, err := s.Write(want[at:min(at+100, len(want))]); err != nil {
			return err
		}
	}
	var got bytes.Buffer
	if err := s.CopyTo(&got, 0, s.Len()); err != nil {
		return err
	}
	part := make([]byte, len(want)/2)
	if _, err := s.ReadAt(part, int64(len(want)/4)); err != nil {
		return err
	}
	if !bytes.Equal(want, got.Bytes()) || !bytes.Equal(part, want[len(want)/4:][:len(part)]) {
		return errDiffers
	}
	return nil
}

func TestMakeThatMakesNothing(t *testing.T) {
	s := &spool.Spool{Memory: 1, Make: func() (spool.File, error) { return nil, nil }}
	_, err := s.Write([]byte("ab"))
	assert.ErrorContains(t, err, "temporary file: cannot make it")
	assert.NoError(t, s.Close())
}
