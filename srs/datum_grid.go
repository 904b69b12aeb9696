package srs

// A ShiftGrid is a grid file and the two geographic systems that it connects, which the file itself names in free text only:
// OSTN15 leads from 4277 to 4258, and BETA2007 from 4314 to 4258.
type ShiftGrid struct {
	// NTv2 has the shifts. Without one the ShiftGrid holds no point.
	NTv2 *NTv2

	// From is the system that the file's shifts are for, which a Transformer leaves and enters by way of To. It stands for
	// all systems on its datum, whatever their prime meridian: longitudes in files count from Greenwich. To may have grids of
	// its own.
	From, To CRS

	// Accuracy is how far off shifted points may be, in metres. 0 stands for the largest in the file, which has one for
	// every node; in many files they are left empty, which is unknown.
	Accuracy float64
}

// check says whether a Transformer can be made with the grid.
func (g ShiftGrid) check() error {
	for _, c := range [...]CRS{g.From, g.To} {
		switch {
		case c.IsZero():
			return ErrNotStated
		case !c.Geographic():
			return &UnsupportedError{"grid for a projected system", c.String()}
		}
	}
	return nil
}

// A gridStep takes the points that a grid holds by its shifts and then beyond, and the others by another way.
type gridStep struct {
	grid            *NTv2
	beyond, outside datumStep
	precision       float64  // of the grid, in metres
	box             Envelope // in degrees from Greenwich, all of which the grid holds: its largest part
	local           bool     // accuracy is that of points which the grid holds

	// backwards takes a point beyond first, and then to where the grid would shift it from.
	backwards bool
}

func newGridStep(g ShiftGrid, beyond, outside datumStep) datumStep {
	if g.NTv2 == nil || len(g.NTv2.tops) == 0 {
		return outside
	}
	s := &gridStep{grid: g.NTv2, beyond: beyond, outside: outside, precision: g.Accuracy, box: nowhere}
	if s.precision == 0 {
		s.precision = g.NTv2.accuracy
	}
	for _, t := range g.NTv2.tops {
		e := Envelope{t.west / degree, t.south / degree, t.east / degree, t.north / degree}
		if s.box == nowhere || e.Width()*e.Height() > s.box.Width()*s.box.Height() {
			s.box = e
		}
	}
	return s
}

func (s *gridStep) apply(lon, lat []float64) {
	var held [block]bool
	if s.backwards {
		s.leave(lon, lat, &held)
	} else {
		for i := range lon {
			lon[i], lat[i], held[i] = s.grid.forward(lon[i], lat[i])
		}
	}
	n := len(lon)
	for i := 0; i < n; {
		j := i + 1
		for j < n && held[j] == held[i] {
			j++
		}
		switch {
		case !held[i]:
			s.outside.apply(lon[i:j], lat[i:j])
		case !s.backwards:
			s.beyond.apply(lon[i:j], lat[i:j])
		}
		i = j
	}
}

// leave does all of the way back for the points that the grid holds, and leaves the others as they are.
func (s *gridStep) leave(lon, lat []float64, held *[block]bool) {
	var lon0, lat0 [block]float64
	copy(lon0[:], lon)
	copy(lat0[:], lat)
	s.beyond.apply(lon, lat)
	for i := range lon {
		lon[i], lat[i], held[i] = s.grid.inverse(lon[i], lat[i])
		if !held[i] {
			lon[i], lat[i] = lon0[i], lat0[i]
		}
	}
}

func (s *gridStep) reversed() datumStep {
	out := *s
	out.backwards = !s.backwards
	out.beyond, out.outside = s.beyond.reversed(), s.outside.reversed()
	return &out
}

// only keeps the grid if it holds the point. What is outside then goes by the one way that would be taken at the point.
func (s *gridStep) only(lon, lat float64) datumStep {
	out := *s
	out.local = true
	out.outside = s.outside.only(lon, lat)
	x, y := []float64{lon}, []float64{lat}
	var ok bool
	if s.backwards {
		out.beyond = s.beyond.only(lon, lat)
		out.beyond.apply(x, y)
		_, _, ok = s.grid.inverse(x[0], y[0])
	} else {
		x[0], y[0], ok = s.grid.forward(lon, lat)
		out.beyond = s.beyond.only(x[0], y[0])
	}
	if !ok {
		return out.outside
	}
	return &out
}

func (s *gridStep) accuracy(held Envelope) float64 {
	out := s.precision + s.beyond.accuracy(nowhere)
	if s.local {
		return out
	}
	outside := s.outside.accuracy(s.box)
	if outside == unreached {
		return out
	}
	return largest(out, outside)
}

func (s *gridStep) moves() bool { return true }
