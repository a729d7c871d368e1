// Package goodlimits holds loops over an unbounded input in which something
// limits the goroutines that are alive.
package goodlimits

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// Event is an element of an unbounded stream.
type Event struct {
	ID   int
	Data []byte
}

// TokenBeforeSpawn is good: the token is taken before the go statement and
// given back in the goroutine.
func TokenBeforeSpawn(events []Event, process func(Event)) {
	sem := make(chan struct{}, 8)
	var wg sync.WaitGroup
	for _, ev := range events {
		wg.Add(1)
		sem <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
			process(ev)
		}()
	}
	wg.Wait()
}

// TokenOrCancel is good: the token is taken in a select with ctx.
func TokenOrCancel(ctx context.Context, events <-chan Event, process func(Event)) error {
	sem := make(chan struct{}, 8)
	for ev := range events {
		select {
		case sem <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		go func() {
			defer func() { <-sem }()
			process(ev)
		}()
	}
	return nil
}

// TokenBySelectLoop is good: the select of the loop takes an event, the next
// statement takes a token.
func TokenBySelectLoop(ctx context.Context, events <-chan Event, process func(Event), limit int) error {
	sem := make(chan struct{}, limit)
	for {
		select {
		case ev := <-events:
			sem <- struct{}{}
			go work(ev, sem, process)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func work(ev Event, sem <-chan struct{}, process func(Event)) {
	defer func() { <-sem }()
	process(ev)
}

// ReleaseInClosure is good: the release is a closure that the goroutine
// calls.
func ReleaseInClosure(r io.Reader, process func(string)) error {
	sem := make(chan struct{}, 4)
	acquire := func() { sem <- struct{}{} }
	release := func() { <-sem }
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		line := sc.Text()
		acquire()
		go func() {
			defer release()
			process(line)
		}()
	}
	return sc.Err()
}

// Inverted is good: the slots are filled at the start, a receive takes one.
func Inverted(events <-chan Event, process func(Event)) {
	const n = 4
	slots := make(chan struct{}, n)
	for range n {
		slots <- struct{}{}
	}
	for ev := range events {
		<-slots
		go func() {
			defer func() { slots <- struct{}{} }()
			process(ev)
		}()
	}
}

// FreeBuffers is good: a goroutine needs one of the buffers, and there are
// eight of them.
func FreeBuffers(events <-chan Event, process func([]byte, Event)) {
	free := make(chan []byte, 8)
	for range cap(free) {
		free <- make([]byte, 4096)
	}
	for ev := range events {
		buf := <-free
		go func() {
			process(buf, ev)
			free <- buf
		}()
	}
}

// Weighted is good: a weighted semaphore is acquired before the spawn.
func Weighted(ctx context.Context, events []Event, process func(Event)) error {
	sem := semaphore.NewWeighted(8)
	for _, ev := range events {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() {
			defer sem.Release(1)
			process(ev)
		}()
	}
	// The last acquire takes everything: it waits for all.
	return sem.Acquire(ctx, 8)
}

// WeightedByField is good: the semaphore is a field, the weight the size of
// the data.
type WeightedByField struct {
	sem     *semaphore.Weighted
	process func(Event)
}

// Run processes events as long as there is memory for them.
func (w *WeightedByField) Run(ctx context.Context, events <-chan Event) error {
	for ev := range events {
		size := int64(len(ev.Data))
		if err := w.sem.Acquire(ctx, size); err != nil {
			return err
		}
		go func() {
			defer w.sem.Release(size)
			w.process(ev)
		}()
	}
	return nil
}

// TryOrInline is good: without a token the loop does the work itself.
func TryOrInline(sem *semaphore.Weighted, events <-chan Event, process func(Event)) {
	for ev := range events {
		if !sem.TryAcquire(1) {
			process(ev)
			continue
		}
		go func() {
			defer sem.Release(1)
			process(ev)
		}()
	}
}

// TryOrDrop is good: the go statement stands in the case that took the token.
func TryOrDrop(ctx context.Context, wake <-chan struct{}, gc func()) {
	tok := make(chan struct{}, 1)
	for {
		select {
		case <-wake:
			select {
			case tok <- struct{}{}:
				go func() {
					defer func() { <-tok }()
					gc()
				}()
			default:
			}
		case <-ctx.Done():
			return
		}
	}
}

// Limiter is a home-made gate.
type Limiter struct{ c chan struct{} }

// NewLimiter allows n at a time.
func NewLimiter(n int) *Limiter { return &Limiter{make(chan struct{}, n)} }

// Start takes a place, unless ctx ends first.
func (l *Limiter) Start(ctx context.Context) error {
	select {
	case l.c <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Done gives the place back.
func (l *Limiter) Done() { <-l.c }

// GateAround is good: Start before the go statement, Done deferred in the
// goroutine.
func GateAround(ctx context.Context, events <-chan Event, process func(Event)) error {
	gate := NewLimiter(4)
	for ev := range events {
		if err := gate.Start(ctx); err != nil {
			return err
		}
		go func() {
			defer gate.Done()
			process(ev)
		}()
	}
	return nil
}

type quota struct {
	max  int32
	used atomic.Int32
}

func (q *quota) acquire() bool {
	if q.used.Add(1) > q.max {
		q.used.Add(-1)
		return false
	}
	return true
}

func (q *quota) release() { q.used.Add(-1) }

var errBusy = errors.New("busy")

// AtomicQuota is good: beyond the quota the event is refused.
func AtomicQuota(events <-chan Event, process func(Event), refuse func(Event, error)) {
	q := &quota{max: 64}
	for ev := range events {
		if !q.acquire() {
			refuse(ev, errBusy)
			continue
		}
		go func() {
			defer q.release()
			process(ev)
		}()
	}
}

// ReadyWorkerOrNew is good: a new goroutine is started only inside the quota.
func ReadyWorkerOrNew(events <-chan Event, process func(Event)) {
	q := &quota{max: 16}
	work := make(chan Event)
	for ev := range events {
		select {
		case work <- ev:
			continue
		default:
		}
		if !q.acquire() {
			work <- ev
			continue
		}
		go func() {
			defer q.release()
			process(ev)
			for ev := range work {
				process(ev)
			}
		}()
	}
	close(work)
}

// Throttle is an interface that somebody else implements.
type Throttle interface {
	Acquire(context.Context) (release func(), err error)
}

// InterfaceLimiter is good: a call before the go statement gives the release
// that the goroutine defers.
func InterfaceLimiter(ctx context.Context, t Throttle, events []Event, process func(Event)) error {
	for _, ev := range events {
		release, err := t.Acquire(ctx)
		if err != nil {
			return err
		}
		go func() {
			defer release()
			process(ev)
		}()
	}
	return nil
}

// CondLimit is good: the loop waits on a condition while too many run.
func CondLimit(events <-chan Event, process func(Event)) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	running := 0
	for ev := range events {
		mu.Lock()
		for running >= 8 {
			cond.Wait()
		}
		running++
		mu.Unlock()
		go func() {
			defer func() {
				mu.Lock()
				running--
				mu.Unlock()
				cond.Signal()
			}()
			process(ev)
		}()
	}
}

// sizedWaitGroup is a wait group whose Add blocks.
type sizedWaitGroup struct {
	places chan struct{}
	wg     sync.WaitGroup
}

func (s *sizedWaitGroup) Add() {
	s.places <- struct{}{}
	s.wg.Add(1)
}

func (s *sizedWaitGroup) Done() {
	<-s.places
	s.wg.Done()
}

func (s *sizedWaitGroup) Wait() { s.wg.Wait() }

// BlockingAdd is good: Add takes a place.
func BlockingAdd(events []Event, process func(Event)) {
	swg := &sizedWaitGroup{places: make(chan struct{}, 8)}
	for _, ev := range events {
		swg.Add()
		go func() {
			defer swg.Done()
			process(ev)
		}()
	}
	swg.Wait()
}

var uploads = make(chan struct{}, 16)

// PackageSemaphore is good: the token channel is a package-level variable.
func PackageSemaphore(root string, upload func(string)) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		uploads <- struct{}{}
		go func() {
			defer func() { <-uploads }()
			upload(path)
		}()
		return nil
	})
}

// InsideGoroutine is good by default: the token is taken in the goroutine, so
// the work is bounded and the goroutines are not; that is another, weaker
// report.
func InsideGoroutine(events []Event, process func(Event)) {
	sem := make(chan struct{}, 8)
	var wg sync.WaitGroup
	for _, ev := range events {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- struct{}{}
			defer func() { <-sem }()
			process(ev)
		}()
	}
	wg.Wait()
}

