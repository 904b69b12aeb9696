package projection

// Axes are the directions in which x and y of a projected system grow.
type Axes uint8

const (
	EastNorth Axes = iota
	WestSouth      // the South African grids
	WestNorth      // the Lambert grids of Greenland
	SouthWest      // Krovak's
	NorthEast
	SouthEast
	NorthWest
	EastSouth
)

// axesByName has PROJ's spellings. The third letter is the height's axis, which plays no part here.
var axesByName = map[string]Axes{
	"enu": EastNorth, "wsu": WestSouth, "wnu": WestNorth, "swu": SouthWest,
	"neu": NorthEast, "seu": SouthEast, "nwu": NorthWest, "esu": EastSouth,
}

// Parts reports how the axes differ from east and north: swap, whether x is along north and south; west and south,
// whether the axis along east and west, or north and south, is negated.
func (a Axes) Parts() (swap, west, south bool) {
	switch a {
	case WestSouth:
		return false, true, true
	case WestNorth:
		return false, true, false
	case SouthWest:
		return true, true, true
	case NorthEast:
		return true, false, false
	case SouthEast:
		return true, false, true
	case NorthWest:
		return true, true, false
	case EastSouth:
		return false, false, true
	}
	return false, false, false
}

// orient returns a false origin, given east and north, along the axes.
func (a Axes) orient(east, north float64) (x, y float64) {
	swap, west, south := a.Parts()
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
	Kernel
	swap, west, south bool
}

func newOrientedKernel(k Kernel, a Axes) Kernel {
	if a == EastNorth {
		return k
	}
	o := &orientedKernel{Kernel: k}
	o.swap, o.west, o.south = a.Parts()
	return o
}

func (o *orientedKernel) Extent() Extent {
	e := o.Kernel.Extent()
	// A plane that is turned is no longer cylindrical in the sense of extent.
	e.Period = 0
	if e.Top < e.Bounds.YMax { // boxes end there
		e.Bounds.YMin, e.Bounds.YMax = -e.Top, e.Top
	}
	e.Top = everywhere.YMax
	b := &e.Bounds
	if o.west {
		b.XMin, b.XMax = -b.XMax, -b.XMin
	}
	if o.south {
		b.YMin, b.YMax = -b.YMax, -b.YMin
	}
	if o.swap {
		*b = Box{b.YMin, b.XMin, b.YMax, b.XMax}
	}
	return e
}

func (o *orientedKernel) Forward(x, y []float64) {
	o.Kernel.Forward(x, y)
	o.negate(x, y)
	o.exchange(x, y)
}

func (o *orientedKernel) Inverse(x, y []float64) {
	o.exchange(x, y)
	o.negate(x, y)
	o.Kernel.Inverse(x, y)
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
