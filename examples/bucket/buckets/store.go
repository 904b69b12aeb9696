package buckets

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// A Store keeps the images that answers link to in a bucket. Clients fetch them from there: by the public URL, if the
// bucket has one, or else by a signed URL, if it signs, or else through the handler. The bucket's own rules remove them
// (such as S3's lifecycle rules).
type Store struct {
	bucket *blob.Bucket
	prefix string // of keys
	public string // URL of the prefix for everybody, if any
	valid  time.Duration
}

// Store returns the store below a prefix such as s3://pictures/out/. public is the URL under which everybody reads what
// lies there, or ""; signed links hold for a time.
func (s *Set) Store(ctx context.Context, text, public string, valid time.Duration) (*Store, error) {
	at, err := parseLocation(text)
	if err != nil {
		return nil, err
	}
	bucket, err := s.get(ctx, at.bucket)
	if err != nil {
		return nil, err
	}
	return &Store{bucket: bucket, prefix: at.key, public: public, valid: valid}, nil
}

// Put keeps a file.
func (s *Store) Put(ctx context.Context, name string, data []byte) error {
	return s.bucket.WriteAll(ctx, s.prefix+name, data, nil)
}

// PutFrom keeps a file that it reads from r.
func (s *Store) PutFrom(ctx context.Context, name string, r io.Reader, size int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // which drops what was written, if it is not whole
	w, err := s.bucket.NewWriter(ctx, s.prefix+name, nil)
	if err != nil {
		return err
	}
	n, err := io.Copy(w, r)
	if err == nil && n != size {
		err = fmt.Errorf("%d bytes of %d", n, size)
	}
	if err != nil {
		cancel()
		_ = w.Close() // it reports the cancellation, and err is the cause
		return err
	}
	return w.Close()
}

// Open opens a file.
func (s *Store) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	r, err := s.bucket.NewReader(ctx, s.prefix+name, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Link returns the URL of a file in the bucket, or "" if the bucket gives none.
func (s *Store) Link(ctx context.Context, name string) (string, error) {
	if s.public != "" {
		return url.JoinPath(s.public, name)
	}
	link, err := s.bucket.SignedURL(ctx, s.prefix+name, &blob.SignedURLOptions{Expiry: s.valid})
	if gcerrors.Code(err) == gcerrors.Unimplemented {
		return "", nil
	}
	return link, err
}