// TokenFromCaller is good: the tokens come with the events.
func TokenFromCaller(events <-chan Event, tokens <-chan func(), process func(Event)) {
	for release := range tokens {
		ev, ok := <-events
		if !ok {
			release()
			return
		}
		go func() {
			defer release()
			process(ev)
		}()
	}
}

// Pool takes in acquire what it gives back in another method.
type Pool struct {
	free chan *worker
}

type worker struct{ process func(Event) }

func (p *Pool) acquire() *worker { return <-p.free }

func (p *Pool) put(w *worker) { p.free <- w }

// AcquireAndPut is good: a worker is taken from the pool before the go
// statement and put back in the goroutine.
func (p *Pool) AcquireAndPut(events <-chan Event) {
	for ev := range events {
		w := p.acquire()
		go func() {
			defer p.put(w)
			w.process(ev)
		}()
	}
}

// TwoPerToken is good: a reader and a writer for each token; the token is
// given back when both are done.
func TwoPerToken(ctx context.Context, events <-chan Event, process func(io.Reader, Event)) error {
	gate := NewLimiter(16)
	for ev := range events {
		if err := gate.Start(ctx); err != nil {
			return err
		}
		stream(ev, process, gate.Done)
	}
	return nil
}

func stream(ev Event, process func(io.Reader, Event), done func()) {
	pr, pw := io.Pipe()
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err := pw.Write(ev.Data)
		pw.CloseWithError(err)
	}()
	go func() {
		defer wg.Done()
		process(pr, ev)
		pr.Close()
	}()
	go func() {
		wg.Wait()
		done()
	}()
}

// Handler is good: each request item takes a token of the server first.
func Handler(decode func(*http.Request) ([]Event, error), process func(Event)) http.HandlerFunc {
	sem := make(chan struct{}, 32)
	return func(w http.ResponseWriter, r *http.Request) {
		events, err := decode(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for _, ev := range events {
			select {
			case sem <- struct{}{}:
			case <-r.Context().Done():
				return
			}
			go func() {
				defer func() { <-sem }()
				process(ev)
			}()
		}
	}
}

// Suppressed is good: the finding is accepted in writing.
func Suppressed(events []Event, process func(Event)) {
	for _, ev := range events {
		go process(ev) //concurlint:ignore gospawn events are at most the few shards of a table
	}
}
