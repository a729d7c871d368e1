// Package goodcauses has a function for each known cause of a false alarm: right code of which a
// checker that reasons badly would say that Wait never returns. The comment above each function
// names the cause.
package goodcauses

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// The group is returned: the caller waits.
func Returned(work func()) *sync.WaitGroup {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		work()
	}()
	return &wg
}

// The group is a parameter, and its counts are the caller's.
func Parameter(wg *sync.WaitGroup, work func()) {
	work()
	wg.Wait()
}

// The Done is called by unknown code that gets it as a callback.
func Callback(send func(req string, done func(error)), reqs []string) error {
	var wg sync.WaitGroup
	var failed atomic.Int32
	for _, r := range reqs {
		wg.Add(1)
		send(r, func(err error) {
			if err != nil {
				failed.Add(1)
			}
			wg.Done()
		})
	}
	wg.Wait()
	if failed.Load() > 0 {
		return errors.New("some requests failed")
	}
	return nil
}

// A Sender may refuse a request; it calls back for those that it accepts.
type Sender interface {
	TrySend(req string, done func()) bool
}

// The Done of a refused request is the caller's, the others are the callee's.
func Refused(s Sender, reqs []string) {
	var wg sync.WaitGroup
	for _, r := range reqs {
		wg.Add(1)
		if !s.TrySend(r, wg.Done) {
			wg.Done()
		}
	}
	wg.Wait()
}

// The group is given away by interface, in a struct.
func InStruct(queue interface{ Put(any) }, items []string) {
	type task struct {
		item string
		wg   *sync.WaitGroup
	}
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Add(1)
		queue.Put(task{item, &wg})
	}
	wg.Wait()
}

// The group travels over a channel to a worker, which calls Done for each message.
func OverChannel(items []string, handle func(string)) {
	type task struct {
		item string
		done func()
	}
	tasks := make(chan task)
	var wg sync.WaitGroup
	go func() {
		for t := range tasks {
			handle(t.item)
			t.done()
		}
	}()
	for _, item := range items {
		wg.Add(1)
		tasks <- task{item, wg.Done}
	}
	close(tasks)
	wg.Wait()
}

// The work list holds the counts: whoever takes an item calls its Done, after it has counted the
// items that follow from it.
func WorkList(root string, children func(string) []string) {
	items := make(chan string)
	var pending sync.WaitGroup
	for range 3 {
		go func() {
			for item := range items {
				kids := children(item)
				pending.Add(len(kids))
				go func() {
					for _, k := range kids {
						items <- k
					}
				}()
				pending.Done()
			}
		}()
	}
	pending.Add(1)
	items <- root
	pending.Wait()
	close(items)
}

// The count is the same expression as the loop's.
func TripCounts(n int, names []string, work func(int, string)) {
	var wg sync.WaitGroup
	wg.Add(n + len(names))
	for i := range n {
		go func() {
			defer wg.Done()
			work(i, "")
		}()
	}
	for i, name := range names {
		go func() {
			defer wg.Done()
			work(i, name)
		}()
	}
	wg.Wait()
}

// The same flag decides on the Add and on the Done.
func CorrelatedFlags(async bool, audit, work func()) {
	var wg sync.WaitGroup
	if async {
		wg.Add(1)
	}
	run := func() {
		audit()
		if async {
			wg.Done()
		}
	}
	if async {
		go run()
	} else {
		run()
	}
	work()
	wg.Wait()
}

// A count in a variable is one for each goroutine that was started.
func CountedVariable(items []string, skip func(string) bool, work func(string)) {
	var wg sync.WaitGroup
	n := 0
	for _, item := range items {
		if !skip(item) {
			n++
		}
	}
	wg.Add(n)
	release := make(chan struct{})
	for range n {
		go func() {
			defer wg.Done()
			<-release
			work("")
		}()
	}
	close(release)
	wg.Wait()
}

// The channel has a slot for each sender, so that they end before anybody receives.
func CapacityIsLen(items []string, check func(string) error) (errs []error) {
	failed := make(chan error, len(items))
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Go(func() {
			if err := check(item); err != nil {
				failed <- err
			}
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		errs = append(errs, err)
	}
	return errs
}

// A call that does not return ends the process, and with it the Wait.
func NoReturn(load func() error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if err := load(); err != nil {
			log.Fatal("load: ", err)
		}
		wg.Done()
	}()
	wg.Wait()
}

// A panic that nobody recovers ends the process as well.
func Panic(load func() (int, error)) (n int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		var err error
		if n, err = load(); err != nil {
			panic(err)
		}
		wg.Done()
	}()
	wg.Wait()
	return n
}

// FailNow ends a test's goroutine, with the deferred Done.
func FailNow(t *testing.T, check func() error) {
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := check(); err != nil {
			t.Error(err)
			return
		}
	})
	wg.Wait()
}

// A Server counts its connections; who starts and ends them is not known.
type Server struct {
	Conns sync.WaitGroup
	quit  chan struct{}
}

// The field is exported: other packages may call Done.
func (s *Server) Drain() {
	s.Conns.Add(1)
	go func() {
		<-s.quit
		s.Conns.Done()
	}()
	s.Conns.Wait()
}

// The Done is in a handler that the HTTP server calls.
func Handler(mux *http.ServeMux) (wait func()) {
	var first sync.WaitGroup
	var once sync.Once
	first.Add(1)
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {
		once.Do(first.Done)
	})
	return first.Wait
}

