// Package goodcounts holds loops that start a goroutine per iteration and
// whose number of iterations is bounded by the program or its configuration.
package goodcounts

import (
	"context"
	"errors"
	"flag"
	"net"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Item is a piece of work.
type Item struct {
	ID   int
	Name string
}

// Config is read at start.
type Config struct {
	Workers int
	Remotes []string
}

var errTooMany = errors.New("too many items")

// ConstantWorkers is good: three goroutines.
func ConstantWorkers(items <-chan Item, do func(Item)) {
	const workers = 3
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for it := range items {
				do(it)
			}
		}()
	}
	wg.Wait()
}

// ThreeClauses is good: the classic loop with a constant bound.
func ThreeClauses(do func(id int)) {
	var wg sync.WaitGroup
	for id := 1; id <= 10; id++ {
		wg.Add(1)
		go func(id int) {
			defer wg.Done()
			do(id)
		}(id)
	}
	wg.Wait()
}

// ConfiguredWorkers is good: the number comes from the configuration.
func ConfiguredWorkers(cfg Config, items <-chan Item, do func(Item)) {
	var wg sync.WaitGroup
	for range cfg.Workers {
		wg.Go(func() {
			for it := range items {
				do(it)
			}
		})
	}
	wg.Wait()
}

// WorkersParameter is good: the caller says how many workers, not how many
// items.
func WorkersParameter(workers int, items <-chan Item, do func(Item)) {
	var wg sync.WaitGroup
	for i := 0; i < workers; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for it := range items {
				do(it)
			}
		}()
	}
	wg.Wait()
}

// PerCPU is good: as many goroutines as processors.
func PerCPU(items []Item, do func(Item)) {
	n := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for part := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := part; i < len(items); i += n {
				do(items[i])
			}
		}()
	}
	wg.Wait()
}

// NotMoreThanItems is good: the smaller of a constant and the length.
func NotMoreThanItems(items []Item, do func(Item)) {
	queue := make(chan Item)
	for range min(8, len(items)) {
		go func() {
			for it := range queue {
				do(it)
			}
		}()
	}
	for _, it := range items {
		queue <- it
	}
	close(queue)
}

// ClampedWorkers is good: the number is cut to a maximum before the loop.
func ClampedWorkers(items []Item, do func(Item)) {
	workers := len(items)
	if workers > runtime.NumCPU() {
		workers = runtime.NumCPU()
	}
	queue := make(chan Item)
	for range workers {
		go func() {
			for it := range queue {
				do(it)
			}
		}()
	}
	for _, it := range items {
		queue <- it
	}
	close(queue)
}

// CapOfChannel is good: one goroutine for each slot.
func CapOfChannel(queue chan Item, do func(Item)) {
	for range cap(queue) {
		go func() {
			for it := range queue {
				do(it)
			}
		}()
	}
}

// ArrayParameter is good: the length of an array is part of its type.
func ArrayParameter(items [4]Item, do func(Item)) {
	var wg sync.WaitGroup
	for _, it := range items {
		wg.Go(func() { do(it) })
	}
	wg.Wait()
}

// LiteralList is good: the list stands here.
func LiteralList(do func(string)) {
	var wg sync.WaitGroup
	for _, name := range []string{"index", "search", "suggest"} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			do(name)
		}()
	}
	wg.Wait()
}

// LocalList is good: the list is a variable that only literals are added to.
func LocalList(verbose bool, do func(string)) {
	names := []string{"index", "search"}
	if verbose {
		names = append(names, "trace")
	}
	for _, name := range names {
		go do(name)
	}
}

var kinds = []string{"gauge", "counter", "histogram"}

// PackageList is good: an unexported package-level list.
func PackageList(do func(string)) {
	for _, k := range kinds {
		go do(k)
	}
}

var handlers = map[string]func(){
	"gc":    runtime.GC,
	"sleep": func() { time.Sleep(time.Millisecond) },
}

// PackageMap is good: an unexported package-level map of literals.
func PackageMap() {
	for _, h := range handlers {
		go h()
	}
}

