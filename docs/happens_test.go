package docs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/docs"
	"github.com/concurlint/concurlint/patterns"
	"github.com/concurlint/concurlint/patterns/fanin"
	"github.com/concurlint/concurlint/patterns/semaphore"
)

var (
	errBroken = errors.New("broken")
	errStop   = errors.New("stop") // why the context is cancelled
)

// An example is run with work in place of what it calls for each input.
type example struct {
	name string // its heading
	run  func(ctx context.Context, work func(context.Context) error) error

	goesOn  bool  // other work, after an error
	asIs    bool  // a panic comes through, since the work is on the caller's goroutine
	broken  error // what the error of one work leads to
	stopped error // what a cancelled context leads to
}

var examples = []example{
	{name: "workerpool.ForEach", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			return deleteAll(ctx, three, func(ctx context.Context, _ string) error { return work(ctx) })
		}},
	{name: "workerpool.Map", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			_, err := prices(ctx, three, func(ctx context.Context, _ string) (int, error) { return 1, work(ctx) })
			return err
		}},
	{name: "workerpool.Run", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			return store(ctx, strings.NewReader("a\nb\nc\n"), func(ctx context.Context, _ string) error { return work(ctx) })
		}},
	{name: "pipeline.Map, one stage", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			return send(ctx, new(strings.Builder), three, func(ctx context.Context, _ string) (string, error) { return "", work(ctx) })
		}},
	{name: "fanin.Map", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			_, err := findBroken(ctx, three, func(ctx context.Context, _ string) (int, error) { return 200, work(ctx) })
			return err
		}},
	{name: "fanin.Merge", asIs: true, broken: errBroken, stopped: context.Canceled,
		run: func(ctx context.Context, work func(context.Context) error) error {
			files := make(chan string, 1) // never closed, so that it is silent; capacity for the one value
			files <- "changed"
			return reloadOn(ctx, files, nil, func(string) error { return work(ctx) })
		}},
	{name: "fanin.Tee", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			chunks := func(ctx context.Context, yield func([]byte) bool) error {
				yield([]byte("x"))
				return work(ctx)
			}
			_, err := save(ctx, chunks, new(strings.Builder))
			return err
		}},
	{name: "pipeline.Map, several stages", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			fetch := func(_ context.Context, url string) ([]byte, error) { return []byte(url), nil }
			parse := func(ctx context.Context, _ []byte) (string, error) { return "", work(ctx) }
			return index(ctx, slices.Values(three), fetch, parse, func(string) error { return nil })
		}},
	{name: "pipeline.Batch", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			events := func(ctx context.Context, yield func(string) bool) error {
				yield("x")
				return work(ctx)
			}
			return insertAll(ctx, events, func(context.Context, []string) error { return nil })
		}},
	{name: "pipeline.Throttle", asIs: true, broken: errBroken, stopped: context.Canceled,
		run: func(ctx context.Context, work func(context.Context) error) error {
			return remind(ctx, slices.Values(three), func(ctx context.Context, _ string) error { return work(ctx) })
		}},
	{name: "semaphore.Do", asIs: true, broken: errBroken, stopped: context.Canceled,
		run: func(ctx context.Context, work func(context.Context) error) error {
			c := &converter{semaphore.New(1), func(ctx context.Context, _ string) (string, error) { return "", work(ctx) }}
			defer mustBeFree(c.slots, 1)
			_, err := c.PDF(ctx, "a")
			return err
		}},
	{name: "semaphore.Each", broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			memory := semaphore.New(64)
			defer mustBeFree(memory, 64)
			sizes := map[string]int64{"a": 1, "b": 2, "c": 3}
			return decodeAll(ctx, memory, sizes, func(ctx context.Context, _ string) error { return work(ctx) })
		}},
	{name: "semaphore.TryDo", asIs: true, broken: errBroken, stopped: context.Canceled,
		run: func(ctx context.Context, work func(context.Context) error) (err error) {
			slots := semaphore.New(1)
			defer mustBeFree(slots, 1)
			handler := reports(slots, func(ctx context.Context, _ io.Writer) error {
				err = work(ctx)
				return err
			})
			w := httptest.NewRecorder()
			handler(w, httptest.NewRequestWithContext(ctx, "GET", "/", nil))
			if (err != nil) != (w.Code == 500) {
				return fmt.Errorf("status %d for %v", w.Code, err)
			}
			return err
		}},
	{name: "group.Run", broken: errBroken, stopped: context.Canceled,
		run: func(ctx context.Context, work func(context.Context) error) error {
			_, _, err := load(ctx,
				func(ctx context.Context) (string, error) { return "", work(ctx) },
				func(ctx context.Context) ([]string, error) { return nil, work(ctx) })
			return err
		}},
	{name: "group.Settle", goesOn: true, broken: errBroken, stopped: errStop,
		run: func(ctx context.Context, work func(context.Context) error) error {
			shard := func(ctx context.Context) (string, error) { return "", work(ctx) }
			hits, err := search(ctx, slices.Repeat([]func(context.Context) (string, error){shard}, 4))
			if err == errBroken && len(hits) != 3 {
				return fmt.Errorf("%d hits", len(hits))
			}
			return err
		}},
	{name: "group.First", goesOn: true, broken: nil, stopped: context.Canceled,
		run: func(ctx context.Context, work func(context.Context) error) error {
			_, err := download(ctx, three, func(ctx context.Context, _ string) ([]byte, error) { return nil, work(ctx) })
			return err
		}},
}

