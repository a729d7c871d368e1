package docs_test

// The examples of choosing.md, word for word, each with what comes out of it.
// What happens when things go wrong is in happens_test.go.

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/concurlint/concurlint/patterns/fanin"
	"github.com/concurlint/concurlint/patterns/group"
	"github.com/concurlint/concurlint/patterns/pipeline"
	"github.com/concurlint/concurlint/patterns/semaphore"
	"github.com/concurlint/concurlint/patterns/workerpool"
)

func deleteAll(ctx context.Context, keys []string, del func(context.Context, string) error) error {
	return workerpool.ForEach(ctx, 10, keys, func(ctx context.Context, key string) error {
		if err := del(ctx, key); err != nil {
			return fmt.Errorf("deleting %s: %w", key, err)
		}
		return nil
	})
}

func Example_forEach() {
	var deleted sync.Map
	err := deleteAll(context.Background(), []string{"a", "b", "c"}, func(_ context.Context, key string) error {
		deleted.Store(key, true)
		return nil
	})
	_, ok := deleted.Load("b")
	fmt.Println(ok, err)

	err = deleteAll(context.Background(), []string{"a"}, func(context.Context, string) error { return errBroken })
	fmt.Println(err)
	// Output:
	// true <nil>
	// deleting a: broken
}

func prices(ctx context.Context, articles []string, ask func(context.Context, string) (int, error)) (map[string]int, error) {
	list, err := workerpool.Map(ctx, 8, articles, ask)
	if err != nil {
		return nil, err
	}
	byArticle := make(map[string]int, len(list))
	for i, price := range list {
		byArticle[articles[i]] = price // in the order of articles: no lock, no search
	}
	return byArticle, nil
}

func Example_map() {
	ask := func(_ context.Context, article string) (int, error) { return len(article), nil }
	fmt.Println(prices(context.Background(), []string{"lamp", "candle"}, ask))
	// Output: map[candle:6 lamp:4] <nil>
}

func store(ctx context.Context, r io.Reader, insert func(context.Context, string) error) error {
	scanner := bufio.NewScanner(r)
	lines := func(yield func(string) bool) {
		for scanner.Scan() && yield(scanner.Text()) {
		}
	}
	if err := workerpool.Run(ctx, 4, lines, insert); err != nil {
		return err
	}
	return scanner.Err() // a sequence has no way to return it
}

func Example_run() {
	var mu sync.Mutex
	var stored []string
	err := store(context.Background(), strings.NewReader("one\ntwo\nthree\n"), func(_ context.Context, line string) error {
		mu.Lock()
		defer mu.Unlock()
		stored = append(stored, line)
		return nil
	})
	slices.Sort(stored)
	fmt.Println(stored, err)
	// Output: [one three two] <nil>
}

func send(ctx context.Context, w io.Writer, pages []string, render func(context.Context, string) (string, error)) error {
	rendered := pipeline.Map(pipeline.From(slices.Values(pages)), 4, render)
	for html, err := range pipeline.All(ctx, rendered) {
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, html); err != nil {
			return err // leaves the loop, which stops the rest
		}
	}
	return nil
}

func Example_inOrder() {
	render := func(_ context.Context, page string) (string, error) { return "<p>" + page + "\n", nil }
	fmt.Println(send(context.Background(), os.Stdout, []string{"one", "two", "three"}, render))
	// Output:
	// <p>one
	// <p>two
	// <p>three
	// <nil>
}

func findBroken(ctx context.Context, links []string, status func(context.Context, string) (int, error)) (broken string, err error) {
	type answer struct {
		link   string
		status int
	}
	answers := fanin.Map(ctx, 20, fanin.From(slices.Values(links)), func(ctx context.Context, link string) (answer, error) {
		code, err := status(ctx, link)
		return answer{link, code}, err // with its input, as there is no order
	})
	for a, err := range answers {
		if err != nil {
			return "", err
		}
		if a.status >= 400 {
			return a.link, nil // one is enough
		}
	}
	return "", nil
}

func Example_asTheyCome() {
	status := func(_ context.Context, link string) (int, error) {
		if link == "/old" {
			return 404, nil
		}
		return 200, nil
	}
	fmt.Println(findBroken(context.Background(), []string{"/", "/old", "/new"}, status))
	// Output: /old <nil>
}

