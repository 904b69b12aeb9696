package function

// Compose returns the function that computes f from the pixels that from computes: from takes the place of the Source in f.
// Neither may hold a Rule that names a template.
func Compose(f, from Function) (Function, error) {
	r := &resolver{visits: new(int), source: from}
	if from == nil {
		r.source = Source{}
	}
	out, err := r.function(f)
	if err != nil {
		return nil, asError(err)
	}
	return out, nil
}
