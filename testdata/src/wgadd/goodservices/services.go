// Package goodservices holds shapes of correct service code: counted receives, poison
// pills, phases of one group, hand-overs through queues, locks and conditions.
package goodservices

import (
	"context"
	"errors"
	"log"
	"sync"
	"time"
)

// 1 poison-pill function in a job channel
var errStop = errors.New("stop")

type runner1 struct {
	jobs chan func() error
	wg   sync.WaitGroup
}

func newRunner1() *runner1 {
	r := &runner1{jobs: make(chan func() error)}
	r.wg.Add(1)
	go r.loop()
	return r
}

func (r *runner1) loop() {
	defer r.wg.Done()
	for j := range r.jobs {
		if err := j(); err != nil {
			if errors.Is(err, errStop) {
				return
			}
			log.Print(err)
		}
	}
}

func (r *runner1) do(f func() error) { r.jobs <- f }
func (r *runner1) stop() {
	r.jobs <- func() error { return errStop }
	r.wg.Wait()
}

// 2 the error is the end
type runner2 struct {
	jobs chan func() error
	wg   sync.WaitGroup
}

func newRunner2() *runner2 {
	r := &runner2{jobs: make(chan func() error)}
	r.wg.Add(1)
	go r.loop()
	return r
}

func (r *runner2) loop() {
	defer r.wg.Done()
	for j := range r.jobs {
		if err := j(); err != nil {
			return
		}
	}
}

func (r *runner2) do(f func() error) { r.jobs <- f }
func (r *runner2) stop() {
	r.jobs <- func() error { return errStop }
	r.wg.Wait()
}

// 3 receive until enough, then close
func Enough(n int) (got []int) {
	out := make(chan int)
	for i := range n {
		go func() { out <- i }()
	}
	for len(got) < n {
		got = append(got, <-out)
	}
	close(out)
	return got
}

// 4 pending map
func Pending(ids []int) {
	out := make(chan int)
	pending := map[int]bool{}
	for _, id := range ids {
		pending[id] = true
		go func() { out <- id }()
	}
	for len(pending) > 0 {
		delete(pending, <-out)
	}
	close(out)
}

// 5 rendezvous done in select
func Select(xs []int) (s int) {
	out := make(chan int)
	fin := make(chan bool)
	go func() {
		for _, x := range xs {
			out <- x
		}
		fin <- true
	}()
	for {
		select {
		case v := <-out:
			s += v
		case <-fin:
			close(out)
			return s
		}
	}
}

// 6 one group for two phases
func Phases(xs []int, prep func(int)) (s int) {
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() { defer wg.Done(); prep(x) }()
	}
	wg.Wait()
	out := make(chan int)
	for _, x := range xs {
		wg.Add(1)
		go func() { defer wg.Done(); out <- x }()
	}
	go func() { wg.Wait(); close(out) }()
	for v := range out {
		s += v
	}
	return s
}

// 7 flag guards a close in a loop
func Flag(evs <-chan int) {
	ready := make(chan struct{})
	go func() { <-ready }()
	open := false
	for e := range evs {
		if e > 3 && !open {
			close(ready)
			open = true
		}
	}
	if !open {
		close(ready)
	}
}

// 8 nil after the close, deferred close
func NilAfter(f func() error) error {
	ch := make(chan int)
	go func() { <-ch }()
	defer func() {
		if ch != nil {
			close(ch)
		}
	}()
	if err := f(); err != nil {
		return err
	}
	close(ch)
	ch = nil
	return f()
}

// 9 exclusive conditions
func Excl(f func() error) {
	ch := make(chan int)
	go func() { <-ch }()
	err := f()
	if err != nil {
		close(ch)
	}
	time.Sleep(1)
	if err == nil {
		close(ch)
	}
}

// 10 a timer channel fires once
func Once(in <-chan int) (n int) {
	stop := make(chan struct{})
	go func() { <-stop }()
	t := time.After(time.Second)
	for {
		select {
		case <-t:
			close(stop)
		case _, ok := <-in:
			if !ok {
				return n
			}
			n++
		}
	}
}

// 11 the consumer Dones, counted per item
func PerItem(xs []int, f func(int)) {
	ch := make(chan int)
	var wg sync.WaitGroup
	go func() {
		for x := range ch {
			f(x)
			wg.Done()
		}
	}()
	for _, x := range xs {
		wg.Add(1)
		ch <- x
	}
	wg.Wait()
	close(ch)
}

// 12 the same over methods
type Q struct {
	ch chan func()
	wg sync.WaitGroup
}

func NewQ(n int) *Q {
	q := &Q{ch: make(chan func(), 10)}
	for range n {
		go q.work()
	}
	return q
}

func (q *Q) work() {
	for f := range q.ch {
		f()
		q.wg.Done()
	}
}

