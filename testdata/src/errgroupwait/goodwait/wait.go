// Package goodwait holds groups that somebody waits for, or that may well do without.
package goodwait

import (
	"context"
	"errors"
	"io"
	"iter"
	"log"
	"os"
	"os/signal"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// WaitsOnAllPaths is good: the early return Waits, too.
func WaitsOnAllPaths(ctx context.Context, urls []string, fetch func(context.Context, string) error, check func() error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := check(); err != nil {
		return errors.Join(err, g.Wait())
	}
	return g.Wait()
}

// ReturnsBefore is good: no task has been started where it returns.
func ReturnsBefore(urls []string, fetch func(string) error, check func() error) error {
	var g errgroup.Group
	if err := check(); err != nil {
		return err
	}
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// DeferredWait is good: every return Waits.
func DeferredWait(urls []string, fetch func(string) error, check func() error) (err error) {
	var g errgroup.Group
	defer func() {
		if werr := g.Wait(); err == nil {
			err = werr
		}
	}()
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return check()
}

// DeferredStatement is good as far as waiting is concerned.
func DeferredStatement(urls []string, fetch func(string), check func() error) error {
	var g errgroup.Group
	defer g.Wait()
	for _, u := range urls {
		g.Go(func() error {
			fetch(u)
			return nil
		})
	}
	return check()
}

// Cancels may be good: the tasks are told to end, and nobody needs their errors.
func Cancels(ctx context.Context, urls []string, fetch func(context.Context, string) error, check func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

// ParentDone may be good: the context of the tasks is done as well.
func ParentDone(ctx context.Context, in <-chan string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for {
		select {
		case u, ok := <-in:
			if !ok {
				return g.Wait()
			}
			g.Go(func() error {
				return fetch(gctx, u)
			})
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Cause is good: that is the error of the task.
func Cause(ctx context.Context, urls []string, out chan<- string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
		select {
		case out <- u:
		case <-gctx.Done():
			return context.Cause(gctx)
		}
	}
	return g.Wait()
}

// WaitsFirst is good: the task's error comes first.
func WaitsFirst(ctx context.Context, urls []string, out chan<- string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
		select {
		case out <- u:
		case <-gctx.Done():
			return g.Wait()
		}
	}
	return g.Wait()
}

// BreaksOff is good: the feeder leaves its loop and Waits.
func BreaksOff(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	in := make(chan string)
	for range 4 {
		g.Go(func() error {
			for u := range in {
				if err := fetch(gctx, u); err != nil {
					return err
				}
			}
			return nil
		})
	}
feed:
	for _, u := range urls {
		select {
		case in <- u:
		case <-gctx.Done():
			break feed
		}
	}
	close(in)
	return g.Wait()
}

// InTask is good: a task returns the context's error, and Wait the first one (trap 39).
func InTask(ctx context.Context, urls []string, walk func(func(string) error) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	in := make(chan string)
	g.Go(func() error {
		defer close(in)
		return walk(func(u string) error {
			select {
			case <-gctx.Done():
				return gctx.Err()
			case in <- u:
				return nil
			}
		})
	})
	g.Go(func() error {
		for u := range in {
			if err := fetch(gctx, u); err != nil {
				return err
			}
		}
		return gctx.Err()
	})
	return g.Wait()
}

// WaitedByGoroutine is good: a goroutine Waits, whoever listens to it.
func WaitedByGoroutine(ctx context.Context, urls []string, fetch func(string) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	done := make(chan error, 1)
	go func() {
		done <- g.Wait()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// StartedFirst is good: the goroutine that Waits is started before the tasks are.
func StartedFirst(in <-chan string, fetch func(string) error, check func() error) error {
	var g errgroup.Group
	stop := make(chan bool)
	defer close(stop)
	go func() {
		<-stop
		if err := g.Wait(); err != nil {
			log.Print(err)
		}
	}()
	for u := range in {
		g.Go(func() error {
			return fetch(u)
		})
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

type server struct {
	g *errgroup.Group
	h errgroup.Group
}

// Start is good: Close Waits (trap 42).
func (s *server) Start(ctx context.Context, serve func(context.Context) error) {
	g, gctx := errgroup.WithContext(ctx)
	s.g = g
	s.g.Go(func() error {
		return serve(gctx)
	})
	s.h.Go(func() error {
		return serve(ctx)
	})
}

// Close Waits for what Start has started.
func (s *server) Close() error {
	return errors.Join(s.g.Wait(), s.h.Wait())
}

// NewServer is good: the group leaves with the struct.
func NewServer(ctx context.Context, serve func(context.Context) error) (*server, error) {
	s := &server{}
	s.Start(ctx, serve)
	if err := ctx.Err(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// InClosure is good: a closure that is given away Waits (trap 43).
func InClosure(ctx context.Context, span func(context.Context, func(context.Context)), urls []string, fetch func(string) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	var err error
	span(ctx, func(context.Context) {
		err = g.Wait()
	})
	return err
}

// InOtherTask is good: a task of another group Waits (trap 44).
func InOtherTask(ctx context.Context, urls []string, fetch func(context.Context, string) (int, error)) (sum int, err error) {
	g1, ctx1 := errgroup.WithContext(ctx)
	out := make(chan int)
	for _, u := range urls {
		g1.Go(func() error {
			n, err := fetch(ctx1, u)
			if err != nil {
				return err
			}
			out <- n
			return nil
		})
	}
	var g2 errgroup.Group
	g2.Go(func() error {
		defer close(out)
		return g1.Wait()
	})
	g2.Go(func() error {
		for n := range out {
			sum += n
		}
		return nil
	})
	return sum, g2.Wait()
}

// AddTasks is good: the group is the caller's (trap 45).
func AddTasks(g *errgroup.Group, urls []string, fetch func(string) error, check func() error) error {
	for _, u := range urls {
		if err := check(); err != nil {
			return err
		}
		g.Go(func() error {
			return fetch(u)
		})
	}
	return nil
}

// OwnerWaits is good: a callee starts the tasks.
func OwnerWaits(urls []string, fetch func(string) error, check func() error) error {
	var g errgroup.Group
	if err := AddTasks(&g, urls, fetch, check); err != nil {
		_ = g.Wait()
		return err
	}
	return g.Wait()
}

// MethodValue is good: who gets Wait can call it.
func MethodValue(urls []string, fetch func(string) error) func() error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait
}

// Handed is good: what keep does with the group, nobody sees.
func Handed(urls []string, fetch func(string) error, keep func(*errgroup.Group) error) error {
	g := new(errgroup.Group)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	if err := keep(g); err != nil {
		return err
	}
	return g.Wait()
}

// SameCondition is good: it Waits where it has started something.
func SameCondition(async bool, task func() error) error {
	var g errgroup.Group
	if async {
		g.Go(task)
	}
	if !async {
		return task()
	}
	return g.Wait()
}

// NoneStarted is good: where it returns early there are no tasks.
func NoneStarted(urls []string, wanted func(string) bool, fetch func(string) error) (int, error) {
	var g errgroup.Group
	n := 0
	for _, u := range urls {
		if !wanted(u) {
			continue
		}
		n++
		g.Go(func() error {
			return fetch(u)
		})
	}
	if n == 0 {
		return 0, nil
	}
	return n, g.Wait()
}

// NoneCollected is good for the same reason.
func NoneCollected(urls []string, wanted func(string) bool, fetch func(string) error) ([]string, error) {
	var (
		g    errgroup.Group
		done []string
		any  bool
	)
	for _, u := range urls {
		if wanted(u) {
			any = true
			done = append(done, u)
			g.Go(func() error {
				return fetch(u)
			})
		}
	}
	if !any {
		return nil, nil
	}
	if len(done) == 0 {
		return nil, nil
	}
	return done, g.Wait()
}

// Exits is good: the process ends, and the tasks with it.
func Exits(urls []string, fetch func(string) error, check func() error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	if err := check(); err != nil {
		log.Fatal(err)
	}
	if urls == nil {
		panic("no urls")
	}
	return g.Wait()
}

// FirstOf is good: it returns with the first answer, and each task can leave its own.
func FirstOf(urls []string, fetch func(string) (string, error)) (string, error) {
	var g errgroup.Group
	out := make(chan string, len(urls))
	for _, u := range urls {
		g.Go(func() error {
			p, err := fetch(u)
			if err != nil {
				return err
			}
			out <- p
			return nil
		})
	}
	if p, ok := <-out; ok {
		return p, nil
	}
	return "", g.Wait()
}

// HearsOfEach is good: it waits for the tasks in another way, and each tells its error.
func HearsOfEach(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(3)
	errc := make(chan error, len(urls))
	for _, u := range urls {
		g.Go(func() error {
			err := fetch(u)
			errc <- err
			return err
		})
	}
	for range urls {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

// Counted is good: a WaitGroup waits for the tasks.
func Counted(urls []string, fetch func(string) error) {
	var (
		g  errgroup.Group
		wg sync.WaitGroup
	)
	g.SetLimit(4)
	for _, u := range urls {
		wg.Add(1)
		g.Go(func() error {
			defer wg.Done()
			return fetch(u)
		})
	}
	wg.Wait()
}

// OnlyLimits is good: the group is there for its limit, and no task returns an error.
func OnlyLimits(next func() (string, bool), handle func(string)) {
	var g errgroup.Group
	g.SetLimit(8)
	for {
		x, ok := next()
		if !ok {
			return
		}
		g.Go(func() error {
			handle(x)
			return nil
		})
	}
}

// Logs is good: the task tells of its error itself.
func Logs(next func() (string, bool), handle func(string) error) {
	var g errgroup.Group
	g.SetLimit(8)
	for {
		x, ok := next()
		if !ok {
			return
		}
		g.Go(func() error {
			err := handle(x)
			if err != nil {
				log.Print(err)
			}
			return err
		})
	}
}

// Forever is good: it never returns.
func Forever(next func() string, handle func(string) error) {
	var g errgroup.Group
	g.SetLimit(8)
	for {
		x := next()
		g.Go(func() error {
			return handle(x)
		})
	}
}

// Seq is good: the loop over an iterator starts the tasks.
func Seq(urls iter.Seq[string], fetch func(string) error, skip func(string) bool) error {
	var g errgroup.Group
	for u := range urls {
		if skip(u) {
			continue
		}
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// helper may be good: what a failing test leaves behind nobody minds.
func helper(t *testing.T, urls []string, fetch func(string) error, check func() error) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	if err := check(); err != nil {
		t.Error(err)
		return
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// Rounds is good: the names serve a second group, and each is waited for (trap 41).
func Rounds(ctx context.Context, first, second []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range first {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g, gctx = errgroup.WithContext(ctx)
	for _, u := range second {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// EachTurn is good: a turn that starts something Waits for it.
func EachTurn(batches [][]string, fetch func(string) error, check func() error) error {
	for _, b := range batches {
		var g errgroup.Group
		if err := check(); err != nil {
			return err
		}
		for _, u := range b {
			g.Go(func() error {
				return fetch(u)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// ClosesTheirs may be good: the task ends when its reader is closed.
func ClosesTheirs(open func() (io.ReadCloser, error), check func() error) error {
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close()
	var g errgroup.Group
	g.Go(func() error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

// Notified may be good: stop cancels the context of the tasks.
func Notified(ctx context.Context, serve func(context.Context) error, check func() error) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return serve(gctx)
	})
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

// testServer may be good: it serves as long as the test process lives.
func testServer(t testing.TB, serve func() error) {
	var g errgroup.Group
	g.Go(func() error {
		return serve()
	})
	t.Log("started")
}

// Busy is good: where TryGo has refused, no task was started.
func Busy(fetch func() error) error {
	var g errgroup.Group
	g.SetLimit(1)
	if !g.TryGo(fetch) {
		return errors.New("busy")
	}
	return g.Wait()
}

// OnlyCause is good: the cause of the derived context is the first error.
func OnlyCause(ctx context.Context, tasks []func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, task := range tasks {
		g.Go(func() error { return task(ctx) })
	}
	<-ctx.Done()
	return context.Cause(ctx)
}
