package explore_test

import "testing"

// TestShapes: what people write with concurrency, larger than one feature.
func TestShapes(t *testing.T) {
	for _, f := range shapes {
		f.check(t)
	}
}

var shapes = []feature{
	{name: "queues", text: `
type queue struct {
	mu     sync.Mutex
	cond   *sync.Cond
	items  []int
	closed bool
}
func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}
func (q *queue) put(x int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, x)
	q.cond.Signal()
}
func (q *queue) get() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.cond.Wait() // stuck in badQueue
	}
	if len(q.items) == 0 {
		return 0, false
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x, true
}
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.cond.Broadcast()
}
func goodQueue() {
	q := newQueue()
	go func() {
		q.put(1)
		q.put(2)
		q.close()
	}()
	for {
		if _, ok := q.get(); !ok {
			return
		}
	}
}
func badQueue() {
	q := newQueue()
	go func() {
		q.put(1)
		q.put(2)
	}()
	for {
		if _, ok := q.get(); !ok {
			return
		}
	}
}
type pool struct {
	mu    sync.Mutex
	free  []int
	await []chan int
}
func (p *pool) get(ctx context.Context) (int, error) {
	p.mu.Lock()
	if n := len(p.free); n > 0 {
		x := p.free[n-1]
		p.free = p.free[:n-1]
		p.mu.Unlock()
		return x, nil
	}
	c := make(chan int, 1)
	p.await = append(p.await, c)
	p.mu.Unlock()
	select {
	case x := <-c:
		return x, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
func (p *pool) put(x int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.await) > 0 {
		c := p.await[0]
		p.await = p.await[1:]
		c <- x
		return
	}
	p.free = append(p.free, x)
}
func goodPool(ctx context.Context) {
	p := new(pool)
	p.put(1)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			x, err := p.get(ctx)
			if err != nil {
				return
			}
			p.put(x)
		}()
	}
	wg.Wait()
}
func goodBatcher(in <-chan int, flush func([]int)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(time.Second)
		defer t.Stop()
		var batch []int
		for {
			select {
			case x, ok := <-in:
				if !ok {
					flush(batch)
					return
				}
				batch = append(batch, x)
				if len(batch) < 10 {
					continue
				}
			case <-t.C:
			}
			flush(batch)
			batch = nil
		}
	}()
	<-done
}
type broker struct {
	subs, unsubs chan chan int
	pub          chan int
	stop         chan struct{}
}
func (b *broker) run() {
	subs := map[chan int]struct{}{}
	for {
		select {
		case <-b.stop:
			return
		case c := <-b.subs:
			subs[c] = struct{}{}
		case c := <-b.unsubs:
			delete(subs, c)
		case x := <-b.pub:
			for c := range subs {
				select {
				case c <- x:
				default:
				}
			}
		}
	}
}
func goodBroker() {
	b := &broker{make(chan chan int), make(chan chan int), make(chan int), make(chan struct{})}
	go b.run()
	defer close(b.stop)
	c := make(chan int, 5)
	b.subs <- c
	b.pub <- 1
	b.unsubs <- c
}
func badBroker() {
	b := &broker{make(chan chan int), make(chan chan int), make(chan int), make(chan struct{})}
	go b.run()
	c := make(chan int)
	b.subs <- c
	close(b.stop)
	b.unsubs <- c // stuck
}
`},
	{name: "once and memo", text: `
type call struct {
	wg  sync.WaitGroup
	val int
}
type flight struct {
	mu sync.Mutex
	m  map[string]*call
}
func (g *flight) do(key string, fn func() int) int {
	g.mu.Lock()
	if g.m == nil {
		g.m = make(map[string]*call)
	}
	if c, ok := g.m[key]; ok {
		g.mu.Unlock()
		c.wg.Wait()
		return c.val
	}
	c := new(call)
	c.wg.Add(1)
	g.m[key] = c
	g.mu.Unlock()
	c.val = fn()
	c.wg.Done()
	g.mu.Lock()
	delete(g.m, key)
	g.mu.Unlock()
	return c.val
}
func goodFlight(fn func() int) {
	g := new(flight)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { g.do("a", fn) })
	}
	wg.Wait()
}
type future struct {
	done chan struct{}
	val  int
	err  error
}
func async(fn func() (int, error)) *future {
	f := &future{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		f.val, f.err = fn()
	}()
	return f
}
func (f *future) get(ctx context.Context) (int, error) {
	select {
	case <-f.done:
		return f.val, f.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
func goodFuture(ctx context.Context, fn func() (int, error)) {
	f := async(fn)
	if _, err := f.get(ctx); err != nil {
		return
	}
	f.get(context.Background())
}
type lazy struct {
	once sync.Once
	c    chan int
}
func (l *lazy) chan1() chan int {
	l.once.Do(func() { l.c = make(chan int, 1) })
	return l.c
}
func goodLazy() {
	l := new(lazy)
	l.chan1() <- 1
	<-l.chan1()
}
type barrier struct {
	mu    sync.Mutex
	cond  *sync.Cond
	n, at int
	round int
}
func (b *barrier) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	round := b.round
	b.at++
	if b.at == b.n {
		b.at = 0
		b.round++
		b.cond.Broadcast()
		return
	}
	for round == b.round {
		b.cond.Wait() // stuck in badBarrier
	}
}
func goodBarrier() {
	b := &barrier{n: 2}
	b.cond = sync.NewCond(&b.mu)
	go b.wait()
	b.wait()
}
func badBarrier() {
	b := &barrier{n: 3}
	b.cond = sync.NewCond(&b.mu)
	go b.wait()
	b.wait()
}
`},
	{name: "services", text: `
type server struct {
	mu     sync.Mutex
	conns  map[int]chan struct{}
	done   chan struct{}
	closed bool
	wg     sync.WaitGroup
	errs   chan error
}
func newServer() *server {
	return &server{conns: make(map[int]chan struct{}), done: make(chan struct{}), errs: make(chan error, 1)}
}
func (s *server) serve(accept func() (int, error)) error {
	for {
		c, err := accept()
		if err != nil {
			select {
			case <-s.done:
				return nil
			default:
				return err
			}
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			return nil
		}
		stop := make(chan struct{})
		s.conns[c] = stop
		s.wg.Add(1)
		s.mu.Unlock()
		go func() {
			defer s.wg.Done()
			select {
			case <-stop:
			case <-s.done:
			}
		}()
	}
}
func (s *server) shutdown() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.done)
	for c, stop := range s.conns {
		close(stop)
		delete(s.conns, c)
	}
	s.mu.Unlock()
	s.wg.Wait()
}
func goodServer(accept func() (int, error)) {
	s := newServer()
	go func() { s.errs <- s.serve(accept) }()
	s.shutdown()
	s.shutdown()
}
func goodRun(ctx context.Context, serve func() error, stop func()) error {
	errs := make(chan error, 1)
	go func() { errs <- serve() }()
	select {
	case err := <-errs:
		return err
	case <-ctx.Done():
		stop()
		return <-errs
	}
}
func badRun(ctx context.Context, serve func() error, stop func()) error {
	errs := make(chan error)
	go func() {
		errs <- serve() // stuck
	}()
	select {
	case err := <-errs:
		return err
	case <-ctx.Done():
		stop()
		return ctx.Err()
	}
}
func goodRetry(ctx context.Context, try func() error) error {
	for {
		if err := try(); err == nil {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
func goodWatch(ctx context.Context, events <-chan int, out chan<- int) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		<-inner.Done()
	}()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return
			}
			select {
			case out <- e:
			case <-inner.Done():
				return
			}
		case <-inner.Done():
			return
		}
	}
}
func goodPipe(r io.Reader, w io.Writer) error {
	pr, pw := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := io.Copy(pw, r)
		pw.CloseWithError(err)
		done <- err
	}()
	if _, err := io.Copy(w, pr); err != nil {
		pr.Close()
		return err
	}
	return <-done
}
func goodHandler(jobs chan func()) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		done := make(chan struct{})
		job := func() { close(done) }
		select {
		case jobs <- job:
		case <-r.Context().Done():
			return
		}
		<-done
	}
}
func goodParallel(xs []int, f func(int) (int, error)) ([]int, error) {
	type res struct {
		i, v int
		err  error
	}
	out := make([]int, len(xs))
	c := make(chan res)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for i, x := range xs {
		go func() {
			v, err := f(x)
			select {
			case c <- res{i, v, err}:
			case <-ctx.Done():
			}
		}()
	}
	for range xs {
		r := <-c
		if r.err != nil {
			return nil, r.err
		}
		out[r.i] = r.v
	}
	return out, nil
}
func goodMutexMap(xs []string, f func(string) int) map[string]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	sem := make(chan struct{}, runtime.GOMAXPROCS(0))
	out := make(map[string]int)
	for _, x := range xs {
		wg.Add(1)
		sem <- struct{}{}
		go func(x string) {
			defer func() {
				<-sem
				wg.Done()
			}()
			v := f(x)
			mu.Lock()
			defer mu.Unlock()
			out[x] = v
		}(x)
	}
	wg.Wait()
	return out
}
func goodProducer(ctx context.Context, next func() (int, bool)) (<-chan int, <-chan error) {
	out, errs := make(chan int), make(chan error, 1)
	go func() {
		defer close(out)
		defer close(errs)
		for {
			x, ok := next()
			if !ok {
				return
			}
			select {
			case out <- x:
			case <-ctx.Done():
				errs <- ctx.Err()
				return
			}
		}
	}()
	return out, errs
}
func goodConsumer(ctx context.Context, next func() (int, bool)) error {
	out, errs := goodProducer(ctx, next)
	for range out {
	}
	return <-errs
}
func goodHeartbeat(work func(progress func())) {
	beat := make(chan struct{}, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(func() {
			select {
			case beat <- struct{}{}:
			default:
			}
		})
	}()
	for {
		select {
		case <-beat:
		case <-done:
			return
		case <-time.After(time.Minute):
			return
		}
	}
}
func goodBothWays(a, b io.ReadWriter) {
	var wg sync.WaitGroup
	wg.Add(2)
	cp := func(dst io.Writer, src io.Reader) {
		defer wg.Done()
		io.Copy(dst, src)
	}
	go cp(a, b)
	go cp(b, a)
	wg.Wait()
}
func goodFirstDone(fs ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	errs := make(chan error, len(fs))
	for _, f := range fs {
		go func() { errs <- f(ctx) }()
	}
	var first error
	for i := 0; i < len(fs); i++ {
		err := <-errs
		if err != nil && first == nil {
			first = err
			cancel()
		}
	}
	return first
}
func goodLeader(n int) {
	start := make(chan struct{})
	var ready, done sync.WaitGroup
	ready.Add(n)
	done.Add(n)
	for range n {
		go func() {
			ready.Done()
			<-start
			done.Done()
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
}
func goodMiddleStops(xs []int) {
	done := make(chan struct{})
	stage := func(in <-chan int) <-chan int {
		out := make(chan int)
		go func() {
			defer close(out)
			for x := range in {
				select {
				case out <- x:
				case <-done:
					return
				}
			}
		}()
		return out
	}
	src := make(chan int)
	go func() {
		defer close(src)
		for _, x := range xs {
			select {
			case src <- x:
			case <-done:
				return
			}
		}
	}()
	defer close(done)
	for x := range stage(stage(src)) {
		if x == 0 {
			return
		}
	}
}
func badMiddleStops() {
	done := make(chan struct{})
	stage := func(in <-chan int) <-chan int {
		out := make(chan int)
		go func() {
			defer close(out)
			for x := range in {
				select {
				case out <- x:
				case <-done:
					return
				}
			}
		}()
		return out
	}
	src := make(chan int)
	go func() {
		defer close(src)
		for x := range 4 {
			src <- x // stuck
		}
	}()
	defer close(done)
	<-stage(src)
}
`},
}
