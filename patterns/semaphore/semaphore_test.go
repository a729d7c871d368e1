package semaphore_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"reflect"
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

// A preview is made only if nothing more important needs the memory.
func ExampleSemaphore_TryDo() {
	memory := semaphore.New(64)
	preview := func(ctx context.Context) error {
		called, err := memory.TryDo(ctx, 10, func(context.Context) error {
			fmt.Println("preview")
			return nil
		})
		if !called {
			fmt.Println("no preview")
		}
		return err
	}

	fmt.Println(preview(context.Background()))
	fmt.Println(memory.Do(context.Background(), 60, preview))
	// Output:
	// preview
	// <nil>
	// no preview
	// <nil>
}

var (
	errTask = errors.New("task failed")
	errStop = errors.New("shutting down") // why a caller cancels
	errLate = errors.New("a consequence of what happened before")
)

func nothing(context.Context) error { return nil }

// isFree fails if something is left in a semaphore.
func isFree(t *testing.T, sem *semaphore.Semaphore, size int64) {
	t.Helper()
	if called, err := sem.TryDo(context.Background(), size, nothing); !called || err != nil {
		t.Errorf("not all is released: %v", err)
	}
}

// A scenario is one way in which Each may go. Times are those of a bubble.
type scenario struct {
	size   int64
	inputs int
	fail   int           // the input whose call fails; beyond: none
	large  bool          // whether that input fails because it is too large
	cancel time.Duration // when the caller cancels; negative: never
	seed   uint64        // decides about costs, and how long everything takes
}

func randomScenario(r *rand.Rand) scenario {
	sc := scenario{size: 1 + r.Int64N(20), inputs: r.IntN(40), large: r.IntN(2) == 0, cancel: -1, seed: r.Uint64()}
	sc.fail = r.IntN(2*sc.inputs + 1)
	if r.IntN(3) == 0 {
		sc.cancel = time.Duration(r.IntN(100)) * time.Millisecond
	}
	return sc
}

