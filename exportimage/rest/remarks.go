package rest

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"

	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/quote"
)

// remarksJSON is the trace that explain=true adds to the answers of operations other than exportImage.
type remarksJSON struct {
	Ignored  []string `json:"ignored"`  // parameters that the operation does not have
	Forgiven []string `json:"forgiven"` // as in traceJSON
}

// maxIgnored bounds how many parameters are named in a trace.
const maxIgnored = 64

// parse reads the parameters of an operation, and keeps what is to be said about them for a request that asks for it.
func parse[T any](r *responder, t params.Table[T], form url.Values, into *T) error {
	remarks, err := t.Parse(form, into)
	if err != nil || !r.explain {
		return err
	}
	out := &remarksJSON{Ignored: []string{}, Forgiven: append(slices.Clone(r.forgiven), remarks.Forgiven...)}
	for _, name := range remarks.Unknown {
		if !params.IsTransport(name) && len(out.Ignored) < maxIgnored {
			out.Ignored = append(out.Ignored, quote.Short(name)+": the operation has no such parameter")
		}
	}
	if out.Forgiven == nil {
		out.Forgiven = []string{}
	}
	r.remarks = out
	return nil
}

// remarked returns an answer, which is a JSON object, with its trace.
func (r *responder) remarked(v any) any {
	if r.remarks == nil {
		return v
	}
	body, err := json.Marshal(v)
	if err != nil || len(body) < 2 || body[0] != '{' {
		return v
	}
	trace, err := json.Marshal(r.remarks)
	if err != nil {
		return v
	}
	body = bytes.TrimSuffix(body, []byte("}"))
	if len(body) > 1 {
		body = append(body, ',')
	}
	return json.RawMessage(slices.Concat(body, []byte(`"trace":`), trace, []byte("}")))
}