func (q *Q) Submit(f func()) { q.wg.Add(1); q.ch <- f }
func (q *Q) Wait()           { q.wg.Wait() }
func (q *Q) Close()          { q.wg.Wait(); close(q.ch) }

func UseQ(fs []func()) {
	q := NewQ(2)
	for _, f := range fs {
		q.Submit(f)
	}
	q.Close()
}

// 13 mutex queue
type M struct {
	mu   sync.Mutex
	cond *sync.Cond
	q    []func()
	wg   sync.WaitGroup
}

func (m *M) work() {
	for {
		m.mu.Lock()
		for len(m.q) == 0 {
			m.cond.Wait()
		}
		f := m.q[0]
		m.q = m.q[1:]
		m.mu.Unlock()
		f()
		m.wg.Done()
	}
}

func (m *M) Start() { go m.work() }
func (m *M) Push(f func()) {
	m.mu.Lock()
	m.wg.Add(1)
	m.q = append(m.q, f)
	m.mu.Unlock()
	m.cond.Signal()
}
func (m *M) Flush() { m.wg.Wait() }

func UseM(fs []func()) {
	m := &M{}
	m.cond = sync.NewCond(&m.mu)
	m.Start()
	for _, f := range fs {
		m.Push(f)
	}
	m.Flush()
}

// 14 the mutex holds the goroutine back
func Held(f func()) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	go func() {
		mu.Lock()
		f()
		mu.Unlock()
		wg.Done()
	}()
	wg.Add(1)
	mu.Unlock()
	wg.Wait()
}

// 15 dispatcher goroutine Adds, Wait in the dispatcher, Close waits for it
type D struct {
	in   chan int
	done chan struct{}
	wg   sync.WaitGroup
}

func NewD() *D {
	d := &D{in: make(chan int), done: make(chan struct{})}
	go d.run()
	return d
}

func (d *D) run() {
	defer close(d.done)
	for v := range d.in {
		d.wg.Add(1)
		go func() { defer d.wg.Done(); log.Print(v) }()
	}
	d.wg.Wait()
}

func (d *D) Close() { close(d.in); <-d.done }

// 16 Stop by context; Run returns before Drain is called by contract in one function
type R struct {
	wg sync.WaitGroup
	in chan int
}

func (r *R) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-r.in:
			r.wg.Add(1)
			go func() { defer r.wg.Done(); log.Print(v) }()
		}
	}
}

func (r *R) Drain() { r.wg.Wait() }

func Main(ctx context.Context) {
	r := &R{in: make(chan int)}
	done := make(chan struct{})
	go func() { r.Run(ctx); close(done) }()
	<-ctx.Done()
	<-done
	r.Drain()
}

// 17 caller of Start waits for Serve, Wait method elsewhere: Serve is called with go by the user's main
func Main2(ctx context.Context) {
	r := &R{in: make(chan int)}
	var loop sync.WaitGroup
	loop.Go(func() { r.Run(ctx) })
	<-ctx.Done()
	loop.Wait()
	r.Drain()
}

// 18 atomic flag instead of a lock'd bool: select on closed channel under lock, no goroutine-literal
type T struct {
	mu   sync.Mutex
	quit chan struct{}
	wg   sync.WaitGroup
}

func (t *T) goFunc(f func()) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.isClosed() {
		return false
	}
	t.wg.Add(1)
	go func() { defer t.wg.Done(); f() }()
	return true
}

func (t *T) isClosed() bool {
	select {
	case <-t.quit:
		return true
	default:
		return false
	}
}

func (t *T) Start(evs <-chan int) {
	go func() {
		for e := range evs {
			t.goFunc(func() { log.Print(e) })
		}
	}()
}

func (t *T) Stop() {
	t.mu.Lock()
	close(t.quit)
	t.mu.Unlock()
	t.wg.Wait()
}

// 19 begin() bool helper of a drain guard, called by request goroutines
type Guard struct {
	mu       sync.Mutex
	draining bool
	wg       sync.WaitGroup
}

func (g *Guard) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.draining {
		return false
	}
	g.wg.Add(1)
	return true
}

func (g *Guard) Serve(reqs <-chan func()) {
	for r := range reqs {
		go func() {
			if !g.begin() {
				return
			}
			defer g.wg.Done()
			r()
		}()
	}
}

func (g *Guard) Drain() {
	g.mu.Lock()
	g.draining = true
	g.mu.Unlock()
	g.wg.Wait()
}

// 20 ctx.Err under the lock
type CG struct {
	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func (g *CG) Start(reqs <-chan func()) {
	go func() {
		for r := range reqs {
			g.mu.Lock()
			select {
			case <-g.ctx.Done():
				g.mu.Unlock()
				return
			default:
			}
			g.wg.Add(1)
			g.mu.Unlock()
			go func() { defer g.wg.Done(); r() }()
		}
	}()
}

func (g *CG) Stop() {
	g.mu.Lock()
	g.cancel()
	g.mu.Unlock()
	g.wg.Wait()
}