func cancelAfter(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	if d == 0 {
		cancel(errStop)
	} else if d > 0 {
		time.AfterFunc(d, func() { cancel(errStop) })
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
		var started, stopped atomic.Int64 // stopped is the time.Duration after which no call may start
		if stopped.Store(int64(time.Hour)); sc.cancel >= 0 {
			stopped.Store(int64(sc.cancel))
		}
		inputs := func(yield func(int) bool) {
			for i := range costs {
				if sc.seed%2 == 0 {
					time.Sleep(delays[len(delays)-1-i] / 4)
				}
				if !yield(i) {
					return
				}
			}
		}
		began := time.Now()
		err := semaphore.Each(cancelAfter(t, sc.cancel), sem, inputs, func(i int) int64 { return costs[i] }, func(ctx context.Context, i int) error {
			defer m.hold(t, costs[i])()
			calls[i].Add(1)
			if before := started.Add(1) - 1; int64(i)-before >= sc.size {
				t.Errorf("%+v: input %d comes after only %d others", sc, i, before)
			}
			if now := time.Since(began); now > time.Duration(stopped.Load()) {
				t.Errorf("%+v: a call starts at %v", sc, now)
			}
			select {
			case <-time.After(delays[i]):
			case <-ctx.Done():
				return errLate
			}
			if i == sc.fail {
				stopped.Store(min(stopped.Load(), int64(time.Since(began))))
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
		case err == errStop && sc.cancel < 0, err == errTask && (!fails || sc.large), err == errLate:
			t.Errorf("%+v: an error from nowhere: %v", sc, err)
		case err != nil && err != errStop && err != errTask && !(fails && sc.large && strings.Contains(err.Error(), "above the size")):
			t.Errorf("%+v: unexpected error %v", sc, err)
		}
		isFree(t, sem, sc.size)
	})
}

func TestScenarios(t *testing.T) {
	for i := range 1000 {
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

// A user of a semaphore calls Do or TryDo once.
type user struct {
	cost   int64
	leave  chan struct{} // closed by the test to end the call of f; nothing is sent
	cancel context.CancelFunc
	state  atomic.Value // a string; the model has its own
	model  string
}

// A model is a semaphore that is simple because nothing happens at the same time.
type model struct {
	size, used int64
	queue      []*user
}

func (m *model) arrive(u *user, try bool) {
	switch {
	case !try:
		u.model = "waits"
		m.queue = append(m.queue, u)
		m.admit()
	case len(m.queue) == 0 && m.used+u.cost <= m.size:
		u.model = "runs"
		m.used += u.cost
	default:
		u.model = "refused"
	}
}

func (m *model) admit() {
	for len(m.queue) > 0 && m.used+m.queue[0].cost <= m.size {
		m.queue[0].model = "runs"
		m.used += m.queue[0].cost
		m.queue = m.queue[1:]
	}
}

func (m *model) leave(u *user) {
	u.model = "gone"
	m.used -= u.cost
	m.admit()
}

func (m *model) giveUp(u *user) {
	u.model = "gave up"
	m.queue = slices.DeleteFunc(m.queue, func(other *user) bool { return other == u })
	m.admit()
}

// start has u call Do or TryDo on a goroutine of its own.
func (u *user) start(t *testing.T, sem *semaphore.Semaphore, try bool) {
	ctx, cancel := context.WithCancelCause(t.Context())
	u.cancel = func() { cancel(errStop) }
	u.state.Store("waits")
	f := func(context.Context) error {
		u.state.Store("runs")
		<-u.leave
		return errTask
	}
	go func() { // ends when f has been told to leave, or the user gives up
		called, err := true, error(nil)
		if try {
			called, err = sem.TryDo(ctx, u.cost, f)
		} else {
			err = sem.Do(ctx, u.cost, f)
		}
		switch {
		case !called && err == nil:
			u.state.Store("refused")
		case err == errStop:
			u.state.Store("gave up")
		case called && err == errTask:
			u.state.Store("gone")
		default:
			u.state.Store(fmt.Sprintf("ended with %v, %v", called, err))
		}
	}()
}

// checkModel plays a byte after the other: somebody comes, tries, leaves or gives
// up. Then all have to be where they are in the model.
func checkModel(t *testing.T, size int64, moves string) {
	synctest.Test(t, func(t *testing.T) {
		sem, m := semaphore.New(size), model{size: size}
		var users []*user
		one := func(state string, n int) *user { // of those in the state
			in := slices.DeleteFunc(slices.Clone(users), func(u *user) bool { return u.model != state })
			if len(in) == 0 {
				return nil
			}
			return in[n%len(in)]
		}
		compare := func(after string) {
			t.Helper()
			synctest.Wait()
			for i, u := range users {
				if state := u.state.Load(); state != u.model {
					t.Fatalf("size %d, after %q: user %d with cost %d %v, but should be: %v", size, after, i, u.cost, state, u.model)
				}
			}
		}
		for i := range len(moves) {
			move, n := moves[i]%4, int(moves[i]/4)
			switch u := (*user)(nil); move {
			case 0, 1:
				u = &user{cost: 1 + int64(n)%size, leave: make(chan struct{})} // who closes it: see user
				users = append(users, u)
				u.start(t, sem, move == 1)
				m.arrive(u, move == 1)
			case 2:
				if u = one("runs", n); u != nil {
					close(u.leave)
					m.leave(u)
				}
			case 3:
				if u = one("waits", n); u != nil {
					u.cancel()
					m.giveUp(u)
				}
			}
			compare(moves[:i+1])
		}
		for _, u := range users { // the last first would do as well
			if u.model == "runs" {
				close(u.leave)
				m.leave(u)
				compare(moves + " and the end")
			}
		}
		isFree(t, sem, size)
	})
}

func TestModel(t *testing.T) {
	for i := range 500 {
		r := rand.New(rand.NewPCG(uint64(i), 2))
		moves := make([]byte, r.IntN(60))
		for i := range moves {
			moves[i] = byte(r.IntN(256))
		}
		checkModel(t, 1+r.Int64N(10), string(moves))
	}
}

func FuzzModel(f *testing.F) {
	f.Add(uint8(0), "")
	f.Add(uint8(3), "\x00\x04\x08\x0c\x02\x02\x03")
	f.Add(uint8(9), "\x14\x24\x04\x05\x03\x02") // a large one in the middle gives up
	f.Fuzz(func(t *testing.T, size uint8, moves string) {
		checkModel(t, 1+int64(size), moves[:min(len(moves), 100)])
	})
}

// TestManyUsers is for the race detector: no bubble makes the users wait. If room
// is lost, or nobody is woken, the time is up.
func TestManyUsers(t *testing.T) {
	const size = 7
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	sem, m := semaphore.New(size), meter{size: size}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { // ends after its calls
			r := rand.New(rand.NewPCG(uint64(i), 3))
			for range 1000 {
				cost, impatient := 1+r.Int64N(size), r.IntN(3) == 0
				f := func(context.Context) error {
					defer m.hold(t, cost)()
					runtime.Gosched()
					return errTask
				}
				ctx, cancel := context.WithCancelCause(ctx)
				var err error
				switch {
				case impatient:
					wg.Go(func() { runtime.Gosched(); cancel(errStop) }) // ends at once
					err = sem.Do(ctx, cost, f)
				case r.IntN(4) == 0:
					var called bool
					if called, err = sem.TryDo(ctx, cost, f); !called && err == nil {
						err = errTask
					}
				default:
					err = sem.Do(ctx, cost, f)
				}
				if err != errTask && !(impatient && err == errStop) {
					t.Errorf("err = %v", err)
				}
				cancel(nil)
			}
		})
	}
	var sum atomic.Int64
	err := semaphore.Each(ctx, sem, numbers(2000), func(i int) int64 { return 1 + int64(i)%size }, func(_ context.Context, i int) error {
		defer m.hold(t, 1+int64(i)%size)()
		sum.Add(int64(i))
		return nil
	})
	if err != nil || sum.Load() != 1999*1000 {
		t.Errorf("Each: sum %d, err = %v", sum.Load(), err)
	}
	wg.Wait()
	isFree(t, sem, size)
}

// TestNobodyIsForgotten has few users, so that nobody comes later and wakes whoever
// has been forgotten.
func TestNobodyIsForgotten(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	sem := semaphore.New(1)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { // ends after its calls, or when the time is up
			for start := time.Now(); time.Since(start) < 200*time.Millisecond; {
				if err := sem.Do(ctx, 1, nothing); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestRoomComesWithTheCancellation cancels a user at the time when there is room.
func TestRoomComesWithTheCancellation(t *testing.T) {
	called := 0
	for i := range 200 {
		synctest.Test(t, func(t *testing.T) {
			sem := semaphore.New(3)
			ctx, cancel := context.WithCancelCause(t.Context())
			ended := make(chan error, 1) // never closed; capacity for what is sent
			sem.Do(t.Context(), 3, func(context.Context) error {
				go func() { // ends when it has had its turn or ctx is done
					ended <- sem.Do(ctx, 2, func(context.Context) error { called++; return errTask })
				}()
				synctest.Wait()
				if i%2 == 0 {
					cancel(errStop)
				}
				return nil
			})
			cancel(errStop)
			if err := <-ended; err != errTask && err != errStop {
				t.Errorf("err = %v", err)
			}
			isFree(t, sem, 3)
		})
	}
	if called == 200 {
		t.Error("nobody has given up")
	}
}

// TestOrder shows the rules that TestModel checks.
func TestOrder(t *testing.T) {
	for name, tt := range map[string]struct {
		costs []int64 // of users who come one after the other; each stays as many hours
		quits int     // the user who gives up after half an hour; negative: none
		want  []int64 // the full hours when they are gone; 0 for who has given up
	}{
		"side by side":               {[]int64{3, 3, 4}, -1, []int64{3, 3, 4}},
		"first come, first served":   {[]int64{10, 1, 2}, -1, []int64{10, 11, 12}},
		"large is not overtaken":     {[]int64{6, 10, 1, 2}, -1, []int64{6, 16, 17, 18}},
		"who gives up lets pass":     {[]int64{6, 10, 1, 2}, 1, []int64{6, 0, 1, 2}},
		"the first still waits":      {[]int64{6, 5, 10, 1}, 2, []int64{6, 11, 0, 7}},
		"the last of the queue goes": {[]int64{6, 5, 1}, 2, []int64{6, 11, 0}},
		"not all that wait fit":      {[]int64{10, 6, 3, 5, 1}, -1, []int64{10, 16, 13, 21, 17}},
	} {
		synctest.Test(t, func(t *testing.T) {
			sem, start, gone := semaphore.New(10), time.Now(), make([]int64, len(tt.costs))
			var wg sync.WaitGroup
			for i, cost := range tt.costs {
				ctx := t.Context()
				if i == tt.quits {
					ctx = cancelAfter(t, 30*time.Minute)
				}
				wg.Go(func() { // ends when it has had its turn or given up
					sem.Do(ctx, cost, func(context.Context) error {
						time.Sleep(time.Duration(cost) * time.Hour)
						gone[i] = int64(time.Since(start) / time.Hour)
						return nil
					})
				})
				synctest.Wait()
			}
			wg.Wait()
			if !slices.Equal(gone, tt.want) {
				t.Errorf("%s: %v are gone after %v hours", name, tt.costs, gone)
			}
		})
	}
}

func TestTryDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sem := semaphore.New(10)
		try := func(cost int64, want bool) {
			t.Helper()
			ran := false
			called, err := sem.TryDo(t.Context(), cost, func(context.Context) error { ran = true; return errTask })
			if called != want || ran != want || want != (err == errTask) || !want && err != nil {
				t.Errorf("TryDo of %d: %v, %v; f is called: %v", cost, called, err, ran)
			}
		}
		try(10, true)
		sem.Do(t.Context(), 6, func(context.Context) error {
			try(4, true)
			try(5, false)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan struct{}) // closed by the goroutine below; nothing is sent
			go func() {                  // ends when ctx is done
				defer close(ended)
				sem.Do(ctx, 9, nothing)
			}()
			synctest.Wait()
			try(1, false) // there is room, but somebody waits
			cancel()
			<-ended
			try(1, true)
			return nil
		})
		try(10, true)
	})
}

