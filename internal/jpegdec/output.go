package jpegdec

import "encoding/binary"

// output writes the decoded image to dst. It upsamples components to the size of the frame, and converts colours if
// there is a conversion.
func (d *Decoder) output(dst []Plane, o *Options) error {
	if d.frame.progressive {
		if err := d.transform(o); err != nil {
			return err
		}
	}
	convert := o.YCbCr
	var rows [4][]byte
	for y := range dst[0].Height {
		if y%8 == 0 {
			if err := o.interrupted(); err != nil {
				return err
			}
		}
		for i := range dst {
			rows[i] = d.upsample(i, y, dst[0].Width)
		}
		if convert != nil && len(dst) == 3 {
			convert(dst[0].row(y), dst[1].row(y), dst[2].row(y), rows[0], rows[1], rows[2])
			continue
		}
		for i := range dst {
			copy(dst[i].row(y), rows[i])
		}
	}
	return nil
}

// upsample returns row y of component i at the width of the frame, at least its first n samples. The result is valid
// until the next call for the component.
func (d *Decoder) upsample(i, y, n int) []byte {
	c := &d.frame.components[i]
	h, v := d.frame.h/c.h, d.frame.v/c.v
	near := c.row(y / v)
	if h == 1 && v == 1 {
		return near
	}
	d.scratch[i] = grow(d.scratch[i], n+4)
	out := d.scratch[i]
	// libjpeg interpolates, except in narrow components and where the factors are not 2; then it repeats samples.
	far := near
	if v == 2 && h <= 2 {
		far = c.row(max(0, min(y/2+2*(y&1)-1, c.height-1)))
	}
	switch in := min(c.width, n/h+2); {
	case h == 2 && v == 1 && c.width > 2:
		triangle2x1(out, near[:in])
	case h == 1 && v == 2:
		triangle1x2(out, near[:in], far[:in], y&1)
	case h == 2 && v == 2 && c.width > 2:
		triangle2x2(out, near[:in], far[:in])
	default:
		for x := range n {
			out[x] = near[x/h]
		}
	}
	return out
}

// row returns row y of a component, without its padding.
func (c *component) row(y int) []byte {
	return c.pix[y*c.stride : y*c.stride+c.width]
}

// The nearer sample weighs 3/4 and the farther one 1/4, in each direction; at an edge there is no farther one. Halves
// are rounded up and down alternately.

// triangle2x1 doubles a row in width.
func triangle2x1(dst, src []byte) {
	dst[0] = src[0]
	i := 0
	for ; i+5 <= len(src) && 2*i+9 <= len(dst); i += 4 {
		four := src[i : i+5]
		a, b := fourLanes(four), fourLanes(four[1:])
		lower, upper := (3*a+b+2*eachLane)>>2&lowBytes, (3*b+a+eachLane)>>2&lowBytes
		binary.LittleEndian.PutUint64(dst[2*i+1:], lower|upper<<8)
	}
	last := len(src) - 1
	for ; i < last && 2*i+1 < len(dst); i++ {
		a, b := uint(src[i]), uint(src[i+1])
		dst[2*i+1] = byte((3*a + b + 2) >> 2)
		if 2*i+2 < len(dst) {
			dst[2*i+2] = byte((3*b + a + 1) >> 2)
		}
	}
	if 2*last+1 < len(dst) {
		dst[2*last+1] = src[last]
	}
}

// triangle1x2 computes one of the two rows between near and far, as for doubling the height; odd is 1 for the lower
// one.
func triangle1x2(dst, near, far []byte, odd int) {
	n := min(len(dst), len(near))
	dst, near, far = dst[:n], near[:n], far[:n]
	round := uint(1 + odd)
	for i, v := range near {
		dst[i] = byte((3*uint(v) + uint(far[i]) + round) >> 2)
	}
}

// triangle2x2 computes a row as triangle1x2 does, and doubles it in width.
func triangle2x2(dst, near, far []byte) {
	far = far[:len(near)]
	dst[0] = byte((3*uint(near[0]) + uint(far[0]) + 2) >> 2)
	i := 0
	for ; i+5 <= len(near) && 2*i+9 <= len(dst); i += 4 {
		n, f := near[i:i+5], far[i:i+5]
		a, b := 3*fourLanes(n)+fourLanes(f), 3*fourLanes(n[1:])+fourLanes(f[1:])
		lower, upper := (3*a+b+7*eachLane)>>4&lowBytes, (3*b+a+8*eachLane)>>4&lowBytes
		binary.LittleEndian.PutUint64(dst[2*i+1:], lower|upper<<8)
	}
	last := len(near) - 1
	a := 3*uint(near[i]) + uint(far[i])
	for ; i < last && 2*i+1 < len(dst); i++ {
		b := 3*uint(near[i+1]) + uint(far[i+1])
		dst[2*i+1] = byte((3*a + b + 7) >> 4)
		if 2*i+2 < len(dst) {
			dst[2*i+2] = byte((3*b + a + 8) >> 4)
		}
		a = b
	}
	if 2*last+1 < len(dst) {
		dst[2*last+1] = byte((4*a + 7) >> 4)
	}
}

// Four samples at a time lie in lanes of 16 bits, which hold the weighted sums without overflow.
const (
	eachLane = 0x0001000100010001
	lowBytes = 0x00ff00ff00ff00ff
)

// fourLanes returns the first four bytes of b, the first one lowest.
func fourLanes(b []byte) uint64 {
	x := uint64(binary.LittleEndian.Uint32(b))
	x = (x | x<<16) & 0x0000ffff0000ffff
	return (x | x<<8) & lowBytes
}
