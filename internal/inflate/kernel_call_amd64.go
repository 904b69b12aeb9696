//go:build !purego

package inflate

// The reasons why decodeFast stops.
const (
	stopLimit    = iota // in or out is above its limit
	stopEnd             // the block has ended
	stopLiteral         // no code for a literal or length
	stopDistance        // no code for a distance
	stopStart           // a distance to before the start
)

// kernelBytes is how much the kernel decodes in a call, during which the garbage collector cannot stop it: some tenth
// of a millisecond.
const kernelBytes = 64 << 10

// fast decodes symbols until dst has limit bytes or an end of src or dst is near. end reports that the block has ended.
func (d *decoder) fast(t *tables, limit int) (end bool, err error) {
	if d.twin {
		return d.plain(t, limit)
	}
	lastIn, lastOut := len(d.src)-fastIn, min(limit, len(d.dst)-fastOut)
	for d.in <= lastIn && d.out <= lastOut {
		out, in, hold, count, stop := decodeFast(&d.dst[0], d.out, min(lastOut, d.out+kernelBytes), &d.src[0], d.in, lastIn,
			d.hold, uint64(d.count), &t.lit[0], &t.dist[0])
		d.out, d.in, d.hold, d.count = out, in, hold, uint(count)
		switch stop {
		case stopEnd:
			return true, nil
		case stopLiteral:
			return false, d.wrong("no code for a literal or length")
		case stopDistance:
			return false, d.wrong("no code for a distance")
		case stopStart:
			return false, d.wrong("a distance to before the start")
		}
	}
	return false, nil
}
