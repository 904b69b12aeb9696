package srs

import "strings"

// A ShiftGrid is a grid file of datum shifts with the two geographic systems that it connects, which the file itself
// names in free text only: OSTN15 leads from 4277 to 4258, and BETA2007 from 4314 to 4258. The zero ShiftGrid is an
// error in Options, since its systems are not stated.
type ShiftGrid struct {
	// NTv2 holds the shifts. Without it the ShiftGrid holds no point.
	NTv2 *NTv2

	// Name is the name of the file, such as "OSTN15_NTv2_OSGBtoETRS.gsb" or "us_noaa_conus.tif". Systems whose PROJ
	// string has +nadgrids and Operations by grid files use the ShiftGrid of that name; case, folders and the extension
	// do not count. A ShiftGrid that serves these alone needs no From and To.
	Name string

	// From is the system to whose coordinates the shifts are added, and To the system that they lead to. From stands
	// for all systems on its datum, whatever their prime meridian, as longitudes in files count from Greenwich. To may
	// have ShiftGrids of its own.
	From, To CRS

	// Accuracy is the largest error of shifted points, in metres. 0 takes the largest of the file's nodes; many files
	// leave them empty, which makes it unknown.
	Accuracy float64
}

// check returns an error if no Transformer can be made with the grid.
func (g ShiftGrid) check() error {
	if g.Name != "" && g.From.IsZero() && g.To.IsZero() {
		return nil
	}
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

// A gridStep shifts the points that a grid holds and then takes them on by beyond, and takes all other points by
// outside.
type gridStep struct {
	grid            *NTv2
	beyond, outside datumStep
	title           string
	precision       float64  // of the grid, in metres
	box             Envelope // the grid's largest part, in degrees from Greenwich
	fixed           bool     // made by fixedAt for a point that the grid holds: accuracy does not count outside

	// backwards is set on the way back: by beyond first, then to the point that the grid shifts there.
	backwards bool
}

// newGridStep returns the step that uses a grid, or outside if the grid is empty.
func newGridStep(g ShiftGrid, beyond, outside datumStep) datumStep {
	if g.NTv2 == nil || len(g.NTv2.tops) == 0 {
		return outside
	}
	s := &gridStep{grid: g.NTv2, beyond: beyond, outside: outside, title: g.title(), precision: g.Accuracy, box: nowhere}
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
		s.applyBackwards(lon, lat, &held)
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

// applyBackwards takes the points that the grid holds all of the way back, and does not move the others. It sets held
// of the former.
func (s *gridStep) applyBackwards(lon, lat []float64, held *[block]bool) {
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

// fixedAt keeps the grid if it holds the point. Points outside of the grid then go by the operations that outside would
// use at the point.
func (s *gridStep) fixedAt(lon, lat float64) datumStep {
	out := *s
	out.fixed = true
	out.outside = s.outside.fixedAt(lon, lat)
	x, y := []float64{lon}, []float64{lat}
	var ok bool
	if s.backwards {
		out.beyond = s.beyond.fixedAt(lon, lat)
		out.beyond.apply(x, y)
		_, _, ok = s.grid.inverse(x[0], y[0])
	} else {
		x[0], y[0], ok = s.grid.forward(lon, lat)
		out.beyond = s.beyond.fixedAt(x[0], y[0])
	}
	if !ok {
		return out.outside
	}
	return &out
}

func (s *gridStep) accuracy(Envelope) float64 {
	out := s.precision + s.beyond.accuracy(nowhere)
	if s.fixed {
		return out
	}
	outside := s.outside.accuracy(s.box)
	if outside == unreached {
		return out
	}
	return worse(out, outside)
}

func (s *gridStep) moves() bool { return true }

func (s *gridStep) describe() []string {
	out := append([]string{"grid " + s.title}, s.beyond.describe()...)
	if s.backwards {
		out = append(s.beyond.describe(), "inverse of grid "+s.title)
	}
	if outside := s.outside.describe(); len(outside) > 0 && !s.fixed {
		return []string{strings.Join(out, " + ") + "; or outside of the grid " + strings.Join(outside, " + ")}
	}
	return out
}
