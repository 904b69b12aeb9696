package rest

import (
	"maps"
	"slices"
)

// NewDirectoryStore opens a store whose files pass through wrap.
func NewDirectoryStore(dir string, l StoreLimits, wrap func(StoreFiles) StoreFiles) (*DirectoryStore, error) {
	files, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	return newDirectoryStore(wrap(files), l)
}

// StoreFiles are what a DirectoryStore does to its directory.
type StoreFiles = storeFiles

// ViewOf returns the part of the world that is drawn around a box in degrees.
var ViewOf = viewOf

// OperationPaths returns the paths below a service that have an operation.
func OperationPaths() []string { return slices.Sorted(maps.Keys(operations)) }
