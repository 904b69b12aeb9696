package geotiff

import (
	"bytes"
	"context"
	"fmt"
	"math"
)

// has reports whether the directory has a field with this tag.
func (d *directory) has(t tag) bool {
	_, ok := d.fields[t]
	return ok
}

// data reads the bytes of a field's value, as many as its type and count require.
func (d *directory) data(ctx context.Context, t tag) (field, []byte, error) {
	return d.firstData(ctx, t, math.MaxUint64)
}

// firstData reads as data does, but at most the first most values. Directories may share large values, so each of them
// reads no more of a value than it needs.
func (d *directory) firstData(ctx context.Context, t tag, most uint64) (field, []byte, error) {
	f, ok := d.fields[t]
	if f.count > most && f.bad == "" {
		f.count, f.size = most, most*typeSize(f.typ)
	}
	switch {
	case !ok:
		return f, nil, wrong(t, nil, "missing")
	case f.bad != "":
		return f, nil, wrong(t, nil, f.bad)
	case exceeds(f.size, d.s.limits.FieldBytes):
		return f, nil, &LimitError{"FieldBytes", t.String(), f.size, d.s.limits.FieldBytes}
	case f.offset == 0:
		return f, f.inline[:f.size], nil
	}
	b := make([]byte, f.size)
	return f, b, d.s.in.readAt(ctx, b, f.offset)
}

// uints reads the integers of a field of any unsigned type. The result has at least one.
func (d *directory) uints(ctx context.Context, t tag) ([]uint64, error) {
	return d.firstUints(ctx, t, math.MaxUint64)
}

// firstUints reads the first integers of a field, at most the given number of them.
func (d *directory) firstUints(ctx context.Context, t tag, most uint64) ([]uint64, error) {
	f, b, err := d.firstData(ctx, t, most)
	if err != nil {
		return nil, err
	}
	if f.count == 0 {
		return nil, wrong(t, nil, "no values")
	}
	v := make([]uint64, f.count)
	if !d.s.decodeUints(v, b, f.typ) {
		return nil, wrong(t, nil, fmt.Sprintf("values of type %d, want whole numbers", f.typ))
	}
	return v, nil
}

// decodeUints decodes unsigned integers of type typ into v. It returns false if typ is not a type of unsigned integers.
func (s *structure) decodeUints(v []uint64, b []byte, typ uint16) bool {
	switch typ {
	case typeByte:
		for i := range v {
			v[i] = uint64(b[i])
		}
	case typeShort:
		for i := range v {
			v[i] = uint64(s.order.Uint16(b[2*i:]))
		}
	case typeLong, typeIFD:
		for i := range v {
			v[i] = uint64(s.order.Uint32(b[4*i:]))
		}
	case typeLong8, typeIFD8:
		for i := range v {
			v[i] = s.order.Uint64(b[8*i:])
		}
	default:
		return false
	}
	return true
}

// uint reads a field's first value, and ignores further ones as libtiff does. It returns def if there is no such field.
func (d *directory) uint(ctx context.Context, t tag, def uint64) (uint64, error) {
	if !d.has(t) {
		return def, nil
	}
	v, err := d.firstUints(ctx, t, 1)
	if err != nil {
		return 0, err
	}
	return v[0], nil
}

// floats reads the floating-point numbers of a field. The list is empty if there is no such field.
func (d *directory) floats(ctx context.Context, t tag) ([]float64, error) {
	if !d.has(t) {
		return nil, nil
	}
	f, b, err := d.data(ctx, t)
	if err != nil {
		return nil, err
	}
	v := make([]float64, f.count)
	for i := range v {
		switch f.typ {
		case typeDouble:
			v[i] = math.Float64frombits(d.s.order.Uint64(b[8*i:]))
		case typeFloat:
			v[i] = float64(math.Float32frombits(d.s.order.Uint32(b[4*i:])))
		default:
			return nil, wrong(t, nil, fmt.Sprintf("values of type %d, want DOUBLE", f.typ))
		}
	}
	return v, nil
}

// ascii reads a text up to its first NUL, if it has one.
func (d *directory) ascii(ctx context.Context, t tag) (string, error) {
	f, b, err := d.data(ctx, t)
	if err != nil {
		return "", err
	}
	if f.typ != typeASCII && f.typ != typeByte {
		return "", wrong(t, nil, fmt.Sprintf("values of type %d, want ASCII", f.typ))
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b), nil
}
