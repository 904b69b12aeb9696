package rest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// linking is a store whose links are those of link.
type linking struct {
	rest.Store
	link func(ctx context.Context, name string) (string, error)
}

func (l linking) Link(ctx context.Context, name string) (string, error) { return l.link(ctx, name) }

func TestLinksOfAStore(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	store := rest.NewMemoryStore(rest.StoreLimits{})
	handler := func(link func(context.Context, string) (string, error)) http.Handler {
		return rest.NewHandler(s, &rest.Options{Output: linking{store, link}})
	}
	signed := handler(func(ctx context.Context, name string) (string, error) {
		f, err := store.Open(ctx, name)
		if err != nil {
			return "", err // it was not put before
		}
		return "https://bucket.example.org/out/" + name + "?signature=x", f.Close()
	})
	u := href(t, signed, "size=5,5")
	assert.Equal(t, "bucket.example.org", u.Host)
	assert.Regexp(t, `^/out/[0-9a-f]{32}\.png$`, u.Path)
	assert.Equal(t, "signature=x", u.RawQuery)

	own := handler(func(context.Context, string) (string, error) { return "", nil })
	assert.Equal(t, http.StatusOK, get(own, href(t, own, "size=5,5").RequestURI()).Code)

	for name, link := range map[string]func(context.Context, string) (string, error){
		"an error": func(context.Context, string) (string, error) { return "", errors.New("secret") },
		"a panic":  func(context.Context, string) (string, error) { panic("secret") },
	} {
		w := get(handler(link), "/exportImage?f=json&size=5,5")
		require.Equal(t, http.StatusInternalServerError, w.Code, name)
		assert.Contains(t, w.Body.String(), "the store of images: cannot link to a file", name)
		assert.NotContains(t, w.Body.String(), "secret", name)
	}
}
