package lerc

import "fmt"

// A FormatError reports bytes that are not LERC, or are damaged.
type FormatError struct {
	Band   int    // number of the band, from 0
	Reason string // what is wrong
}

func (e *FormatError) Error() string {
	if e.Band > 0 {
		return fmt.Sprintf("lerc: band %d: %s", e.Band, e.Reason)
	}
	return "lerc: " + e.Reason
}

func wrong(format string, args ...any) error {
	return &FormatError{Reason: fmt.Sprintf(format, args...)}
}

// An UnsupportedError reports a version of LERC that is newer than this package.
type UnsupportedError struct {
	Version int // of Lerc2
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("lerc: version %d of Lerc2 is not supported, want 1 to %d", e.Version, newestVersion)
}

// A LimitError reports an image that would take more memory than the options permit.
type LimitError struct {
	Limit string // name of the limit, such as "Options.MaxBytes"
	Bytes int64  // needed
	Most  int64  // permitted
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("lerc: the image takes %d bytes of memory, more than %d (limit %s)", e.Bytes, e.Most, e.Limit)
}

// A ShapeError reports a destination that does not fit the image in the blob.
type ShapeError struct {
	What       string // "samples", "type of samples", "validity"
	Have, Want string
}

func (e *ShapeError) Error() string {
	return fmt.Sprintf("lerc: the destination has %s %s, the blob %s", e.What, e.Have, e.Want)
}

// An EncodeError reports an image or an option that cannot be written.
type EncodeError struct {
	Field  string // of Image or EncodeOptions, such as "Image.Pix"
	Reason string
}

func (e *EncodeError) Error() string { return fmt.Sprintf("lerc: encode: %s: %s", e.Field, e.Reason) }

func cannotEncode(field, format string, args ...any) error {
	return &EncodeError{Field: field, Reason: fmt.Sprintf(format, args...)}
}