// ConfiguredRemotes is good: the remotes are listed in the configuration.
func ConfiguredRemotes(ctx context.Context, cfg Config, sync1 func(context.Context, string) error) {
	var wg sync.WaitGroup
	for _, r := range cfg.Remotes {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = sync1(ctx, r)
		}()
	}
	wg.Wait()
}

var peers = flag.String("peers", "", "comma separated addresses of the peers")

// FlagList is good: the list comes from the command line.
func FlagList(dial func(string)) {
	for _, p := range strings.Split(*peers, ",") {
		go dial(p)
	}
}

// Listeners is good: there are as many as addresses to listen on.
func Listeners(lns []net.Listener, serve func(net.Listener) error) error {
	errc := make(chan error, len(lns))
	for _, l := range lns {
		go func() { errc <- serve(l) }()
	}
	return <-errc
}

// FanIn is good: one goroutine for each input channel is what a fan-in is.
func FanIn(inputs ...<-chan Item) <-chan Item {
	out := make(chan Item)
	var wg sync.WaitGroup
	for _, in := range inputs {
		wg.Add(1)
		go func(c <-chan Item) {
			defer wg.Done()
			for it := range c {
				out <- it
			}
		}(in)
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

// Parallel is good: the functions are written out in the call.
func Parallel(fns ...func() error) error {
	errc := make(chan error, len(fns))
	for _, f := range fns {
		go func() { errc <- f() }()
	}
	var first error
	for range fns {
		if err := <-errc; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Truncated is good: the slice is cut to a constant length.
func Truncated(items []Item, do func(Item)) {
	var wg sync.WaitGroup
	for _, it := range items[:min(len(items), 16)] {
		wg.Go(func() { do(it) })
	}
	wg.Wait()
}

// LengthChecked is good: more than a hundred items are refused.
func LengthChecked(items []Item, do func(Item)) error {
	const maxItems = 100
	if len(items) > maxItems {
		return errTooMany
	}
	var wg sync.WaitGroup
	for _, it := range items {
		wg.Go(func() { do(it) })
	}
	wg.Wait()
	return nil
}

// FirstFew is good: the loop breaks after five.
func FirstFew(items []Item, do func(Item)) {
	for i, it := range items {
		if i >= 5 {
			break
		}
		go do(it)
	}
}

// Retries is good: a constant number of hedged attempts.
func Retries(ctx context.Context, ask func(context.Context) (string, error)) (string, error) {
	type answer struct {
		s   string
		err error
	}
	answers := make(chan answer, 3)
	for range 3 {
		go func() {
			s, err := ask(ctx)
			answers <- answer{s, err}
		}()
		select {
		case a := <-answers:
			return a.s, a.err
		case <-time.After(50 * time.Millisecond):
		}
	}
	a := <-answers
	return a.s, a.err
}

// startAll is good: all its callers, below, pass literals.
func startAll(names []string, do func(string)) {
	for _, n := range names {
		go do(n)
	}
}

// StartFrontend starts two services.
func StartFrontend(do func(string)) { startAll([]string{"http", "grpc"}, do) }

// StartBackend starts three.
func StartBackend(do func(string)) { startAll([]string{"wal", "compact", "flush"}, do) }

// cluster has a list of members that is no request data.
type cluster struct {
	members []*member
}

type member struct{ addr string }

func (m *member) heartbeat() {}

// Heartbeat is good: one goroutine for each member in the field.
func Heartbeat(addrs [3]string) {
	c := &cluster{}
	for _, a := range addrs {
		c.members = append(c.members, &member{a})
	}
	c.heartbeat()
}

func (c *cluster) heartbeat() {
	for _, m := range c.members {
		go m.heartbeat()
	}
}

// PoolsTimesSets is good: two nested loops over configured numbers.
func PoolsTimesSets(cfg Config, pools int, do func(pool, worker int)) {
	var wg sync.WaitGroup
	for p := range pools {
		for w := range cfg.Workers {
			wg.Go(func() { do(p, w) })
		}
	}
	wg.Wait()
}
