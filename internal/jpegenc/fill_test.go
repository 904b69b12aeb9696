package jpegenc

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestContinued(t *testing.T) {
	for _, c := range []struct{ pix, want string }{
		{"a..d", "abcd"}, {".b..", "bbbb"}, {"...c", "cccc"}, {"abcd", "abcd"}, {"a.c.", "abcc"},
		{"....|a..d|....", "abcd|abcd|abcd"},
		{"aaaa|....|cccc", "aaaa|bbbb|cccc"},
		{".aa.|....|....|..d.", "aaaa|bbbb|cccc|dddd"},
	} {
		rows := bytes.Split([]byte(c.pix), []byte("|"))
		pix, alpha := bytes.Join(rows, nil), make([]uint8, 0)
		for _, v := range pix {
			alpha = append(alpha, map[bool]uint8{true: 0, false: 200}[v == '.'])
		}
		some, all := holes(alpha, 4, 4, len(rows))
		require.Equal(t, bytes.Contains(pix, []byte(".")), some)
		require.False(t, all)
		continued(pix, alpha, 4, 4, len(rows))
		assert.Equal(t, string(bytes.ReplaceAll([]byte(c.want), []byte("|"), nil)), string(pix), c.pix)
	}
	some, all := holes(make([]uint8, 64), 8, 8, 8)
	assert.True(t, some && all)
}
