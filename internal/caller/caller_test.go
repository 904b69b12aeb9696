package caller_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/caller"
)

type tenant struct{}

// ownKey stands for those of this module.
type ownKey struct{ caller.Neutral }

func TestWatching(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	base := context.WithValue(t.Context(), tenant{}, "a")
	for name, c := range map[string]struct {
		do   func(t *testing.T, ctx context.Context)
		want bool
	}{
		"nothing":    {func(*testing.T, context.Context) {}, false},
		"a value":    {func(t *testing.T, ctx context.Context) { assert.Equal(t, "a", ctx.Value(tenant{})) }, true},
		"no value":   {func(t *testing.T, ctx context.Context) { assert.Nil(t, ctx.Value("another")) }, true},
		"a touch":    {func(_ *testing.T, ctx context.Context) { caller.Touch(ctx) }, true},
		"nil":        {func(t *testing.T, ctx context.Context) { assert.Nil(t, ctx.Value(nil)) }, true},
		"an own key": {func(t *testing.T, ctx context.Context) { assert.Nil(t, ctx.Value(ownKey{})) }, false},
		"alike":      {func(t *testing.T, ctx context.Context) { assert.Nil(t, caller.KeyOf(ctx)) }, false},
		"deeper": {func(t *testing.T, ctx context.Context) {
			ctx, cancel := context.WithTimeout(context.WithValue(ctx, ownKey{}, 1), time.Hour)
			defer cancel()
			ctx.Value(tenant{})
		}, true},
		"without cancel": {func(t *testing.T, ctx context.Context) { context.WithoutCancel(ctx).Value(tenant{}) }, true},
		"deadlines and the like": {func(t *testing.T, ctx context.Context) {
			deep, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			deep, stop := context.WithCancelCause(context.WithValue(deep, ownKey{}, 1))
			context.AfterFunc(deep, func() {})()
			stop(assert.AnError)
			require.Equal(t, assert.AnError, context.Cause(deep))
			require.NoError(t, context.Cause(ctx))
			_, cancel = context.WithCancel(context.WithoutCancel(deep))
			cancel()
		}, false},
		"a request over HTTP": {func(t *testing.T, ctx context.Context) {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
			require.NoError(t, err)
			answer, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
		}, false},
		"watching inside": {func(t *testing.T, ctx context.Context) {
			inner, w, cancel := caller.Watching(ctx)
			defer cancel()
			require.False(t, w.HasLooked())
			inner.Value(tenant{})
			require.True(t, w.HasLooked())
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, parent := range []context.Context{base, context.WithoutCancel(base)} {
				ctx, w, cancel := caller.Watching(parent)
				require.False(t, w.HasLooked())
				c.do(t, ctx)
				assert.Equal(t, c.want, w.HasLooked())
				select {
				case <-w.Looked():
					assert.True(t, c.want)
				default:
					assert.False(t, c.want)
				}
				cancel()
				assert.ErrorIs(t, ctx.Err(), context.Canceled)
			}
		})
	}
	assert.Equal(t, 7, caller.KeyOf(caller.Alike(base, 7)))
	ctx, cancel := context.WithCancel(base)
	ctx, _, end := caller.Watching(ctx)
	defer end()
	cancel()
	require.ErrorIs(t, ctx.Err(), context.Canceled)
}
