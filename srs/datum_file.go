package srs

import (
	"math"
	"path"
	"slices"
	"strings"
)

// A fileStep shifts each point by the first of some grid files that holds it. Points that none holds have no image, as in
// PROJ, or stay where they are.
type fileStep struct {
	grids     []fileGrid
	stays     bool    // points that no grid holds stay
	precision float64 // metres, NaN if unknown
	backwards bool
	label     string // names of the files
}

// A fileGrid is a grid, and whether it leads the other way than the step that uses it.
type fileGrid struct {
	*NTv2
	turned bool
}

func (s *fileStep) apply(lon, lat []float64) {
	for i := range lon {
		held := false
		for _, g := range s.grids {
			if g.turned != s.backwards {
				lon[i], lat[i], held = g.inverse(lon[i], lat[i])
			} else {
				lon[i], lat[i], held = g.forward(lon[i], lat[i])
			}
			if held {
				break
			}
		}
		if !held && !s.stays {
			lon[i], lat[i] = math.NaN(), math.NaN()
		}
	}
}

func (s *fileStep) reversed() datumStep {
	out := *s
	out.backwards = !s.backwards
	return &out
}

func (s *fileStep) fixedAt(float64, float64) datumStep { return s }
func (s *fileStep) accuracy(Envelope) float64          { return s.precision }
func (s *fileStep) moves() bool                        { return true }
func (s *fileStep) describe() []string                 { return []string{turnedIf(s.label, s.backwards)} }

// newFileStep returns the step by some grids; precision is in metres, and NaN takes the worst of the grids' own.
func newFileStep(grids []ShiftGrid, turned []bool, precision float64) *fileStep {
	out := &fileStep{precision: precision}
	var labels []string
	for i, g := range grids {
		out.grids = append(out.grids, fileGrid{g.NTv2, turned[i]})
		labels = append(labels, "grid "+g.title())
		own := g.Accuracy
		if own == 0 {
			own = g.NTv2.accuracy
		}
		if math.IsNaN(precision) {
			out.precision = worse(out.precision, own)
		}
	}
	out.label = strings.Join(labels, " or ")
	return out
}

// nadgrids is the spelling of a datum's operation by the grid files that follow it, as PROJ's +nadgrids has them.
const nadgrids = "nadgrids "

// newNadgridsStep returns the step from a datum to WGS 84 by the files of a PROJ string, in their order, or the way back.
// The error is an *UnsupportedError for a file that is not optional and not among the grids.
func newNadgridsStep(files string, grids []ShiftGrid, toWGS84 bool) (datumStep, error) {
	var used []ShiftGrid
	stays := true // without a grid, as in PROJ
	for name := range strings.SplitSeq(files, ",") {
		name, optional := strings.CutPrefix(strings.TrimSpace(name), "@")
		if name == "null" {
			break // what follows a grid of zeros for the world is not reached
		}
		i := slices.IndexFunc(grids, func(g ShiftGrid) bool { return g.NTv2 != nil && g.isFile(name) })
		switch {
		case i >= 0:
			used = append(used, grids[i])
			stays = false
		case !optional:
			return nil, &UnsupportedError{"grid shift", name}
		}
	}
	if hasNullGrid(files) {
		stays = true
	}
	if len(used) == 0 {
		return pipeline{}, nil
	}
	s := newFileStep(used, make([]bool, len(used)), math.NaN())
	s.stays, s.backwards = stays, !toWGS84
	return s, nil
}

// hasNullGrid reports whether a list of files has the grid of zeros for the world.
func hasNullGrid(files string) bool {
	for name := range strings.SplitSeq(files, ",") {
		if strings.TrimPrefix(strings.TrimSpace(name), "@") == "null" {
			return true
		}
	}
	return false
}

// fileKey is the form that all spellings of a grid file's name have in common: without folders, without an extension
// under which the same shifts are distributed, in lower case.
func fileKey(name string) string {
	name = strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	switch ext := path.Ext(name); ext {
	case ".gsb", ".tif", ".tiff", ".las", ".los", ".lla", ".dat", ".txt", ".mnt":
		return strings.TrimSuffix(name, ext)
	}
	return name
}

// isFile reports whether the grid is of one of some files, by its name.
func (g ShiftGrid) isFile(names ...string) bool {
	if g.Name == "" {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool { return fileKey(name) == fileKey(g.Name) })
}

// title returns a name of the grid for messages.
func (g ShiftGrid) title() string {
	switch {
	case g.Name != "":
		return path.Base(g.Name)
	case g.From.IsZero() || g.To.IsZero():
		return "without a name"
	}
	return g.From.Name() + " to " + g.To.Name()
}
