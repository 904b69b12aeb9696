package exportimage

import (
	"context"
	"fmt"
	"image/color"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// A RasterFunction computes pixels from pixels, before they get their type and format: what the operation calls a
// rendering rule. It is one of the pointer types of this package whose names end in Function, or a FunctionName.
// Functions with an Input work on its output; a nil Input stands for the rasters themselves, of which a function sees
// all bands that are not alpha.
//
// Functions look at each pixel alone, after rasters were resampled and merged. They are values: what one points to must
// not change while it is in use.
type RasterFunction interface {
	input() RasterFunction
	// compile returns the step that computes the function's pixels, and what is known of them, given what is known of its
	// input. An Error without a Param is about the function. A nil step changes no sample.
	compile(ctx context.Context, s *Service, d *Description, in samples) (step, samples, error)
}

// A FunctionName stands for one of the service's Functions, by its name in any case. NoFunction is always among them.
type FunctionName string

// NoFunction leaves pixels as they are. It is for requests to a service whose default is another function.
const NoFunction FunctionName = "None"

// A FunctionTemplate gives a function a name for requests, as ArcGIS's raster function templates do.
type FunctionTemplate struct {
	Name, Description string
	Function          RasterFunction // which must not contain a FunctionName
}

// An ExtractBandFunction selects bands of its Input, in the order of BandIDs, which count from 0. A band may be selected
// up to three times.
type ExtractBandFunction struct {
	Input   RasterFunction
	BandIDs []int
	// Nearest selects the last band for IDs beyond it, which are an error otherwise.
	Nearest bool
}

func (f *ExtractBandFunction) input() RasterFunction { return f.Input }
func (f FunctionName) input() RasterFunction         { return nil }

// samples are what is known of pixels at one point of a rule.
type samples struct {
	typ     raster.PixelType
	bands   []sampleBand
	palette color.Palette
}

// A sampleBand is a band of the service, or a computed one of which the range is known.
type sampleBand struct {
	id    int // of the service's band; -1 if computed
	known Range
}

// A step makes a strip from another, which it neither changes nor keeps. Both may share planes.
type step func(*raster.Block) (*raster.Block, error)

// A program is a rule compiled for a service.
type program struct {
	bands []int // of the rasters, to read
	steps []step
	out   samples
}

// compileRule compiles a request's rule and its BandIDs, which select from the rule's output.
func (s *Service) compileRule(ctx context.Context, r Request, d *Description) (program, error) {
	p := program{bands: (raster.Info{Bands: d.Bands}).DataBands()}
	chain, err := s.chain(r.RenderingRule)
	if err != nil {
		return p, blame("renderingRule", err)
	}
	// Bands that the undermost function does not select need not be read.
	undermost := "renderingRule"
	if len(chain) == 0 && len(r.BandIDs) > 0 {
		chain, undermost, r.BandIDs = []RasterFunction{&ExtractBandFunction{BandIDs: r.BandIDs}}, "bandIds", nil
	}
	if len(chain) > 0 {
		if f, ok := chain[0].(*ExtractBandFunction); ok {
			if p.bands, err = f.pick(len(d.Bands), s.limits().Bands); err != nil {
				return p, blame(undermost, err)
			}
			chain = chain[1:]
		}
	}
	p.out = samples{typ: d.PixelType, palette: d.Palette}
	for _, id := range p.bands {
		p.out.bands = append(p.out.bands, sampleBand{id: id})
	}
	for _, f := range chain {
		if err := p.add(ctx, s, d, f); err != nil {
			return p, blame("renderingRule", err)
		}
	}
	if len(r.BandIDs) > 0 {
		err = p.add(ctx, s, d, &ExtractBandFunction{BandIDs: r.BandIDs})
	}
	return p, blame("bandIds", err)
}

// add appends a function to a program.
func (p *program) add(ctx context.Context, s *Service, d *Description, f RasterFunction) error {
	do, out, err := f.compile(ctx, s, d, p.out)
	if err != nil {
		return err
	}
	p.out = out
	if do != nil {
		p.steps = append(p.steps, do)
	}
	return nil
}

// blame names the parameter in an error about a rule. Errors of reading rasters are left alone: no parameter is at
// fault.
func blame(param string, err error) error {
	if e, ok := err.(*Error); ok && e.Kind != Internal && e.Param == "" {
		e.Param = param
	}
	return err
}

// maxFunctions bounds how many functions a rule may consist of.
const maxFunctions = 32

// chain returns a rule's functions in the order in which they are applied, with names replaced by the functions that
// they stand for.
func (s *Service) chain(f RasterFunction) ([]RasterFunction, error) {
	var chain []RasterFunction
	for ; f != nil; f = f.input() {
		if isNil(f) {
			return nil, invalid("", "a %T is nil", f)
		}
		if name, ok := f.(FunctionName); ok {
			known, err := s.function(name)
			if err != nil {
				return nil, err
			}
			if f = known; f == nil {
				break
			}
		}
		if chain = append(chain, f); len(chain) > maxFunctions {
			return nil, invalid("", "it is made of more than %d functions", maxFunctions)
		}
	}
	slices.Reverse(chain)
	return chain, nil
}

// function returns the function that a name stands for, nil for NoFunction.
func (s *Service) function(name FunctionName) (RasterFunction, error) {
	if strings.EqualFold(string(name), string(NoFunction)) {
		return nil, nil
	}
	for _, t := range s.Functions {
		if strings.EqualFold(t.Name, string(name)) {
			if _, isName := t.Function.(FunctionName); isName {
				return nil, &Error{Err: fmt.Errorf("the service's function %q is itself but a name", t.Name)}
			}
			return t.Function, nil
		}
	}
	return nil, unsupported("", "raster function %s is not supported", quote.Text(string(name)))
}

func (f FunctionName) compile(context.Context, *Service, *Description, samples) (step, samples, error) {
	return nil, samples{}, &Error{Err: fmt.Errorf("the name %q of a function was left in a rule", string(f))}
}

func (f *ExtractBandFunction) compile(
	_ context.Context, s *Service, _ *Description, in samples,
) (step, samples, error) {
	ids, err := f.pick(len(in.bands), s.limits().Bands)
	if err != nil {
		return nil, in, err
	}
	out := in
	out.bands = nil
	for _, id := range ids {
		out.bands = append(out.bands, in.bands[id])
	}
	return func(b *raster.Block) (*raster.Block, error) {
		o := &raster.Block{Type: b.Type, Valid: b.Valid}
		for _, id := range ids {
			o.Bands = append(o.Bands, b.Bands[id])
		}
		return o, nil
	}, out, nil
}

// maxRepeats is how often one band may be selected: as red, green and blue, which is how clients draw one band in grey. A
// longer answer would hold nothing more.
const maxRepeats = 3

// pick returns the bands that the function selects from n bands, at most the given number.
func (f *ExtractBandFunction) pick(n, most int) ([]int, error) {
	switch {
	case len(f.BandIDs) == 0:
		return nil, invalid("", "ExtractBand names no band")
	case len(f.BandIDs) > most:
		return nil, invalid("", "%d bands are more than %d (limit Bands)", len(f.BandIDs), most)
	}
	ids := slices.Clone(f.BandIDs)
	times := map[int]int{}
	for i, id := range ids {
		if f.Nearest && id >= n && n > 0 {
			ids[i] = n - 1
		} else if id < 0 || id >= n {
			return nil, invalid("", "there is no band %d: there are %d, counted from 0", id, n)
		}
		if times[ids[i]]++; times[ids[i]] > maxRepeats {
			return nil, invalid("", "band %d is named more than %d times", ids[i], maxRepeats)
		}
	}
	return ids, nil
}
