package geotiff

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// newDeflateCodec is a codec for zlib streams that keeps its decoders, 40 KB each, for the next block.
func newDeflateCodec() Codec {
	d := &deflateCodec{}
	// No deflate stream expands by more than 1032: 258 bytes for a bit of length and one of distance.
	return Codec{Decode: d.decode, MaxExpansion: 1032, Predictor: true}
}

type deflateCodec struct{ readers sync.Pool }

func (d *deflateCodec) decode(dst, src []byte, _ BlockShape) error {
	in := bytes.NewReader(src)
	z, ok := d.readers.Get().(io.ReadCloser)
	var err error
	if ok {
		err = z.(zlib.Resetter).Reset(in, nil)
	} else {
		z, err = zlib.NewReader(in)
	}
	if err != nil {
		return err
	}
	defer d.readers.Put(z)
	if _, err := io.ReadFull(z, dst); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	// At the end of the stream its checksum is verified. Whatever else comes after the block's last byte, such as the
	// rows of a last strip that some writers fill up, or no checksum at all, other readers do not mind either.
	var more [1]byte
	if _, err := z.Read(more[:]); errors.Is(err, zlib.ErrChecksum) {
		return err
	}
	return nil
}
