package explore_test

import "testing"

// TestFalseAlarms: code that looks as if it blocked, and what tells it apart
// from code that does.
func TestFalseAlarms(t *testing.T) {
	for _, f := range filters {
		f.check(t)
	}
}

var filters = []feature{
	{name: "what others do", text: `
type table struct {
	mu   sync.Mutex
	quit chan struct{}
	jobs chan int
}
func goodCallerHoldsLock(t *table) {
	t.mu.Unlock()
	defer t.mu.Lock()
}
func goodFinishedRootHoldsLock(t *table) {
	t.mu.Lock()
	go func() {
		t.mu.Lock()
		t.mu.Unlock()
	}()
}
func goodReceiver(t *table) {
	go func() { t.jobs <- 1 }()
	<-t.quit
}
func goodStopper() *table {
	t := &table{quit: make(chan struct{})}
	go func() { <-t.quit }()
	return t
}
func badStopper() {
	t := &table{quit: make(chan struct{})}
	go func() {
		<-t.quit // stuck
	}()
}
func goodGenerator(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i
		}
	}()
	return c
}
func badGenerator() {
	c := make(chan int)
	go func() {
		for i := range 3 {
			c <- i // stuck
		}
	}()
	<-c
}
func goodNotify() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	<-c
}
func badNoNotify() {
	c := make(chan os.Signal, 1)
	<-c // stuck
}
var registry = map[string]chan int{}
func goodRegistry(name string) {
	c := make(chan int)
	registry[name] = c
	<-c
}
var global chan int
func goodGlobal() {
	global = make(chan int)
	<-global
}
func goodSentAway(to chan<- chan int) {
	c := make(chan int)
	to <- c
	<-c
}
type request struct {
	n     int
	reply chan int
}
func goodRequest(requests chan<- request) {
	r := request{1, make(chan int)}
	requests <- r
	<-r.reply
}
func goodInContext(ctx context.Context, use func(context.Context)) {
	c := make(chan int)
	use(context.WithValue(ctx, "c", c))
	<-c
}
func goodCallback(register func(func())) {
	c := make(chan int)
	register(func() { close(c) })
	<-c
}
type source interface{ Read([]byte) (int, error) }
func goodReader(r io.Reader) {
	pr, pw := io.Pipe()
	go io.Copy(pw, r)
	io.ReadAll(pr)
}
func goodReflect() {
	c := make(chan int)
	reflect.ValueOf(c).Close()
	<-c
}
`},
	{name: "what is meant", text: `
func goodServeForEver() {
	c := make(chan int)
	go func() {
		for {
			<-c
		}
	}()
	go func() {
		for {
			c <- 1
		}
	}()
	select {}
}
func badServeOnce() {
	c := make(chan int)
	go func() {
		c <- 1
		c <- 2 // stuck
	}()
	<-c
	select {}
}
func goodFatal(err error) {
	c := make(chan int)
	go func() { c <- 1 }()
	if err != nil {
		log.Fatal(err)
	}
	<-c
}
func goodExit(err error) {
	var mu sync.Mutex
	mu.Lock()
	if err != nil {
		os.Exit(1)
	}
	mu.Unlock()
	mu.Lock()
}
type logger struct{}
func (logger) Fatalf(string, ...any) { os.Exit(1) }
func goodLogger(l logger, err error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if err != nil {
			l.Fatalf("%v", err)
		}
		wg.Done()
	}()
	wg.Wait()
}
func goodSemaphoreChannel(xs []int) {
	sem := make(chan struct{}, 3)
	for range xs {
		sem <- struct{}{}
		go func() { <-sem }()
	}
	for range cap(sem) {
		sem <- struct{}{}
	}
}
func badSemaphoreChannel(xs []int, err error) {
	sem := make(chan struct{}, 1)
	for range xs {
		sem <- struct{}{} // stuck
		go func() {
			if err != nil {
				return
			}
			<-sem
		}()
	}
}
func goodMutexChannel() {
	lock := make(chan struct{}, 1)
	lock <- struct{}{}
	go func() {
		<-lock
		lock <- struct{}{}
	}()
	<-lock
	lock <- struct{}{}
}
func goodNotifyOnce() {
	wake := make(chan struct{}, 1)
	for range 3 {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}
func goodTimerIdiom() {
	t := time.NewTimer(1)
	defer t.Stop()
	if !t.Stop() {
		select {
		case <-t.C:
		default:
		}
	}
	t.Reset(1)
	<-t.C
}
`},
	{name: "what cannot be", text: `
var errDone = errors.New("done")
func goodSentinel(err error) {
	c := make(chan int, 1)
	if err == errDone {
		c <- 1
	}
	c <- 2
	<-c
}
func goodFlagTwice(async bool) {
	c := make(chan int)
	if async {
		go func() { c <- 1 }()
	}
	if async {
		<-c
	}
}
func badFlags(async, wait bool) {
	c := make(chan int)
	if async {
		go func() {
			c <- 1 // stuck
		}()
	}
	if wait {
		<-c // stuck
	}
}
func goodStarted(n int) {
	c := make(chan int)
	started := false
	if n > 3 {
		go func() { c <- 1 }()
		started = true
	}
	if started {
		<-c
	}
}
func goodOpposite(err error) {
	c := make(chan int)
	if err != nil {
		go func() { c <- 1 }()
	}
	if err == nil {
		return
	}
	<-c
}
func goodNot(ok bool) {
	c := make(chan int)
	if !ok {
		go close(c)
	}
	if ok {
		return
	}
	<-c
}
func goodCompared(a, b int) {
	c := make(chan int)
	if a < b {
		go close(c)
	}
	if b > a {
		<-c
	}
	if a >= b {
		close(c)
	}
}
func goodNonEmpty(n int) {
	c := make(chan int)
	for range n {
		go func() { c <- 1 }()
	}
	for range n {
		<-c
	}
}
func goodAtLeastOneWorker(n int, jobs []int) {
	in := make(chan int)
	for range n {
		go func() {
			for range in {
			}
		}()
	}
	for _, j := range jobs {
		in <- j
	}
	close(in)
}
func goodCounted(xs []int) {
	c := make(chan int)
	n := 0
	for _, x := range xs {
		if x > 3 {
			continue
		}
		n++
		go func() { c <- x }()
	}
	for range n {
		<-c
	}
}
func goodCountedDown(xs []int) {
	c := make(chan int)
	for _, x := range xs {
		go func() { c <- x }()
	}
	for i := len(xs); i > 0; i-- {
		<-c
	}
}
func goodLengthOfCopy(xs []int) {
	ys := xs
	c := make(chan int, len(ys))
	for range xs {
		c <- 1
	}
}
type locks [8]sync.Mutex
func goodArrayOfLocks(l *locks, i, j int) {
	l[i].Lock()
	l[j].Lock()
	l[j].Unlock()
	l[i].Unlock()
}
func goodSliceOfLocks(l []sync.Mutex, i, j int) {
	l[i].Lock()
	l[j].Lock()
	l[j].Unlock()
	l[i].Unlock()
}
func badElementTwice(i int) {
	var l locks
	l[i].Lock()
	l[i].Lock() // stuck
}
type worker struct{ in chan int }
func newWorker(fail bool) (worker, error) {
	if fail {
		return worker{}, errDone
	}
	w := worker{make(chan int, 1)}
	return w, nil
}
func goodZeroStruct(fail bool) {
	w, err := newWorker(fail)
	if err != nil {
		return
	}
	w.in <- 1
}
func goodNilParameter(w *worker) {
	w.in <- 1
	close(w.in)
}
func goodAtomicGuard() {
	var done atomic.Bool
	c := make(chan int)
	stop := func() {
		if done.CompareAndSwap(false, true) {
			close(c)
		}
	}
	go stop()
	stop()
	<-c
}
func badNoGuard() {
	c := make(chan int)
	stop := func() {
		close(c) // panics
	}
	go stop()
	stop()
}
func badAtomicCounter() {
	var n atomic.Int32
	c := make(chan int)
	for range 3 {
		n.Add(1) // which goes back to zero at once
		go func() {
			if n.Add(-1) == 0 {
				close(c) // panics
			}
		}()
	}
	<-c
}
func goodAtomicCounter() {
	var n atomic.Int32
	c := make(chan int)
	n.Add(3)
	for range 3 {
		go func() {
			if n.Add(-1) == 0 {
				close(c)
			}
		}()
	}
	<-c
}
`},
	{name: "what skipped branches say", text: `
func goodFlagByPhi(n int) {
	c := make(chan int)
	wait := false
	if n > 3 {
		wait = true
	}
	if wait {
		go close(c)
	}
	if n > 3 {
		<-c
	}
}
func goodAnd(a, b bool) {
	c := make(chan int)
	both := a && b
	if both {
		go close(c)
	}
	if a && b {
		<-c
	}
}
func goodOr(a, b bool) {
	c := make(chan int)
	either := a || b
	if either {
		go close(c)
	}
	if a {
		<-c
	}
}
func goodNumber(a bool) {
	n := 1
	if a {
		n = 2
	}
	c := make(chan int, n)
	if a {
		c <- 1
	}
	c <- 1
}
func goodString(a bool) {
	mode := "sync"
	if a {
		mode = "async"
	}
	c := make(chan int)
	if mode == "async" {
		go close(c)
	}
	if a {
		<-c
	}
}
func goodError(a bool) {
	var err error
	if a {
		err = errors.New("x")
	}
	c := make(chan int)
	if err != nil {
		go close(c)
	}
	if a {
		<-c
	}
}
func goodContext(ctx context.Context, d time.Duration) {
	if d > 0 {
		c, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		ctx = c
	}
	<-ctx.Done()
}
func badChannel(ok bool) {
	c, d := make(chan int), make(chan int, 1)
	if ok {
		d = c
	}
	d <- 1 // stuck
}
func goodPointer(x *int) {
	var y int
	if x == nil {
		x = &y
	}
	c := make(chan int)
	if x != nil {
		go close(c)
	}
	<-c
}
func goodFound(xs []int) {
	found := false
	for _, x := range xs {
		if x == 7 {
			found = true
			break
		}
	}
	c := make(chan int)
	if found {
		go close(c)
	}
	if found {
		<-c
	}
}
`},
}