var three = []string{"a", "b", "c"}

// mustBeFree panics if not all of the semaphore is.
func mustBeFree(s *semaphore.Semaphore, size int64) {
	called, err := s.TryDo(context.Background(), size, func(context.Context) error { return nil })
	if err != nil || !called {
		panic("something was not released")
	}
}

// TestWhatHappens checks what is said below each example. No bubble ends before
// the goroutines in it have: so nothing is left behind, either.
func TestWhatHappens(t *testing.T) {
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			t.Run("error", func(t *testing.T) { synctest.Test(t, e.afterError) })
			t.Run("cancel", func(t *testing.T) { synctest.Test(t, e.afterCancel) })
			t.Run("panic", func(t *testing.T) { synctest.Test(t, e.afterPanic) })
		})
	}
}

// afterError has the first work fail. The rest waits to be told to stop.
func (e example) afterError(t *testing.T) {
	var calls atomic.Int64
	err := e.run(t.Context(), func(ctx context.Context) error {
		if calls.Add(1) == 1 {
			return errBroken
		}
		if e.goesOn {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, e.broken) {
		t.Errorf("err = %v, want %v", err, e.broken)
	}
}

// afterCancel cancels the context while the work waits for it.
func (e example) afterCancel(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Minute, func() { cancel(errStop) })
	err := e.run(ctx, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, e.stopped) {
		t.Errorf("err = %v, want %v", err, e.stopped)
	}
}

// afterPanic has the first work panic.
func (e example) afterPanic(t *testing.T) {
	defer func() {
		v := recover()
		if kind := fmt.Sprintf("%T", v); e.asIs && v != "bug" || !e.asIs && !strings.HasSuffix(kind, ".PanicError") {
			t.Errorf("raised %s: %v", kind, v)
		}
	}()
	var calls atomic.Int64
	err := e.run(t.Context(), func(ctx context.Context) error {
		if calls.Add(1) == 1 {
			panic("bug")
		}
		<-ctx.Done()
		return ctx.Err()
	})
	t.Errorf("no panic, err = %v", err)
}

// TestBreak leaves loops early while work goes on.
func TestBreak(t *testing.T) {
	wait := func(ctx context.Context, page string) error {
		if page == "a" {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}
	t.Run("pipeline.Map", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			err := send(t.Context(), brokenWriter{}, three, func(ctx context.Context, page string) (string, error) { return page, wait(ctx, page) })
			if err != errBroken {
				t.Errorf("err = %v", err)
			}
		})
	})
	t.Run("fanin.Map", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			link, err := findBroken(t.Context(), three, func(ctx context.Context, link string) (int, error) { return 404, wait(ctx, link) })
			if link != "a" || err != nil {
				t.Errorf("got %q, %v", link, err)
			}
		})
	})
	t.Run("pipeline.Batch", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			events := func(ctx context.Context, yield func(string) bool) error {
				yield("x")
				return wait(ctx, "b")
			}
			err := insertAll(t.Context(), events, func(context.Context, []string) error { return errBroken })
			if err != errBroken {
				t.Errorf("err = %v", err)
			}
		})
	})
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

