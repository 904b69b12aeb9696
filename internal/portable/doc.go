// Package portable has the elementary functions of package math, with the same bits on every machine.
//
// Package math uses assembly for some functions on some machines, and lets the compiler fuse a product with a sum on
// others, so that its last bits differ: of amd64, arm64 and s390x no two agree. Pixels, coordinates and files are equal
// between machines only where what they are computed from is. What rounds correctly everywhere (Sqrt, Floor, Remainder,
// FMA and their kind) stays in package math.
//
// # Method
//
// An argument is reduced to the nearest of some 128 places at which tables hold the function in two numbers, the double
// nearest to it and the rest, and a short polynomial covers the way from there:
//
//	sin(t+r) = sin t cos r + cos t sin r      t a multiple of π/64
//	exp(t+r) = exp t + exp t (exp r - 1)      t a multiple of (log 2)/128
//	log(m)   = log(1+f) - log c               f = mc - 1, c a factor of few digits
//	atan n/d = atan c + atan u                u = (n-cd)/(d+cn), c a multiple of 1/128
//	tan, tanh                                 the same identities, the other way round
//	asin                                      polynomials on pieces 1/128 wide
//
// This is how most fast libraries do it since P. Tang, ACM Transactions on Mathematical Software 15 (1989) and 16 (1990).
// The other functions follow from these by identities, with intermediate results in two numbers after T. J. Dekker,
// Numerische Mathematik 18 (1971). Products are split by masks, because math.FMA is slow on machines that lack it.
// testdata/tables.py computes tables and polynomials.
//
// # Accuracy
//
// Errors are below 0.52 units in the last place for Sin, Cos, Tan, Exp, Log, Log10, Log1p, Pow, Cosh, Asinh, Atanh and Cbrt,
// below 0.65 for Asin, Acos, Atan, Atan2, Expm1, Sinh and Tanh, and below 0.9 for Hypot, of 8000 random arguments each. NaN,
// infinities, zeros of both signs, subnormal and huge arguments have the results that package math documents.
//
// All functions are safe for concurrent use.
package portable
