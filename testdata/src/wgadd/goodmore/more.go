// Package goodmore holds further shapes of correct service code.
package goodmore

import (
	"context"
	"log"
	"sync"
	"sync/atomic"
	"time"
)

// a: reuse of a group: Wait in an earlier function
func par(wg *sync.WaitGroup, n int, f func(int)) {
	for i := range n {
		wg.Add(1)
		go func() { defer wg.Done(); f(i) }()
	}
}

func A(n int) (s int) {
	var wg sync.WaitGroup
	par(&wg, n, func(int) {})
	wg.Wait()
	out := make(chan int, 1)
	par(&wg, n, func(i int) { out <- i })
	go func() { wg.Wait(); close(out) }()
	for v := range out {
		s += v
	}
	return s
}

// b: count of received in a variable, select
func B(ctx context.Context, n int) (s int) {
	out := make(chan int)
	for i := range n {
		go func() { out <- i }()
	}
	left := n
	for left > 0 {
		select {
		case v := <-out:
			s += v
			left--
		case <-time.After(time.Second):
			log.Print("slow")
		}
	}
	close(out)
	return s
}

// c: count of running ones, started and received in one loop
func C(xs []int, limit int) (s int) {
	out := make(chan int)
	running := 0
	for len(xs) > 0 || running > 0 {
		for running < limit && len(xs) > 0 {
			x := xs[0]
			xs = xs[1:]
			running++
			go func() { out <- x * x }()
		}
		s += <-out
		running--
	}
	close(out)
	return s
}

// d: end by sentinel count
func D(xs []int, n int) (s int) {
	out := make(chan int)
	for w := range n {
		go func() {
			for i := w; i < len(xs); i += n {
				out <- xs[i]
			}
			out <- -1
		}()
	}
	for n > 0 {
		v := <-out
		if v < 0 {
			n--
			continue
		}
		s += v
	}
	close(out)
	return s
}

// e: atomic count decides
func E(xs []int) (s int) {
	out := make(chan int, len(xs))
	var left atomic.Int32
	left.Store(int32(len(xs)))
	fin := make(chan struct{})
	for _, x := range xs {
		go func() {
			out <- x
			if left.Add(-1) == 0 {
				close(fin)
			}
		}()
	}
	<-fin
	close(out)
	for v := range out {
		s += v
	}
	return s
}

// f: Shutdown through a helper and a timeout on the loop's end, then Wait
type F struct {
	in   chan int
	quit chan struct{}
	dead chan struct{}
	wg   sync.WaitGroup
}

func NewF() *F {
	f := &F{in: make(chan int), quit: make(chan struct{}), dead: make(chan struct{})}
	go f.loop()
	return f
}

func (f *F) loop() {
	defer close(f.dead)
	for {
		select {
		case v := <-f.in:
			f.wg.Go(func() { log.Print(v) })
		case <-f.quit:
			return
		}
	}
}

func (f *F) Close(ctx context.Context) error {
	close(f.quit)
	select {
	case <-f.dead:
	case <-ctx.Done():
		return ctx.Err()
	}
	f.wg.Wait()
	return nil
}

// g: mutex orders: the adder holds the lock from before it is started
type G struct {
	mu sync.Mutex
	n  map[string]*sync.WaitGroup
}

func (g *G) enter(k string) *sync.WaitGroup {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := g.n[k]
	if w == nil {
		w = new(sync.WaitGroup)
		g.n[k] = w
	}
	w.Add(1)
	return w
}

func (g *G) Do(k string, f func()) {
	w := g.enter(k)
	go func() { defer w.Done(); f() }()
}

// h: barrier
func H(n int, f, h func(int)) {
	var ready, done sync.WaitGroup
	for i := range n {
		ready.Add(1)
		go func() {
			f(i)
			done.Add(1)
			ready.Done()
			h(i)
			done.Done()
		}()
	}
	ready.Wait()
	done.Wait()
}

// i: the same over fields and methods
type I struct{ ready, done sync.WaitGroup }

func (x *I) run(f func()) {
	x.done.Add(1)
	x.ready.Done()
	defer x.done.Done()
	f()
}

func (x *I) Start(fs []func()) {
	x.ready.Add(len(fs))
	for _, f := range fs {
		go x.run(f)
	}
	x.ready.Wait()
}

func (x *I) Stop() { x.done.Wait() }

// j: start waits for the goroutine to have begun
type J struct {
	wg   sync.WaitGroup
	up   chan struct{}
	quit chan struct{}
}

func (j *J) run() {
	j.wg.Add(1)
	defer j.wg.Done()
	close(j.up)
	<-j.quit
}

func (j *J) Start() {
	j.up = make(chan struct{})
	go j.run()
	j.waitUp()
}

func (j *J) waitUp() { <-j.up }
func (j *J) Stop()   { close(j.quit); j.wg.Wait() }
