package api

import (
	"go/types"
	"strings"
)

// A Maker is a function that is no operation on a primitive itself, but makes
// one, wraps one, or stands in for one.
type Maker uint8

// The makers.
const (
	NoMaker Maker = iota

	NewCond     // sync.NewCond
	RLocker     // (*sync.RWMutex).RLocker
	OnceFunc    // sync.OnceFunc
	OnceValue   // sync.OnceValue, OnceValues
	TimeAfter   // time.After, time.Tick
	NewTimer    // time.NewTimer, time.NewTicker
	TimerStop   // (*time.Timer).Stop, Reset, (*time.Ticker).Stop, Reset
	CtxAfter    // context.AfterFunc
	Gosched     // runtime.Gosched
	TestContext // (*testing.T).Context: done when the test is over
	TestCleanup // (*testing.T).Cleanup: calls its argument when the test is over
	EndsRoutine // runtime.Goexit, and the methods of testing that call it
	ErrorIs     // errors.Is
)

// MakerOf returns what kind of maker f is.
func MakerOf(f *types.Func) Maker {
	if f == nil || f.Pkg() == nil {
		return NoMaker
	}
	recv := ""
	if n := ReceiverNamed(f); n != nil {
		recv = n.Obj().Name()
	}
	switch f.Pkg().Path() {
	case syncPath:
		switch {
		case recv == "RWMutex" && f.Name() == "RLocker":
			return RLocker
		case recv != "":
		case f.Name() == "NewCond":
			return NewCond
		case f.Name() == "OnceFunc":
			return OnceFunc
		case strings.HasPrefix(f.Name(), "OnceValue"):
			return OnceValue
		}
	case timePath:
		switch f.Name() {
		case "After", "Tick":
			if recv == "" {
				return TimeAfter
			}
		case "NewTimer", "NewTicker":
			return NewTimer
		case "Stop", "Reset":
			return TimerStop
		}
	case contextPath:
		if recv == "" && f.Name() == "AfterFunc" {
			return CtxAfter
		}
	case "errors":
		if f.Name() == "Is" {
			return ErrorIs
		}
	case "runtime":
		switch f.Name() {
		case "Gosched":
			return Gosched
		case "Goexit":
			return EndsRoutine
		}
	case "testing":
		if NoReturn(f) {
			return EndsRoutine
		}
		switch {
		case recv != "" && f.Name() == "Context":
			return TestContext
		case recv != "" && f.Name() == "Cleanup":
			return TestCleanup
		}
	}
	return NoMaker
}

// AtomicName returns the operation of a function or method of sync/atomic, such
// as "Load" or "CompareAndSwap", or "" for other functions.
func AtomicName(f *types.Func) string {
	if f == nil || f.Pkg() == nil || f.Pkg().Path() != atomicPath {
		return ""
	}
	for _, op := range []string{"Load", "Store", "Add", "Swap", "CompareAndSwap", "And", "Or"} {
		if strings.HasPrefix(f.Name(), op) {
			return op
		}
	}
	return ""
}

// Formats reports whether f prints its arguments, calling their String and
// Error methods.
func Formats(f *types.Func) bool {
	if f == nil || f.Pkg() == nil {
		return false
	}
	switch f.Pkg().Path() {
	case "fmt", "log", "log/slog":
		return !strings.Contains(f.Name(), "Scan")
	case "testing":
		return hasAnyPrefix(f.Name(), "Log", "Error", "Fatal", "Skip")
	}
	return false
}

// CallsMethods reports whether f calls the methods of the interfaces that it is
// given before it returns, and keeps none of them.
func CallsMethods(f *types.Func) bool {
	if f == nil || f.Pkg() == nil || ReceiverNamed(f) != nil {
		return false
	}
	switch f.Pkg().Path() {
	case "io":
		return hasAnyPrefix(f.Name(), "Read", "Copy", "WriteString")
	case "sort":
		return hasAnyPrefix(f.Name(), "Sort", "Stable", "IsSorted")
	case "container/heap":
		return true
	}
	return false
}

// Writes reports whether an unseen function may write to the variables that its
// pointer arguments point to.
func Writes(f *types.Func) bool {
	if f == nil || f.Pkg() == nil {
		return true
	}
	switch f.Pkg().Path() {
	case "fmt", "log", "log/slog", "errors", "testing":
		return strings.Contains(f.Name(), "Scan") || f.Name() == "As"
	}
	return true
}

// ErrorOf tells what kind of error a function with a single result of type
// error returns: the one that it is given as parameter number wraps, with more
// text, nil if that is nil; or one that it makes, never nil. Otherwise wraps is
// -1 and makes is false. The names are those of errors, fmt, gRPC's status and
// the error packages that imitate them.
func ErrorOf(f *types.Func) (wraps int, makes bool) {
	sig := f.Signature()
	if sig.Recv() != nil || sig.Results().Len() != 1 {
		return -1, false
	}
	for i := range sig.Params().Len() {
		if IsError(sig.Params().At(i).Type()) {
			if strings.HasPrefix(f.Name(), "W") { // Wrap, Wrapf, WithStack, WithMessage
				return i, false
			}
			return -1, false
		}
	}
	return -1, hasAnyPrefix(f.Name(), "New", "Error")
}

// ReturnsArgument reports whether the result of f has the elements of its first
// argument.
func ReturnsArgument(f *types.Func) bool {
	if f == nil || f.Pkg() == nil {
		return false
	}
	switch f.Pkg().Path() {
	case "slices", "maps":
		return f.Name() == "Clone" || f.Name() == "Clip" || f.Name() == "Grow" || f.Name() == "Compact"
	}
	return false
}

// CountsProcessors reports whether f returns a number of processors, which may be
// one.
func CountsProcessors(f *types.Func) bool {
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == "runtime" && (f.Name() == "NumCPU" || f.Name() == "GOMAXPROCS")
}

// FirstSet reports whether f returns the first of its arguments that is not zero.
func FirstSet(f *types.Func) bool {
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == "cmp" && f.Name() == "Or"
}

// MakesError reports whether f is a function of the standard library that makes an
// error out of what it is given, and does nothing else.
func MakesError(f *types.Func) bool {
	if f.Pkg() == nil {
		return false
	}
	name := f.Pkg().Path() + "." + f.Name()
	return name == "errors.New" || name == "fmt.Errorf"
}
