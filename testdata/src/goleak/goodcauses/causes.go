// Package goodcauses has a function for each known cause of a false alarm: right code of which a
// checker that reasons badly would say that a goroutine is stuck for ever. The comment above each
// function names the cause.
package goodcauses

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// A Store announces its changes.
type Store struct {
	mu      sync.Mutex
	changed chan struct{}
	version int
}

// The caller holds the lock: waitLocked gives it up while it waits, and the goroutine that closes
// changed needs it.
func (s *Store) waitLocked(version int) {
	for s.version < version {
		changed := s.changed
		s.mu.Unlock()
		<-changed
		s.mu.Lock()
	}
}

// Increment makes the next version.
func (s *Store) Increment() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// CallerHoldsLock waits for the version that a goroutine makes.
func CallerHoldsLock() {
	s := &Store{changed: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	go s.Increment()
	s.waitLocked(1)
}

// A firstByte closes began when somebody reads from it.
type firstByte struct {
	r     io.Reader
	once  sync.Once
	began chan struct{}
}

func (f *firstByte) Read(p []byte) (int, error) {
	f.once.Do(func() { close(f.began) })
	return f.r.Read(p)
}

// CallbackThroughInterface has its close in a method which io.ReadAll calls.
func CallbackThroughInterface(r io.Reader, onBegin func()) ([]byte, error) {
	f := &firstByte{r: r, began: make(chan struct{})}
	go func() {
		<-f.began
		onBegin()
	}()
	return io.ReadAll(f)
}

var errStop = errors.New("stop")

// Sentinel leaves the loop at a sentinel error, after which the goroutine sends nothing.
func Sentinel(next func() error) (failures int) {
	errs := make(chan error)
	go func() {
		for {
			if err := next(); err != nil {
				errs <- err
				continue
			}
			errs <- errStop
			return
		}
	}()
	for {
		err := <-errs
		if err == errStop {
			return failures
		}
		failures++
	}
}

// A Logger's Fatal and Panic do not return.
type Logger interface {
	Fatal(args ...any)
	Panicf(format string, args ...any)
}

// NoReturn leaves the receive out only where the process ends.
func NoReturn(lg Logger, read func() (string, error), count func() int) (string, int) {
	counts := make(chan int)
	go func() { counts <- count() }()
	s, err := read()
	if err != nil {
		lg.Fatal("read:", err)
	}
	if s == "" {
		log.Panicln("nothing was read")
	}
	if s == "?" {
		lg.Panicf("read %q", s)
	}
	return s, <-counts
}

// EmptySelect blocks for ever on purpose.
func EmptySelect(serve func()) {
	go serve()
	select {}
}

// UnknownIndex sends and receives on channels of an array; the index is computed in two ways.
func UnknownIndex(keys []uint, each func(uint)) {
	var shards [4]chan uint
	for i := range shards {
		shards[i] = make(chan uint, 1)
	}
	for _, k := range keys {
		shards[k%4] <- k
		each(<-shards[k&3])
	}
}

// A Node has a parent but for the root.
type Node struct {
	parent *Node
	in     chan string
}

// NilParameter sends on a field of its parameter, which nobody calls with nil.
func NilParameter(n *Node, msg string) {
	done := make(chan struct{})
	go func() {
		n.in <- msg
		close(done)
	}()
	<-done
}

// ZeroWorkers waits for the first of n workers; there is one at least.
func ZeroWorkers(n int, work func(int) string) string {
	first := make(chan string, n)
	for i := range n {
		go func() { first <- work(i) }()
	}
	return <-first
}

// TripCountsAgree has as many sends as receives, though the count is not known.
func TripCountsAgree(names []string, n int, load func(string, int) int) (sum int) {
	c := make(chan int)
	for _, name := range names {
		for i := range n {
			go func() { c <- load(name, i) }()
		}
	}
	for range len(names) * n {
		sum += <-c
	}
	return sum
}

type handle struct {
	done chan struct{}
}

func open(name string) (handle, error) {
	if name == "" {
		return handle{}, errors.New("no name")
	}
	h := handle{done: make(chan struct{})}
	go close(h.done)
	return h, nil
}

// ZeroStruct blocks on the channel of a struct that is zero if there is an error.
func ZeroStruct(name string) error {
	h, err := open(name)
	if err == nil {
		<-h.done
	}
	return err
}

// CapacityIsLen has a slot for each element that it ranges over.
func CapacityIsLen(checks map[string]func() error) error {
	errs := make(chan error, len(checks))
	for name, check := range checks {
		go func() {
			err := check()
			if err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			errs <- err
		}()
	}
	for range checks {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// TimeoutWithRoom gives up waiting; each of the three senders has a way out.
func TimeoutWithRoom(ctx context.Context, a, b, c func() int) (n int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slot, guarded, dropped := make(chan int, 1), make(chan int), make(chan int)
	go func() { slot <- a() }()
	go func() {
		select {
		case guarded <- b():
		case <-ctx.Done():
		}
	}()
	go func() {
		select {
		case dropped <- c():
		default:
		}
	}()
	select {
	case n = <-slot:
	case n = <-guarded:
	case n = <-dropped:
	case <-ctx.Done():
	}
	return n
}

// A Tailer sends lines until Close.
type Tailer struct {
	Lines chan string
	quit  chan struct{}
}

// ReturnedWithClose gives the goroutine's owner to the caller, who closes it.
func ReturnedWithClose(next func() string) *Tailer {
	t := &Tailer{Lines: make(chan string), quit: make(chan struct{})}
	go func() {
		defer close(t.Lines)
		for {
			select {
			case t.Lines <- next():
			case <-t.quit:
				return
			}
		}
	}()
	return t
}

// Close ends the goroutine.
func (t *Tailer) Close() { close(t.quit) }

// ReturnedGenerator gives the receiving end to its caller.
func ReturnedGenerator(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i
		}
	}()
	return c
}

// ReturnedClosure gives the receiving end to its caller in a closure.
func ReturnedClosure(compute func() int) func() int {
	c := make(chan int)
	go func() { c <- compute() }()
	return sync.OnceValue(func() int { return <-c })
}

// SignalNotify waits for what the runtime sends.
func SignalNotify(reload func()) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, os.Interrupt)
	go func() {
		for range hup {
			reload()
		}
	}()
}