// TestSilence cancels a merge of sources that never say anything.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Hour, func() { cancel(errStop) })
		if err := reloadOn(ctx, nil, nil, nil); err != errStop {
			t.Errorf("err = %v", err)
		}
	})
}

// TestConsumers has one consumer fail, and one leave early.
func TestConsumers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endless := func(_ context.Context, yield func([]byte) bool) error {
			for yield([]byte("x")) {
			}
			return nil
		}
		if _, err := save(t.Context(), endless, brokenWriter{}); err != errBroken {
			t.Errorf("err = %v", err)
		}
		leave := func(context.Context, iter.Seq2[[]byte, error]) error { return nil }
		if err := fanin.Tee(t.Context(), endless, leave, leave); err != nil {
			t.Errorf("err = %v", err)
		}
	})
}

// TestExamplesAreTested checks that the code in the guide is the code above, and
// that what is said of it has a test.
func TestExamplesAreTested(t *testing.T) {
	src, err := os.ReadFile("choosing_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(docs.Choosing, -1)
	for _, b := range blocks {
		if !strings.Contains(string(src), "\n\n"+b[1]+"\n") {
			t.Errorf("not in choosing_test.go as it stands:\n%s", b[1])
		}
	}
	if fences := strings.Count(docs.Choosing, "```"); fences != 2*len(blocks) {
		t.Errorf("%d fences, but %d blocks of Go", fences, len(blocks))
	}
	var tested []string
	for _, e := range examples {
		tested = append(tested, e.name)
	}
	_, text, _ := strings.Cut(docs.Choosing, "\n## Examples\n")
	var headings []string
	for _, h := range regexp.MustCompile("(?m)^### (.*)$").FindAllStringSubmatch(text, -1) {
		headings = append(headings, h[1])
	}
	if !slices.Equal(tested, headings) {
		t.Errorf("examples:\n%q\ntested:\n%q", headings, tested)
	}
}

// TestTable checks that each row of the table leads to an example, and each
// example has a row.
func TestTable(t *testing.T) {
	anchors := make(map[string]bool)
	for _, h := range regexp.MustCompile("(?m)^##+ (.*)$").FindAllStringSubmatch(docs.Choosing, -1) {
		anchor := regexp.MustCompile(`[^a-z -]`).ReplaceAllString(strings.ToLower(h[1]), "")
		anchors[strings.ReplaceAll(anchor, " ", "-")] = strings.Contains(h[1], ".")
	}
	for _, link := range regexp.MustCompile(`(?m)^\|.*\(#(.*)\) \|.*\|$`).FindAllStringSubmatch(docs.Choosing, -1) {
		if _, ok := anchors[link[1]]; !ok {
			t.Errorf("the table leads to #%s, which is not there or in an earlier row", link[1])
		}
		delete(anchors, link[1])
	}
	for anchor, isExample := range anchors {
		if isExample {
			t.Errorf("no row leads to #%s", anchor)
		}
	}
}

// TestComplete checks that the guide leaves no function of the patterns out.
func TestComplete(t *testing.T) {
	exported := regexp.MustCompile(`(?m)^func (?:\(s \*Semaphore\) )?([A-Z]\w*)`)
	for _, name := range patterns.Names() {
		src, _ := patterns.Source(name)
		for _, f := range exported.FindAllSubmatch(src, -1) {
			if f := name + "." + string(f[1]); !strings.Contains(docs.Choosing, f) {
				t.Errorf("%s is not in the guide", f)
			}
		}
	}
}