var one = func(int) int64 { return 1 }

// numbers yields 0 to n-1.
func numbers(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

// endless is more than what Each takes before a test ends it.
var endless = numbers(math.MaxInt)

// An ending is how a call ended: by return, panic or runtime.Goexit.
type ending struct {
	err      error
	panicked any
	exited   bool
}

// end calls f and returns how it ended. It takes a panic of a *PanicError for one
// of what that carries.
func end(f func() error) (e ending) {
	e.exited = true
	ended := make(chan struct{}) // closed by the goroutine below; nothing is sent
	go func() {                  // ends when f does
		defer close(ended)
		defer func() {
			if v := recover(); v != nil {
				e = ending{panicked: v}
			}
			if p, ok := e.panicked.(*semaphore.PanicError); ok {
				e.panicked = p.Value
			}
		}()
		err := f()
		e = ending{err: err}
	}()
	<-ended
	return e
}

// leaked returns the stacks of the goroutines that belong to the package, unless
// they end soon.
func leaked() string {
	pkg := reflect.TypeFor[semaphore.PanicError]().PkgPath() + "."
	all := make([]byte, 1<<20)
	for wait := time.Millisecond; ; wait *= 2 {
		stacks := strings.Split(string(all[:runtime.Stack(all, true)]), "\n\n")
		stacks = slices.DeleteFunc(stacks, func(s string) bool { return !strings.Contains(s, pkg) })
		if len(stacks) == 0 || wait > time.Second {
			return strings.Join(stacks, "\n\n")
		}
		time.Sleep(wait)
	}
}

// everywhere calls f in a bubble, which ends only if no goroutine of it waits for
// ever, and outside of one, where it looks for goroutines of any kind.
func everywhere(t *testing.T, name string, f func(t *testing.T)) {
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, f)
		f(t)
		if stacks := leaked(); stacks != "" {
			t.Errorf("left behind:\n%s", stacks)
		}
	})
}

