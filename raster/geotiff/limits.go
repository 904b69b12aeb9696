package geotiff

import "math"

// Limits bound what a file from a stranger can make Open and Read do. Each is checked before anything is allocated by
// the number it bounds, and a zero field means its default. Open allocates for the tags it looks at, each up to
// FieldBytes; Read for the window, for the cache, for 16 MiB and a block of what a RangeReader is asked for, and for
// blocks that are being decoded: on up to GOMAXPROCS workers, which together take up to five times BlockBytes, or what
// Expansion allows if that is less. Those bytes count against the budget of the context, too: see raster.WithBudget.
type Limits struct {
	Directories   int   // image file directories, sub-IFDs included; default 1024
	Entries       int   // entries in one directory; default 4096
	FieldBytes    int64 // size of the value of one tag, arrays of block offsets apart; default 16 MiB
	MetadataBytes int64 // size of the GDAL_METADATA tag, or of a text beside the file; default 4 MiB
	Side          int   // width or height, in pixels; default 2^31-1
	Pixels        int64 // width times height; default 2^40
	Bands         int   // samples in a pixel; default 65535, all that TIFF can say
	Blocks        int64 // strips or tiles of one directory; default 2^31
	BlockBytes    int64 // size of the samples of one strip or tile; default 64 MiB
	ReadBytes     int64 // size of the samples of one Read; default 1 GiB

	// Expansion is how many bytes of memory decoding a strip or tile may take for each byte of the file, so that a small
	// file does not take much memory by what it says. 16 MiB are allowed for any file; default 128. A raster that is
	// blank, in strips or tiles of many megabytes, may need a higher one.
	Expansion int64
}

func (l Limits) withDefaults() Limits {
	set(&l.Directories, 1024)
	set(&l.Entries, 4096)
	set(&l.FieldBytes, 16<<20)
	set(&l.MetadataBytes, 4<<20)
	set(&l.Side, math.MaxInt32)
	set(&l.Pixels, 1<<40)
	set(&l.Bands, math.MaxUint16)
	set(&l.Blocks, 1<<31)
	set(&l.BlockBytes, 64<<20)
	set(&l.ReadBytes, 1<<30)
	set(&l.Expansion, 128)
	return l
}

func set[T int | int64](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}

// exceeds reports whether v is more than limit. A negative limit lets nothing pass.
func exceeds[T int | int64](v uint64, limit T) bool {
	return limit < 0 || v > uint64(limit)
}

// mul returns a·b, or the largest number there is if that does not fit: what is compared with limits cannot wrap
// around.
func mul(a, b uint64) uint64 {
	if a != 0 && b > math.MaxUint64/a {
		return math.MaxUint64
	}
	return a * b
}

// ceilDiv returns a/b rounded up; b is not 0.
func ceilDiv(a, b uint64) uint64 {
	n := a / b
	if a%b != 0 {
		n++
	}
	return n
}
