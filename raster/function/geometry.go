package function

// A Point is a place, as its geometry states it or in absolute pixels.
type Point struct{ X, Y float64 }

// A Geometry is an area: the inside of its rings by the even-odd rule, so that a ring in another one is a hole.
type Geometry struct {
	Rings [][]Point
	// Reference is the spatial reference as the rule states it, as JSON or text; empty is the service's.
	Reference string
}