// A step is what happens with a value, in the sequence, in cost or in do.
type step func(cancel context.CancelCauseFunc) (cost int64, err error)

// steps are the ways to end Each, and how it ends.
var steps = map[string]struct {
	step
	want ending
}{
	"error":     {func(context.CancelCauseFunc) (int64, error) { return 1, errTask }, ending{err: errTask}},
	"cancel":    {func(cancel context.CancelCauseFunc) (int64, error) { cancel(errStop); return 1, nil }, ending{err: errStop}},
	"panic":     {func(context.CancelCauseFunc) (int64, error) { panic("broken") }, ending{panicked: "broken"}},
	"Goexit":    {func(context.CancelCauseFunc) (int64, error) { runtime.Goexit(); return 1, nil }, ending{exited: true}}, // as t.FailNow does
	"success":   {func(context.CancelCauseFunc) (int64, error) { return 1, nil }, ending{}},
	"cost is 0": {func(context.CancelCauseFunc) (int64, error) { return 0, nil }, ending{panicked: "semaphore: cost < 1"}},
	"too large": {func(context.CancelCauseFunc) (int64, error) { return 10, nil }, ending{err: errors.New("semaphore: cost 10 is above the size 3")}},
}

// TestExits makes a step with the value 5. The calls of do for later ones wait
// until they are stopped.
func TestExits(t *testing.T) {
	for exit, tt := range steps {
		for _, where := range []string{"do", "cost", "sequence", "sequence when stopped"} {
			switch {
			case where != "cost" && (exit == "cost is 0" || exit == "too large"), where != "do" && exit == "error":
				continue
			}
			everywhere(t, exit+" in "+where, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				sem, m := semaphore.New(3), meter{size: 3}
				perform := func(at string, i int) (cost int64, err error) {
					if at == where && i == 5 {
						return tt.step(cancel)
					}
					return 1, nil
				}
				n := 50
				if where == "sequence when stopped" || tt.want == (ending{}) {
					n = 9
				}
				var reading atomic.Int64
				in := func(yield func(int) bool) {
					reading.Add(1)
					defer reading.Add(-1)
					for i := range n {
						if i == 5 {
							time.Sleep(time.Millisecond) // so that others wait
						}
						perform("sequence", i)
						if !yield(i) {
							break
						}
					}
					perform("sequence when stopped", 5)
				}
				got := end(func() error {
					return semaphore.Each(ctx, sem, in, func(i int) int64 { cost, _ := perform("cost", i); return cost }, func(ctx context.Context, i int) error {
						defer m.hold(t, 1)()
						if i > 5 && n == 50 {
							<-ctx.Done()
							return errLate // must not hide why
						}
						_, err := perform("do", i)
						return err
					})
				})
				if got.err != nil && tt.want.err != nil && got.err.Error() == tt.want.err.Error() {
					got.err = tt.want.err
				}
				if got != tt.want || m.running.Load()+reading.Load() != 0 {
					t.Errorf("ended with %+v and not %+v, %d calls and %d sequences outlive Each", got, tt.want, m.running.Load(), reading.Load())
				}
				isFree(t, sem, 3)
			})
		}
	}
}

