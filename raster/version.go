package raster

import "context"

// A Version names one version of the files that a raster is made of.
type Version interface {
	// String returns a text that is another one for every version. Datasets of the same files have equal texts if what
	// they read is equal.
	String() string
	// Current returns nil if the raster would be of this version if it were opened now; otherwise the error says what has
	// changed, or why that cannot be found out. It takes about ten microseconds for files on a disk, is safe for
	// concurrent use, and works after the dataset was closed, too.
	Current(ctx context.Context) error
}

// A Versioned is a Dataset whose files may be changed by others. All that its methods return is of one version: a read
// that could mix two is an error.
type Versioned interface {
	Dataset
	// Version returns the version that the dataset reads, always the same; nil if that is not known.
	Version() Version
}

// VersionOf returns the version that a dataset reads; nil if it does not know, and then it is taken never to change.
func VersionOf(ds Dataset) Version {
	if v, ok := ds.(Versioned); ok {
		return v.Version()
	}
	return nil
}

// SameVersion reports whether two versions are equal. Unknown ones are.
func SameVersion(a, b Version) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.String() == b.String()
}