// The Done is in a function that the end of the context or a timer calls.
func AfterFunc(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Add(2)
	context.AfterFunc(ctx, wg.Done)
	time.AfterFunc(time.Millisecond, wg.Done)
	wg.Wait()
}

// A doneReader counts down at the end of what is read.
type doneReader struct {
	io.Reader
	wg   *sync.WaitGroup
	once sync.Once
}

func (d *doneReader) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	if err != nil {
		d.once.Do(d.wg.Done)
	}
	return n, err
}

// The Done is in a method that io.Copy calls.
func CallbackThroughInterface(w io.Writer, r io.Reader) {
	var wg sync.WaitGroup
	wg.Add(1)
	go io.Copy(w, &doneReader{Reader: r, wg: &wg})
	wg.Wait()
}

// The last of the workers, found with an atomic counter, calls Done for all.
func AtomicGuard(tasks [3]func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	var left atomic.Int32
	left.Store(int32(len(tasks)))
	for _, task := range tasks {
		go func() {
			task()
			if left.Add(-1) == 0 {
				wg.Done()
			}
		}()
	}
	wg.Wait()
}

// A Once calls Done for the first of two.
func Once(left, right func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	done := sync.OnceFunc(wg.Done)
	for _, f := range []func(){left, right} {
		go func() {
			defer done()
			f()
		}()
	}
	wg.Wait()
}

// The spawner is behind a stop flag: what is not started is not counted.
type Spawner struct {
	mu      sync.RWMutex
	stopped bool
	wg      sync.WaitGroup
}

// Spawn starts f unless the spawner is stopped.
func (s *Spawner) Spawn(f func()) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.stopped {
		return
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		f()
	}()
}

// Stop waits for what runs.
func (s *Spawner) Stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	s.wg.Wait()
}

// SpawnAll is good: also a task that spawns ends.
func SpawnAll(tasks []func()) {
	var s Spawner
	for _, task := range tasks {
		s.Spawn(func() {
			s.Spawn(task)
		})
	}
	s.Stop()
}

// A group within a group: each goroutine waits for its own.
func Nested(rows [][]func()) {
	var outer sync.WaitGroup
	for _, row := range rows {
		outer.Go(func() {
			var inner sync.WaitGroup
			for _, cell := range row {
				inner.Go(cell)
			}
			inner.Wait()
		})
	}
	outer.Wait()
}

// A WaitGroup's Wait in a task of an errgroup, which is waited for.
func InErrgroup(parts []func() int) (sum int, err error) {
	var wg sync.WaitGroup
	var g errgroup.Group
	c := make(chan int)
	for _, part := range parts {
		wg.Go(func() { c <- part() })
	}
	g.Go(func() error {
		wg.Wait()
		close(c)
		return nil
	})
	for n := range c {
		sum += n
	}
	return sum, g.Wait()
}

// Two Waits for one group.
func Twice(parts []func() int) (sum int) {
	c := make(chan int)
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() { c <- part() })
	}
	go func() {
		wg.Wait()
		close(c)
	}()
	for n := range c {
		sum += n
	}
	wg.Wait()
	return sum
}

// The group is used again, after a Wait.
func Reused(rounds int, tasks []func()) {
	var wg sync.WaitGroup
	for range rounds {
		wg.Add(len(tasks))
		for _, task := range tasks {
			go func() {
				defer wg.Done()
				task()
			}()
		}
		wg.Wait()
	}
}

// Nothing was counted: Wait returns at once.
func Empty(items []string, want func(string) bool, work func(string)) {
	var wg sync.WaitGroup
	for _, item := range items {
		if want(item) {
			wg.Go(func() { work(item) })
		}
	}
	wg.Wait()
}

// A wait with a time limit leaves its goroutine behind only until the workers are done.
func WithTimeout(tasks []func(), d time.Duration) bool {
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(task)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		wg.Wait()
	}()
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}

// A Barrier is a group that is used as a gate: each party counts down, then waits for all.
func Barrier(parties []func()) {
	var gate, all sync.WaitGroup
	gate.Add(len(parties))
	for _, p := range parties {
		all.Go(func() {
			gate.Done()
			gate.Wait()
			p()
		})
	}
	all.Wait()
}

// A gate with the count 1 is opened by the function that made it.
func Gate(parties []func()) {
	var start, end sync.WaitGroup
	start.Add(1)
	for _, p := range parties {
		end.Add(1)
		go func() {
			defer end.Done()
			start.Wait()
			p()
		}()
	}
	start.Done()
	end.Wait()
}

// A generic function is analysed where it is instantiated, or not at all.
func Generic[T any](in []T, f func(T)) {
	var wg sync.WaitGroup
	wg.Add(len(in))
	for _, v := range in {
		go func() {
			defer wg.Done()
			f(v)
		}()
	}
	wg.Wait()
}

// A Tree is walked to an unknown depth.
type Tree struct {
	Kids []*Tree
	Val  int
}

// Recursion counts before it starts, and Done is deferred on each level.
func Recursion(t *Tree, visit func(int)) {
	var wg sync.WaitGroup
	var walk func(*Tree)
	walk = func(t *Tree) {
		defer wg.Done()
		visit(t.Val)
		for _, k := range t.Kids {
			wg.Add(1)
			go walk(k)
		}
	}
	wg.Add(1)
	go walk(t)
	wg.Wait()
}
