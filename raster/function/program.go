package function

import (
	"fmt"
	"image"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// A Program computes the pixels of a tree of functions. Compile makes one; the zero value reads nothing, and running it is
// an error. It is safe for concurrent use.
type Program struct {
	nodes []node
	reads []Read
	out   Samples
	notes []string
}

// A Read is what a program needs of one leaf for a strip.
type Read struct {
	Leaf  Leaf
	Bands []int // in the order in which functions use them first
	// Margin is how far the block must extend beyond the strip.
	Margin Margin
	// Resampling, if not nil, is how the raster has to be resampled; nil leaves it to the caller.
	Resampling *ResamplingType
}

// Grow returns the rectangle of a block that is read for a strip.
func (r Read) Grow(strip image.Rectangle) image.Rectangle { return r.Margin.grow(strip) }

func (m Margin) grow(r image.Rectangle) image.Rectangle {
	return image.Rect(r.Min.X-m.Left, r.Min.Y-m.Top, r.Max.X+m.Right, r.Max.Y+m.Bottom)
}

func (m Margin) shrink(r image.Rectangle) image.Rectangle {
	r.Min.X += m.Left
	r.Min.Y += m.Top
	r.Max.X -= m.Right
	r.Max.Y -= m.Bottom
	return r
}

// Reads returns what is read, leaf by leaf. The slice must not be changed.
func (p *Program) Reads() []Read { return p.reads }

// Samples returns what is known of the pixels that come out. Its slices must not be changed.
func (p *Program) Samples() Samples { return p.out }

// Copies reports whether pixels come out as they are read.
func (p *Program) Copies() bool { return len(p.nodes) == 1 }

// BytesPerPixel returns the most bytes that the blocks of one pixel take while a program runs, without those that are
// read. It counts results from the moment they are made until the last function that uses them is done, with the
// validity of each.
func (p *Program) BytesPerPixel() int {
	most, now := 0, 0
	size := func(n int) int { return len(p.nodes[n].step.out.Bands)*p.nodes[n].step.out.Type.Size() + 1 }
	for n := range p.nodes {
		if _, isLeaf := p.nodes[n].function.(Leaf); !isLeaf {
			now += size(n)
		}
		most = max(most, now)
		for at := range n {
			if _, isLeaf := p.nodes[at].function.(Leaf); !isLeaf && p.nodes[at].last == n {
				now -= size(at)
			}
		}
	}
	return most
}

// Run computes one strip from the blocks of its leaves, each of which has the bands that Reads states, and covers the strip
// with the margin that it states. The strip is what remains of the blocks without their margins; Run returns an error if
// they do not agree on it.
func (p *Program) Run(strip map[Leaf]*raster.Block, c Cell) (*raster.Block, error) {
	rect, err := p.strip(strip)
	if err != nil {
		return nil, err
	}
	done := make([]*raster.Block, len(p.nodes))
	for n := range p.nodes {
		nd := &p.nodes[n]
		to := nd.need.grow(rect)
		if done[n], err = p.runNode(nd, done, strip, c, to); err != nil {
			return nil, err
		}
		for at := range n {
			if p.nodes[at].last == n {
				done[at] = nil // so that the memory of strips does not add up along the tree
			}
		}
	}
	return done[len(done)-1], nil
}

// strip returns the rectangle that the given blocks are for.
func (p *Program) strip(blocks map[Leaf]*raster.Block) (rect image.Rectangle, err error) {
	for i, r := range p.reads {
		b := blocks[r.Leaf]
		switch {
		case b == nil:
			return rect, fmt.Errorf("function: there is no block of raster %v", r.Leaf)
		case len(b.Bands) != len(r.Bands):
			return rect, fmt.Errorf("function: the block of raster %v has %d bands, and %d are read", r.Leaf, len(b.Bands), len(r.Bands))
		}
		for _, nd := range p.nodes {
			if nd.function == Function(r.Leaf) && nd.step.out.Type != b.Type {
				return rect, fmt.Errorf("function: the block of raster %v is of type %v, not %v", r.Leaf, b.Type, nd.step.out.Type)
			}
		}
		own := r.Margin.shrink(b.Bounds())
		if i == 0 {
			rect = own
		}
		if own != rect || rect.Empty() {
			return rect, fmt.Errorf("function: the block of raster %v is for the strip %v, not %v", r.Leaf, own, rect)
		}
	}
	if len(p.reads) == 0 {
		return rect, fmt.Errorf("function: an empty program")
	}
	return rect, nil
}

// runNode computes one node over a rectangle.
func (p *Program) runNode(
	nd *node, done []*raster.Block, strip map[Leaf]*raster.Block, c Cell, to image.Rectangle,
) (*raster.Block, error) {
	switch f := nd.function.(type) {
	case Leaf:
		return strip[f], nil
	case Constant:
		return constantBlock(float64(f), to), nil
	}
	from := nd.step.margin.grow(to)
	in := make([]*raster.Block, len(nd.inputs))
	for i, at := range nd.inputs {
		b := done[at]
		if b.Bounds() != from {
			b = b.Sub(from)
		}
		if uses := nd.uses(i); uses != nil {
			if own := p.nodes[at].bands; own != nil { // of a leaf not all bands may be there
				uses = slices.Clone(uses)
				for j, band := range uses {
					uses[j] = slices.Index(own, band)
				}
			}
			b = b.Select(uses)
		}
		in[i] = b
	}
	if nd.step.run == nil {
		return raster.Convert(in[0], nd.step.out.Type)
	}
	b, err := nd.step.run(c, in, to)
	if err != nil {
		return nil, of(nd.function.spec().name, err)
	}
	return raster.Convert(b, nd.step.out.Type)
}

// constantBlock returns a block whose rows are all one row of memory.
func constantBlock(v float64, r image.Rectangle) *raster.Block {
	row := make([]float64, r.Dx())
	for x := range row {
		row[x] = v
	}
	return &raster.Block{Type: raster.F64, Bands: []raster.Plane{&raster.PlaneOf[float64]{Pix: row, Rect: r}}}
}