// TestExitsOfDo checks that Do and TryDo let pass what happens in f.
func TestExitsOfDo(t *testing.T) {
	for exit, tt := range steps {
		if exit == "cost is 0" || exit == "too large" || exit == "cancel" {
			continue
		}
		everywhere(t, exit, func(t *testing.T) {
			sem := semaphore.New(3)
			f := func(context.Context) error { _, err := tt.step(nil); return err }
			for name, call := range map[string]func() error{
				"Do":    func() error { return sem.Do(t.Context(), 3, f) },
				"TryDo": func() error { _, err := sem.TryDo(t.Context(), 3, f); return err },
			} {
				if got := end(call); got != tt.want {
					t.Errorf("%s ended with %+v and not %+v", name, got, tt.want)
				}
				isFree(t, sem, 3)
			}
		})
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStop)
	everywhere(t, "", func(t *testing.T) {
		sem := semaphore.New(2)
		f := func(context.Context) error { t.Error("f is called"); return nil }
		if err := sem.Do(ctx, 1, f); err != errStop {
			t.Errorf("Do: err = %v", err)
		}
		if called, err := sem.TryDo(ctx, 1, f); called || err != errStop {
			t.Errorf("TryDo: %v, err = %v", called, err)
		}
		if err := semaphore.Each(ctx, sem, endless, one, func(ctx context.Context, _ int) error { return f(ctx) }); err != errStop {
			t.Errorf("Each: err = %v", err)
		}
		isFree(t, sem, 2)
	})
}

