// Package goodhelpers holds channels whose operations stand in closures,
// helpers, methods, generic functions and slices, and that are closed, or
// whose close is out of sight.
package goodhelpers

import (
	"bufio"
	"context"
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

// RangeInClosure is good: the closer is started before collect is called.
func RangeInClosure(pages []Page) (size int) {
	results := make(chan int)
	collect := func() {
		for n := range results {
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
	go func() { wg.Wait(); close(results) }()
	collect()
	return size
}

// WorkerInVariable is good: a closure in a variable closes what the workers
// range over.
func WorkerInVariable(list []Page) int64 {
	var size atomic.Int64
	pages := make(chan Page, len(list))
	var wg sync.WaitGroup
	worker := func() {
		defer wg.Done()
		for p := range pages {
			size.Add(int64(len(p.Body)))
		}
	}
	finish := func() {
		close(pages)
		wg.Wait()
	}
	wg.Add(2)
	go worker()
	go worker()
	for _, p := range list {
		pages <- p
	}
	finish()
	return size.Load()
}

func collectSizes(in <-chan int) (size int) {
	for n := range in {
		size += n
	}
	return size
}

// RangeInHelper is good: the sender closes, the helper ranges.
func RangeInHelper(pages []Page) int {
	sizes := make(chan int)
	go func() {
		defer close(sizes)
		for _, p := range pages {
			sizes <- len(p.Body)
		}
	}()
	return collectSizes(sizes)
}

// SafeClose closes c unless it is nil.
func SafeClose[T any](c chan<- T) {
	if c != nil {
		close(c)
	}
}

// HelperCloses is good: the deferred generic helper closes its parameter.
func HelperCloses(pages []Page) (urls []string) {
	out := make(chan string)
	go func() {
		defer SafeClose(out)
		for _, p := range pages {
			out <- p.URL
		}
	}()
	for u := range out {
		urls = append(urls, u)
	}
	return urls
}

// HelperClosesThroughTwo is good: the close is two helpers away.
func HelperClosesThroughTwo(pages []Page) (urls []string) {
	out := make(chan string)
	go func() {
		defer end(out, "urls")
		for _, p := range pages {
			out <- p.URL
		}
	}()
	for u := range out {
		urls = append(urls, u)
	}
	return urls
}

func end(c chan string, name string) {
	if name != "" {
		SafeClose(c)
		return
	}
	close(c)
}

// list sends the lines of r; it owns out and closes it on every path.
func list(r io.Reader, out chan<- string) error {
	defer close(out)
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		if len(sc.Text()) > 80 {
			return errTooLong
		}
		out <- sc.Text()
	}
	return sc.Err()
}

// CalleeCloses is good: list closes the channel that it is given by contract.
func CalleeCloses(r io.Reader) (n int, err error) {
	names := make(chan string)
	errc := make(chan error, 1)
	go func() { errc <- list(r, names) }()
	for range names {
		n++
	}
	return n, <-errc
}

// Lister lists names; List closes ch when it is done.
type Lister interface {
	List(ctx context.Context, ch chan<- string)
}

// InterfaceCloses is good: the channel goes to an interface method, whose
// contract is to close it.
func InterfaceCloses(ctx context.Context, l Lister) (n int) {
	names := make(chan string)
	go l.List(ctx, names)
	for range names {
		n++
	}
	return n
}

// FuncValueCloses is good: the channel goes to a function value.
func FuncValueCloses(walk func(out chan<- Page) error) (urls []string, err error) {
	found := make(chan Page, 16)
	errc := make(chan error, 1)
	go func() { errc <- walk(found) }()
	for p := range found {
		urls = append(urls, p.URL)
	}
	return urls, <-errc
}

// AsyncCallee is good: List returns at once and works on in the background,
// so an error return is no proof either way.
func AsyncCallee(src interface{ List(chan<- Page) error }) (n int, err error) {
	ch := make(chan Page)
	if err := src.List(ch); err != nil {
		return 0, err
	}
	for range ch {
		n++
	}
	return n, nil
}

func gather[T any](in <-chan T) (all []T) {
	for v := range in {
		all = append(all, v)
	}
	return all
}

func sendAll[T any](out chan<- T, vals []T) {
	for _, v := range vals {
		out <- v
	}
	close(out)
}

// GenericPair is good: one generic helper sends and closes, another ranges.
func GenericPair(urls []string) []string {
	c := make(chan string)
	go sendAll(c, urls)
	return gather(c)
}

type scan struct {
	words chan string
	onEnd func()
}

func (s *scan) finish() { close(s.words) }

// FinishInField is good: a method value in a field closes the channel.
func FinishInField(text string) (n int) {
	s := &scan{words: make(chan string)}
	s.onEnd = s.finish
	go func() {
		defer s.onEnd()
		for w := range strings.FieldsSeq(text) {
			s.words <- w
		}
	}()
	for range s.words {
		n++
	}
	return n
}

// Shards is good: a loop closes each channel of the slice.
func Shards(pages []Page) int64 {
	shards := make([]chan Page, 4)
	var size atomic.Int64
	var wg sync.WaitGroup
	for i := range shards {
		shards[i] = make(chan Page)
		wg.Add(1)
		go func() {
			defer wg.Done()
			for p := range shards[i] {
				size.Add(int64(len(p.Body)))
			}
		}()
	}
	for _, p := range pages {
		h := fnv.New32a()
		h.Write([]byte(p.URL))
		shards[h.Sum32()%4] <- p
	}
	for _, s := range shards {
		close(s)
	}
	wg.Wait()
	return size.Load()
}

// ByHost is good: the channels stand in a map, a loop over it closes them.
func ByHost(pages []Page) int64 {
	var size atomic.Int64
	var wg sync.WaitGroup
	byHost := make(map[string]chan Page)
	for _, p := range pages {
		host, _, _ := strings.Cut(p.URL, "/")
		c, ok := byHost[host]
		if !ok {
			c = make(chan Page)
			byHost[host] = c
			wg.Go(func() {
				for p := range c {
					size.Add(int64(len(p.Body)))
				}
			})
		}
		c <- p
	}
	for _, c := range byHost {
		close(c)
	}
	wg.Wait()
	return size.Load()
}

func startWorkers(n int, in <-chan Page, size *atomic.Int64) *sync.WaitGroup {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { measure(in, size) })
	}
	return &wg
}

