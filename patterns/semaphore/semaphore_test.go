package semaphore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/patterns/semaphore"
)

// At most 64 MB of images are decoded at the same time, however many there are.
func ExampleEach() {
	type image struct {
		name string
		size int64 // in MB
	}
	images := []image{{"cat", 40}, {"dog", 20}, {"whale", 60}}
	memory := semaphore.New(64)

	err := semaphore.Each(context.Background(), memory, slices.Values(images),
		func(img image) int64 { return img.size },
		func(ctx context.Context, img image) error {
			fmt.Println("decoding", img.name)
			return nil
		})
	fmt.Println("error:", err)
	// Unordered output:
	// decoding cat
	// decoding dog
	// decoding whale
	// error: <nil>
}

// A semaphore which all requests share protects what cannot take more at a time.
func ExampleSemaphore_Do() {
	printers := semaphore.New(2)
	print := func(ctx context.Context, page string) error {
		return printers.Do(ctx, 1, func(ctx context.Context) error {
			fmt.Println("printing", page)
			return nil
		})
	}

	fmt.Println(print(context.Background(), "page 1"))

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fmt.Println(print(ctx, "page 2"))
	// Output:
	// printing page 1
	// <nil>
	// context canceled
}

// A cost that never fits is an error at once, not a wait for ever.
func ExampleSemaphore_Do_tooLarge() {
	memory := semaphore.New(64)
	err := memory.Do(context.Background(), 100, func(context.Context) error { return nil })
	fmt.Println(err)
	// Output: semaphore: cost 100 is above the size 64
}

var errTask = errors.New("task failed")

// A scenario is one way in which Each may go. Times are those of a bubble.
type scenario struct {
	size   int64
	inputs int
	fail   int           // the input whose call fails; beyond: none
	large  bool          // whether that input fails because it is too large
	cancel time.Duration // when the caller cancels; negative: never
	seed   uint64        // decides about costs, and how long each call takes
}

func randomScenario(r *rand.Rand) scenario {
	sc := scenario{size: 1 + r.Int64N(20), inputs: r.IntN(40), large: r.IntN(2) == 0, cancel: -1, seed: r.Uint64()}
	sc.fail = r.IntN(2*sc.inputs + 1)
	if r.IntN(3) == 0 {
		sc.cancel = time.Duration(r.IntN(100)) * time.Millisecond
	}
	return sc
}

func (sc scenario) context(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	if sc.cancel == 0 {
		cancel()
	} else if sc.cancel > 0 {
		time.AfterFunc(sc.cancel, cancel)
	}
	return ctx
}

// A meter checks what users of a semaphore hold together.
type meter struct {
	size          int64
	held, running atomic.Int64
}

// hold notes that cost is held until the returned function is called.
func (m *meter) hold(t *testing.T, cost int64) func() {
	m.running.Add(1)
	if held := m.held.Add(cost); held > m.size {
		t.Errorf("%d held of %d", held, m.size)
	}
	return func() {
		m.held.Add(-cost)
		m.running.Add(-1)
	}
}

func checkEach(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(sc.seed, 0))
		costs, delays := make([]int64, sc.inputs), make([]time.Duration, sc.inputs)
		for i := range costs {
			costs[i], delays[i] = 1+r.Int64N(sc.size), time.Duration(r.IntN(20))*time.Millisecond
		}
		fails := sc.fail < sc.inputs
		if fails && sc.large {
			costs[sc.fail] = sc.size + 1
		}
		sem, m, calls := semaphore.New(sc.size), meter{size: sc.size}, make([]atomic.Int32, sc.inputs)
		inputs := func(yield func(int) bool) {
			for i := range costs {
				if !yield(i) {
					return
				}
			}
		}
		err := semaphore.Each(sc.context(t), sem, inputs, func(i int) int64 { return costs[i] }, func(ctx context.Context, i int) error {
			defer m.hold(t, costs[i])()
			calls[i].Add(1)
			select {
			case <-time.After(delays[i]):
			case <-ctx.Done():
				return ctx.Err()
			}
			if i == sc.fail {
				return errTask
			}
			return nil
		})
		if n := m.running.Load(); n != 0 {
			t.Errorf("%+v: %d calls outlive Each", sc, n)
		}
		for i := range calls {
			if n := calls[i].Load(); n > 1 || n == 0 && err == nil {
				t.Errorf("%+v: %d calls for input %d, err = %v", sc, n, i, err)
			}
		}
		switch {
		case err == nil && fails:
			t.Errorf("%+v: the error is lost", sc)
		case err != nil && !fails && sc.cancel < 0:
			t.Errorf("%+v: an error from nowhere: %v", sc, err)
		}
		// Whatever happened, everything has been released.
		if err := sem.Do(t.Context(), sc.size, func(context.Context) error { return nil }); err != nil {
			t.Error(err)
		}
	})
}