// TestCancelledWhileEachWaits has others hold what Each waits for.
func TestCancelledWhileEachWaits(t *testing.T) {
	everywhere(t, "", func(t *testing.T) {
		sem := semaphore.New(2)
		sem.Do(t.Context(), 2, func(context.Context) error {
			err := semaphore.Each(cancelAfter(t, 10*time.Millisecond), sem, endless, one, func(context.Context, int) error {
				t.Error("do is called")
				return nil
			})
			if err != errStop {
				t.Errorf("err = %v", err)
			}
			return nil
		})
		isFree(t, sem, 2)
	})
}

// TestNoCallAfterTheFirstError has the next value wait for the room of the call
// that fails.
func TestNoCallAfterTheFirstError(t *testing.T) {
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			calls := 0 // needs no lock: there is room for one call
			err := semaphore.Each(t.Context(), semaphore.New(2), endless, func(int) int64 { return 2 }, func(_ context.Context, i int) error {
				calls++
				time.Sleep(time.Second)
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
}

// TestContextEndsWithTheCall checks that a call leaves nothing behind in the
// context of its caller.
func TestContextEndsWithTheCall(t *testing.T) {
	var inner context.Context
	semaphore.Each(t.Context(), semaphore.New(1), numbers(1), one, func(ctx context.Context, _ int) error {
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
		err := semaphore.Each(t.Context(), semaphore.New(5), numbers(20), one, func(context.Context, int) error {
			time.Sleep(time.Hour)
			return nil
		})
		if took := time.Since(start); err != nil || took != 4*time.Hour {
			t.Errorf("20 hours of work took %v, err = %v", took, err)
		}
	})
}

func TestEachKeepsTheOrder(t *testing.T) {
	next := 0 // needs no lock: there is room for one call
	err := semaphore.Each(t.Context(), semaphore.New(1), numbers(1000), one, func(_ context.Context, i int) error {
		if i != next {
			t.Errorf("%d comes instead of %d", i, next)
		}
		next++
		return nil
	})
	if err != nil || next != 1000 {
		t.Errorf("err = %v after %d calls", err, next)
	}
}

func TestFullSemaphoreStopsTheSequence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := 0 // needs no lock: synctest.Wait comes between
		in := func(yield func(int) bool) {
			for taken = 1; yield(taken); taken++ {
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Hour, func() {
			synctest.Wait()
			if taken != 4 {
				t.Errorf("%d values are taken, with room for 3 calls", taken)
			}
			cancel()
		})
		two := func(int) int64 { return 2 }
		semaphore.Each(ctx, semaphore.New(6), in, two, func(ctx context.Context, _ int) error { <-ctx.Done(); return nil })
	})
}