func measure(in <-chan Page, size *atomic.Int64) {
	for p := range in {
		size.Add(int64(len(p.Body)))
	}
}

// ThreeHelpersDeep is good: the maker closes what the helpers range over.
func ThreeHelpersDeep(pages []Page) int64 {
	var size atomic.Int64
	queue := make(chan Page, 4)
	wg := startWorkers(2, queue, &size)
	for _, p := range pages {
		queue <- p
	}
	close(queue)
	wg.Wait()
	return size.Load()
}

// CleanupUnderFlag is good: the flag that guards the close in one branch is
// false exactly where the other branch has closed already.
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
				close(sizes)
				return
			}
			sizes <- len(p.Body)
		}
	}()
	for n := range sizes {
		size += n
	}
	return size, err
}

// OnceFunc is good: a sync.OnceFunc closes, whoever calls it first.
func OnceFunc(pages []Page) (size int) {
	sizes := make(chan int)
	done := sync.OnceFunc(func() { close(sizes) })
	go func() {
		defer done()
		for _, p := range pages {
			if p.Body == "" {
				done()
				return
			}
			sizes <- len(p.Body)
		}
	}()
	for n := range sizes {
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

// SpawnedByWrapper is good: the closure that async runs closes by defer.
func SpawnedByWrapper(pages []Page) (urls []string) {
	out := make(chan string)
	async(func() {
		defer close(out)
		for _, p := range pages {
			out <- p.URL
		}
	})
	for u := range out {
		urls = append(urls, u)
	}
	return urls
}

type task struct {
	page Page
	out  chan<- int
}

func (t task) run() { t.out <- len(t.page.Body) }

// ChannelInTask is good: the channel travels in the tasks; it is closed after
// the workers are done.
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
	close(sizes)
	for n := range sizes {
		size += n
	}
	return size
}
