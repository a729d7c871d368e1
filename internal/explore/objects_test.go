package explore_test

import "testing"

// TestObjects: channels, locks and groups in objects and closures, handled
// rightly all through.
func TestObjects(t *testing.T) {
	objects.check(t)
}

var objects = feature{name: "objects", text: `
type conn struct {
	mu     sync.Mutex
	done   chan struct{}
	out    chan int
	closed bool
	once   sync.Once
	wg     sync.WaitGroup
	err    error
	n      int
	ctx    context.Context
	cancel func()
}

var all []*conn
func use(...any) {}
func newConn() *conn {
	ctx, cancel := context.WithCancel(context.Background())
	return &conn{done: make(chan struct{}), out: make(chan int), ctx: ctx, cancel: cancel}
}
func (c *conn) write(x int) error {
	select {
	case c.out <- x:
		return nil
	case <-c.done:
		return errors.New("closed")
	}
}
func (c *conn) readLoop(next func() (int, error)) {
	defer close(c.out)
	for {
		x, err := next()
		if err != nil {
			return
		}
		select {
		case c.out <- x:
		case <-c.done:
			return
		}
	}
}
func (c *conn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	close(c.done)
}
func goodConn(next func() (int, error)) {
	c := newConn()
	go c.readLoop(next)
	for x := range c.out {
		if x == 0 {
			break
		}
	}
	c.close()
	c.close()
}
func goodConnDefer(next func() (int, error)) error {
	c := newConn()
	defer c.close()
	go c.readLoop(next)
	x, ok := <-c.out
	if !ok {
		return io.EOF
	}
	use(x)
	return nil
}
func goodTwoClosers(next func() (int, error)) {
	c := newConn()
	go func() { c.readLoop(next); c.close() }()
	c.close()
}
func goodGlobalConn() {
	c := newConn()
	all = append(all, c)
	c.write(1)
}
func goodStored(store func(*conn)) {
	c := newConn()
	store(c)
	c.write(1)
	close(c.out)
}
func goodSwap() {
	c := newConn()
	old := c.done
	c.done = make(chan struct{})
	close(old)
	close(c.done)
}
func goodSetNil() {
	c := newConn()
	for range 2 {
		if c.done != nil {
			close(c.done)
			c.done = nil
		}
	}
}
func goodSelectClose() {
	c := newConn()
	for range 2 {
		select {
		case <-c.done:
		default:
			close(c.done)
		}
	}
}
func goodSendersThenClose(xs []int) {
	c := newConn()
	for _, x := range xs {
		c.wg.Add(1)
		go func() { defer c.wg.Done(); c.write(x) }()
	}
	go func() { c.wg.Wait(); close(c.out) }()
	for range c.out {
	}
}
func goodCloseAfterJoin(xs []int) {
	errs := make(chan error, len(xs))
	var wg sync.WaitGroup
	for range xs {
		wg.Add(1)
		go func() { defer wg.Done(); errs <- nil }()
	}
	wg.Wait()
	close(errs)
	for range errs {
	}
}
func goodAddBeforeCheck(next func() bool) {
	var wg sync.WaitGroup
	for next() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if next() {
				return
			}
			use(1)
		}()
	}
	wg.Wait()
}
func goodDoneOnError(start func() error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if err := start(); err != nil {
			wg.Done()
			return
		}
		use(1)
		wg.Done()
	}()
	wg.Wait()
}
func goodAddTwo(both bool) {
	var wg sync.WaitGroup
	n := 1
	if both {
		n = 2
	}
	wg.Add(n)
	go wg.Done()
	if both {
		go wg.Done()
	}
	wg.Wait()
}
func goodPanicInTask(f func()) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("%v", r)
			}
		}()
		f()
	}()
	<-done
	return err
}
func goodLockByFlag(c *conn, locked bool) int {
	if !locked {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	return c.n
}
func goodCallsLocked(c *conn) int {
	c.mu.Lock()
	n := goodLockByFlag(c, true)
	c.mu.Unlock()
	return n + goodLockByFlag(c, false)
}
func goodReadThenWrite() {
	var mu sync.RWMutex
	m := map[int]int{}
	get := func(k int) int {
		mu.RLock()
		v, ok := m[k]
		mu.RUnlock()
		if ok {
			return v
		}
		mu.Lock()
		defer mu.Unlock()
		if v, ok = m[k]; !ok {
			m[k] = 1
		}
		return v
	}
	go get(1)
	get(1)
}
func goodUnlockBeforeSend() {
	var mu sync.Mutex
	c := make(chan int)
	go func() { mu.Lock(); mu.Unlock(); <-c }()
	mu.Lock()
	mu.Unlock()
	c <- 1
}
func goodSendUnderLock() {
	var mu sync.Mutex
	c := make(chan int, 1)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		select {
		case <-c:
		default:
		}
	}()
	mu.Lock()
	c <- 1
	mu.Unlock()
}
func goodCondSignalUnderLock() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	var queue []int
	go func() {
		for i := range 2 {
			mu.Lock()
			queue = append(queue, i)
			cond.Signal()
			mu.Unlock()
		}
	}()
	for range 2 {
		mu.Lock()
		for len(queue) == 0 {
			cond.Wait()
		}
		queue = queue[1:]
		mu.Unlock()
	}
}
func goodContextPerTask(parent context.Context, xs []int) error {
	g, ctx := errgroup.WithContext(parent)
	g.SetLimit(2)
	for _, x := range xs {
		g.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(x)):
				return nil
			}
		})
	}
	return g.Wait()
}
func goodLimitOfLen(xs []int) error {
	var g errgroup.Group
	g.SetLimit(len(xs) + 1)
	c := make(chan int)
	for range xs {
		g.Go(func() error { c <- 1; return nil })
	}
	for range xs {
		<-c
	}
	return g.Wait()
}
func goodStopChan(work func() bool) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for work() {
			select {
			case <-quit:
				return
			default:
			}
		}
	}()
	return func() { close(quit); <-done }
}
func goodUseStop(work func() bool) { stop := goodStopChan(work); defer stop() }
func goodTimeoutDrain(f func() int) int {
	c := make(chan int)
	go func() { c <- f() }()
	t := time.NewTimer(1)
	defer t.Stop()
	select {
	case x := <-c:
		return x
	case <-t.C:
		go func() { <-c }()
		return 0
	}
}
func goodCancelParent(f func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(1):
				f(ctx)
			}
		}
	}()
	defer wg.Wait()
	defer cancel()
	f(ctx)
}
func goodInitOnce() {
	c := newConn()
	init := func() { c.once.Do(func() { c.wg.Add(1); go func() { defer c.wg.Done(); <-c.done }() }) }
	init()
	init()
	c.close()
	c.wg.Wait()
}
func goodTokens(xs []int) {
	tokens := make(chan struct{}, 4)
	results := make(chan int)
	go func() {
		defer close(results)
		var wg sync.WaitGroup
		defer wg.Wait()
		for _, x := range xs {
			tokens <- struct{}{}
			wg.Add(1)
			go func() { defer wg.Done(); defer func() { <-tokens }(); results <- x }()
		}
	}()
	for range results {
	}
}
func goodSliceChan() {
	in := make([]chan int, 3)
	for i := range in {
		in[i] = make(chan int)
	}
	for i := range in {
		go func() {
			if i+1 < len(in) {
				in[i+1] <- <-in[i]
			} else {
				<-in[i]
			}
		}()
	}
	in[0] <- 1
}
func goodPrimes() {
	ch := make(chan int)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for i := 2; ; i++ {
			select {
			case ch <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	for range 3 {
		<-ch
	}
}
func goodSyncMap(k string) {
	var m sync.Map
	c := make(chan int)
	m.Store(k, c)
	go func() {
		if v, ok := m.LoadAndDelete(k); ok {
			close(v.(chan int))
		}
	}()
	<-c
}
func goodPool() {
	p := sync.Pool{New: func() any { return make(chan int, 1) }}
	c := p.Get().(chan int)
	c <- 1
	<-c
	p.Put(c)
}
func goodAtomicPointer() {
	var p atomic.Pointer[conn]
	p.Store(newConn())
	c := p.Load()
	go func() { <-c.done }()
	p.Load().close()
}
func goodAtomicValue() {
	var v atomic.Value
	c := make(chan int)
	v.Store(c)
	go func() { v.Load().(chan int) <- 1 }()
	<-c
}
func goodReceiveTwo(both bool) {
	n := 1
	if both {
		n = 2
	}
	c := make(chan int)
	go func() { c <- 1 }()
	if both {
		go func() { c <- 2 }()
	}
	for range n {
		<-c
	}
	close(c)
}
`}