// Handler waits for what the HTTP server makes happen.
func Handler(mux *http.ServeMux) {
	started := make(chan struct{})
	go func() {
		<-started
		log.Println("first request")
	}()
	var once sync.Once
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {
		once.Do(func() { close(started) })
	})
}

// AfterFunc waits for what the end of the context makes happen.
func AfterFunc(ctx context.Context, cleanup func()) {
	ended := make(chan struct{})
	context.AfterFunc(ctx, func() { close(ended) })
	fired := make(chan struct{})
	time.AfterFunc(time.Millisecond, func() { close(fired) })
	go func() {
		<-fired
		<-ended
		cleanup()
	}()
}

var (
	registryMu sync.Mutex
	registry   = make(map[string]chan string)
)

// GlobalRegistry puts a channel where others of the package find it.
func GlobalRegistry(topic string, each func(string)) {
	ch := make(chan string)
	registryMu.Lock()
	registry[topic] = ch
	registryMu.Unlock()
	go func() {
		for msg := range ch {
			each(msg)
		}
	}()
}

// Broadcast sends to a topic and ends it.
func Broadcast(topic, msg string) {
	registryMu.Lock()
	defer registryMu.Unlock()
	if ch, ok := registry[topic]; ok {
		ch <- msg
		delete(registry, topic)
		close(ch)
	}
}

// CorrelatedFlags starts the goroutine and receives from it under the same condition.
func CorrelatedFlags(async, verbose bool, f func() int) (n int) {
	c := make(chan int)
	started := false
	if async {
		go func() { c <- f() }()
		started = true
	}
	if verbose {
		log.Println("started:", started)
	}
	if !async {
		n = f()
	}
	if started {
		n = <-c
	}
	return n
}

// Arithmetic has as many sends as receives by a computation.
func Arithmetic(n int, f func(int) int) (sum int) {
	c := make(chan int)
	go func() {
		for i := 0; i < n/2; i++ {
			c <- f(i)
		}
	}()
	go func() {
		for i := n / 2; i < n; i++ {
			c <- f(i)
		}
	}()
	for range n {
		sum += <-c
	}
	return sum
}

// DataOverChannel receives as often as the first value says.
func DataOverChannel(load func() []int) (sum int) {
	c := make(chan int)
	go func() {
		vals := load()
		c <- len(vals)
		for _, v := range vals {
			c <- v
		}
	}()
	for range <-c {
		sum += <-c
	}
	return sum
}

// LastFlag receives until a message says that it is the last one.
func LastFlag(parts []string, each func(string)) {
	type msg struct {
		part string
		last bool
	}
	c := make(chan msg)
	go func() {
		for _, p := range parts {
			c <- msg{part: p}
		}
		c <- msg{last: true}
	}()
	for {
		m := <-c
		if m.last {
			return
		}
		each(m.part)
	}
}

