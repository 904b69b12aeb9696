package mosaic

import "strconv"

// A Method is a key by which a rule orders items: see Rule.Order.
type Method uint8

// The methods. DefaultMethod is the service's own, and None if the service has none.
const (
	DefaultMethod Method = iota
	None                 // by ID
	Center               // by the distance of items' centres from the centre of the view
	Nadir                // by the distance of items' nadirs from the centre of the view
	Viewpoint            // by the distance of items' nadirs from the rule's viewpoint
	Attribute            // by the difference between an attribute and the rule's value
	LockRaster           // the items that the rule lists, as it lists them
	Northwest            // by the distance of items' centres from the north-western corner of the catalogue
	Seamline             // by the attribute SOrder, items being cut at their seamlines
)

// methods describes all methods. A new method is a value in a file of its own, and a line here.
var methods = []method{
	DefaultMethod: {name: "Default", help: "the service's own method", byID: true},
	None:          none,
	Center:        center,
	Nadir:         nadir,
	Viewpoint:     viewpoint,
	Attribute:     attribute,
	LockRaster:    lockRaster,
	Northwest:     northwest,
	Seamline:      seamline,
}

// A method is the description of a Method. Functions may be nil, and then do nothing.
type method struct {
	name string
	help string // which raster is on top

	// check returns a *RuleError about the fields of the rule that the method uses.
	check func(Rule) error

	// keys sets the own keys of all items, which are the zero key before. It may be called from several goroutines.
	keys func(r Rule, keys []orderKey, v View)

	// sort returns the attributeSort that compares items by an attribute that the rule names; Choose checks the
	// attribute's values with it.
	sort func(Rule) *attributeSort

	// locks is set if LockIDs lists the items for every view. ZOrder and PixelSize are then not compared.
	locks bool

	// byID is set if the ID is the method's own key.
	byID bool
}

var none = method{
	name: "None",
	help: "the raster with the lowest ID is on top",
	byID: true,
}

// Methods returns all methods but DefaultMethod.
func Methods() []Method { return numbered[Method](len(methods)) }

func (m Method) known() bool { return int(m) < len(methods) }

// info returns the method's description; that of an unknown method is empty.
func (m Method) info() method {
	if !m.known() {
		return method{}
	}
	return methods[m]
}

// String returns the method's name, or the number of an unknown one.
func (m Method) String() string { return nameOr(m.info().name, int(m)) }

// Help describes in a clause which raster the method puts on top; it is empty for an unknown method.
func (m Method) Help() string { return m.info().help }

// numbered returns the numbers from 1 to n-1.
func numbered[T ~uint8](n int) []T {
	out := make([]T, n-1)
	for i := range out {
		out[i] = T(i + 1)
	}
	return out
}

func nameOr(name string, i int) string {
	if name == "" {
		return strconv.Itoa(i)
	}
	return name
}
