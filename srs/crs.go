package srs

import "unique"

// A CRS is a coordinate reference system. It is one pointer to an interned definition, so that CRSs can be compared with
// == and used as map keys, and copying one is free. The zero CRS means "not stated".
//
// Two CRSs are equal if they were asked for by the same code or the same definition. Codes that mean the same system,
// such as 102100 and 3857, are different CRSs between which NewTransformer's operation is the identity: an answer can
// thus echo the code that its request used.
type CRS struct{ def unique.Handle[definition] }

// IsZero says whether the CRS is not stated.
func (c CRS) IsZero() bool { return c == CRS{} }