// TestGoroutinesAreFew checks that a large semaphore does not cost more than what
// is used of it.
func TestGoroutinesAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hourly := func(yield func(int) bool) {
			for i := range 50 {
				if time.Sleep(time.Hour); !yield(i) {
					return
				}
			}
		}
		before := runtime.NumGoroutine()
		var most atomic.Int64
		err := semaphore.Each(t.Context(), semaphore.New(math.MaxInt64), hourly, one, func(context.Context, int) error {
			most.Store(max(most.Load(), int64(runtime.NumGoroutine()-before)))
			time.Sleep(150 * time.Minute) // so that three calls run at a time
			return nil
		})
		if n := most.Load(); err != nil || n > 5 { // one more waits for the sequence, which is one itself
			t.Errorf("%d goroutines for 3 calls at a time, err = %v", n, err)
		}
	})
}

// shared is for the whole package, as many programs have it.
var shared = semaphore.New(3)

// TestSharedByBubbles uses a semaphore in one bubble after the other.
func TestSharedByBubbles(t *testing.T) {
	for range 2 {
		everywhere(t, "", func(t *testing.T) {
			var wg sync.WaitGroup
			for range 5 {
				wg.Go(func() { // ends when it has had its turn
					shared.Do(t.Context(), 2, func(context.Context) error { time.Sleep(time.Millisecond); return nil })
				})
			}
			err := semaphore.Each(t.Context(), shared, numbers(9), one, func(context.Context, int) error { time.Sleep(time.Millisecond); return nil })
			if wg.Wait(); err != nil {
				t.Error(err)
			}
			isFree(t, shared, 3)
		})
	}
}

func TestNested(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, beds := semaphore.New(3), semaphore.New(2)
		var sum atomic.Int64
		err := semaphore.Each(t.Context(), rooms, numbers(10), one, func(ctx context.Context, i int) error {
			return semaphore.Each(ctx, beds, numbers(i), one, func(_ context.Context, j int) error {
				time.Sleep(time.Hour)
				sum.Add(int64(j))
				return nil
			})
		})
		if err != nil || sum.Load() != 120 {
			t.Errorf("sum %d, err = %v", sum.Load(), err)
		}
	})
}

func divide(a, b int) int { return a / b }

func TestPanicKeepsItsStack(t *testing.T) {
	broken := func(func(int) bool) { divide(1, 0) }
	zero := func(context.Context, int) error { divide(1, 0); return nil }
	for name, run := range map[string]func(ctx context.Context){
		"do": func(ctx context.Context) { semaphore.Each(ctx, semaphore.New(3), endless, one, zero) },
		"cost": func(ctx context.Context) {
			semaphore.Each(ctx, semaphore.New(3), endless, func(i int) int64 { return int64(divide(i, 0)) }, nil)
		},
		"sequence": func(ctx context.Context) { semaphore.Each(ctx, semaphore.New(3), broken, one, nil) },
		"inner do": func(ctx context.Context) {
			semaphore.Each(ctx, semaphore.New(3), endless, one, func(ctx context.Context, _ int) error {
				return semaphore.Each(ctx, semaphore.New(3), endless, one, zero)
			})
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				v := recover()
				p, ok := v.(*semaphore.PanicError)
				if !ok {
					t.Fatalf("%s: the caller recovers %v", name, v)
				}
				if !strings.Contains(string(p.Stack), "_test.divide(") || !strings.Contains(p.Error(), string(p.Stack)) {
					t.Errorf("%s: the stack does not show where the panic began:\n%v", name, p)
				}
				if _, ok := errors.AsType[runtime.Error](p); !ok || strings.Count(p.Error(), "divide by zero") != 1 {
					t.Errorf("%s: the panic has lost its value: %v", name, p)
				}
			}()
			run(t.Context())
		})
	}
	if err := errors.Unwrap(&semaphore.PanicError{Value: "not an error"}); err != nil {
		t.Errorf("unwrapped: %v", err)
	}
}

