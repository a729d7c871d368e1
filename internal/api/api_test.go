package api_test

import (
	"go/types"
	"testing"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/irtest"
)

const decls = `
type mine struct{ sync.WaitGroup }
type alias = sync.WaitGroup
type defined sync.WaitGroup
type done chan struct{}
type logger struct{}
func (logger) Fatalf() {}
func (logger) Info() {}
type adder struct{}
func (adder) Add(int) {}
func (adder) Done() {}
func Fatal() {}
var _ = []any{context.Background, errors.New, fmt.Sprint, log.Fatal, os.Exit, signal.Notify, runtime.Goexit,
	sort.Slice, slices.SortFunc[[]int], slices.Values[[]int], strings.Map, atomic.AddInt32, testing.Short, time.Sleep, errgroup.WithContext, semaphore.NewWeighted}
`

// function returns the function or method pkg.name or pkg.Type.name.
func function(t *testing.T, p *irtest.Package, path, typ, name string) *types.Func {
	t.Helper()
	pkg := p.Types
	for _, imp := range p.Types.Imports() {
		if imp.Path() == path {
			pkg = imp
		}
	}
	if path != "p" && pkg == p.Types {
		t.Fatalf("%s is not imported", path)
	}
	obj := pkg.Scope().Lookup(name)
	if typ != "" {
		obj, _, _ = types.LookupFieldOrMethod(pkg.Scope().Lookup(typ).Type(), true, pkg, name)
	}
	f, ok := obj.(*types.Func)
	if !ok {
		t.Fatalf("%s.%s.%s is no function", path, typ, name)
	}
	return f
}

func TestOf(t *testing.T) {
	p := irtest.Load(t, decls)
	tests := []struct {
		path, typ, name string
		want            api.Op
	}{
		{"sync", "WaitGroup", "Add", api.WGAdd},
		{"sync", "WaitGroup", "Go", api.WGGo},
		{"sync", "Mutex", "Lock", api.Lock},
		{"sync", "Locker", "Unlock", api.Unlock},
		{"sync", "RWMutex", "RLock", api.RLock},
		{"sync", "Map", "Load", api.None},
		{"sync", "", "OnceFunc", api.None},
		{"sync/atomic", "", "AddInt32", api.Atomic},
		{"sync/atomic", "", "StoreInt32", api.None},
		{"sync/atomic", "Int32", "CompareAndSwap", api.Atomic},
		{"sync/atomic", "Int32", "Store", api.None},
		{"context", "", "WithCancel", api.CtxDerive},
		{"context", "", "Background", api.CtxRoot},
		{"context", "Context", "Done", api.CtxDone},
		{"time", "", "Sleep", api.Sleep},
		{"os/signal", "", "Notify", api.SignalNotify},
		{"golang.org/x/sync/errgroup", "", "WithContext", api.EGWithContext},
		{"golang.org/x/sync/errgroup", "Group", "TryGo", api.EGTryGo},
		{"golang.org/x/sync/semaphore", "Weighted", "Acquire", api.SemAcquire},
		{"p", "mine", "Add", api.WGAdd},
		{"p", "alias", "Add", api.WGAdd},
		{"p", "adder", "Add", api.None},
		{"p", "", "Fatal", api.None},
	}
	for _, test := range tests {
		if got := api.Of(function(t, p, test.path, test.typ, test.name)); got != test.want {
			t.Errorf("%s.%s.%s: %d, want %d", test.path, test.typ, test.name, got, test.want)
		}
	}
	if api.Of(nil) != api.None || api.NoReturn(nil) {
		t.Error("no function does something")
	}
}

func TestTypes(t *testing.T) {
	p := irtest.Load(t, decls)
	tests := []struct {
		expr                                      string
		group, errgroup, context, primitive, lock bool
	}{
		{"sync.WaitGroup", true, false, false, true, false},
		{"*sync.WaitGroup", true, false, false, true, false},
		{"**sync.WaitGroup", false, false, false, false, false},
		{"alias", true, false, false, true, false},
		{"defined", false, false, false, false, false},
		{"mine", false, false, false, false, false},
		{"*errgroup.Group", false, true, false, true, false},
		{"context.Context", false, false, true, true, false},
		{"*semaphore.Weighted", false, false, false, true, false},
		{"sync.Mutex", false, false, false, true, true},
		{"chan int", false, false, false, true, false},
		{"<-chan int", false, false, false, true, false},
		{"done", false, false, false, true, false},
		{"[]chan int", false, false, false, false, false},
		{"func()", false, false, false, false, false},
		{"error", false, false, false, false, false},
	}
	for _, test := range tests {
		// Imported names are known in the scope of a file.
		tv, err := types.Eval(p.Fset, p.Types, p.Files[0].End()-1, test.expr)
		if err != nil {
			t.Fatal(err)
		}
		got := [...]bool{api.IsWaitGroup(tv.Type), api.IsGroup(tv.Type), api.IsContext(tv.Type), api.IsPrimitive(tv.Type), api.IsLock(tv.Type)}
		if got != [...]bool{test.group, test.errgroup, test.context, test.primitive, test.lock} {
			t.Errorf("%s: %v", test.expr, got)
		}
	}
	if api.IsPrimitive(nil) || api.IsWaitGroup(nil) {
		t.Error("no type is something")
	}
}

