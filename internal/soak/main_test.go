package main

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A short soak passes and prints its table. The long ones are for .ci/run and for people.
func TestSoak(t *testing.T) {
	if underRace {
		t.Skip("the race detector's own memory would be measured; the step \"soak\" of .ci/run runs longer")
	}
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	t.Setenv("TMPDIR", t.TempDir()) // which run changes
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, []string{"-for", "3s", "-seed", "1"}), "%s", &out)
	assert.Contains(t, out.String(), "known image")
	assert.Contains(t, out.String(), "open files")
	assert.NotContains(t, out.String(), "VIOLATED")
}

func TestRunRefuses(t *testing.T) {
	var out bytes.Buffer
	assert.Error(t, run(context.Background(), &out, []string{"-for", "-1s"}))
	assert.Error(t, run(context.Background(), &out, []string{"-rate", "x"}))
}

// What is watched is noticed.
func TestViolations(t *testing.T) {
	fresh := func() *soak {
		s := &soak{temp: t.TempDir(), counts: make([]counted, len(kinds))}
		for i := range 100 {
			s.samples = append(s.samples, gauge{at: time.Duration(i) * time.Second, rss: 200 << 20})
		}
		return s
	}
	require.Empty(t, fresh().violations())
	steady := make([]time.Duration, enough)
	for what, spoil := range map[string]func(s *soak){
		"memory grew": func(s *soak) {
			for i := range s.samples {
				s.samples[i].rss += int64(i) << 20
			}
		},
		"on the heap": func(s *soak) { s.after.heap = heapLeft + 1 },
		"files":       func(s *soak) { s.after.descriptors = filesLeft + 1 },
		"goroutines":  func(s *soak) { s.after.goroutines = threadsLeft + 1 },
		"temporary":   func(s *soak) { s.temp += "/none" },
		"percentile": func(s *soak) {
			s.counts[0] = counted{first: steady, second: append([]time.Duration{time.Minute}, steady...)}
		},
		"an answer": func(s *soak) { s.fault("an answer is wrong") },
	} {
		s := fresh()
		spoil(s)
		require.Len(t, s.violations(), 1, what)
		assert.Contains(t, s.violations()[0], what)
	}
}

func TestUniform(t *testing.T) {
	good := func(v byte, valid byte) []byte { return append(bytes.Repeat([]byte{v}, 20), valid, valid, valid) }
	v, err := uniform(good(7, 0xff), 20)
	require.NoError(t, err)
	assert.EqualValues(t, 7, v)
	v, err = uniform(good(0, 0), 20)
	require.NoError(t, err)
	assert.Zero(t, v)
	for _, bad := range [][]byte{good(7, 0), good(0, 0xff), good(7, 0xff)[1:], append([]byte{8}, good(7, 0xff)[1:]...)} {
		_, err := uniform(bad, 20)
		assert.Error(t, err)
	}
}

// Values are of their time, and a while longer.
func TestHistory(t *testing.T) {
	var h history
	start := time.Now()
	h.begin(3, 5)
	h.begin(3, 6)
	h.end(3)
	now := time.Now()
	assert.True(t, h.showed(3, 5, now, now.Add(time.Second)))
	assert.True(t, h.showed(3, 6, now, now.Add(time.Second)))
	assert.False(t, h.showed(3, 7, now, now.Add(time.Second)))
	assert.False(t, h.showed(3, 6, start.Add(-2*time.Second), start.Add(-time.Second)))
	late := now.Add(staleAfter + time.Second)
	assert.False(t, h.showed(3, 5, late, late))
	assert.True(t, h.showed(3, 6, late, late))
}
