package explore_test

import "testing"

// TestTraps: shapes of correct code that a naive checker flags, most of them
// with the true bug that is one edit away.
func TestTraps(t *testing.T) {
	for _, f := range traps {
		f.check(t)
	}
}

var traps = []feature{
	{name: "WaitGroup", text: `
func goodAddInCounted(xs []int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range xs {
			wg.Add(2)
			go wg.Done()
			go wg.Done()
		}
	}()
	wg.Wait()
}
func goodWorkList(root []int) {
	var pending sync.WaitGroup
	in := make(chan int, 8)
	for range 2 {
		go func() {
			for x := range in {
				if x > 3 {
					pending.Add(1)
					go func() { in <- x - 1 }()
				}
				pending.Done()
			}
		}()
	}
	pending.Add(1)
	in <- 5
	pending.Wait()
	close(in)
}
func goodNested(xs []int) {
	var outer sync.WaitGroup
	outer.Add(1)
	go func() {
		defer outer.Done()
		var inner sync.WaitGroup
		for range xs {
			inner.Add(1)
			go inner.Done()
		}
		inner.Wait()
	}()
	outer.Wait()
}
type spawner struct {
	mu       sync.RWMutex
	stopping bool
	wg       sync.WaitGroup
}
func (s *spawner) spawn(f func()) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.stopping {
		return
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		f()
	}()
}
func (s *spawner) stop() {
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	s.wg.Wait()
}
func goodSpawner(f func()) {
	s := new(spawner)
	s.spawn(f)
	s.spawn(func() { s.spawn(f) })
	s.stop()
}
func goodCleanup(free func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go eval(func() { wg.Done(); free() })
	eval(nil)
	wg.Wait()
}
func eval(cleanup func()) {
	if cleanup != nil {
		defer cleanup()
	}
}
func badCleanup(fail bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go evalLate(fail, func() { wg.Done() })
	wg.Wait() // stuck
}
func evalLate(fail bool, cleanup func()) {
	if fail {
		return
	}
	defer cleanup()
}
func goodCompletion(trySend func(func()) bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	if !trySend(func() { wg.Done() }) {
		wg.Done()
	}
	wg.Wait()
}
func goodReturned() *sync.WaitGroup {
	var wg sync.WaitGroup
	wg.Add(1)
	go wg.Done()
	return &wg
}
func safeGo(f func()) {
	go func() {
		defer func() { recover() }()
		f()
	}()
}
func goodWrapper() {
	var wg sync.WaitGroup
	wg.Add(1)
	safeGo(func() { defer wg.Done() })
	wg.Wait()
}
func goodUnseenWrapper(pool interface{ Submit(func()) }) {
	var wg sync.WaitGroup
	wg.Add(1)
	pool.Submit(func() { defer wg.Done() })
	wg.Wait()
}
func goodStages(xs []int) {
	in, mid, out := make(chan int), make(chan int), make(chan int)
	var wg1, wg2, wg3 sync.WaitGroup
	for range 2 {
		wg1.Go(func() {
			for x := range in {
				mid <- x
			}
		})
	}
	wg2.Go(func() {
		for x := range mid {
			out <- x
		}
	})
	wg3.Go(func() {
		for range out {
		}
	})
	for _, x := range xs {
		in <- x
	}
	close(in)
	wg1.Wait()
	close(mid)
	wg2.Wait()
	close(out)
	wg3.Wait()
}
`},
	{name: "close", text: `
func goodQuorum(xs []int, n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() { defer wg.Done(); out <- x }()
	}
	go func() { wg.Wait(); close(out) }()
	defer func() {
		go func() {
			for range out {
			}
		}()
	}()
	for x := range out {
		if x > n {
			return
		}
	}
}
func goodReceiverCloses(n int) {
	res := make(chan int, n)
	defer close(res)
	for range n {
		go func() { res <- 1 }()
	}
	for range n {
		<-res
	}
}
func badReceiverCloses(n int, get func() int) {
	res := make(chan int, n)
	defer close(res)
	for range n {
		go func() {
			res <- get() // panics
		}()
	}
	for range n {
		if <-res == 0 {
			return
		}
	}
}
func safeClose[T any](c chan<- T) {
	if c != nil {
		close(c)
	}
}
func goodHelper() {
	c := make(chan int)
	go func() {
		defer safeClose(c)
		c <- 1
	}()
	for range c {
	}
}
func scan(ctx context.Context, out chan<- int) error {
	defer close(out)
	select {
	case out <- 1:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
func goodScan(ctx context.Context) {
	c := make(chan int)
	go scan(ctx, c)
	for range c {
	}
}
func badTwoScans(ctx context.Context) {
	c := make(chan int)
	go scanToo(ctx, c)
	go scanToo(ctx, c)
	for range c {
	}
}
func scanToo(ctx context.Context, out chan<- int) {
	defer close(out) // panics in badTwoScans
	select {
	case out <- 1: // panics in badTwoScans
	case <-ctx.Done():
	}
}
func goodInterface(src interface{ List(chan<- int) }) {
	c := make(chan int)
	go src.List(c)
	for range c {
	}
}
func merge(a, b <-chan int, out chan<- int) {
	defer close(out)
	for a != nil || b != nil {
		select {
		case x, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			out <- x
		case x, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			out <- x
		}
	}
}
func goodMerge() {
	a, b, out := make(chan int), make(chan int), make(chan int)
	go func() { defer close(a); a <- 1 }()
	go func() { defer close(b); b <- 1 }()
	go merge(a, b, out)
	for range out {
	}
}
func goodQueue(in chan int, dst chan int) {
	var queue []int
	for {
		var out chan int
		var next int
		if len(queue) > 0 {
			out, next = dst, queue[0]
		}
		select {
		case x, ok := <-in:
			if !ok {
				return
			}
			queue = append(queue, x)
		case out <- next:
			queue = queue[1:]
		}
	}
}
type subscribers struct {
	mu   sync.Mutex
	subs map[chan int]bool
}
func (s *subscribers) remove(c chan int) {
	s.mu.Lock()
	if _, ok := s.subs[c]; ok {
		delete(s.subs, c)
		close(c)
	}
	s.mu.Unlock()
}
func goodMembership() {
	s := &subscribers{subs: make(map[chan int]bool)}
	c := make(chan int)
	s.subs[c] = true
	go s.remove(c)
	s.remove(c)
}
func badMembership() {
	s := &subscribers{subs: make(map[chan int]bool)}
	c := make(chan int)
	s.subs[c] = true
	s.removeLate(c)
	s.removeLate(c)
}
func (s *subscribers) removeLate(c chan int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subs != nil {
		close(c) // panics in badMembership
	}
}
type task struct {
	mu   sync.Mutex
	done chan struct{}
}
func (t *task) start() {
	t.mu.Lock()
	t.done = make(chan struct{})
	go t.run(t.done)
	t.mu.Unlock()
}
func (t *task) run(done chan struct{}) { defer close(done) }
func (t *task) stop() {
	t.mu.Lock()
	done := t.done
	t.mu.Unlock()
	<-done
}
func goodRestart() {
	t := new(task)
	t.start()
	t.stop()
	t.start()
	t.stop()
}
func badCheckThenClose() {
	done := make(chan int)
	stop := func() {
		select {
		case <-done:
		default:
			close(done) // panics
		}
	}
	go stop()
	stop()
}
type stopper struct {
	once sync.Once
	done chan struct{}
}
func (s *stopper) stop() { s.once.Do(func() { close(s.done) }) }
func goodStopper() {
	s := &stopper{done: make(chan struct{})}
	go s.stop()
	s.stop()
	<-s.done
}
`},
	{name: "send and receive", text: `
type result struct {
	v   int
	err error
}
func goodExclusive(get func() (int, error)) {
	c := make(chan result, 1)
	go func() {
		v, err := get()
		if err != nil {
			c <- result{err: err}
			return
		}
		c <- result{v: v}
	}()
	select {
	case <-c:
	case <-time.After(1):
	}
}
func badExclusive(get func() (int, error)) {
	c := make(chan result, 1)
	go func() {
		v, err := get()
		if err != nil {
			c <- result{err: err}
		}
		c <- result{v: v} // stuck
	}()
	select {
	case <-c:
		return
	case <-time.After(1):
	}
}
type request struct {
	n    int
	resp chan int
}
func loop(requests chan request, stop chan struct{}) {
	for {
		select {
		case r := <-requests:
			r.resp <- r.n // stuck in badReply
		case <-stop:
			return
		}
	}
}
func goodReply(ctx context.Context) {
	requests, stop := make(chan request), make(chan struct{})
	go loop(requests, stop)
	defer close(stop)
	r := request{1, make(chan int, 1)}
	requests <- r
	select {
	case <-r.resp:
	case <-ctx.Done():
	}
}
func badReply(ctx context.Context) {
	requests, stop := make(chan request), make(chan struct{})
	go loop(requests, stop)
	defer close(stop)
	r := request{1, make(chan int)}
	requests <- r
	select {
	case <-r.resp:
	case <-ctx.Done():
	}
}
func goodPartner(ctx context.Context, work func()) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan int)
	go func() { work(); done <- 1 }()
	select {
	case <-done:
	case <-ctx.Done():
		cancel()
		<-done
	}
}
func goodSum(groups [][]int) {
	n := 0
	for _, g := range groups {
		n += len(g)
	}
	c := make(chan int, n)
	for _, g := range groups {
		for _, x := range g {
			go func() { c <- x }()
		}
	}
}
func badGroups(groups [][]int) {
	c := make(chan int, len(groups))
	for _, g := range groups {
		for _, x := range g {
			c <- x // stuck
		}
	}
}
func goodBatches(xs []int, size int) {
	c := make(chan []int)
	go func() {
		defer close(c)
		for len(xs) > 0 {
			n := min(size, len(xs))
			c <- xs[:n]
			xs = xs[n:]
		}
	}()
	for range c {
	}
}
func goodFilter(xs []int) {
	c := make(chan int, len(xs))
	n := 0
	for _, x := range xs {
		if x%2 == 0 {
			c <- x
			n++
		}
	}
	for i := 0; i < n; i++ {
		<-c
	}
}
func goodPending(xs []int) {
	c := make(chan error)
	pending := 0
	for range xs {
		pending++
		go func() { c <- nil }()
	}
	for pending > 0 {
		<-c
		pending--
	}
}
func goodUntilNil(xs []int) {
	c := make(chan *int)
	go func() {
		for _, x := range xs {
			c <- &x
		}
		c <- nil
	}()
	for p := <-c; p != nil; p = <-c {
	}
}
func goodSentinel(xs []int) {
	c := make(chan int)
	go func() {
		for range xs {
			c <- 1
		}
		c <- -1
	}()
	for {
		if <-c == -1 {
			return
		}
	}
}
func goodAck() {
	req, ack := make(chan int), make(chan bool)
	go func() {
		for range req {
			ack <- true
		}
		close(ack)
	}()
	for i := range 3 {
		req <- i
		<-ack
	}
	close(req)
	<-ack
}
func goodErrors(tasks []func() error) error {
	errs := make(chan error, len(tasks))
	for _, t := range tasks {
		go func() { errs <- t() }()
	}
	for range tasks {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
func badErrors(tasks []func() error) error {
	errs := make(chan error)
	for _, t := range tasks {
		go func() {
			errs <- t() // stuck
		}()
	}
	for range tasks {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
func goodLimit(xs []int) {
	workers := 4
	if len(xs) < workers {
		workers = len(xs)
	}
	in, out := make(chan int), make(chan int)
	for range workers {
		go func() {
			for x := range in {
				out <- x
			}
		}()
	}
	go func() {
		defer close(in)
		for _, x := range xs {
			in <- x
		}
	}()
	for range xs {
		<-out
	}
}
`},
	{name: "semaphores", text: `
func goodInverted(xs []int) {
	slots := make(chan struct{}, 3)
	for range 3 {
		slots <- struct{}{}
	}
	for range xs {
		<-slots
		go func() { slots <- struct{}{} }()
	}
}
func badInverted(xs []int, err error) {
	slots := make(chan struct{}, 1)
	slots <- struct{}{}
	for range xs {
		<-slots // stuck
		if err != nil {
			continue
		}
		go func() { slots <- struct{}{} }()
	}
}
func goodSpawnerAcquires(xs []int, f func(int)) {
	sem := make(chan struct{}, 2)
	for _, x := range xs {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			f(x)
		}()
	}
}
func badSpawnerAcquires(xs []int, f func(int) bool) {
	sem := make(chan struct{}, 1)
	for _, x := range xs {
		sem <- struct{}{} // stuck
		if !f(x) {
			continue
		}
		go func() { <-sem }()
	}
}
func goodWaitForAll(xs []int) {
	s := semaphore.NewWeighted(2)
	for range xs {
		if err := s.Acquire(context.Background(), 1); err != nil {
			break
		}
		go s.Release(1)
	}
	_ = s.Acquire(context.Background(), 2)
}
type body struct{ onClose func() }
func open(l *semaphore.Weighted, ctx context.Context) (*body, error) {
	if err := l.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return &body{onClose: func() { l.Release(1) }}, nil
}
func goodOpen(ctx context.Context) {
	l := semaphore.NewWeighted(1)
	for range 2 {
		b, err := open(l, context.Background())
		if err != nil {
			return
		}
		b.onClose()
	}
}
func badOpen(ctx context.Context, use func() error) {
	l := semaphore.NewWeighted(1)
	for range 2 {
		b, err := openAgain(l)
		if err != nil {
			return
		}
		if use() != nil {
			continue
		}
		b.onClose()
	}
}
func openAgain(l *semaphore.Weighted) (*body, error) {
	if err := l.Acquire(context.Background(), 1); err != nil { // stuck in badOpen
		return nil, err
	}
	return &body{onClose: func() { l.Release(1) }}, nil
}
`},
	{name: "contexts", text: `
func goodCancelOnError(work func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer func() {
		if err != nil {
			cancel()
		}
	}()
	go func() { <-ctx.Done() }()
	return work(ctx)
}
func goodCancelElsewhere(tasks chan<- context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }()
	tasks <- cancel
}
type service struct {
	cancel context.CancelFunc
	wg     sync.WaitGroup
}
func newService() *service {
	ctx, cancel := context.WithCancel(context.Background())
	s := &service{cancel: cancel}
	s.wg.Add(1)
	go s.loop(ctx)
	return s
}
func (s *service) loop(ctx context.Context) {
	defer s.wg.Done()
	t := time.NewTicker(1)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}
func (s *service) Close() {
	s.cancel()
	s.wg.Wait()
}
func goodService() {
	s := newService()
	defer s.Close()
}
func goodParentOfGroup(ctx context.Context, xs []int) error {
	g, gctx := errgroup.WithContext(ctx)
	c := make(chan int)
	g.Go(func() error {
		defer close(c)
		for _, x := range xs {
			select {
			case c <- x:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	for range 2 {
		g.Go(func() error {
			for x := range c {
				if x == 0 {
					return errors.New("zero")
				}
			}
			return nil
		})
	}
	return g.Wait()
}
func badParentOfGroup(xs []int) error {
	ctx := context.Background()
	g, _ := errgroup.WithContext(ctx)
	c := make(chan int)
	g.Go(func() error {
		defer close(c)
		for _, x := range xs {
			select { // stuck
			case c <- x:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for x := range c {
			if x == 0 {
				return errors.New("zero")
			}
		}
		return nil
	})
	return g.Wait()
}
func goodWaitInTask() error {
	var g1, g2 errgroup.Group
	c := make(chan int)
	g1.Go(func() error { c <- 1; return nil })
	g2.Go(func() error { defer close(c); return g1.Wait() })
	g2.Go(func() error {
		for range c {
		}
		return nil
	})
	return g2.Wait()
}
func badWaitInTask() error {
	var g errgroup.Group
	g.Go(func() error {
		return g.Wait() // stuck
	})
	return g.Wait()
}
func goodTwoWaits() error {
	var g errgroup.Group
	c := make(chan int)
	for range 2 {
		g.Go(func() error { c <- 1; return nil })
	}
	go func() { _ = g.Wait(); close(c) }()
	for range c {
	}
	return g.Wait()
}
`},
	{name: "locks", text: `
type store struct {
	mu   sync.RWMutex
	gate chan struct{}
	m    map[int]int
}
type tx struct{ s *store }
func (s *store) begin() *tx {
	s.mu.RLock()
	return &tx{s}
}
func (t *tx) end() { t.s.mu.RUnlock() }
func goodHandedOn() {
	s := new(store)
	t := s.begin()
	t.end()
	s.mu.Lock()
	s.mu.Unlock()
}
func badHandedOn(err error) {
	s := new(store)
	t := s.begin()
	if err == nil {
		t.end()
	}
	s.mu.Lock() // stuck
	s.mu.Unlock()
}
func (s *store) rLock()   { s.mu.RLock() }
func (s *store) rUnlock() { s.mu.RUnlock() }
func goodWrappers() {
	s := new(store)
	s.rLock()
	defer s.rUnlock()
}
func (s *store) reload(slow func()) {
	s.mu.Unlock()
	slow()
	s.mu.Lock()
}
func goodUnlockInCallee(slow func()) {
	s := new(store)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reload(slow)
}
func goodWindow(xs []int, slow func()) {
	s := new(store)
	var wg sync.WaitGroup
	s.mu.Lock()
	defer s.mu.Unlock()
	for range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.mu.Lock()
			defer s.mu.Unlock()
		}()
	}
	s.mu.Unlock()
	wg.Wait()
	s.mu.Lock()
}
func badWindow(xs []int) {
	s := new(store)
	var wg sync.WaitGroup
	s.mu.Lock()
	defer s.mu.Unlock()
	for range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.mu.Lock() // stuck
			defer s.mu.Unlock()
		}()
	}
	wg.Wait() // stuck
}
func goodExits(s *store, n int) int {
	s.mu.Lock()
	if n == 1 {
		s.mu.Unlock()
		return 1
	}
	v, ok := s.m[n]
	if !ok {
		s.mu.Unlock()
		return 0
	}
	s.mu.Unlock()
	return v
}
func goodStriped(i, j int) {
	var locks [4]sync.Mutex
	locks[i].Lock()
	defer locks[i].Unlock()
	if i != j {
		locks[j].Lock()
		defer locks[j].Unlock()
	}
}
func goodPanicWhileLocked(m map[int]int, k int) int {
	s := new(store)
	s.mu.RLock()
	v, ok := m[k]
	if !ok {
		panic("corrupt")
	}
	s.mu.RUnlock()
	s.mu.Lock()
	return v
}
func (s *store) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		s.mu.RLock()
		defer s.mu.RUnlock()
		for k := range s.m {
			if !yield(k) {
				return
			}
		}
	}
}
func goodYield() {
	s := &store{m: map[int]int{1: 1}}
	for k := range s.all() {
		println(k)
	}
	s.mu.Lock()
}
func badYield() {
	s := &store{m: map[int]int{1: 1}}
	for range s.all() {
		s.mu.Lock() // stuck
		s.mu.Unlock()
	}
}
func (s *store) tryLock() error {
	if !s.mu.TryLock() {
		return errors.New("busy")
	}
	return nil
}
func goodFallible() error {
	s := new(store)
	for range 2 {
		if err := s.tryLock(); err != nil {
			return err
		}
		s.mu.Unlock()
	}
	return nil
}
func goodConditionalLock(locked bool) {
	s := new(store)
	if !locked {
		s.mu.Lock()
	}
	s.m = nil
	if !locked {
		s.mu.Unlock()
	}
	s.mu.Lock()
}
func badConditionalLock(locked, keep bool) {
	s := new(store)
	s.mu.Lock()
	if !locked {
		s.mu.Unlock()
	}
	s.mu.Lock() // stuck
}
func (s *store) get(k int) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.m[k]
}
func (s *store) sum(ks []int) (n int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, k := range ks {
		n += s.m[k]
	}
	return n
}
func goodReaders(ks []int) {
	s := new(store)
	go s.get(1)
	go s.sum(ks)
	s.mu.Lock()
	s.mu.Unlock()
}
func goodTwoObjects() {
	a, b := new(store), new(store)
	a.mu.Lock()
	b.mu.Lock()
	b.mu.Unlock()
	a.mu.Unlock()
}
func goodOrderByGate() {
	var a, b sync.Mutex
	done := make(chan int)
	go func() {
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
		close(done)
	}()
	<-done
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
}
func goodCommonLock() {
	var outer, a, b sync.Mutex
	go func() {
		outer.Lock()
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
		outer.Unlock()
	}()
	outer.Lock()
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
	outer.Unlock()
}
`},
}