// Goexit ends a goroutine; its deferred calls run.
func Goexit(t *testing.T, check func() bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if !check() {
			runtime.Goexit()
		}
		if !check() {
			t.SkipNow()
		}
	}()
	<-done
}

// Panicking ends the process, or is recovered by a caller who knows.
func Panicking(valid bool, f func() int) int {
	c := make(chan int)
	go func() { c <- f() }()
	if !valid {
		panic("invalid")
	}
	return <-c
}

// Once closes the channel in the first of two calls.
func Once(work func()) {
	var once sync.Once
	done := make(chan struct{})
	finish := func() { once.Do(func() { close(done) }) }
	go func() {
		defer finish()
		work()
	}()
	<-done
	finish()
}

// AtomicGuard lets the last of the workers close the channel.
func AtomicGuard(works [3]func()) {
	var left atomic.Int32
	left.Store(int32(len(works)))
	done := make(chan struct{})
	for _, work := range works {
		go func() {
			work()
			if left.Add(-1) == 0 {
				close(done)
			}
		}()
	}
	<-done
}

// AtomicWinner lets one of the workers send.
func AtomicWinner(works [2]func() int) int {
	var won atomic.Bool
	c := make(chan int)
	for _, work := range works {
		go func() {
			n := work()
			if won.CompareAndSwap(false, true) {
				c <- n
			}
		}()
	}
	return <-c
}

// TimerDrain empties the channel of a timer that could not be stopped.
func TimerDrain(rounds int, work func()) {
	t := time.NewTimer(time.Hour)
	for range rounds {
		if !t.Stop() {
			select {
			case <-t.C:
			default:
			}
		}
		t.Reset(time.Millisecond)
		work()
		<-t.C
	}
}

// A mutex is a channel with one token, which the constructor puts in.
type mutex chan struct{}

func newMutex() mutex {
	m := make(mutex, 1)
	m <- struct{}{}
	return m
}

func (m mutex) lock()   { <-m }
func (m mutex) unlock() { m <- struct{}{} }

// ChannelAsMutex takes the token and puts it back.
func ChannelAsMutex(works []func()) {
	m := newMutex()
	var wg sync.WaitGroup
	for _, work := range works {
		wg.Go(func() {
			m.lock()
			defer m.unlock()
			work()
		})
	}
	wg.Wait()
}

// TryLock and TryAcquire do not block; the goroutine that failed signals as well.
func TryLock(mu *sync.Mutex, work func()) {
	sem := semaphore.NewWeighted(1)
	done := make(chan struct{})
	for range 2 {
		go func() {
			defer func() { done <- struct{}{} }()
			if !sem.TryAcquire(1) {
				return
			}
			defer sem.Release(1)
			if mu.TryLock() {
				defer mu.Unlock()
				work()
			}
		}()
	}
	<-done
	<-done
}

// ReflectSelect receives by reflection.
func ReflectSelect(f, g func() int) int {
	a, b := make(chan int, 1), make(chan int, 1)
	ends := make(chan struct{})
	go func() { a <- f(); ends <- struct{}{} }()
	go func() { b <- g(); ends <- struct{}{} }()
	_, v, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(a)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(b)},
	})
	for range 2 {
		reflect.ValueOf(ends).Recv()
	}
	return int(v.Int())
}

// A Janitor is stopped when nobody has it any longer.
type Janitor struct {
	stop chan struct{}
}

// Cleanup ends the goroutine through the garbage collector.
func Cleanup(sweep func()) *Janitor {
	j := &Janitor{stop: make(chan struct{})}
	go func(stop <-chan struct{}) {
		<-stop
		sweep()
	}(j.stop)
	runtime.AddCleanup(j, func(stop chan struct{}) { close(stop) }, j.stop)
	return j
}

// Generic is not instantiated in this package.
func Generic[T any](in []T, f func(T) error) <-chan error {
	errs := make(chan error, len(in))
	go func() {
		defer close(errs)
		for _, v := range in {
			errs <- f(v)
		}
	}()
	return errs
}

// A Tree has values.
type Tree struct {
	left, right *Tree
	val         int
}

// Recursion walks a tree, of which the depth is not known, to its end.
func Recursion(t *Tree) (sum int) {
	vals := make(chan int)
	go func() {
		defer close(vals)
		walk(t, vals)
	}()
	for v := range vals {
		sum += v
	}
	return sum
}

func walk(t *Tree, vals chan<- int) {
	if t == nil {
		return
	}
	walk(t.left, vals)
	vals <- t.val
	walk(t.right, vals)
}

