package srs

// What tests outside the package use.
var (
	EachCode        = eachCode
	SameCoordinates = sameCoordinates
)
