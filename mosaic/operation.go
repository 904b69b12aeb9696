package mosaic

// An Operation is a way to merge the pixels of several items that hold data in one place: see NewMerger.
type Operation uint8

// The operations. DefaultOperation is the service's own, and First if the service has none.
const (
	DefaultOperation Operation = iota
	First                      // the topmost raster's pixel, all its bands together
	Last                       // the undermost raster's pixel
	Min                        // the least value, band by band
	Max
	Mean
	Blend // the mean, weighted by each pixel's distance from the edge of its raster's footprint
	Sum
)

// operations describes all operations. A new operation is a line here and a case in foldBand.
var operations = []operation{
	DefaultOperation: {name: "Default", help: "the service's own operation", copies: true},
	First:            {name: "First", help: "the pixel of the topmost raster", copies: true},
	Last:             {name: "Last", help: "the pixel of the undermost raster", copies: true},
	Min:              {name: "Min", help: "the least of the values, band by band"},
	Max:              {name: "Max", help: "the largest of the values, band by band"},
	Mean:             {name: "Mean", help: "the mean of the values", sums: true, weighs: true},
	Blend:            {name: "Blend", help: "the mean, weighted by the distance from the rasters' edges", sums: true, weighs: true},
	Sum:              {name: "Sum", help: "the sum of the values", sums: true},
}

// An operation is the description of an Operation.
type operation struct {
	name   string
	help   string // what a pixel becomes
	copies bool   // each resulting pixel is a whole pixel of one raster
	sums   bool   // a merger keeps float64 sums of samples
	weighs bool   // a merger keeps sums of weights, too
}

// Operations returns all operations but DefaultOperation.
func Operations() []Operation { return numbered[Operation](len(operations)) }

func (o Operation) known() bool { return int(o) < len(operations) }

// info returns the operation's description; that of an unknown operation is empty.
func (o Operation) info() operation {
	if !o.known() {
		return operation{}
	}
	return operations[o]
}

// String returns the operation's name, or the number of an unknown one.
func (o Operation) String() string { return nameOr(o.info().name, int(o)) }

// Help describes in a clause the sample or pixel that results; it is empty for an unknown operation.
func (o Operation) Help() string { return o.info().help }

// Copies reports whether every pixel is copied unchanged from one raster. Other operations compute with samples, which
// must then be real quantities, neither complex nor indices of a palette.
func (o Operation) Copies() bool { return o.info().copies }
