//go:build linux

package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/catalog/postgres"
	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
)

// TestMain lets the test's program be the processes that run starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == bucketVerb || os.Args[1] == replicaVerb) {
		main()
		return
	}
	commandtest.Main(m, main)
}

// TestReplicas runs all that the program shows, for a short time each.
func TestReplicas(t *testing.T) {
	var out strings.Builder
	err := run(t.Context(), []string{"-for", "3s", "-degrees", "30", "-clients", "4", "-replicas", "2"}, &out, io.Discard)
	if errors.Is(err, postgres.ErrNotInstalled) || errors.Is(err, errNoProxy) {
		t.Skip("skipped: ", err, "; check.sh installs what is missing")
	}
	require.NoError(t, err, out.String())
	t.Log(out.String())
	for _, text := range []string{"equal bytes: 40", "links: 2", "| 2 and a cache |", ": 0 wrong"} {
		assert.Contains(t, out.String(), text)
	}
}

// An answer is right if an edition had it that was current while it was made, and no other.
func TestHistory(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	old, now := sum{1}, sum{2}
	h := &history{killed: at(50), gone: at(51), back: at(60), editions: []edition{
		{to: at(11), want: map[string]sum{"p": old}},
		{from: at(10), to: at(20), want: map[string]sum{"p": now}},
		{from: at(19), to: at(30), want: map[string]sum{"p": old}},
		{from: at(29), want: map[string]sum{"p": now}},
	}}
	for _, row := range []struct {
		name        string
		began, done int
		sum         sum
		code        int
		wrong       bool
	}{
		{"of the first", 1, 2, old, 200, false},
		{"of the first, too early", 1, 2, now, 200, true},
		{"of the first, begun before the change", 9, 14, old, 200, false},
		{"of the first, begun after the change", 12, 14, old, 200, true},
		{"of the second, asked before it", 8, 10, now, 200, false},
		{"of the third", 25, 26, old, 200, false},
		{"of neither", 25, 26, sum{3}, 200, true},
		{"of the last", 100, 101, now, 200, false},
		{"of the last but one, too late", 100, 101, old, 200, true},
		{"failed", 25, 26, sum{}, 503, true},
		{"on its way when the replica was killed", 49, 52, sum{}, 502, false},
		{"done before it", 48, 49, sum{}, 502, true},
		{"begun after it", 52, 53, sum{}, 502, true},
	} {
		a := answer{path: "p", began: at(row.began), done: at(row.done), sum: row.sum, code: row.code}
		err := h.judge([]answer{a}, io.Discard)
		assert.Equal(t, row.wrong, err != nil, "%s: %v", row.name, err)
	}
}

func TestCommandLine(t *testing.T) {
	for _, args := range []string{"x", "-replicas 1", "-for 1ms", "-degrees 7", "-clients 0", "-x"} {
		var usage *command.UsageError
		assert.ErrorAs(t, run(t.Context(), strings.Fields(args), io.Discard, io.Discard), &usage, args)
	}
	assert.NoError(t, run(t.Context(), []string{"-h"}, io.Discard, io.Discard))
}
