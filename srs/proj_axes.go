package srs

// axes are the directions in which x and y of a projected system grow.
type axes uint8

const (
	eastNorth axes = iota
	westSouth      // such as the South African grids
	westNorth      // such as the Lambert grids of Greenland
	southWest      // such as Krovak's
	northEast
	southEast
	northWest
	eastSouth
)

// axesByName has PROJ's spellings. The third letter is the height's axis, which plays no part here.
var axesByName = map[string]axes{
	"enu": eastNorth, "wsu": westSouth, "wnu": westNorth, "swu": southWest,
	"neu": northEast, "seu": southEast, "nwu": northWest, "esu": eastSouth,
}

// swap says whether x is not along east and west; west and south say whether that axis is negated.
func (a axes) parts() (swap, west, south bool) {
	switch a {
	case westSouth:
		return false, true, true
	case westNorth:
		return false, true, false
	case southWest:
		return true, true, true
	case northEast:
		return true, false, false
	case southEast:
		return true, false, true
	case northWest:
		return true, true, false
	case eastSouth:
		return false, false, true
	}
	return false, false, false
}

// orient turns a false origin, given east and north, to the axes.
func (a axes) orient(east, north float64) (x, y float64) {
	swap, west, south := a.parts()
	if west {
		east = -east
	}
	if south {
		north = -north
	}
	if swap {
		return north, east
	}
	return east, north
}

// orientedKernel is a kernel whose plane has other axes than east and north.
type orientedKernel struct {
	kernel
	swap, west, south bool
}

func newOrientedKernel(k kernel, a axes) kernel {
	if a == eastNorth {
		return k
	}
	o := &orientedKernel{kernel: k}
	o.swap, o.west, o.south = a.parts()
	return o
}

func (o *orientedKernel) extent() extent {
	e := o.kernel.extent()
	// A plane that is turned is no longer cylindrical in the sense of extent.
	e.period = 0
	if e.top < e.bounds.YMax { // boxes end there
		e.bounds.YMin, e.bounds.YMax = -e.top, e.top
	}
	e.top = everywhere.YMax
	b := &e.bounds
	if o.west {
		b.XMin, b.XMax = -b.XMax, -b.XMin
	}
	if o.south {
		b.YMin, b.YMax = -b.YMax, -b.YMin
	}
	if o.swap {
		*b = Envelope{b.YMin, b.XMin, b.YMax, b.XMax}
	}
	return e
}

func (o *orientedKernel) forward(x, y []float64) {
	o.kernel.forward(x, y)
	o.negate(x, y)
	o.exchange(x, y)
}

func (o *orientedKernel) inverse(x, y []float64) {
	o.exchange(x, y)
	o.negate(x, y)
	o.kernel.inverse(x, y)
}

func (o *orientedKernel) negate(x, y []float64) {
	if o.west {
		for i, v := range x {
			x[i] = -v
		}
	}
	if o.south {
		for i, v := range y {
			y[i] = -v
		}
	}
}

func (o *orientedKernel) exchange(x, y []float64) {
	if !o.swap {
		return
	}
	y = y[:len(x)]
	for i := range x {
		x[i], y[i] = y[i], x[i]
	}
}
