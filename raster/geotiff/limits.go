package geotiff

import "math"

// Limits bound the resources that a hostile file can make Open and Read use. Each limit is checked before memory is
// allocated by the number that it bounds; a zero field means its default. Open allocates up to FieldBytes for each tag
// that it reads. Read allocates for the window, for the cache, for 16 MiB and a block of ranges from a RangeReader, and
// for blocks that are being decoded: up to GOMAXPROCS workers together take up to five times BlockBytes, or the bytes
// that Expansion allows if these are fewer. The bytes of decoding also count against the context's budget: see
// raster.WithBudget.
type Limits struct {
	Directories   int   // image file directories, sub-IFDs included; default 1024
	Entries       int   // entries in one directory; default 4096
	FieldBytes    int64 // size of the value of one tag, arrays of block offsets apart; default 16 MiB
	MetadataBytes int64 // size of the GDAL_METADATA tag, or of a text beside the file; default 4 MiB
	Side          int   // width or height, in pixels; default 2^31-1
	Pixels        int64 // width times height; default 2^40
	Bands         int   // samples in a pixel; default 65535, the largest number in TIFF
	Blocks        int64 // strips or tiles of one directory; default 2^31
	BlockBytes    int64 // size of the samples of one tile, strip or piece; default 64 MiB, or more: see Expansion
	ReadBytes     int64 // size of the samples of one Read; default 1 GiB

	// Expansion is the number of bytes of memory that decoding a strip or tile may take for each of its bytes in the
	// file, so that little cannot take much memory. The default is 128. 16 MiB are allowed for any strip or tile, and up
	// to 32 MiB by the bytes of the whole file. A blank raster in strips or tiles of many megabytes may need a higher
	// value. A file that is large enough for it may by default have tiles, and strips of JPEG or WebP, of up to 1 GiB,
	// since some writers put an image into one strip.
	//
	// Strips larger than a quarter of BlockBytes, or than 3 MiB, are read in pieces, which take little memory but time,
	// as the rows above a piece are decoded first: see the package comment. One whose samples take more than half of
	// BlockBytes, or than 32 MiB, needs a file for which Expansion allows four times as much.
	Expansion int64
}

// streamedBytes returns how large a strip may be that is read in pieces out of a file of size bytes.
func (l *Limits) streamedBytes(size uint64) int64 {
	return max(max(0, min(l.BlockBytes, 64<<20))/2, l.allowedBytes(size, size)/4)
}

// largestBlock is the largest default of BlockBytes.
const largestBlock = 1 << 30

// forFile returns the limits for a file of size bytes, of which stated are those that the caller gave.
func (l Limits) forFile(stated Limits, size uint64) Limits {
	if stated.BlockBytes == 0 {
		l.BlockBytes = max(l.BlockBytes, min(l.allowedBytes(size, size), largestBlock))
	}
	return l
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

// exceeds reports whether v is more than limit. Every v exceeds a negative limit.
func exceeds[T int | int64](v uint64, limit T) bool {
	return limit < 0 || v > uint64(limit)
}

// mul returns a·b, or the largest uint64 if the product overflows, so that comparisons with limits stay correct.
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