func reloadOn(ctx context.Context, files <-chan string, signals <-chan string, reload func(reason string) error) error {
	for reason, err := range fanin.Merge(ctx, fanin.Receive(files), fanin.Receive(signals)) {
		if err != nil {
			return err
		}
		if err := reload(reason); err != nil {
			return err
		}
	}
	return nil // both channels are closed
}

func Example_merge() {
	files := make(chan string, 1)   // closed below; capacity for the one value
	signals := make(chan string, 1) // likewise
	files <- "config changed"
	signals <- "hangup"
	close(files)
	close(signals)
	err := reloadOn(context.Background(), files, signals, func(reason string) error {
		fmt.Println(reason)
		return nil
	})
	fmt.Println(err)
	// Unordered output:
	// config changed
	// hangup
	// <nil>
}

func save(ctx context.Context, chunks fanin.Source[[]byte], file io.Writer) (sum []byte, err error) {
	writeTo := func(w io.Writer) func(context.Context, iter.Seq2[[]byte, error]) error {
		return func(_ context.Context, chunks iter.Seq2[[]byte, error]) error {
			for chunk, err := range chunks {
				if err != nil {
					return err
				}
				if _, err := w.Write(chunk); err != nil {
					return err
				}
			}
			return nil
		}
	}
	hash := sha256.New()
	if err := fanin.Tee(ctx, chunks, writeTo(file), writeTo(hash)); err != nil {
		return nil, err
	}
	return hash.Sum(nil), nil
}

func Example_tee() {
	chunks := fanin.From(slices.Values([][]byte{[]byte("hello, "), []byte("world\n")}))
	sum, err := save(context.Background(), chunks, os.Stdout)
	fmt.Printf("%x %v\n", sum[:4], err)
	// Output:
	// hello, world
	// 853ff937 <nil>
}

func index(ctx context.Context, urls iter.Seq[string],
	fetch func(context.Context, string) ([]byte, error),
	parse func(context.Context, []byte) (string, error),
	write func(title string) error) error {

	pages := pipeline.Map(pipeline.From(urls), 16, fetch)
	titles := pipeline.Map(pages, runtime.GOMAXPROCS(0), parse)
	for title, err := range pipeline.All(ctx, titles) {
		if err != nil {
			return err
		}
		if err := write(title); err != nil {
			return err
		}
	}
	return nil
}

func Example_stages() {
	fetch := func(_ context.Context, url string) ([]byte, error) { return []byte("<title>" + url), nil }
	parse := func(_ context.Context, page []byte) (string, error) {
		return strings.TrimPrefix(string(page), "<title>"), nil
	}
	err := index(context.Background(), slices.Values([]string{"one", "two"}), fetch, parse, func(title string) error {
		fmt.Println(title)
		return nil
	})
	fmt.Println(err)
	// Output:
	// one
	// two
	// <nil>
}

func insertAll(ctx context.Context, events pipeline.Source[string], insert func(context.Context, []string) error) error {
	for batch, err := range pipeline.All(ctx, pipeline.Batch(events, 500, time.Second)) {
		if err != nil {
			return err
		}
		if err := insert(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

func TestBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		events := func(_ context.Context, yield func(string) bool) error {
			for i := range 1201 {
				if i == 1200 {
					time.Sleep(10 * time.Second)
				}
				if !yield(strconv.Itoa(i)) {
					break
				}
			}
			return nil
		}
		var got []string
		err := insertAll(t.Context(), events, func(_ context.Context, batch []string) error {
			got = append(got, fmt.Sprint(len(batch), " after ", time.Since(start)))
			return nil
		})
		if want := []string{"500 after 0s", "500 after 0s", "200 after 1s", "1 after 10s"}; !slices.Equal(got, want) || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	})
	events := func(_ context.Context, yield func(string) bool) error {
		yield("a")
		yield("b")
		return errBroken
	}
	var got []string
	err := insertAll(t.Context(), events, func(_ context.Context, batch []string) error {
		got = append(got, batch...)
		return nil
	})
	if !slices.Equal(got, []string{"a", "b"}) || err != errBroken {
		t.Errorf("before an error: got %q, %v", got, err)
	}
}

