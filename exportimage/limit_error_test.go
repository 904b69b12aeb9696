package exportimage

import (
	"errors"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
)

func limitOf(err error) (*LimitError, bool) { return errors.AsType[*LimitError](err) }

// Errors about limits hold which one it is, what was asked for and what is allowed; their words stay.
func TestLimitErrors(t *testing.T) {
	limits := Limits{Side: 100, Pixels: 5000, Bytes: 1000, Spool: 50}.withDefaults(assumedMemory)
	ticket := &ticket{limits: limits, gate: &Gate{limits: limits}}
	for _, c := range []struct {
		err            error
		kind           Kind
		limit          string
		asked, allowed int64
	}{
		{checkSize(image.Pt(101, 2), limits), Invalid, "Side", 101, 100},
		{checkSize(image.Pt(100, 60), limits), Invalid, "Pixels", 6000, 5000},
		{ticket.check(need{memory: 800}), TooLarge, "Bytes", 800, 700},
		{ticket.check(need{spool: 51}), TooLarge, "Spool", 51, 50},
		{(&Gate{limits: limits, all: account{waiting: 7}}).full(), Unavailable, "Queue", 8, int64(limits.Queue)},
	} {
		e, ok := limitOf(c.err)
		if assert.True(t, ok, "%v", c.err) {
			assert.Equal(t, []any{c.limit, c.asked, c.allowed}, []any{e.Limit, e.Asked, e.Allowed})
			assert.ErrorContains(t, c.err, c.limit)
			assert.Equal(t, c.kind, kindOf(c.err))
		}
	}
	assert.EqualError(t, &LimitError{}, "0 is more than 0 (limit )")
	assert.NoError(t, (&LimitError{}).Unwrap())
}
