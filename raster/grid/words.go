package grid

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/geoexport/geoexport/raster/source"
)

// wordsBytes is how many bytes of a text are read in one go.
const wordsBytes = 64 << 10

// maxWord is how long a number may be: far more than one of all digits that a float64 has.
const maxWord = 1 << 10

// words are what blanks separate in a text, one after the other.
type words struct {
	ctx  context.Context
	src  source.Source
	buf  []byte
	base int64 // where buf[0] is in the file
	pos  int   // what is before was returned
	end  int   // how much of buf is filled
	at   int64 // where the last word begins
	err  error
}

func newWords(ctx context.Context, src source.Source) *words {
	return &words{ctx: ctx, src: src, buf: make([]byte, wordsBytes)}
}

// seek makes the word that begins at an offset, or comes first from there on, the next one.
func (w *words) seek(offset int64) {
	if offset >= w.base && offset <= w.base+int64(w.end) {
		w.pos = int(offset - w.base)
		return
	}
	w.base, w.pos, w.end = offset, 0, 0
}

// blanks are the bytes between words: those of C's isspace, and the mark that ends texts of DOS.
var blanks = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, '\v': true, '\f': true, 0x1a: true}

// next returns the next word, which is good until the next call; nil at the end and after an error, which err has.
func (w *words) next() []byte {
	for {
		i := w.pos
		for i < w.end && blanks[w.buf[i]] {
			i++
		}
		start := i
		for i < w.end && !blanks[w.buf[i]] {
			i++
		}
		if i < w.end || i > start && w.complete() {
			w.pos, w.at = i, w.base+int64(start)
			return w.buf[start:i]
		}
		if i-start > maxWord {
			w.err = &FormatError{Name: "text", Value: string(w.buf[start : start+40]), Reason: fmt.Sprintf(
				"at byte %d: a word of more than %d bytes", w.base+int64(start), maxWord)}
			return nil
		}
		w.pos = start
		if !w.fill() {
			return nil
		}
	}
}

// complete reports whether the buffer reaches to the end of the file.
func (w *words) complete() bool { return w.base+int64(w.end) >= w.src.Size() }

// fill reads on, and keeps what was not returned. It reports whether there is more.
func (w *words) fill() bool {
	if w.err != nil || w.complete() {
		return false
	}
	copy(w.buf, w.buf[w.pos:w.end])
	w.base, w.end, w.pos = w.base+int64(w.pos), w.end-w.pos, 0
	n := min(int64(len(w.buf)-w.end), w.src.Size()-w.base-int64(w.end))
	if err := source.ReadFull(w.ctx, w.src, w.buf[w.end:w.end+int(n)], w.base+int64(w.end)); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("grid: reading %d bytes from byte %d on: %w", n, w.base+int64(w.end), err)
		}
		w.err = err
		return false
	}
	w.end += int(n)
	return true
}

// unread makes the last word the next one.
func (w *words) unread() { w.pos = int(w.at - w.base) }