// BigLoop sends and receives more often than one would care to follow.
func BigLoop(f func(int) int) (sum int) {
	c := make(chan int, 16)
	go func() {
		for i := range 100_000 {
			c <- f(i)
		}
	}()
	for range 100_000 {
		sum += <-c
	}
	return sum
}

// A Limiter comes from elsewhere; its Go starts the function, now or later.
type Limiter interface {
	Go(f func())
	Wait()
}

// UnknownWrapper starts the sender through code that is not known.
func UnknownWrapper(l Limiter, f func() int) int {
	c := make(chan int)
	l.Go(func() { c <- f() })
	n := <-c
	l.Wait()
	return n
}

// KeptByUnknown gives the channel to code that is not known.
func KeptByUnknown(subscribe func(chan<- string), each func(string)) {
	c := make(chan string)
	subscribe(c)
	go func() {
		for s := range c {
			each(s)
		}
	}()
}

// InStructForUnknown gives the channel away in a struct, and that by interface.
func InStructForUnknown(queue interface{ Put(any) }) int {
	type job struct {
		result chan<- int
	}
	c := make(chan int)
	queue.Put(&job{result: c})
	return <-c
}

// ByMethodValue gives the sender away as a function.
func ByMethodValue(onTick func(func())) {
	w := &wakeable{wake: make(chan struct{})}
	onTick(w.signal)
	<-w.wake
}

type wakeable struct {
	wake chan struct{}
}

func (w *wakeable) signal() { close(w.wake) }

// ByContext gives the channel to whoever has the context.
func ByContext(ctx context.Context, do func(context.Context)) {
	type key struct{}
	answers := make(chan string)
	do(context.WithValue(ctx, key{}, answers))
	<-answers
}

// Retried makes a channel for each attempt; the last one is received from.
func Retried(attempts int, start func() (int, error)) (n int) {
	var c chan int
	for range attempts {
		c = make(chan int, 1)
		v, err := start()
		if err != nil {
			continue
		}
		c <- v
		break
	}
	select {
	case n = <-c:
	default:
	}
	return n
}

// TwoWaits waits for the group in the closer, and again for its error.
func TwoWaits(parts []func() (int, error)) (sum int, err error) {
	var g errgroup.Group
	c := make(chan int)
	for _, part := range parts {
		g.Go(func() error {
			n, err := part()
			if err != nil {
				return err
			}
			c <- n
			return nil
		})
	}
	go func() {
		_ = g.Wait()
		close(c)
	}()
	for n := range c {
		sum += n
	}
	return sum, g.Wait()
}

// WaitInOtherGroup closes the channel in a task of another group.
func WaitInOtherGroup(parts []func() int) (sum int) {
	var producers, rest errgroup.Group
	c := make(chan int)
	for _, part := range parts {
		producers.Go(func() error {
			c <- part()
			return nil
		})
	}
	rest.Go(func() error {
		defer close(c)
		return producers.Wait()
	})
	rest.Go(func() error {
		for n := range c {
			sum += n
		}
		return nil
	})
	rest.Wait()
	return sum
}

// LimitedGroup has tasks that block Go until a slot is free, and none that starts another.
func LimitedGroup(parts []func() int) (sum int) {
	var g errgroup.Group
	g.SetLimit(2)
	c := make(chan int)
	total := make(chan int)
	go func() {
		s := 0
		for n := range c {
			s += n
		}
		total <- s
	}()
	for _, part := range parts {
		g.Go(func() error {
			c <- part()
			return nil
		})
	}
	g.Wait()
	close(c)
	return <-total
}

// ServersRunOn ends the process with the first error; main and its goroutines end with it.
func ServersRunOn(servers [2]*http.Server) {
	errs := make(chan error)
	for _, s := range servers {
		go func() { errs <- s.ListenAndServe() }()
	}
	log.Println(<-errs)
	os.Exit(1)
}

// ReadLoop blocks in calls only, which Close of the connection ends.
func ReadLoop(r io.ReadCloser, each func([]byte)) (stop func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buf := make([]byte, 512)
		for {
			n, err := r.Read(buf)
			if err != nil {
				return
			}
			each(buf[:n])
		}
	}()
	return func() {
		r.Close()
		<-ended
	}
}

// Jitter guards a send by a value that is unknown and the same in both places.
func Jitter(f func() int) (n int) {
	slow := rand.IntN(2) == 0
	c := make(chan int)
	go func() {
		if slow {
			c <- f()
			return
		}
		close(c)
	}()
	if !slow {
		<-c
		return 0
	}
	return <-c
}