func remind(ctx context.Context, customers iter.Seq[string], mail func(context.Context, string) error) error {
	slow := pipeline.Throttle(pipeline.From(customers), 100*time.Millisecond)
	for customer, err := range pipeline.All(ctx, slow) {
		if err != nil {
			return err
		}
		if err := mail(ctx, customer); err != nil {
			return err
		}
	}
	return nil
}

func TestThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		customers := slices.Values([]string{"Ada", "Bob", "Eve"})
		ctx, cancel := context.WithCancelCause(t.Context())
		err := remind(ctx, customers, func(_ context.Context, customer string) error {
			if customer == "Bob" {
				cancel(errStop)
			}
			return nil
		})
		if took := time.Since(start); took != 100*time.Millisecond || err != errStop {
			t.Errorf("two mails took %v, %v; the third interval should not be waited for", took, err)
		}
	})
}

type converter struct {
	slots   *semaphore.Semaphore // semaphore.New(4), made once
	convert func(context.Context, string) (string, error)
}

func (c *converter) PDF(ctx context.Context, doc string) (pdf string, err error) {
	err = c.slots.Do(ctx, 1, func(ctx context.Context) error {
		pdf, err = c.convert(ctx, doc)
		return err
	})
	return pdf, err
}

func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &converter{semaphore.New(4), func(_ context.Context, doc string) (string, error) {
			time.Sleep(time.Second)
			return doc + ".pdf", nil
		}}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if pdf, err := c.PDF(t.Context(), "a"); pdf != "a.pdf" || err != nil {
					t.Errorf("got %q, %v", pdf, err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("8 conversions, 4 at a time, took %v", took)
		}
	})
}

func decodeAll(ctx context.Context, memory *semaphore.Semaphore, sizes map[string]int64, decode func(context.Context, string) error) error {
	megabytes := func(name string) int64 { return sizes[name]>>20 + 1 }
	return semaphore.Each(ctx, memory, maps.Keys(sizes), megabytes, decode)
}

func TestEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		memory := semaphore.New(64)
		sizes := map[string]int64{"cat": 40 << 20, "dog": 20 << 20, "whale": 60 << 20}
		err := decodeAll(t.Context(), memory, sizes, func(context.Context, string) error {
			time.Sleep(time.Second)
			return nil
		})
		if took := time.Since(start); took < 2*time.Second || took > 3*time.Second || err != nil {
			t.Errorf("took %v, %v", took, err)
		}
		sizes = map[string]int64{"kraken": 70 << 20}
		if err := decodeAll(t.Context(), memory, sizes, nil); err == nil {
			t.Error("no error for an image above the limit")
		}
	})
}

func reports(slots *semaphore.Semaphore, write func(context.Context, io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		called, err := slots.TryDo(r.Context(), 1, func(ctx context.Context) error {
			return write(ctx, w)
		})
		switch {
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		case !called:
			w.Header().Set("Retry-After", "5")
			http.Error(w, "busy", http.StatusServiceUnavailable)
		}
	}
}

func TestTryDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := reports(semaphore.New(1), func(_ context.Context, w io.Writer) error {
			time.Sleep(time.Second)
			_, err := io.WriteString(w, "report")
			return err
		})
		get := func() *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			handler(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
			return w
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if w := get(); w.Code != 200 || w.Body.String() != "report" {
				t.Errorf("first: %d %s", w.Code, w.Body)
			}
		})
		synctest.Wait()
		if w := get(); w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("second: %d %v", w.Code, w.Header())
		}
		wg.Wait()
		if w := get(); w.Code != 200 {
			t.Errorf("third: %d", w.Code)
		}
	})
}

func load(ctx context.Context, findUser func(context.Context) (string, error), findOrders func(context.Context) ([]string, error)) (user string, orders []string, err error) {
	err = group.Run(ctx,
		func(ctx context.Context) (err error) {
			user, err = findUser(ctx)
			return err
		},
		func(ctx context.Context) (err error) {
			orders, err = findOrders(ctx)
			return err
		})
	if err != nil {
		return "", nil, err
	}
	return user, orders, nil // Run has returned: no lock is needed
}

