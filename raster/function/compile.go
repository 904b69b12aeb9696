package function

import (
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// Limits bound what a tree may cost. Each zero field means its default.
type Limits struct {
	Nodes  int // functions in a tree, with repetitions; default 512
	Depth  int // functions one inside the other; default 32
	Margin int // pixels around a strip; default 64
	Bands  int // of any result; default 64
}

func (l Limits) withDefaults() Limits {
	for v, def := range map[*int]int{&l.Nodes: 512, &l.Depth: 32, &l.Margin: 64, &l.Bands: 64} {
		if *v == 0 {
			*v = def
		}
	}
	return l
}

// Options is what functions need to know that is not in their arguments. The zero value compiles every function that
// does not ask for it.
type Options struct {
	Limits Limits
	// Statistics returns the statistics of all bands of f, which is a leaf or a tree, over everything there is, so that
	// they do not depend on the image. It is asked for those that neither arguments state nor the function implies. Nil
	// makes such functions an error.
	// They have Shares only if these are asked for.
	Statistics func(f Function, shares bool) ([]Summary, error)
	// WindowStatistics, if not nil, returns the statistics of what an image shows of f. Functions that ask for them are
	// refused without it, because neighbouring images disagree about them.
	WindowStatistics func(f Function, shares bool) ([]Summary, error)
	// Project returns the rings of a geometry in absolute pixels of the output: (0, 0) is the outer corner of the pixel
	// at 0, 0 of the strips. Nil takes coordinates for pixels as they are.
	Project func(*Geometry) ([][]Point, error)
}

// Compile compiles f with the default Options.
func Compile(f Function, in map[Leaf]Samples) (*Program, error) { return Options{}.Compile(f, in) }

// Compile checks a tree and settles how its pixels are computed from those of its leaves, whose samples in describes. It
// looks at no pixels, but Options.Statistics may.
func (o Options) Compile(f Function, in map[Leaf]Samples) (*Program, error) {
	o.Limits = o.Limits.withDefaults()
	c := compilation{Options: o, leaves: in, known: map[string]int{}}
	if _, err := c.add(f, 1); err != nil {
		return nil, err
	}
	return c.link()
}

// A compilation is a tree on its way to a program.
type compilation struct {
	Options
	leaves  map[Leaf]Samples
	known   map[string]int // nodes by their keys
	nodes   []node         // inputs come before what is made of them
	visited int            // functions, with repetitions
	notes   []string
}

// A node is a subtree, or several equal ones.
type node struct {
	function Function
	inputs   []int // nodes
	step     step
	constant *float64

	// The following are set by link.
	need  Margin // by which the result must extend beyond a strip
	bands []int  // that are read, of a leaf
	users int    // nodes that use a leaf
	how   *ResamplingType
	last  int // the last node that uses the result
}

// A step computes a node.
type step struct {
	out Samples
	// uses are the bands of each input that run gets, in its order; nil stands for all.
	uses   [][]int
	margin Margin // that run needs of each input
	// resampling, if not nil, is how the leaf that is the only input has to be resampled.
	resampling *ResamplingType
	// notes are on arguments that do not count.
	notes []string
	// run computes the pixels of rect from blocks that cover rect with the margin. A nil run returns its first input. A
	// result of another type than out's is converted.
	run runFunc
}

// An input is what is known of a node that another one works on.
type input struct {
	Samples
	function Function
	constant *float64 // the value of a constant
}

// add adds the nodes of a tree, but for those that are there already, and returns the number of its root.
func (c *compilation) add(f Function, depth int) (int, error) {
	if f == nil {
		f = Source{}
	}
	if isNil(f) {
		return 0, invalid("", "a %T is nil", f)
	}
	if depth > c.Limits.Depth {
		return 0, tooLarge("", "functions nest deeper than %d (limit Depth)", c.Limits.Depth)
	}
	if c.visited++; c.visited > c.Limits.Nodes {
		return 0, tooLarge("", "it is made of more than %d functions (limit Nodes)", c.Limits.Nodes)
	}
	n := node{function: f}
	s := f.spec()
	var in []input
	if s != nil {
		for i, raw := range s.inputs(f) {
			if raw == nil && !s.implied(i) {
				return 0, &Error{Function: s.name, Argument: s.rasterName(i), Err: errMissing}
			}
			at, err := c.add(raw, depth+1)
			if err != nil {
				return 0, err
			}
			n.inputs = append(n.inputs, at)
			of := c.nodes[at]
			in = append(in, input{of.step.out, of.function, of.constant})
		}
	}
	key := c.key(n, s)
	if at, ok := c.known[key]; ok {
		return at, nil
	}
	var err error
	if n.step, err = c.step(f, s, in); err != nil {
		return 0, err
	}
	if v, ok := f.(Constant); ok {
		n.constant = new(float64(v))
	}
	if s != nil {
		c.note(append(s.mootNotes(f), n.step.notes...))
	}
	c.nodes = append(c.nodes, n)
	c.known[key] = len(c.nodes) - 1
	return len(c.nodes) - 1, nil
}

// step compiles one function.
func (c *compilation) step(f Function, s *spec, in []input) (step, error) {
	switch f := f.(type) {
	case Leaf:
		out, ok := c.leaves[f]
		if !ok {
			return step{}, invalid("", "there is no raster %v", f)
		}
		out.Bands, out.Extra = slices.Clone(out.Bands), slices.Clone(out.Extra)
		for i := range out.Bands {
			out.Bands[i].Origin, out.Bands[i].OriginBand = f, i
		}
		for i := range out.Extra {
			out.Extra[i].Origin, out.Extra[i].OriginBand = f, len(out.Bands)+i
		}
		return step{out: out}, nil
	case Constant:
		if v := float64(f); v-v != 0 {
			return step{}, invalid("", "a constant must be finite, not %v", v)
		}
		return step{out: computed(raster.F64, 1, ranged(float64(f), float64(f)))}, nil
	}
	if s == nil { // a Rule
		return f.compile(c, in)
	}
	out := s.outputType(f)
	if out > raster.F64 {
		return step{}, of(s.name, unsupported("outputPixelType", "pixels of type %v are not supported", out))
	}
	st, err := f.compile(c, in)
	if err != nil {
		return step{}, of(s.name, err)
	}
	st.out.Extra = nil
	if n := len(st.out.Bands); n > c.Limits.Bands {
		return step{}, of(s.name, tooLarge("", "%d bands are more than %d (limit Bands)", n, c.Limits.Bands))
	}
	if st.margin.most() > c.Limits.Margin {
		return step{}, of(s.name, tooLarge("", "it needs %d pixels around a strip, over %d (limit Margin)", st.margin.most(), c.Limits.Margin))
	}
	if out != raster.Unknown && out != st.out.Type {
		if st.out.Type.Complex() {
			return step{}, of(s.name, unsupported("outputPixelType", "pixels of type %v as %v are not supported", st.out.Type, out))
		}
		st.out.Palette = nil // values that were indices are quantities of another type
		st.out.Type = out
	}
	return st, nil
}

// key returns a text that is equal for equal functions of equal inputs.
func (c *compilation) key(n node, s *spec) string {
	var b strings.Builder
	if s == nil {
		b.WriteString(leafKey(n.function))
		return b.String()
	}
	b.WriteString(s.name)
	for _, at := range n.inputs {
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(at))
	}
	b.WriteByte(' ')
	s.writeArguments(&b, n.function)
	return b.String()
}

