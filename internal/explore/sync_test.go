package explore_test

import "testing"

func TestSync(t *testing.T) {
	for _, f := range primitives {
		f.check(t)
	}
}

var primitives = []feature{
	{name: "WaitGroup", text: `
func badMissingDone(fail bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if fail {
			return
		}
		wg.Done()
	}()
	wg.Wait() // stuck
}
func goodDefer(fail bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if fail {
			return
		}
	}()
	wg.Wait()
}
func badBeforeDrain() {
	var wg sync.WaitGroup
	c := make(chan int)
	wg.Add(1)
	go func() {
		defer wg.Done()
		c <- 1 // stuck
	}()
	wg.Wait() // stuck
	<-c
}
func goodBeforeDrain() {
	var wg sync.WaitGroup
	c := make(chan int, 1)
	wg.Add(1)
	go func() {
		defer wg.Done()
		c <- 1
	}()
	wg.Wait()
	<-c
}
func badTooMany() {
	var wg sync.WaitGroup
	wg.Add(2)
	go wg.Done()
	wg.Wait() // stuck
}
func goodAddOfLess() {
	var wg sync.WaitGroup
	wg.Add(2)
	go wg.Add(-2)
	wg.Wait()
}
func badNegative() {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Done()
	wg.Done() // panics
}
func badInWorker() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		wg.Wait() // stuck
	}()
}
func badSkips(xs []int) {
	var wg sync.WaitGroup
	wg.Add(len(xs))
	for _, x := range xs {
		if x == 0 {
			continue
		}
		go wg.Done()
	}
	wg.Wait() // stuck
}
func goodLen(xs []int) {
	var wg sync.WaitGroup
	wg.Add(len(xs))
	for range xs {
		go wg.Done()
	}
	wg.Wait()
}
func badCopied() {
	var wg sync.WaitGroup
	wg.Add(1)
	go done(wg)
	wg.Wait() // stuck
}
func done(wg sync.WaitGroup) { wg.Done() }
func goodPointer() {
	var wg sync.WaitGroup
	wg.Add(1)
	go doneByPointer(&wg)
	wg.Wait()
}
func doneByPointer(wg *sync.WaitGroup) { wg.Done() }
func goodGo() {
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {})
	}
	wg.Wait()
}
func badGoAndDone() {
	var wg sync.WaitGroup
	wg.Go(func() { // panics
		wg.Done()
	})
	time.Sleep(1)
}
func badGoAndAdd() {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Go(func() {})
	wg.Wait() // stuck
}
func badGoBlocks() {
	var wg sync.WaitGroup
	c := make(chan int)
	wg.Go(func() {
		c <- 1 // stuck
	})
	wg.Wait()
}
func goodRounds() {
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go wg.Done()
		wg.Wait()
	}
}
func goodParameter(wg *sync.WaitGroup) {
	wg.Add(1)
	wg.Wait()
	wg.Done()
	wg.Done()
}
func goodUnseen(n int, start func(*sync.WaitGroup)) {
	var wg sync.WaitGroup
	wg.Add(n)
	start(&wg)
	wg.Wait()
}
`},
	{name: "errgroup", text: `
var errBad = errors.New("bad")
func badNobodyFails() error {
	g, ctx := errgroup.WithContext(context.Background())
	g.Go(func() error {
		<-ctx.Done() // stuck
		return ctx.Err()
	})
	return g.Wait() // stuck
}
func goodOneFails() error {
	g, ctx := errgroup.WithContext(context.Background())
	g.Go(func() error {
		<-ctx.Done()
		return ctx.Err()
	})
	g.Go(func() error { return errBad })
	return g.Wait()
}
func goodParent(parent context.Context) error {
	g, ctx := errgroup.WithContext(parent)
	g.Go(func() error {
		<-ctx.Done()
		return nil
	})
	return g.Wait()
}
func badOneSucceeds(err error) error {
	g, ctx := errgroup.WithContext(context.Background())
	g.Go(func() error {
		<-ctx.Done() // stuck
		return nil
	})
	g.Go(func() error { return err })
	return g.Wait() // stuck
}
func goodAfterWait() {
	g, ctx := errgroup.WithContext(context.Background())
	g.Go(func() error { return nil })
	g.Wait()
	<-ctx.Done()
}
func badSender() error {
	var g errgroup.Group
	c := make(chan int)
	g.Go(func() error {
		c <- 1 // stuck
		return nil
	})
	err := g.Wait() // stuck
	<-c
	return err
}
func goodSender() error {
	var g errgroup.Group
	c := make(chan int)
	g.Go(func() error {
		c <- 1
		return nil
	})
	<-c
	return g.Wait()
}
func badReceiverFails(xs []int, fail func(int) error) error {
	var g errgroup.Group
	c := make(chan int)
	g.Go(func() error {
		for x := range c {
			if err := fail(x); err != nil {
				return err
			}
		}
		return nil
	})
	for _, x := range xs {
		c <- x // stuck
	}
	close(c)
	return g.Wait()
}
func goodReceiverFails(xs []int, fail func(int) error) error {
	g, ctx := errgroup.WithContext(context.Background())
	c := make(chan int)
	g.Go(func() error {
		for x := range c {
			if err := fail(x); err != nil {
				return err
			}
		}
		return nil
	})
	g.Go(func() error {
		defer close(c)
		for _, x := range xs {
			select {
			case c <- x:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}
func badLimit() {
	var g errgroup.Group
	g.SetLimit(1)
	g.Go(func() error {
		g.Go(func() error { return nil }) // stuck
		return nil
	})
	g.Wait()
}
func goodLimit() {
	var g errgroup.Group
	g.SetLimit(2)
	g.Go(func() error {
		g.Go(func() error { return nil })
		return nil
	})
	g.Wait()
}
func badLimitPair() {
	var g errgroup.Group
	c := make(chan int)
	g.SetLimit(1)
	g.Go(func() error {
		c <- 1 // stuck
		return nil
	})
	g.Go(func() error { // stuck
		<-c
		return nil
	})
	g.Wait()
}
func goodLimitPair() {
	var g errgroup.Group
	c := make(chan int)
	g.SetLimit(2)
	g.Go(func() error {
		c <- 1
		return nil
	})
	g.Go(func() error {
		<-c
		return nil
	})
	g.Wait()
}
func badTryGo() {
	var g errgroup.Group
	c := make(chan int)
	g.SetLimit(1)
	g.Go(func() error {
		<-c // stuck
		return nil
	})
	g.TryGo(func() error {
		close(c)
		return nil
	})
	g.Wait()
}
func goodTryGo() {
	var g errgroup.Group
	c := make(chan int)
	g.SetLimit(1)
	g.Go(func() error {
		<-c
		return nil
	})
	if !g.TryGo(func() error { close(c); return nil }) {
		close(c)
	}
	g.Wait()
}
func goodNegativeLimit() {
	var g errgroup.Group
	g.SetLimit(-1)
	g.Go(func() error {
		g.Go(func() error { return nil })
		return nil
	})
	g.Wait()
}
func goodUnknownLimit(n int) {
	var g errgroup.Group
	g.SetLimit(n)
	for range 4 {
		g.Go(func() error { return nil })
	}
	g.Wait()
}
`, skip: map[string]string{
		"badLimitPair": "that the task that waits to be started would receive is not seen: no knot",
	}},
	{name: "semaphore", text: `
func badTwice(ctx context.Context) {
	s := semaphore.NewWeighted(1)
	s.Acquire(context.Background(), 1)
	s.Acquire(context.Background(), 1) // stuck
}
func goodRelease() {
	s := semaphore.NewWeighted(1)
	s.Acquire(context.Background(), 1)
	s.Release(1)
	s.Acquire(context.Background(), 1)
}
func goodContext(ctx context.Context) {
	s := semaphore.NewWeighted(1)
	s.Acquire(ctx, 1)
	s.Acquire(ctx, 1)
}
func badWeight() {
	s := semaphore.NewWeighted(2)
	s.Acquire(context.Background(), 1)
	s.Acquire(context.Background(), 2) // stuck
}
func badEarlyReturn(work func() error) {
	s := semaphore.NewWeighted(1)
	for range 2 {
		s.Acquire(context.Background(), 1) // stuck
		go func() {
			if err := work(); err != nil {
				return
			}
			s.Release(1)
		}()
	}
}
func goodDeferred(work func() error) {
	s := semaphore.NewWeighted(1)
	for range 2 {
		s.Acquire(context.Background(), 1)
		go func() {
			defer s.Release(1)
			if err := work(); err != nil {
				return
			}
		}()
	}
}
func badTry() {
	s := semaphore.NewWeighted(1)
	if s.TryAcquire(1) {
		s.Acquire(context.Background(), 1) // stuck
	}
}
func goodTry() {
	s := semaphore.NewWeighted(1)
	s.Acquire(context.Background(), 1)
	if s.TryAcquire(1) {
		c := make(chan int)
		c <- 1
	}
}
func goodBarrier() {
	s := semaphore.NewWeighted(3)
	for range 3 {
		s.Acquire(context.Background(), 1)
		go func() {
			defer s.Release(1)
		}()
	}
	s.Acquire(context.Background(), 3)
}
func goodComputed(n int) {
	s := semaphore.NewWeighted(int64(n))
	for range n {
		s.Acquire(context.Background(), 1)
	}
}
`},
	{name: "Mutex", text: `
func badTwice() {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock() // stuck
}
func goodUnlocked() {
	var mu sync.Mutex
	mu.Lock()
	mu.Unlock()
	mu.Lock()
}
func badMissingUnlock(err error) {
	var mu sync.Mutex
	go func() {
		mu.Lock() // stuck
		mu.Unlock()
	}()
	mu.Lock()
	if err != nil {
		return
	}
	mu.Unlock()
}
func goodDeferredUnlock(err error) {
	var mu sync.Mutex
	go func() {
		mu.Lock()
		mu.Unlock()
	}()
	mu.Lock()
	defer mu.Unlock()
	if err != nil {
		return
	}
}
func badOrder() {
	var a, b sync.Mutex
	go func() {
		a.Lock()
		b.Lock() // stuck
		b.Unlock()
		a.Unlock()
	}()
	b.Lock()
	a.Lock() // stuck
	a.Unlock()
	b.Unlock()
}
func goodOrder() {
	var a, b sync.Mutex
	go func() {
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
	}()
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
}
func badAcrossSend() {
	var mu sync.Mutex
	c := make(chan int)
	go func() {
		mu.Lock() // stuck
		<-c       // stuck
		mu.Unlock()
	}()
	mu.Lock() // stuck
	c <- 1    // stuck
	mu.Unlock()
}
func goodAcrossSend() {
	var mu sync.Mutex
	c := make(chan int)
	go func() {
		<-c
		mu.Lock()
		mu.Unlock()
	}()
	mu.Lock()
	c <- 1
	mu.Unlock()
}
func badTry() {
	var mu sync.Mutex
	if mu.TryLock() {
		mu.Lock() // stuck
	}
}
func goodTry() {
	var mu sync.Mutex
	mu.Lock()
	if mu.TryLock() {
		mu.Lock()
	}
}
func goodOtherUnlocks() {
	var mu sync.Mutex
	mu.Lock()
	go mu.Unlock()
	mu.Lock()
}
func goodParameter(mu *sync.Mutex) {
	mu.Unlock()
	defer mu.Lock()
}
type counter struct {
	sync.Mutex
	n int
}
func (c *counter) add() int {
	c.Lock()
	defer c.Unlock()
	return c.get()
}
func (c *counter) get() int {
	c.Lock() // stuck in badMethods
	defer c.Unlock()
	return c.n
}
func badMethods() {
	var c counter
	c.add()
}
func goodMethods() {
	var c counter
	c.get()
	c.get()
}
func badLocker() {
	var mu sync.Mutex
	var l sync.Locker = &mu
	l.Lock()
	mu.Lock() // stuck
}
func goodLocker() {
	var mu sync.Mutex
	var l sync.Locker = &mu
	l.Lock()
	l.Unlock()
	mu.Lock()
}
`},
	{name: "RWMutex", text: `
func badReadTwice() {
	var mu sync.RWMutex
	go func() {
		mu.Lock() // stuck
		mu.Unlock()
	}()
	mu.RLock()
	mu.RLock() // stuck
	mu.RUnlock()
	mu.RUnlock()
}
func goodReadTwice() {
	var mu sync.RWMutex
	go func() {
		mu.RLock()
		mu.RUnlock()
	}()
	mu.RLock()
	mu.RLock()
	mu.RUnlock()
	mu.RUnlock()
}
func badUpgrade() {
	var mu sync.RWMutex
	mu.RLock()
	mu.Lock() // stuck
}
func badDowngrade() {
	var mu sync.RWMutex
	mu.Lock()
	mu.RLock() // stuck
}
func goodUpgrade() {
	var mu sync.RWMutex
	mu.RLock()
	mu.RUnlock()
	mu.Lock()
	mu.Unlock()
}
func badRLocker() {
	var mu sync.RWMutex
	l := mu.RLocker()
	l.Lock()
	mu.Lock() // stuck
}
func goodRLocker() {
	var mu sync.RWMutex
	l := mu.RLocker()
	l.Lock()
	l.Unlock()
	mu.Lock()
}
func badTryRLock() {
	var mu sync.RWMutex
	if mu.TryRLock() {
		mu.Lock() // stuck
	}
}
func goodTryRLock() {
	var mu sync.RWMutex
	mu.Lock()
	if mu.TryRLock() {
		mu.Lock()
	}
}
func badReaderKeeps(err error) {
	var mu sync.RWMutex
	go func() {
		mu.RLock()
		if err != nil {
			return
		}
		mu.RUnlock()
	}()
	mu.Lock() // stuck
	mu.Unlock()
}
func goodReaders() {
	var mu sync.RWMutex
	for range 2 {
		go func() {
			mu.RLock()
			defer mu.RUnlock()
		}()
	}
	mu.Lock()
	mu.Unlock()
}
func goodWriterWaits() {
	var mu sync.RWMutex
	c := make(chan int)
	mu.RLock()
	go func() {
		mu.Lock()
		mu.Unlock()
		close(c)
	}()
	mu.RUnlock()
	<-c
}
`},
	{name: "Cond", text: `
func badNobodySignals() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	mu.Lock()
	c.Wait() // stuck
	mu.Unlock()
}
func badSignalBefore() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	go c.Signal()
	mu.Lock()
	c.Wait() // stuck
	mu.Unlock()
}
func goodFlag() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready := false
	go func() {
		mu.Lock()
		ready = true
		mu.Unlock()
		c.Broadcast()
	}()
	mu.Lock()
	for !ready {
		c.Wait()
	}
	mu.Unlock()
}
func badSignalOne() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready := false
	for range 2 {
		go func() {
			mu.Lock()
			for !ready {
				c.Wait() // stuck
			}
			mu.Unlock()
		}()
	}
	mu.Lock()
	ready = true
	mu.Unlock()
	c.Signal()
}
func goodSignalOne() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready := false
	for range 2 {
		go func() {
			mu.Lock()
			for !ready {
				c.Wait()
			}
			mu.Unlock()
		}()
	}
	mu.Lock()
	ready = true
	mu.Unlock()
	c.Broadcast()
}
func badHeld() {
	var a, b sync.Mutex
	c := sync.NewCond(&b)
	go func() {
		a.Lock() // stuck
		b.Lock()
		c.Broadcast()
		b.Unlock()
		a.Unlock()
	}()
	a.Lock()
	b.Lock()
	c.Wait() // stuck
	b.Unlock()
	a.Unlock()
}
func goodLiteral() {
	var mu sync.Mutex
	c := sync.Cond{L: &mu}
	n := 0
	go func() {
		c.L.Lock()
		n++
		c.L.Unlock()
		c.Signal()
	}()
	c.L.Lock()
	for n == 0 {
		c.Wait()
	}
	c.L.Unlock()
}
func goodReadLock() {
	var mu sync.RWMutex
	c := sync.NewCond(mu.RLocker())
	ready := false
	go func() {
		mu.Lock()
		ready = true
		mu.Unlock()
		c.Broadcast()
	}()
	mu.RLock()
	for !ready {
		c.Wait()
	}
	mu.RUnlock()
}
`},
	{name: "Once", text: `
func badRecursive() {
	var once sync.Once
	once.Do(func() {
		once.Do(func() {}) // stuck
	})
}
func goodTwice() {
	var once sync.Once
	c := make(chan int)
	once.Do(func() { close(c) })
	once.Do(func() { close(c) })
	<-c
}
func badTwoOnces() {
	var a, b sync.Once
	c := make(chan int)
	a.Do(func() { close(c) })
	b.Do(func() {
		close(c) // panics
	})
}
func badBlocks() {
	var once sync.Once
	c := make(chan int)
	go once.Do(func() {
		<-c // stuck
	})
	once.Do(func() {
		<-c // stuck
	})
}
func badMutex() {
	var once sync.Once
	var mu sync.Mutex
	go func() {
		mu.Lock()
		once.Do(func() {}) // stuck
		mu.Unlock()
	}()
	once.Do(func() {
		mu.Lock() // stuck
		mu.Unlock()
	})
}
func goodMutex() {
	var once sync.Once
	var mu sync.Mutex
	go func() {
		once.Do(func() {})
		mu.Lock()
		mu.Unlock()
	}()
	once.Do(func() {
		mu.Lock()
		mu.Unlock()
	})
}
func goodFunc() {
	c := make(chan int)
	stop := sync.OnceFunc(func() { close(c) })
	stop()
	go stop()
	stop()
	<-c
}
func badFunc() {
	c := make(chan int)
	stop := func() {
		close(c) // panics
	}
	stop()
	stop()
}
func badValue() {
	c := make(chan int)
	v := sync.OnceValue(func() int {
		return <-c // stuck
	})
	v()
}
func goodValue() {
	v := sync.OnceValue(func() chan int { return make(chan int, 1) })
	v() <- 1
	<-v()
}
func badValueTwo() {
	v := sync.OnceValue(func() chan int { return make(chan int, 1) })
	v() <- 1
	v() <- 2 // stuck
}
func badValues() {
	v := sync.OnceValues(func() (chan int, error) { return make(chan int, 1), nil })
	c, _ := v()
	d, _ := v()
	c <- 1
	d <- 2 // stuck
}
`},
}
