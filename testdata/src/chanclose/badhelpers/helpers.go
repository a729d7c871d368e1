// Package badhelpers holds channels whose operations stand in closures,
// helpers, methods, generic functions and slices, and that are not closed.
package badhelpers

import (
	"bufio"
	"errors"
	"hash/fnv"
	"io"
	"strings"
	"sync"
	"sync/atomic"
)

// Page is a downloaded document.
type Page struct {
	URL  string
	Body string
}

var errTooLong = errors.New("page is too long")

// RangeInClosure is bad: the range stands in a closure held in a variable,
// and results is not closed before it is called.
func RangeInClosure(pages []Page) (size int) {
	results := make(chan int)
	collect := func() {
		for n := range results { // want "results is never closed"
			size += n
		}
	}
	var wg sync.WaitGroup
	for part := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := part; i < len(pages); i += 2 {
				results <- len(pages[i].Body)
			}
		}()
	}
	collect()
	wg.Wait()
	return size
}

// WorkerInVariable is bad: the worker is a closure in a variable, started
// twice, and pages is never closed.
func WorkerInVariable(list []Page) int64 {
	var size atomic.Int64
	pages := make(chan Page, len(list))
	var wg sync.WaitGroup
	worker := func() {
		defer wg.Done()
		for p := range pages { // want "pages is never closed"
			size.Add(int64(len(p.Body)))
		}
	}
	wg.Add(2)
	go worker()
	go worker()
	for _, p := range list {
		pages <- p
	}
	wg.Wait()
	return size.Load()
}

func collectSizes(in <-chan int) (size int) {
	for n := range in { // want "(in|sizes) is never closed"
		size += n
	}
	return size
}

// RangeInHelper is bad: the helper that receives the channel ranges over it,
// the sender does not close it.
func RangeInHelper(pages []Page) int {
	sizes := make(chan int)
	go func() {
		for _, p := range pages {
			sizes <- len(p.Body)
		}
	}()
	return collectSizes(sizes)
}

// forget looks like a closing helper, but only loses its own copy.
func forget(c chan<- string) {
	if c != nil {
		c = nil
	}
	_ = c
}

// HelperOnlyForgets is bad: the deferred helper sets its parameter to nil and
// closes nothing.
func HelperOnlyForgets(pages []Page) (urls []string) {
	out := make(chan string)
	go func() {
		defer forget(out)
		for _, p := range pages {
			out <- p.URL
		}
	}()
	for u := range out { // want "out is never closed"
		urls = append(urls, u)
	}
	return urls
}

// flush empties the buffer of c; it does not close.
func flush(c <-chan string) {
	for {
		select {
		case <-c:
		default:
			return
		}
	}
}

// HelperOnlyDrains is bad: the deferred helper takes out what is buffered and
// leaves the channel open.
func HelperOnlyDrains(pages []Page) (urls []string) {
	out := make(chan string, 2)
	go func() {
		defer flush(out)
		for _, p := range pages {
			out <- p.URL
		}
	}()
	for u := range out { // want "out is never closed"
		urls = append(urls, u)
	}
	return urls
}

// list sends the lines of r and closes out, but not when a line is too long.
func list(r io.Reader, out chan<- string) error {
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		if len(sc.Text()) > 80 {
			return errTooLong
		}
		out <- sc.Text()
	}
	close(out)
	return sc.Err()
}

// CalleeClosesOnSuccess is bad: list has an error return above its close.
func CalleeClosesOnSuccess(r io.Reader) (n int, err error) {
	names := make(chan string)
	errc := make(chan error, 1)
	go func() { errc <- list(r, names) }()
	for range names { // want "names is not closed"
		n++
	}
	return n, <-errc
}

func gather[T any](in <-chan T) (all []T) {
	for v := range in { // want "(in|bodies) is never closed"
		all = append(all, v)
	}
	return all
}

// RangeInGenericHelper is bad: the generic helper ranges, nobody closes.
func RangeInGenericHelper(pages []Page) []string {
	bodies := make(chan string)
	go func() {
		for _, p := range pages {
			bodies <- p.Body
		}
	}()
	return gather(bodies)
}

