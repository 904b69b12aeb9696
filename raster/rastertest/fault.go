package rastertest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// A Fault is one way in which something that exports depend on can go wrong.
type Fault uint8

// The faults. Which of them a wrapper can inject is said there: Faulty and FaultySource here, and mosaictest.Faulty.
const (
	Fail        Fault = iota // an error, after rubbish was written to the memory that was lent
	Cancelled                // the error context.Canceled, though the context is not cancelled
	Delay                    // a wait of Faults.Delay, and then what is right
	Stall                    // a wait for the end of the context, and then its error
	Panic                    // a panic
	NoResult                 // nil, and no error
	WrongBounds              // a block of another window of the same size, or of a smaller one
	WrongType                // samples of another type, stated or not
	WrongBands               // too many bands, too few, none, or nil ones
	ShortPlanes              // planes or a validity with less memory than their bounds need
	WrongValid               // a validity of a part of the block only
	WrongInfo                // an Info that contradicts itself
	InfoPanic                // a panic of Info
	ShortRead                // fewer bytes than asked for, with no error or with io.EOF
	ShortWrite               // fewer bytes written than given, without an error
	NilItem                  // a nil item, or one without Open
	OpenFail                 // an item whose Open fails, panics or returns nothing
	faults
)

var faultNames = [faults]string{
	"fail", "cancelled", "delay", "stall", "panic", "no result", "wrong bounds", "wrong type", "wrong bands",
	"short planes", "wrong validity", "wrong info", "panic of info", "short read", "short write", "nil item", "failing open",
}

func (f Fault) String() string {
	if f < faults {
		return faultNames[f]
	}
	return fmt.Sprintf("Fault(%d)", uint8(f))
}

// ErrFault is the error of a Fail. Its text is not to be shown to strangers: tests look for "secret path" in answers.
var ErrFault = errors.New("injected fault: secret path /srv/rasters")

// Faults decide which calls of wrapped things go wrong, and how, and count what was injected. Several wrappers may
// share one, and use it from several goroutines: set its fields before. The zero value lets all calls pass. The fate
// of the n-th call depends on Seed, Rate and n alone, so that a run with one goroutine can be repeated.
type Faults struct {
	Seed  uint64
	Rate  float64       // share of calls that go wrong, from 0 to 1
	Kinds []Fault       // those that are injected; nil is all
	Delay time.Duration // of a Delay

	calls  atomic.Uint64
	off    atomic.Bool
	counts [faults]atomic.Int64
}

// Pause lets all calls pass until it is called with false. Nil Faults do so for ever.
func (f *Faults) Pause(pause bool) {
	if f != nil {
		f.off.Store(pause)
	}
}

// Count returns how often a fault was injected.
func (f *Faults) Count(kind Fault) int { return int(f.counts[kind].Load()) }

// Total returns how often any fault was injected, without Delay, after which the result is right.
func (f *Faults) Total() (n int) {
	for kind := range f.counts {
		if Fault(kind) != Delay {
			n += f.Count(Fault(kind))
		}
	}
	return n
}

// String lists the faults that were injected.
func (f *Faults) String() string {
	var parts []string
	for kind := range faults {
		if n := f.Count(kind); n > 0 {
			parts = append(parts, fmt.Sprintf("%v %d", kind, n))
		}
	}
	return strings.Join(parts, ", ")
}

// Next returns the fault of the next call, of those that the caller can inject, and random numbers to shape it. It
// reports false if the call is to pass. It is for wrappers of other things.
func (f *Faults) Next(can ...Fault) (kind Fault, r *rand.Rand, ok bool) {
	if f == nil || f.off.Load() || f.Rate <= 0 {
		return 0, nil, false
	}
	r = rand.New(rand.NewPCG(f.Seed, f.calls.Add(1)))
	if r.Float64() >= f.Rate {
		return 0, nil, false
	}
	if f.Kinds != nil {
		can = slices.DeleteFunc(slices.Clone(can), func(k Fault) bool { return !slices.Contains(f.Kinds, k) })
	}
	if len(can) == 0 {
		return 0, nil, false
	}
	kind = can[r.IntN(len(can))]
	f.counts[kind].Add(1)
	return kind, r, true
}
