// Package api is the one place that knows the concurrency API of Go: which
// function is which operation, what it does with the functions it is given,
// and which functions never return. It is data; the layers above ask it by
// types.Func, never by printed names.
//
// The sources of the table are the documentation and code of sync, context,
// time, os/signal, testing and golang.org/x/sync.
package api

import (
	"go/types"
	"strings"
)

// An Op is a concurrency operation performed by a call.
type Op uint8

// The operations, by primitive.
const (
	None Op = iota

	WGAdd  // (*sync.WaitGroup).Add
	WGDone // (*sync.WaitGroup).Done
	WGWait // (*sync.WaitGroup).Wait
	WGGo   // (*sync.WaitGroup).Go

	EGWithContext // errgroup.WithContext
	EGGo          // (*errgroup.Group).Go
	EGTryGo       // (*errgroup.Group).TryGo
	EGWait        // (*errgroup.Group).Wait
	EGSetLimit    // (*errgroup.Group).SetLimit

	SemNew        // semaphore.NewWeighted
	SemAcquire    // (*semaphore.Weighted).Acquire
	SemTryAcquire // (*semaphore.Weighted).TryAcquire
	SemRelease    // (*semaphore.Weighted).Release

	Lock     // Lock of sync.Mutex, sync.RWMutex, sync.Locker
	TryLock  // TryLock, TryRLock
	Unlock   // Unlock
	RLock    // (*sync.RWMutex).RLock
	RUnlock  // (*sync.RWMutex).RUnlock
	CondWait // (*sync.Cond).Wait
	CondWake // (*sync.Cond).Signal, Broadcast
	OnceDo   // (*sync.Once).Do
	Atomic   // a read-modify-write or compare-and-swap of sync/atomic

	CtxDerive        // context.WithCancel, WithTimeout, WithDeadline and their Cause forms, WithValue
	CtxWithoutCancel // context.WithoutCancel
	CtxRoot          // context.Background, context.TODO
	CtxDone          // context.Context.Done
	CtxErr           // context.Context.Err
	CtxValue         // context.Context.Value
	CtxDeadline      // context.Context.Deadline
	CtxCause         // context.Cause

	SignalNotify // signal.Notify
	SignalStop   // signal.Stop

	Sleep     // time.Sleep
	TimerFunc // time.AfterFunc
)

// Import paths of the packages whose types are primitives.
const (
	syncPath      = "sync"
	atomicPath    = "sync/atomic"
	contextPath   = "context"
	timePath      = "time"
	signalPath    = "os/signal"
	errgroupPath  = "golang.org/x/sync/errgroup"
	semaphorePath = "golang.org/x/sync/semaphore"
)

// methods are the operations of types, by the type's name, which is looked at first since
// most calls are of something else.
var methods = map[string]struct {
	path string
	ops  map[string]Op
}{
	"WaitGroup": {syncPath, map[string]Op{"Add": WGAdd, "Done": WGDone, "Wait": WGWait, "Go": WGGo}},
	"Mutex":     {syncPath, map[string]Op{"Lock": Lock, "TryLock": TryLock, "Unlock": Unlock}},
	"RWMutex":   {syncPath, map[string]Op{"Lock": Lock, "TryLock": TryLock, "Unlock": Unlock, "RLock": RLock, "TryRLock": TryLock, "RUnlock": RUnlock}},
	"Locker":    {syncPath, map[string]Op{"Lock": Lock, "Unlock": Unlock}},
	"Cond":      {syncPath, map[string]Op{"Wait": CondWait, "Signal": CondWake, "Broadcast": CondWake}},
	"Once":      {syncPath, map[string]Op{"Do": OnceDo}},
	"Group":     {errgroupPath, map[string]Op{"Go": EGGo, "TryGo": EGTryGo, "Wait": EGWait, "SetLimit": EGSetLimit}},
	"Weighted":  {semaphorePath, map[string]Op{"Acquire": SemAcquire, "TryAcquire": SemTryAcquire, "Release": SemRelease}},
	"Context":   {contextPath, map[string]Op{"Done": CtxDone, "Err": CtxErr, "Value": CtxValue, "Deadline": CtxDeadline}},
}

// functions are those that are no methods, by their names.
var functions = map[string]struct {
	path string
	op   Op
}{
	"WithContext":       {errgroupPath, EGWithContext},
	"NewWeighted":       {semaphorePath, SemNew},
	"Sleep":             {timePath, Sleep},
	"AfterFunc":         {timePath, TimerFunc},
	"Notify":            {signalPath, SignalNotify},
	"Stop":              {signalPath, SignalStop},
	"WithCancel":        {contextPath, CtxDerive},
	"WithCancelCause":   {contextPath, CtxDerive},
	"WithTimeout":       {contextPath, CtxDerive},
	"WithTimeoutCause":  {contextPath, CtxDerive},
	"WithDeadline":      {contextPath, CtxDerive},
	"WithDeadlineCause": {contextPath, CtxDerive},
	"WithValue":         {contextPath, CtxDerive},
	"WithoutCancel":     {contextPath, CtxWithoutCancel},
	"Background":        {contextPath, CtxRoot},
	"TODO":              {contextPath, CtxRoot},
	"Cause":             {contextPath, CtxCause},
}

