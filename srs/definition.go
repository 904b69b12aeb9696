package srs

// definition is everything that makes a CRS what it is. It must stay comparable, for it is interned.
type definition struct {
	wkid, latest int
	name         string
}