func Example_group() {
	user, orders, err := load(context.Background(),
		func(context.Context) (string, error) { return "Ada", nil },
		func(context.Context) ([]string, error) { return []string{"lamp"}, nil })
	fmt.Println(user, orders, err)
	// Output: Ada [lamp] <nil>
}

func search(ctx context.Context, shards []func(context.Context) (string, error)) (hits []string, err error) {
	var failed []error
	for _, r := range group.Settle(ctx, 3, shards...) {
		if r.Err != nil {
			failed = append(failed, r.Err)
			continue
		}
		hits = append(hits, r.Value)
	}
	return hits, errors.Join(failed...) // hits are valid although there is an error
}

func Example_settle() {
	shard := func(hit string, err error) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return hit, err }
	}
	fmt.Println(search(context.Background(), []func(context.Context) (string, error){
		shard("one", nil), shard("", errBroken), shard("three", nil), shard("four", nil),
	}))
	// Output: [one three four] broken
}

func download(ctx context.Context, mirrors []string, get func(context.Context, string) ([]byte, error)) ([]byte, error) {
	var tasks []func(context.Context) ([]byte, error)
	for _, m := range mirrors[:min(3, len(mirrors))] { // each costs a request
		tasks = append(tasks, func(ctx context.Context) ([]byte, error) { return get(ctx, m) })
	}
	return group.First(ctx, tasks...)
}

func Example_first() {
	get := func(ctx context.Context, mirror string) ([]byte, error) {
		switch mirror {
		case "broken":
			return nil, errBroken
		case "slow":
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return []byte("from " + mirror), nil
	}
	data, err := download(context.Background(), []string{"broken", "slow", "good", "fourth"}, get)
	fmt.Printf("%s %v\n", data, err)
	// Output: from good <nil>
}

func total(amounts []int) (sum int) {
	for _, a := range amounts {
		sum += a
	}
	return sum
}

func Example_loop() {
	fmt.Println(total([]int{1, 2, 3}))
	// Output: 6
}

type counter struct {
	mu sync.Mutex
	n  map[string]int // guarded by mu
}

func (c *counter) add(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[key]++
}

func Example_lock() {
	c := counter{n: make(map[string]int)}
	c.add("lamp")
	c.add("lamp")
	fmt.Println(c.n)
	// Output: map[lamp:2]
}

func walk(ctx context.Context, root string, list func(context.Context, string) ([]string, error)) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	var visit func(dir string) error
	visit = func(dir string) error {
		dirs, err := list(gctx, dir)
		if err != nil {
			return err
		}
		for _, d := range dirs {
			// TryGo, because a Go in a task of a full group waits for ever.
			if !g.TryGo(func() error { return visit(d) }) {
				if err := visit(d); err != nil {
					return err
				}
			}
		}
		return nil
	}
	g.Go(func() error { return visit(root) })
	return g.Wait()
}

func Example_errgroup() {
	tree := map[string][]string{"/": {"/bin", "/usr"}, "/usr": {"/usr/bin"}}
	var seen sync.Map
	err := walk(context.Background(), "/", func(_ context.Context, dir string) ([]string, error) {
		seen.Store(dir, true)
		return tree[dir], nil
	})
	_, ok := seen.Load("/usr/bin")
	fmt.Println(ok, err)

	fmt.Println(walk(context.Background(), "/", func(context.Context, string) ([]string, error) { return nil, errBroken }))
	// Output:
	// true <nil>
	// broken
}

type refresher struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when the goroutine has ended
}

func startRefresher(every time.Duration, refresh func(context.Context)) *refresher {
	ctx, cancel := context.WithCancel(context.Background())
	r := &refresher{cancel, make(chan struct{})}
	go func() { // ends when Close is called
		defer close(r.done)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				refresh(ctx)
			case <-ctx.Done():
				return
			}
		}
	}()
	return r
}

func (r *refresher) Close() {
	r.cancel()
	<-r.done
}

func TestOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		r := startRefresher(time.Minute, func(context.Context) { n++ })
		time.Sleep(10*time.Minute + time.Second)
		r.Close()
		time.Sleep(time.Hour)
		if n != 10 {
			t.Errorf("%d refreshes in ten minutes", n)
		}
	})
}
