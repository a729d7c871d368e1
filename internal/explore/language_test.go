package explore_test

import "testing"

func TestLanguage(t *testing.T) {
	for _, f := range language {
		f.check(t)
	}
}

var language = []feature{
	{name: "defer", text: `
func badOrder() {
	c := make(chan int)
	defer close(c)
	for range c { // stuck
	}
}
func goodOrder() {
	c := make(chan int)
	go func() {
		defer close(c)
		c <- 1
	}()
	for range c {
	}
}
func badDeferredReceive() {
	c := make(chan int)
	defer func() {
		<-c // stuck
	}()
	defer close(make(chan int))
}
func goodDeferredReceive() {
	c := make(chan int)
	defer func() { <-c }()
	defer close(c)
}
func badLoop() {
	var mu sync.Mutex
	for range 2 {
		mu.Lock() // stuck
		defer mu.Unlock()
	}
}
func goodLoop() {
	var mu sync.Mutex
	for range 2 {
		func() {
			mu.Lock()
			defer mu.Unlock()
		}()
	}
}
func goodArguments() {
	c, d := make(chan int), make(chan int)
	x := c
	func() {
		defer close(x)
		x = d
	}()
	<-c
}
func badArguments() {
	c, d := make(chan int), make(chan int)
	x := c
	func() {
		defer close(x)
		x = d
	}()
	<-d // stuck
}
func badConditional(err error) {
	var mu sync.Mutex
	go func() {
		mu.Lock() // stuck
		mu.Unlock()
	}()
	mu.Lock()
	if err == nil {
		defer mu.Unlock()
	}
}
`},
	{name: "panic and recover", text: `
func badRecovered(fail bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer func() { recover() }()
		if fail {
			panic("fail")
		}
		wg.Done()
	}()
	wg.Wait() // stuck
}
func goodRecovered(fail bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { recover() }()
		if fail {
			panic("fail")
		}
	}()
	wg.Wait()
}
func goodCrash(fail bool) {
	c := make(chan int)
	go func() { c <- 1 }()
	if fail {
		panic("fail")
	}
	<-c
}
func badResult() {
	c := make(chan int)
	if try() == 7 {
		c <- 1 // stuck
	}
}
func goodResult() {
	c := make(chan int)
	if try() != 7 {
		c <- 1
	}
}
func try() (n int) {
	defer func() {
		if recover() != nil {
			n = 7
		}
	}()
	panic("always")
}
func goodCaughtClose() {
	c := make(chan int)
	close(c)
	defer func() { recover() }()
	close(c)
}
func badLockHeld(fail bool) {
	var mu sync.Mutex
	func() {
		defer func() { recover() }()
		mu.Lock()
		if fail {
			panic("fail")
		}
		mu.Unlock()
	}()
	mu.Lock() // stuck
}
func goodLockHeld(fail bool) {
	var mu sync.Mutex
	func() {
		defer func() { recover() }()
		mu.Lock()
		defer mu.Unlock()
		if fail {
			panic("fail")
		}
	}()
	mu.Lock()
}
func goodNotRecovered(fail bool) {
	c := make(chan int)
	go func() {
		defer func() { c <- 1 }()
		if fail {
			panic("fail")
		}
	}()
	<-c
}
`},
	{name: "Goexit", text: `
func badBeforeDone(fail bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if fail {
			runtime.Goexit()
		}
		wg.Done()
	}()
	wg.Wait() // stuck
}
func goodDeferred(fail bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if fail {
			runtime.Goexit()
		}
	}()
	wg.Wait()
}
func goodFailedTest(t *testing.T, err error) {
	c := make(chan int)
	go func() { c <- 1 }()
	if err != nil {
		t.Fatal(err)
	}
	<-c
}
func goodGoexitNotRecovered() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { recover() }()
		runtime.Goexit()
	}()
	wg.Wait()
}
func goodWaitGroupGo() {
	var wg sync.WaitGroup
	wg.Go(func() { runtime.Goexit() })
	wg.Wait()
}
func goodErrgroup() {
	var g errgroup.Group
	g.Go(func() error {
		runtime.Goexit()
		return nil
	})
	g.Wait()
}
`},
	{name: "functions", text: `
type queue struct{ c chan int }
func (q queue) put() {
	q.c <- 1 // stuck in badMethodValue
}
func (q *queue) get() { <-q.c }
func badMethodValue() {
	q := queue{make(chan int)}
	f := q.put
	f()
}
func goodMethodValue() {
	q := queue{make(chan int)}
	f, g := q.put, q.get
	go f()
	g()
}
func goodMethodExpression() {
	q := queue{make(chan int)}
	go queue.put(q)
	(*queue).get(&q)
}
func badGoMethod() {
	q := &queue{make(chan int)}
	go q.send()
}
func (q *queue) send() {
	q.c <- 1 // stuck in badGoMethod
}
func badClosure() {
	c := make(chan int)
	send := func() {
		c <- 1 // stuck
	}
	twice := func(f func()) {
		go f()
		go f()
	}
	twice(send)
	<-c
}
func goodClosure() {
	c := make(chan int)
	send := func() { c <- 1 }
	twice := func(f func()) {
		go f()
		go f()
	}
	twice(send)
	<-c
	<-c
}
func badReassigned() {
	c := make(chan int)
	go func() {
		c <- 1 // stuck
	}()
	time.Sleep(1)
	c = make(chan int)
}
func goodReturnedFunc() func() {
	c := make(chan int)
	go func() { c <- 1 }()
	return func() { <-c }
}
func badStop() {
	stop := start()
	_ = stop
}
func goodStop() {
	stop := start()
	stop()
}
func start() func() {
	done := make(chan int)
	go func() {
		<-done // stuck in badStop
	}()
	return func() { close(done) }
}
func badRecursion(n int) {
	c := make(chan int)
	down(2, c)
}
func down(n int, c chan int) {
	if n == 0 {
		c <- 1 // stuck in badRecursion, badUnknownRecursion
		return
	}
	down(n-1, c)
}
func goodRecursion() {
	c := make(chan int, 1)
	down(2, c)
}
func badUnknownRecursion(n int) {
	c := make(chan int)
	down(n, c)
}
type option func(*config)
type config struct{ c chan int }
func withCap(n int) option { return func(x *config) { x.c = make(chan int, n) } }
func configured(opts ...option) *config {
	x := &config{c: make(chan int)}
	for _, o := range opts {
		o(x)
	}
	return x
}
func badOptions() {
	x := configured()
	x.c <- 1 // stuck
}
func goodOptions() {
	x := configured(withCap(1))
	x.c <- 1
}
`},
	{name: "wrappers", text: `
type locked struct{ sync.Mutex }
func badMethodValue() {
	var mu sync.Mutex
	lock := mu.Lock
	lock()
	lock() // stuck
}
func goodMethodValue() {
	var mu sync.Mutex
	lock, unlock := mu.Lock, mu.Unlock
	lock()
	unlock()
	lock()
}
func badPromoted() {
	var x locked
	var l sync.Locker = &x
	l.Lock()
	l.Lock() // stuck
}
func goodPromoted() {
	var x locked
	var l sync.Locker = &x
	l.Lock()
	x.Unlock()
	l.Lock()
}
func badArgument() {
	var wg sync.WaitGroup
	wg.Go(wg.Wait) // stuck
}
func goodArgument() {
	var wg sync.WaitGroup
	go wg.Wait()
	wg.Go(func() {})
}
func badExpression() {
	var mu sync.Mutex
	lock := (*sync.Mutex).Lock
	lock(&mu)
	lock(&mu) // stuck
}
func badDeferred() {
	var mu sync.Mutex
	defer mu.Lock() // stuck
	mu.Lock()
}
func badStarted() {
	var mu sync.Mutex
	mu.Lock()
	go mu.Lock() // stuck
}
`},
	{name: "interfaces", text: `
type actor interface{ act(chan int) }
type sender struct{}
func (sender) act(c chan int) {
	c <- 1 // stuck in badSender, badAssert, badSwitch
}
type receiver struct{}
func (*receiver) act(c chan int) { <-c }
func badSender() {
	c := make(chan int)
	var a actor = sender{}
	go a.act(c)
}
func goodSender() {
	c := make(chan int)
	var a, b actor = sender{}, &receiver{}
	go a.act(c)
	b.act(c)
}
func goodUnknown(a actor) {
	c := make(chan int)
	go a.act(c)
	c <- 1
}
func badAssert() {
	c := make(chan int)
	var x any = sender{}
	if a, ok := x.(actor); ok {
		a.act(c)
	}
}
func goodAssert() {
	c := make(chan int)
	var x any = 1
	if a, ok := x.(actor); ok {
		a.act(c)
	}
}
func badSwitch() {
	c := make(chan int)
	var a actor = sender{}
	switch a := a.(type) {
	case *receiver:
	case sender:
		a.act(c)
	}
}
func goodSwitch() {
	c := make(chan int, 1)
	var a actor = sender{}
	switch a := a.(type) {
	case *receiver:
		close(c)
		close(c)
	case sender:
		a.act(c)
	}
}
type both struct{ actor }
func badEmbedded() {
	c := make(chan int)
	both{waiter{}}.act(c)
}
type waiter struct{}
func (waiter) act(c chan int) {
	<-c // stuck in badEmbedded
}
func goodEmbedded() {
	c := make(chan int, 1)
	both{sender{}}.act(c)
	both{waiter{}}.act(c)
}
`},
	{name: "structs", text: `
type base struct{ done chan struct{} }
func (b *base) stop() { close(b.done) }
type server struct {
	base
	mu   sync.Mutex
	jobs chan int
	wg   sync.WaitGroup
}
func newServer() *server {
	s := &server{base: base{make(chan struct{})}, jobs: make(chan int)}
	s.wg.Add(1)
	go s.loop()
	return s
}
func (s *server) loop() {
	defer s.wg.Done()
	for {
		select { // stuck in badNeverStopped, badWaitFirst
		case <-s.jobs:
		case <-s.done:
			return
		}
	}
}
func badNeverStopped() {
	s := newServer()
	s.jobs <- 1
}
func goodStopped() {
	s := newServer()
	s.jobs <- 1
	s.stop()
	s.wg.Wait()
}
func badWaitFirst() {
	s := newServer()
	s.wg.Wait() // stuck
	s.stop()
}
func badStoppedTwice() {
	s := &server{base: base{make(chan struct{})}}
	s.stop()
	s.close()
}
func (s *server) close() {
	close(s.done) // panics in badStoppedTwice
}
func badAfterStop() {
	s := newServer()
	s.stop()
	s.wg.Wait()
	s.jobs <- 1 // stuck
}
func goodReturned() *server {
	s := newServer()
	return s
}
func goodField(x *server) { x.jobs <- 1 }
func badCopyOfStruct() {
	a := server{jobs: make(chan int)}
	b := a
	b.jobs = make(chan int, 1)
	b.jobs <- 1
	a.jobs <- 1 // stuck
}
func goodCopyOfStruct() {
	a := server{jobs: make(chan int)}
	b := a
	b.jobs = make(chan int, 1)
	a = b
	a.jobs <- 1
}
func goodArray() {
	var cs [2]chan int
	for i := range cs {
		cs[i] = make(chan int, 1)
	}
	for _, c := range cs {
		c <- 1
	}
}
func badArray() {
	var cs [2]chan int
	for i := range cs {
		cs[i] = make(chan int)
	}
	cs[1] <- 1 // stuck
}
`},
	{name: "slices and maps", text: `
func badSlice() {
	cs := []chan int{make(chan int, 1), make(chan int)}
	for _, c := range cs {
		go func() {
			c <- 1 // stuck
		}()
	}
	<-cs[0]
}
func goodSlice() {
	cs := []chan int{make(chan int), make(chan int)}
	for _, c := range cs {
		go func() { c <- 1 }()
	}
	for _, c := range cs {
		<-c
	}
}
func badAppend() {
	var cs []chan int
	for range 2 {
		cs = append(cs, make(chan int))
	}
	go func() {
		cs[0] <- 1 // stuck
	}()
	go func() {
		cs[1] <- 1
	}()
	<-cs[1]
}
func goodAppend(n int) {
	var cs []chan int
	for range n {
		c := make(chan int)
		cs = append(cs, c)
		go func() { c <- 1 }()
	}
	for _, c := range cs {
		<-c
	}
}
func badPart() {
	cs := []chan int{make(chan int), make(chan int)}
	for _, c := range cs {
		go func() {
			c <- 1 // stuck
		}()
	}
	for _, c := range cs[1:] {
		<-c
	}
}
func goodMake(n int) {
	cs := make([]chan int, n)
	for i := range cs {
		cs[i] = make(chan int)
		go close(cs[i])
	}
	for i := range cs {
		<-cs[i]
	}
}
func badMap() {
	m := map[string]chan int{"a": make(chan int, 1), "b": make(chan int)}
	m["a"] <- 1
	m["b"] <- 1 // stuck
}
func goodMap() {
	m := map[string]chan int{"a": make(chan int, 1)}
	m["b"] = make(chan int, 1)
	m["a"] <- 1
	m["b"] <- 1
}
func badRangeMap() {
	m := map[string]chan int{"a": make(chan int)}
	for _, c := range m {
		c <- 1 // stuck
	}
}
func goodRangeMap() {
	m := map[string]chan int{"a": make(chan int), "b": make(chan int)}
	for _, c := range m {
		go close(c)
	}
	for _, c := range m {
		<-c
	}
}
func badDeleted() {
	m := map[string]chan int{"a": make(chan int)}
	c := m["a"]
	delete(m, "a")
	for _, c := range m {
		close(c)
	}
	<-c // stuck
}
func goodNotDeleted() {
	m := map[string]chan int{"a": make(chan int)}
	c := m["a"]
	for _, c := range m {
		close(c)
	}
	<-c
}
func goodOk() {
	m := map[string]chan int{"a": make(chan int)}
	if c, ok := m["b"]; ok {
		<-c
	}
}
func goodCopied() {
	cs := []chan int{make(chan int, 1)}
	ds := make([]chan int, 1)
	copy(ds, cs)
	ds[0] <- 1
	<-cs[0]
}
func badFuncs() {
	c := make(chan int)
	fs := []func(){func() { close(c) }, func() {
		close(c) // panics
	}}
	for _, f := range fs {
		f()
	}
}
func goodFuncs() {
	c := make(chan int)
	fs := []func(){func() { close(c) }, func() { <-c }}
	for _, f := range fs {
		f()
	}
}
`},
	{name: "generics", text: `
func put[T any](c chan T, v T) {
	c <- v // stuck in badFunction
}
func badFunction() {
	c := make(chan int)
	put(c, 1)
}
func goodFunction() {
	c := make(chan string, 1)
	put(c, "")
}
type box[T any] struct{ c chan T }
func newBox[T any](n int) *box[T] { return &box[T]{make(chan T, n)} }
func (b *box[T]) put(v T) {
	b.c <- v // stuck in badMethod
}
func badMethod() {
	b := newBox[int](1)
	b.put(1)
	b.put(2)
}
func goodMethod() {
	b := newBox[string](2)
	b.put("")
	b.put("")
}
func each[T any](xs []T, f func(T)) {
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(x)
		}()
	}
	wg.Wait() // stuck in badEach
}
func badEach(xs []int) {
	c := make(chan int)
	each(xs, func(x int) {
		c <- x // stuck
	})
	for range xs {
		<-c
	}
}
func goodEach(xs []int) {
	c := make(chan int, len(xs))
	each(xs, func(x int) { c <- x })
}
`},
	{name: "range over functions", text: `
func three(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}
func badBody() {
	c := make(chan int, 2)
	for v := range three {
		c <- v // stuck
	}
}
func goodBody() {
	c := make(chan int, 3)
	for v := range three {
		c <- v
	}
}
func badBreak() {
	c := make(chan int)
	go func() {
		for range three {
			c <- 1 // stuck
		}
	}()
	for range three {
		<-c
		break
	}
}
func goodBreak() {
	c := make(chan int, 1)
	for v := range three {
		c <- v
		break
	}
}
func goodReturn() int {
	c := make(chan int, 1)
	defer close(c)
	for v := range three {
		c <- v
		return v
	}
	return 0
}
func badDefer() {
	var mu sync.Mutex
	for range three {
		mu.Lock() // stuck
		defer mu.Unlock()
	}
}
func goodLock() {
	var mu sync.Mutex
	for range three {
		mu.Lock()
		mu.Unlock()
	}
}
func badYieldLocked() {
	var mu sync.Mutex
	seq := func(yield func(int) bool) {
		mu.Lock()
		defer mu.Unlock()
		yield(1)
	}
	for range seq {
		mu.Lock() // stuck
		mu.Unlock()
	}
}
func goodYieldUnlocked() {
	var mu sync.Mutex
	seq := func(yield func(int) bool) {
		mu.Lock()
		mu.Unlock()
		yield(1)
	}
	for range seq {
		mu.Lock()
		mu.Unlock()
	}
}
func badUnknown(seq iter.Seq[int]) {
	c := make(chan int)
	for v := range seq {
		c <- v // stuck
	}
}
func goodUnknown(seq iter.Seq[int]) {
	c := make(chan int)
	go func() {
		defer close(c)
		for v := range seq {
			c <- v
		}
	}()
	for range c {
	}
}
func goodSlicesAll(xs []int) {
	c := make(chan int, len(xs))
	for _, x := range slices.All(xs) {
		c <- x
	}
}
func badSlicesAll(xs []int) {
	c := make(chan int)
	for _, x := range slices.All(xs) {
		c <- x // stuck
	}
}
func badYieldByHand(seq iter.Seq[int]) {
	c := make(chan int)
	seq(func(v int) bool {
		c <- v // stuck
		return true
	})
}
func sendTo(c chan<- int) func(int) bool {
	return func(v int) bool {
		c <- v // stuck in badSourceLeft
		return true
	}
}
func badSourceLeft(ctx context.Context, src func(ctx context.Context, yield func(int) bool) error) {
	c := make(chan int)
	go func() {
		defer close(c)
		src(ctx, sendTo(c))
	}()
	for v := range c {
		if v == 3 {
			break
		}
	}
}
func goodSourceDrained(ctx context.Context, src func(ctx context.Context, yield func(int) bool) error) {
	c := make(chan int)
	go func() {
		defer close(c)
		src(ctx, sendTo(c))
	}()
	for v := range c {
		if v == 3 {
			break
		}
	}
	for range c {
	}
}
func badSourceUnclosed(src func(yield func(int) bool) error) {
	c := make(chan int)
	go func() {
		src(func(v int) bool {
			c <- v
			return true
		})
	}()
	for range c { // stuck
	}
}
func goodRegistered(register func(name string, filter func(int) bool)) {
	c := make(chan int)
	register("name", func(v int) bool { // kept, and called when there is something
		c <- v
		return true
	})
	<-c
}
func goodRegisteredNoResult(register func(on func(int))) {
	c := make(chan int)
	register(func(v int) { c <- v })
	<-c
}
`},
	{name: "callbacks", text: `
func badSortSlice(xs []int) {
	var mu sync.Mutex
	mu.Lock()
	sort.Slice(xs, func(i, j int) bool {
		mu.Lock() // stuck
		defer mu.Unlock()
		return xs[i] < xs[j]
	})
	mu.Unlock()
}
func goodSortSlice(xs []int) {
	var mu sync.Mutex
	sort.Slice(xs, func(i, j int) bool {
		mu.Lock()
		defer mu.Unlock()
		return xs[i] < xs[j]
	})
	mu.Lock()
}
type items struct {
	mu *sync.Mutex
	xs []int
}
func (x items) Len() int      { return len(x.xs) }
func (x items) Swap(i, j int) { x.xs[i], x.xs[j] = x.xs[j], x.xs[i] }
func (x items) Less(i, j int) bool {
	x.mu.Lock() // stuck in badSort
	defer x.mu.Unlock()
	return x.xs[i] < x.xs[j]
}
func badSort(xs []int) {
	var mu sync.Mutex
	mu.Lock()
	sort.Sort(items{&mu, xs})
}
func goodSort(xs []int) {
	var mu sync.Mutex
	sort.Sort(items{&mu, xs})
	mu.Lock()
}
func badSlices(xs []int) {
	var mu sync.Mutex
	mu.Lock()
	slices.SortFunc(xs, func(a, b int) int {
		mu.Lock() // stuck
		mu.Unlock()
		return a - b
	})
}
func goodSlices(xs []int) {
	var mu sync.Mutex
	slices.SortFunc(xs, func(a, b int) int {
		mu.Lock()
		mu.Unlock()
		return a - b
	})
	mu.Lock()
}
func badContains(xs []int) {
	c := make(chan int)
	slices.ContainsFunc(xs, func(x int) bool {
		c <- x // stuck
		return false
	})
}
func goodContains(xs []int) {
	c := make(chan int, 100)
	slices.ContainsFunc(xs, func(x int) bool {
		c <- x
		return false
	})
}
func badHandler(w http.ResponseWriter, r *http.Request) {
	var mu sync.Mutex
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock() // stuck
		mu.Unlock()
	})
	mu.Lock()
	h.ServeHTTP(w, r)
}
func goodHandler(w http.ResponseWriter, r *http.Request) {
	var mu sync.Mutex
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		mu.Unlock()
	})
	mu.Lock()
	mu.Unlock()
	h.ServeHTTP(w, r)
}
func goodRegistered() {
	c := make(chan int)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { c <- 1 })
	<-c
}
type conn struct{ in chan []byte }
func (c *conn) Read(b []byte) (int, error) {
	return copy(b, <-c.in), nil // stuck in badReadFull
}
func badReadFull() {
	c := &conn{make(chan []byte)}
	io.ReadFull(c, make([]byte, 4))
}
func goodReadFull() {
	c := &conn{make(chan []byte)}
	go func() {
		for {
			c.in <- nil
		}
	}()
	io.ReadFull(c, make([]byte, 4))
}
type state struct{ mu sync.Mutex }
func (s *state) String() string {
	s.mu.Lock() // stuck in badPrint, badSprintf
	defer s.mu.Unlock()
	return "state"
}
func badPrint() {
	s := &state{}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Println("x", s)
}
func goodPrint() {
	s := &state{}
	fmt.Println("x", s)
	s.mu.Lock()
	defer s.mu.Unlock()
}
func badSprintf() string {
	var s state
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%v", &s)
}
type failure struct{ mu *sync.Mutex }
func (f failure) Error() string {
	f.mu.Lock() // stuck in badError
	defer f.mu.Unlock()
	return "failure"
}
func badError() {
	var mu sync.Mutex
	mu.Lock()
	fmt.Println(failure{&mu})
}
func goodError() {
	var mu sync.Mutex
	fmt.Println(failure{&mu})
	mu.Lock()
}
func badMapRunes(s string) string {
	c := make(chan rune)
	return strings.Map(func(r rune) rune {
		c <- r // stuck
		return r
	}, s)
}
func goodMapRunes(s string) string {
	c := make(chan rune)
	go func() {
		for range c {
		}
	}()
	defer close(c)
	return strings.Map(func(r rune) rune {
		c <- r
		return r
	}, s)
}
`},
}