func leafKey(f Function) string {
	switch f := f.(type) {
	case Constant:
		return strconv.FormatFloat(float64(f), 'g', -1, 64)
	case Item:
		return f.String()
	case Items:
		return "[" + string(f) + "]"
	}
	return Source{}.String()
}

// summary returns what is known of the samples of an input's band, or asks for it.
func (c *compilation) summary(in input, band int, shares bool) (Summary, error) {
	b := in.Bands[band]
	if b.Known != nil {
		return *b.Known, nil
	}
	f, n := in.function, band
	if b.Origin != nil {
		f, n = b.Origin, b.OriginBand
	}
	if c.Statistics == nil {
		return Summary{}, invalid("", "statistics of its input are not known")
	}
	return summaryOf(c.Statistics, f, n, shares)
}

// summaryOf returns the statistics of a band of f.
func summaryOf(statistics func(Function, bool) ([]Summary, error), f Function, band int, shares bool) (Summary, error) {
	all, err := statistics(f, shares)
	if err != nil {
		return Summary{}, err
	}
	if band >= len(all) {
		return Summary{}, invalid("", "statistics are known for %d bands, and band %d is used", len(all), band)
	}
	return all[band], nil
}

// link settles what each node reads, and with which margin.
func (c *compilation) link() (*Program, error) {
	root := len(c.nodes) - 1
	p := &Program{nodes: c.nodes, out: c.nodes[root].step.out, notes: c.notes}
	for n := root; n >= 0; n-- {
		nd := &p.nodes[n]
		need := nd.need.plus(nd.step.margin)
		if need.most() > c.Limits.Margin {
			return nil, tooLarge("", "the functions together need %d pixels around a strip, over %d (limit Margin)",
				need.most(), c.Limits.Margin)
		}
		for i, at := range nd.inputs {
			in := &p.nodes[at]
			in.need = in.need.union(need)
			in.last = max(in.last, n)
			if _, isLeaf := in.function.(Leaf); isLeaf {
				in.use(nd.uses(i))
				in.users++
				if nd.step.resampling != nil {
					in.how = nd.step.resampling
				}
			}
		}
	}
	p.nodes[root].last = root + 1
	for n := range p.nodes {
		nd := &p.nodes[n]
		leaf, ok := nd.function.(Leaf)
		if !ok {
			continue
		}
		if n == root {
			nd.use(nil)
		}
		if nd.how != nil && nd.users > 1 {
			return nil, unsupported("", "raster %v is used with Resample and without it, or with two of them", leaf)
		}
		p.reads = append(p.reads, Read{Leaf: leaf, Bands: nd.bands, Margin: nd.need, Resampling: nd.how})
	}
	if len(p.reads) == 0 {
		return nil, invalid("", "it is made of constants alone, and of no raster")
	}
	return p, nil
}

// uses returns the bands that a node uses of its input i; nil stands for all.
func (n *node) uses(i int) []int {
	if i < len(n.step.uses) {
		return n.step.uses[i]
	}
	return nil
}

// use adds bands to those that are read of a leaf; nil stands for all.
func (n *node) use(bands []int) {
	if bands == nil {
		for b := range n.step.out.Bands {
			bands = append(bands, b)
		}
	}
	for _, b := range bands {
		if !slices.Contains(n.bands, b) {
			n.bands = append(n.bands, b)
		}
	}
}