// Of returns the operation that a call of f performs, or None. It accepts nil.
func Of(f *types.Func) Op {
	if f == nil || f.Pkg() == nil {
		return None
	}
	if f.Pkg().Path() == atomicPath {
		if atomicDecides(f.Name()) {
			return Atomic
		}
		return None
	}
	recv := ReceiverNamed(f)
	if recv == nil {
		if fn, ok := functions[f.Name()]; ok && vendored(f.Pkg().Path()) == fn.path {
			return fn.op
		}
		return None
	}
	if typ, ok := methods[recv.Obj().Name()]; ok && vendored(f.Pkg().Path()) == typ.path {
		return typ.ops[f.Name()]
	}
	return None
}

// vendored returns the import path of a package in a vendor folder, as the go
// command of GOROOT writes it, without the folder.
func vendored(path string) string {
	if _, after, ok := strings.Cut(path, "vendor/"); ok {
		return after
	}
	return path
}

// atomicDecides reports whether the named function of sync/atomic returns a
// value that only one goroutine may see, so that a branch on it guards what
// follows.
func atomicDecides(name string) bool {
	for _, p := range []string{"Add", "CompareAndSwap", "Swap", "Load"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// ReceiverNamed returns the named type of f's receiver, through a pointer, or
// nil for a function that is no method.
func ReceiverNamed(f *types.Func) *types.Named {
	sig, ok := f.Type().(*types.Signature)
	if !ok || sig.Recv() == nil {
		return nil
	}
	return Named(sig.Recv().Type())
}

// Named returns the named type behind t, through aliases and one pointer, or nil.
func Named(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// is reports whether t, through one pointer, is the named type path.name.
func is(t types.Type, path, name string) bool {
	if t == nil {
		return false
	}
	n := Named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Name() == name && vendored(n.Obj().Pkg().Path()) == path
}

// IsWaitGroup reports whether t is sync.WaitGroup or a pointer to it.
func IsWaitGroup(t types.Type) bool { return is(t, syncPath, "WaitGroup") }

// IsTesting reports whether t is a type of package testing, such as *testing.T.
func IsTesting(t types.Type) bool {
	n := Named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "testing"
}

// IsGroup reports whether t is errgroup.Group or a pointer to it.
func IsGroup(t types.Type) bool { return is(t, errgroupPath, "Group") }

// HasGroups reports whether the package at an import path declares WaitGroup or Group.
func HasGroups(path string) bool { return path == syncPath || vendored(path) == errgroupPath }

// IsSemaphore reports whether t is semaphore.Weighted or a pointer to it.
func IsSemaphore(t types.Type) bool { return is(t, semaphorePath, "Weighted") }

// IsContext reports whether t is context.Context.
func IsContext(t types.Type) bool { return is(t, contextPath, "Context") }

// IsError reports whether t is the type error.
func IsError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// IsCond reports whether t is sync.Cond or a pointer to it.
func IsCond(t types.Type) bool { return is(t, syncPath, "Cond") }

// IsLock reports whether t is a type of package sync other than WaitGroup,
// through one pointer.
func IsLock(t types.Type) bool {
	n := Named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == syncPath && n.Obj().Name() != "WaitGroup"
}

// IsTimer reports whether t is time.Timer or time.Ticker, or a pointer to one.
func IsTimer(t types.Type) bool { return is(t, timePath, "Timer") || is(t, timePath, "Ticker") }

// IsPrimitive reports whether t is a channel, or a type of one of the
// concurrency packages, through one pointer.
func IsPrimitive(t types.Type) bool {
	if t == nil {
		return false
	}
	if _, ok := t.Underlying().(*types.Chan); ok {
		return true
	}
	n := Named(t)
	if n == nil {
		return false
	}
	if _, ok := n.Underlying().(*types.Chan); ok {
		return true
	}
	return n.Obj().Pkg() != nil && primitivePackages[vendored(n.Obj().Pkg().Path())]
}

var primitivePackages = map[string]bool{
	syncPath: true, contextPath: true, errgroupPath: true, semaphorePath: true,
}

// A Callback says what a function outside the analysed package does with the
// functions that it is given.
type Callback uint8

const (
	// CallbackUnknown functions may call their argument at any time, in any
	// goroutine, any number of times.
	CallbackUnknown Callback = iota
	// CallbackSync functions call their argument before they return, or never.
	CallbackSync
	// CallbackNone functions neither call nor keep what they are given.
	CallbackNone
)

// syncCallbacks lists the packages whose exported functions call a function
// argument before they return, with the exceptions below.
var syncCallbacks = map[string]bool{
	"sort": true, "slices": true, "maps": true, "strings": true, "bytes": true,
	"path/filepath": true, "io/fs": true, "go/ast": true, "unicode/utf8": true,
	"container/ring": true, "regexp": true, "bufio": true, "expvar": true,
}

// harmless lists the packages whose functions keep nothing of what they are
// given, but for the exceptions in Callee.
var harmless = map[string]bool{
	"fmt": true, "log": true, "errors": true, "strconv": true, "strings": true,
	"bytes": true, "math": true, "math/rand": true, "math/rand/v2": true,
	"unicode": true, "unicode/utf8": true, "sort": true, "log/slog": true, "os": true, "time": true, "path": true,
	"path/filepath": true, "testing": true, "sync": true, "sync/atomic": true,
	"runtime": true, "context": true, errgroupPath: true, semaphorePath: true,
	"encoding/json": true, "encoding/hex": true, "encoding/base64": true,
	"encoding/binary": true, "crypto/sha256": true, "crypto/sha1": true,
	"crypto/md5": true, "hash/fnv": true, "cmp": true, "slices": true,
	"maps": true, "math/bits": true, "regexp": true,
}

// Callee tells what a function outside the analysed package does with what it
// is given: keeps reports whether its arguments may be kept, and so touched by
// code that cannot be seen; callback says what becomes of function arguments.
// A nil f is an unknown function value.
func Callee(f *types.Func) (keeps bool, callback Callback) {
	if f == nil || f.Pkg() == nil {
		// The universe has one method, error.Error, which is given nothing.
		return f == nil, CallbackUnknown
	}
	path, name := vendored(f.Pkg().Path()), f.Name()
	recv := ReceiverNamed(f)
	recvName := ""
	if recv != nil {
		recvName = recv.Obj().Name()
	}
	switch path {
	case syncPath:
		switch {
		case recvName == "Once" || recvName == "Map" && name == "Range":
			return false, CallbackSync
		case recvName == "Map" || recvName == "Pool" || recv == nil:
			return true, CallbackUnknown // Map.Store, Pool.Put, OnceFunc
		}
	case atomicPath:
		if recvName == "Value" || recvName == "Pointer" || recv == nil && strings.HasSuffix(name, "Pointer") {
			return true, CallbackUnknown
		}
	case contextPath:
		if name == "AfterFunc" || name == "WithValue" {
			return true, CallbackUnknown
		}
	case "testing":
		if recv != nil && name == "Run" {
			return false, CallbackSync
		}
		if name == "Cleanup" {
			return true, CallbackUnknown
		}
		if name == "RunParallel" || name == "Fuzz" {
			return true, CallbackUnknown
		}
	case "testing/synctest":
		return false, CallbackSync
	case "os/signal":
		return true, CallbackUnknown
	case "runtime":
		if name == "SetFinalizer" || name == "AddCleanup" {
			return true, CallbackUnknown
		}
	case "log/slog", "log":
		if strings.HasPrefix(name, "New") || strings.HasPrefix(name, "Set") {
			return true, CallbackUnknown
		}
	}
	if syncCallbacks[path] {
		if recv != nil || returnsFunc(f) || strings.HasPrefix(name, "New") {
			return true, CallbackUnknown // an iterator, or an object that keeps it
		}
		return false, CallbackSync
	}
	if harmless[path] {
		return false, CallbackNone
	}
	return true, CallbackUnknown
}

func returnsFunc(f *types.Func) bool {
	sig := f.Signature()
	for i := range sig.Results().Len() {
		if _, ok := sig.Results().At(i).Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// NoReturn reports whether a call of f never returns to its caller: it ends
// the process or the goroutine, or panics.
func NoReturn(f *types.Func) bool {
	if f == nil || f.Pkg() == nil {
		return false
	}
	path, name := f.Pkg().Path(), f.Name()
	switch path {
	case "os":
		return name == "Exit"
	case "runtime":
		return name == "Goexit"
	case "syscall":
		return name == "Exit"
	case "log":
		return hasAnyPrefix(name, "Fatal", "Panic")
	case "testing":
		switch name {
		case "Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow":
			return true
		}
		return false
	}
	// Loggers and test helpers outside the standard library: zap, logrus, klog,
	// glog, zerolog and their wrappers end the process or panic under these
	// names. That a function of these names returns is the rarer case, and to
	// take it for one that does not only silences.
	return strings.HasPrefix(name, "Fatal") ||
		ReceiverNamed(f) != nil && strings.HasPrefix(name, "Panic") ||
		strings.Contains(path, "log") && hasAnyPrefix(name, "Panic", "Exit")
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