// TestCallerLockedToItsThread checks that no coroutine is bound to the goroutine
// of the caller.
func TestCallerLockedToItsThread(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	sem := semaphore.New(4)
	calls := new(atomic.Int64)
	f := func(context.Context) error {
		time.Sleep(time.Millisecond) // so that others get something
		calls.Add(1)
		return nil
	}
	err := semaphore.Each(t.Context(), sem, numbers(10), one, func(ctx context.Context, _ int) error { return f(ctx) })
	err = errors.Join(err, sem.Do(t.Context(), 4, f))
	if _, err2 := sem.TryDo(t.Context(), 4, f); err != nil || err2 != nil || calls.Load() != 12 {
		t.Errorf("%d calls, err = %v, %v", calls.Load(), err, err2)
	}
}

func TestMisuse(t *testing.T) {
	for _, n := range []int64{0, -1} {
		for name, call := range map[string]func(){
			"semaphore: size < 1":  func() { semaphore.New(n) },
			"semaphore: cost < 1":  func() { semaphore.New(1).Do(t.Context(), n, nothing) },
			"semaphore: cost < 1 ": func() { semaphore.New(1).TryDo(t.Context(), n, nothing) },
		} {
			if got := end(func() error { call(); return nil }); got.panicked != strings.TrimSpace(name) {
				t.Errorf("%s: %d ended with %+v", name, n, got)
			}
		}
	}
	if err := new(semaphore.Semaphore).Do(t.Context(), 1, nothing); err == nil {
		t.Error("the zero semaphore has room")
	}
	if called, err := semaphore.New(3).TryDo(t.Context(), 4, nothing); called || err == nil {
		t.Errorf("TryDo of too much: %v, %v", called, err)
	}
}

func TestLargestSize(t *testing.T) {
	sem := semaphore.New(math.MaxInt64)
	sem.Do(t.Context(), math.MaxInt64-1, func(context.Context) error {
		if called, _ := sem.TryDo(t.Context(), 2, nothing); called {
			t.Error("there is room for what is above the size")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := sem.Do(ctx, math.MaxInt64, nothing); err != context.DeadlineExceeded {
			t.Errorf("there is room for twice the size: %v", err)
		}
		return nil
	})
	isFree(t, sem, math.MaxInt64)
}

func TestNoAllocation(t *testing.T) {
	sem, ctx := semaphore.New(2), context.Background()
	if n := testing.AllocsPerRun(100, func() { sem.Do(ctx, 2, nothing) }); n != 0 {
		t.Errorf("%v allocations in Do", n)
	}
	if n := testing.AllocsPerRun(100, func() { sem.TryDo(ctx, 2, nothing) }); n != 0 {
		t.Errorf("%v allocations in TryDo", n)
	}
	waits := func(i int) int64 { return 1 + int64(i)%2 }
	for name, cost := range map[string]func(int) int64{"Each": one, "Each that waits": waits} {
		allocs := func(n int) float64 {
			return testing.AllocsPerRun(5, func() {
				semaphore.Each(ctx, sem, numbers(n), cost, func(context.Context, int) error { runtime.Gosched(); return nil })
			})
		}
		if few, many := allocs(1000), allocs(10_000); many > few+20 {
			t.Errorf("%s: %v allocations for 1000 values, %v for 10000", name, few, many)
		}
	}
}
