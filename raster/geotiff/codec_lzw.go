package geotiff

import (
	"encoding/binary"
	"errors"
	"io"
	"sync"
)

const (
	lzwClear    = 256
	lzwEnd      = 257
	lzwFirst    = 258
	lzwMaxWidth = 12
)

var errLZWCode = errors.New("lzw: invalid code")

// An lzwString is an entry of the table: the string of one code and the byte that followed it. Every string occurs in
// the bytes decoded before, and is copied from there.
type lzwString struct {
	head  uint64 // its first eight bytes, the first one in the lowest bits
	start uint32 // index of the string in dst; used only for strings of more than eight bytes
	n     uint32 // length; 0 for codes that are no strings
}

// An lzwCodec keeps its tables for the next block, since 64 KiB are much for a stack. Their first entries, those of
// single bytes, stay.
type lzwCodec struct{ tables sync.Pool } // of *[1 << lzwMaxWidth]lzwString

func newLZWTable() *[1 << lzwMaxWidth]lzwString {
	t := &[1 << lzwMaxWidth]lzwString{}
	for i := range lzwClear {
		t[i] = lzwString{head: uint64(i), n: 1}
	}
	return t
}

// decode decodes the LZW of section 13 of TIFF 6.0: codes of 9 to 12 bits, most significant bit first, which become
// wider one code earlier than in other formats.
//
// It is one long loop: a function call for each code or string would move its variables from registers to memory and
// back.
func (c *lzwCodec) decode(dst, src []byte, b BlockShape) error {
	if len(src) >= 2 && src[0] == 0 && src[1]&1 == 1 {
		// libtiff's test (tif_lzw.c, LZWPreDecode): the clear code that each stream starts with, in reverse bit order.
		return decodeOldLZW(dst, src, b)
	}
	table, ok := c.tables.Get().(*[1 << lzwMaxWidth]lzwString)
	if !ok {
		table = newLZWTable()
	}
	defer c.tables.Put(table)
	var (
		hold    uint64 // the next codes, at the top; bits below the top count are 0 or equal to src[in:]
		count   uint   // number of bits of hold that are counted as taken from src
		in, out int
		width   uint      = 9
		next    uint      = lzwFirst // index of the entry to be made
		prev    lzwString            // string of the previous code; empty after a clear code
		due     int                  // Interrupt is called when out reaches it
	)
	for out < len(dst) {
		if out >= due {
			if err := b.interrupted(); err != nil {
				return err
			}
			due = out + interruptBytes
		}
		if count < lzwMaxWidth {
			if in+8 <= len(src) {
				hold |= binary.BigEndian.Uint64(src[in:]) >> (count & 63)
				in += int(63-count) >> 3
				count |= 56
			} else {
				for ; count <= 56 && in < len(src); in++ {
					hold |= uint64(src[in]) << (56 - count)
					count += 8
				}
				if count < width {
					return io.ErrUnexpectedEOF
				}
			}
		}
		code := uint(hold >> (64 - width&63))
		hold <<= width & 63
		count -= width

		// This code adds an entry: the previous string and the first byte of this code's string. If the code is that of
		// the new entry itself, that byte is the first one of the previous string. The last entry, 4095, is never made.
		made := uint(0)
		if prev.n > 0 && next < 1<<lzwMaxWidth-1 {
			table[next] = lzwString{prev.head | prev.head<<56>>56<<(8*prev.n), prev.start, prev.n + 1}
			made = 1
		}
		if code >= next+made {
			return errLZWCode
		}
		s := table[code&(1<<lzwMaxWidth-1)]
		if s.n == 0 {
			if code == lzwEnd {
				return io.ErrUnexpectedEOF
			}
			width, next, prev.n = 9, lzwFirst, 0
			continue
		}
		if made == 1 {
			table[next].head = prev.head | s.head<<56>>56<<(8*prev.n)
			next++
			// TIFF's early change.
			if next+1 >= 1<<width && width < lzwMaxWidth {
				width++
			}
		}

		// All strings of more than eight bytes start far enough back for copying whole words.
		n := int(s.n)
		if end := out + n; end+8 <= len(dst) {
			binary.LittleEndian.PutUint64(dst[out:], s.head)
			for i, j := out+8, int(s.start)+8; i < end; i, j = i+8, j+8 {
				binary.LittleEndian.PutUint64(dst[i:], binary.LittleEndian.Uint64(dst[j:]))
			}
		} else {
			n = min(n, len(dst)-out)
			for i := range n {
				if i < 8 {
					dst[out+i] = byte(s.head >> (8 * i))
				} else {
					dst[out+i] = dst[int(s.start)+i]
				}
			}
		}
		prev = lzwString{s.head, uint32(out), s.n}
		out += n
	}
	return nil
}
