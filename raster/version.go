package raster

import (
	"context"

	"github.com/geoexport/geoexport/internal/guard"
)

// A Version identifies one version of the files that a raster is made of.
type Version interface {
	// String returns a text that differs between versions. Datasets of the same files have equal texts if their pixels
	// are equal.
	String() string
	// Current returns nil if opening the raster now would yield this version. Otherwise the error states the change, or
	// the reason why it is not known. Current takes about ten microseconds for files on a disk, is safe for concurrent
	// use, and works even after the dataset was closed.
	Current(ctx context.Context) error
}

// A Versioned is a Dataset whose files may be changed by others. All results of its methods are of one version: a read
// that could mix two versions is an error.
type Versioned interface {
	Dataset
	// Version returns the version that the dataset reads, always the same; nil if that is not known.
	Version() Version
}

// VersionOf returns the version that a dataset reads; nil if it is not known, and the dataset then counts as
// unchanging.
func VersionOf(ds Dataset) Version {
	if v, ok := ds.(Versioned); ok {
		return v.Version()
	}
	return nil
}

// SameVersion reports whether two versions are equal. Two unknown versions are equal.
func SameVersion(a, b Version) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.String() == b.String()
}

// Version returns the version that the dataset states, with checks: a panic of the dataset is an error of Current.
func (c *Checked) Version() Version {
	var v Version
	err := guard.Call("Dataset.Version", func() error {
		v = VersionOf(c.dataset)
		return nil
	})
	switch {
	case err != nil:
		return checkedVersion{err: err}
	case v == nil:
		return nil
	}
	return checkedVersion{v: v}
}

// A checkedVersion is a version whose methods do not panic.
type checkedVersion struct {
	v   Version
	err error // instead of v
}

func (v checkedVersion) String() (text string) {
	err := v.err
	if err == nil {
		err = guard.Call("Version.String", func() error {
			text = v.v.String()
			return nil
		})
	}
	if err != nil {
		return err.Error()
	}
	return text
}

func (v checkedVersion) Current(ctx context.Context) error {
	if v.err != nil {
		return v.err
	}
	return guard.Call("Version.Current", func() error { return v.v.Current(ctx) })
}
