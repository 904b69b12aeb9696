package srs

import (
	"errors"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// parseProjection reads a projection in PROJ's spelling. False eastings and northings are metres.
func parseProjection(name string, e ellipsoid, args projection.Arguments) (projection.Projection, error) {
	p, err := projection.Parse(name, e, args)
	return p, publicError(err)
}

// publicError makes an error of package projection one of this package.
func publicError(err error) error {
	if u, ok := errors.AsType[*projection.Unsupported](err); ok {
		return &UnsupportedError{u.Element, u.Name}
	}
	return err
}

// label names a projection in messages.
func label(p projection.Projection) string {
	return strings.TrimSpace(p.ID() + " " + p.Variant)
}