func TestScenarios(t *testing.T) {
	for i := range 500 {
		checkEach(t, randomScenario(rand.New(rand.NewPCG(uint64(i), 1))))
	}
}

func FuzzScenarios(f *testing.F) {
	f.Add(uint8(1), uint8(0), uint8(9), false, int8(-1), uint64(1))
	f.Add(uint8(7), uint8(20), uint8(9), false, int8(-1), uint64(2))
	f.Add(uint8(7), uint8(20), uint8(9), true, int8(-1), uint64(3))
	f.Add(uint8(7), uint8(20), uint8(99), true, int8(15), uint64(4))
	f.Fuzz(func(t *testing.T, size, inputs, fail uint8, large bool, cancel int8, seed uint64) {
		checkEach(t, scenario{1 + int64(size), int(inputs), int(fail), large, time.Duration(cancel) * time.Millisecond, seed})
	})
}

// TestDoShared lets many users share a semaphore, some of whom give up.
func TestDoShared(t *testing.T) {
	for i := range 100 {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(i), 2))
			size := 1 + r.Int64N(10)
			sem, m := semaphore.New(size), meter{size: size}
			var wg sync.WaitGroup
			for range r.IntN(30) {
				cost, delay, patience := 1+r.Int64N(size), time.Duration(r.IntN(20))*time.Millisecond, time.Duration(r.IntN(100))*time.Millisecond
				wg.Go(func() { // ends when it had its turn or lost patience
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					called := false
					err := sem.Do(ctx, cost, func(context.Context) error {
						called = true
						defer m.hold(t, cost)()
						time.Sleep(delay)
						return errTask
					})
					if called && err != errTask || !called && err != context.DeadlineExceeded {
						t.Errorf("called: %v, err = %v", called, err)
					}
				})
			}
			wg.Wait()
			if err := sem.Do(t.Context(), size, func(context.Context) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
}

func one(int) int64 { return 1 }

// naturals never ends.
func naturals(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

// TestContextEndsWithTheCall checks that a call leaves nothing behind in the
// context of its caller.
func TestContextEndsWithTheCall(t *testing.T) {
	var inner context.Context
	semaphore.Each(t.Context(), semaphore.New(1), slices.Values([]int{1}), one, func(ctx context.Context, _ int) error {
		inner = ctx
		return nil
	})
	if inner.Err() == nil {
		t.Error("the context of the call is not done")
	}
}

func TestCallsRunAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := semaphore.Each(t.Context(), semaphore.New(5), slices.Values(make([]int, 20)), one, func(context.Context, int) error {
			time.Sleep(time.Hour)
			return nil
		})
		if took := time.Since(start); err != nil || took != 4*time.Hour {
			t.Errorf("20 hours of work took %v, err = %v", took, err)
		}
	})
}

func TestLargeCostIsNotOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sem := semaphore.New(10)
		var mu sync.Mutex // guards order
		var order []int64
		var wg sync.WaitGroup
		for _, cost := range []int64{6, 10, 1, 2} {
			wg.Go(func() { // ends an hour after it got its turn
				sem.Do(t.Context(), cost, func(context.Context) error {
					time.Sleep(time.Duration(cost) * time.Hour)
					mu.Lock()
					defer mu.Unlock()
					order = append(order, cost)
					return nil
				})
			})
			synctest.Wait() // so that they queue up in this order
		}
		wg.Wait()
		if !slices.Equal(order, []int64{6, 10, 1, 2}) {
			t.Errorf("order %v", order)
		}
	})
}

func TestCancelledBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(reason)
		sem := semaphore.New(2)
		if err := sem.Do(ctx, 1, func(context.Context) error { t.Error("Do has called f"); return nil }); err != reason {
			t.Errorf("Do: err = %v", err)
		}
		if err := semaphore.Each(ctx, sem, naturals, one, func(context.Context, int) error { t.Error("Each has called do"); return nil }); err != reason {
			t.Errorf("Each: err = %v", err)
		}
	})
}

func TestFirstErrorEndsAnEndlessInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0 // needs no lock: there is room for one call
		err := semaphore.Each(t.Context(), semaphore.New(1), naturals, one, func(_ context.Context, i int) error {
			calls++
			if i == 7 {
				return errTask
			}
			return nil
		})
		if err != errTask || calls != 8 {
			t.Errorf("err = %v after %d calls", err, calls)
		}
	})
}

// recovered returns what f panics with.
func recovered(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

func divide(a, b int) int { return a / b }

func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sem := semaphore.New(3)
		m := meter{size: 3}
		v := recovered(func() {
			semaphore.Each(t.Context(), sem, naturals, one, func(ctx context.Context, i int) error {
				defer m.hold(t, 1)()
				if i == 2 {
					divide(i, 0)
				}
				<-ctx.Done()
				return errTask // must not hide the panic
			})
		})
		p, ok := v.(*semaphore.PanicError)
		if !ok {
			t.Fatalf("the caller recovers %v", v)
		}
		if !strings.Contains(string(p.Stack), "semaphore_test.divide") {
			t.Errorf("the stack does not show where the panic began:\n%s", p.Stack)
		}
		if _, ok := errors.AsType[runtime.Error](p); !ok || !strings.Contains(p.Error(), "divide by zero") {
			t.Errorf("the panic has lost its value: %v", p)
		}
		if n := m.running.Load(); n != 0 {
			t.Errorf("%d calls outlive the panic", n)
		}
		v = recovered(func() { sem.Do(t.Context(), 3, func(context.Context) error { panic("in Do") }) })
		if v != "in Do" {
			t.Errorf("Do changes the panic to %v", v)
		}
		if err := sem.Do(t.Context(), 3, func(context.Context) error { return nil }); err != nil {
			t.Errorf("not all is released: %v", err)
		}
	})
}

func TestPanicInInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := meter{size: 2}
		v := recovered(func() {
			in := func(yield func(int) bool) {
				yield(1)
				synctest.Wait()
				panic("broken input")
			}
			semaphore.Each(t.Context(), semaphore.New(2), in, one, func(ctx context.Context, _ int) error {
				defer m.hold(t, 1)()
				<-ctx.Done()
				return nil
			})
		})
		if v != "broken input" || m.running.Load() != 0 {
			t.Errorf("the caller recovers %v, %d calls outlive the panic", v, m.running.Load())
		}
	})
}

func TestGoexitReachesTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		returned := false
		done := make(chan struct{}) // closed by the goroutine below; nothing is sent
		go func() {                 // ends by runtime.Goexit
			defer close(done)
			semaphore.Each(t.Context(), semaphore.New(2), naturals, one, func(_ context.Context, i int) error {
				if i == 5 {
					runtime.Goexit() // as t.FailNow does
				}
				return nil
			})
			returned = true
		}()
		<-done
		if returned {
			t.Error("Each returned as if nothing had happened")
		}
	})
}

func TestMisuse(t *testing.T) {
	f := func(context.Context) error { return nil }
	if v := recovered(func() { semaphore.New(0) }); v != "semaphore: size < 1" {
		t.Errorf("New(0): %v", v)
	}
	if v := recovered(func() { semaphore.New(1).Do(t.Context(), 0, f) }); v != "semaphore: cost < 1" {
		t.Errorf("cost 0: %v", v)
	}
	if err := new(semaphore.Semaphore).Do(t.Context(), 1, f); err == nil {
		t.Error("the zero semaphore has room")
	}
}
