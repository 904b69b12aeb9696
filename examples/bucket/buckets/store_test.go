package buckets

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob/memblob"
)

func TestStore(t *testing.T) {
	bucket := memblob.OpenBucket(nil)
	defer func() { assert.NoError(t, bucket.Close()) }()
	s := &Store{bucket: bucket, prefix: "out/", valid: time.Hour}
	data := bytes.Repeat([]byte("picture"), 1000)
	require.NoError(t, s.PutFrom(t.Context(), "a.png", bytes.NewReader(data), int64(len(data))))
	kept, err := bucket.ReadAll(t.Context(), "out/a.png")
	require.NoError(t, err)
	assert.Equal(t, data, kept)
	require.Error(t, s.PutFrom(t.Context(), "b.png", bytes.NewReader(data), int64(len(data))+1))
	_, err = s.Open(t.Context(), "b.png")
	require.ErrorIs(t, err, os.ErrNotExist, "what is not whole is not kept")
	link, err := s.Link(t.Context(), "a.png")
	require.NoError(t, err)
	assert.Empty(t, link, "a bucket in memory signs nothing")
	s.public = "https://cdn.example.org/out"
	link, err = s.Link(t.Context(), "a.png")
	require.NoError(t, err)
	assert.Equal(t, "https://cdn.example.org/out/a.png", link)
}