type scan struct {
	words  chan string
	marker chan struct{}
	onEnd  func()
}

func (s *scan) finish() { close(s.marker) }

// FinishClosesMarker is bad: the method value that is called at the end
// closes marker, while words is ranged over.
func FinishClosesMarker(text string) (n int) {
	s := &scan{words: make(chan string), marker: make(chan struct{})}
	s.onEnd = s.finish
	go func() {
		defer s.onEnd()
		for w := range strings.FieldsSeq(text) {
			s.words <- w
		}
	}()
	for range s.words { // want "words is never closed"
		n++
	}
	return n
}

// Shards is bad: every worker ranges over its element of a slice of channels,
// and the slice's channels are not closed.
func Shards(pages []Page) int64 {
	shards := make([]chan Page, 4)
	var size atomic.Int64
	var wg sync.WaitGroup
	for i := range shards {
		shards[i] = make(chan Page)
		wg.Add(1)
		go func() {
			defer wg.Done()
			for p := range shards[i] { // want "shards\\[i\\] is never closed"
				size.Add(int64(len(p.Body)))
			}
		}()
	}
	for _, p := range pages {
		h := fnv.New32a()
		h.Write([]byte(p.URL))
		shards[h.Sum32()%4] <- p
	}
	wg.Wait()
	return size.Load()
}

func startWorkers(n int, in <-chan Page, size *atomic.Int64) *sync.WaitGroup {
	var wg sync.WaitGroup
	for range n {
		startWorker(&wg, in, size)
	}
	return &wg
}

func startWorker(wg *sync.WaitGroup, in <-chan Page, size *atomic.Int64) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		measure(in, size)
	}()
}

func measure(in <-chan Page, size *atomic.Int64) {
	for p := range in { // want "(in|queue) is never closed"
		size.Add(int64(len(p.Body)))
	}
}

// ThreeHelpersDeep is bad: make, spawn and range stand in four functions, and
// none of them closes queue.
func ThreeHelpersDeep(pages []Page) int64 {
	var size atomic.Int64
	queue := make(chan Page, 4)
	wg := startWorkers(2, queue, &size)
	for _, p := range pages {
		queue <- p
	}
	wg.Wait()
	return size.Load()
}

// CleanupUnderFlag is bad: the clean-up closure closes only after a success,
// so a page that is too long leaves the range waiting.
func CleanupUnderFlag(pages []Page) (size int, err error) {
	sizes := make(chan int)
	cleanup := func(ok bool) {
		if ok {
			close(sizes)
		}
	}
	go func() {
		ok := true
		defer func() { cleanup(ok) }()
		for _, p := range pages {
			if len(p.Body) > 1<<20 {
				ok, err = false, errTooLong
				return
			}
			sizes <- len(p.Body)
		}
	}()
	for n := range sizes { // want "sizes is not closed"
		size += n
	}
	return size, err
}

type task struct {
	page Page
	out  chan<- int
}

func (t task) run() { t.out <- len(t.page.Body) }

// ChannelInTask is bad: the channel travels in the tasks to the workers that
// send on it; the group is waited for, the channel not closed.
func ChannelInTask(pages []Page) (size int) {
	sizes := make(chan int, len(pages))
	tasks := make(chan task)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for t := range tasks {
				t.run()
			}
		})
	}
	for _, p := range pages {
		tasks <- task{p, sizes}
	}
	close(tasks)
	wg.Wait()
	for n := range sizes { // want "sizes is never closed"
		size += n
	}
	return size
}

func async(f func()) {
	go func() {
		defer func() { _ = recover() }()
		f()
	}()
}

// SpawnedByWrapper is bad: async runs its argument in a goroutine, which
// sends and returns without the close.
func SpawnedByWrapper(pages []Page) (urls []string) {
	out := make(chan string)
	async(func() {
		for _, p := range pages {
			out <- p.URL
		}
	})
	for u := range out { // want "out is never closed"
		urls = append(urls, u)
	}
	return urls
}