func TestIsTimer(t *testing.T) {
	p := irtest.Load(t, decls)
	for expr, want := range map[string]bool{
		"time.Timer": true, "*time.Ticker": true, "**time.Ticker": false, "time.Time": false, "[]*time.Timer": false, "<-chan time.Time": false,
	} {
		tv, err := types.Eval(p.Fset, p.Types, p.Files[0].End()-1, expr)
		if err != nil {
			t.Fatal(err)
		}
		if got := api.IsTimer(tv.Type); got != want {
			t.Errorf("%s: %t", expr, got)
		}
	}
}

func TestCallee(t *testing.T) {
	p := irtest.Load(t, decls)
	tests := []struct {
		path, typ, name string
		keeps           bool
		callback        api.Callback
	}{
		{"fmt", "", "Sprint", false, api.CallbackNone},
		{"sort", "", "Slice", false, api.CallbackSync},
		{"slices", "", "SortFunc", false, api.CallbackSync},
		{"slices", "", "Values", true, api.CallbackUnknown},
		{"sync", "Once", "Do", false, api.CallbackSync},
		{"sync", "Map", "Range", false, api.CallbackSync},
		{"sync", "Map", "Store", true, api.CallbackUnknown},
		{"sync", "Pool", "Put", true, api.CallbackUnknown},
		{"sync", "", "OnceFunc", true, api.CallbackUnknown},
		{"sync/atomic", "Value", "Store", true, api.CallbackUnknown},
		{"context", "", "AfterFunc", true, api.CallbackUnknown},
		{"context", "", "WithCancel", false, api.CallbackNone},
		{"os/signal", "", "Notify", true, api.CallbackUnknown},
		{"testing", "T", "Run", false, api.CallbackSync},
		{"testing", "T", "Cleanup", true, api.CallbackUnknown},
		{"runtime", "", "SetFinalizer", true, api.CallbackUnknown},
		{"p", "", "Fatal", true, api.CallbackUnknown},
	}
	for _, test := range tests {
		keeps, callback := api.Callee(function(t, p, test.path, test.typ, test.name))
		if keeps != test.keeps || callback != test.callback {
			t.Errorf("%s.%s.%s: %t, %d", test.path, test.typ, test.name, keeps, callback)
		}
	}
	if keeps, callback := api.Callee(nil); !keeps || callback != api.CallbackUnknown {
		t.Error("an unknown function is known")
	}
}

func TestNoReturn(t *testing.T) {
	p := irtest.Load(t, decls)
	tests := []struct {
		path, typ, name string
		want            bool
	}{
		{"os", "", "Exit", true}, {"os", "", "Getpid", false}, {"runtime", "", "Goexit", true}, {"runtime", "", "GC", false},
		{"log", "", "Fatalf", true}, {"log", "Logger", "Panicln", true}, {"log", "", "Println", false},
		{"testing", "T", "FailNow", true}, {"testing", "T", "Error", false}, {"testing", "T", "Skip", true},
		{"p", "logger", "Fatalf", true}, {"p", "logger", "Info", false}, {"p", "", "Fatal", true},
	}
	for _, test := range tests {
		if got := api.NoReturn(function(t, p, test.path, test.typ, test.name)); got != test.want {
			t.Errorf("%s.%s.%s: %t", test.path, test.typ, test.name, got)
		}
	}
}

func TestCountsProcessors(t *testing.T) {
	p := irtest.Load(t, decls)
	for name, want := range map[string]bool{"NumCPU": true, "GOMAXPROCS": true, "NumGoroutine": false} {
		if got := api.CountsProcessors(function(t, p, "runtime", "", name)); got != want {
			t.Errorf("runtime.%s: %t", name, got)
		}
	}
	if api.CountsProcessors(nil) {
		t.Error("no function counts")
	}
}
