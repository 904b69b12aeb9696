package rest

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
