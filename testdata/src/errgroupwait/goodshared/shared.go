// Package goodshared holds tasks that keep out of each other's way.
package goodshared

import (
	"context"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Locked is good: a lock keeps the tasks apart.
func Locked(urls []string, fetch func(string) (string, error)) (map[string]string, error) {
	var (
		g  errgroup.Group
		mu sync.Mutex
	)
	pages := make(map[string]string)
	for _, u := range urls {
		g.Go(func() error {
			p, err := fetch(u)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			pages[u] = p
			return nil
		})
	}
	return pages, g.Wait()
}

// ByIndex is good: each task has an element of its own.
func ByIndex(urls []string, fetch func(string) (string, error)) ([]string, error) {
	var g errgroup.Group
	pages := make([]string, len(urls))
	for i, u := range urls {
		g.Go(func() (err error) {
			pages[i], err = fetch(u)
			return err
		})
	}
	return pages, g.Wait()
}

// OwnError is good: each task declares its err.
func OwnError(user, orders func() (string, error)) (u, o string, err error) {
	var g errgroup.Group
	g.Go(func() (err error) {
		u, err = user()
		return err
	})
	g.Go(func() error {
		s, err := orders()
		o = s
		return err
	})
	err = g.Wait()
	return u, o, err
}

// OneTask is good: one task assigns the variable, and Wait comes before it is read.
func OneTask(urls []string, size func([]string) (int, error), fetch func(string) error) (total int, err error) {
	var g errgroup.Group
	g.Go(func() error {
		var err error
		total, err = size(urls)
		return err
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	err = g.Wait()
	return total, err
}

// OneAtATime is good: the limit lets no two tasks run at the same time.
func OneAtATime(urls []string, size func(string) int) (total int) {
	var g errgroup.Group
	g.SetLimit(1)
	for _, u := range urls {
		g.Go(func() error {
			total += size(u)
			return nil
		})
	}
	_ = g.Wait()
	return total
}

// WaitBetween is good: the first task has ended when the second one starts.
func WaitBetween(first, second func() error) (err error) {
	var g errgroup.Group
	g.Go(func() error {
		err = first()
		return err
	})
	if werr := g.Wait(); werr != nil {
		return werr
	}
	g.Go(func() error {
		err = second()
		return err
	})
	_ = g.Wait()
	return err
}

// WaitEachTurn is good: so it is in each turn of the loop.
func WaitEachTurn(urls []string, size func(string) int) (total int) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			total += size(u)
			return nil
		})
		_ = g.Wait()
	}
	return total
}

// Exclusive is good: one of the two is started.
func Exclusive(fast bool, a, b func() int) (n int) {
	var g errgroup.Group
	if fast {
		g.Go(func() error {
			n = a()
			return nil
		})
	} else {
		g.Go(func() error {
			n = b()
			return nil
		})
	}
	_ = g.Wait()
	return n
}

// OnlyFirst is good: one task assigns the variable, whichever it is.
func OnlyFirst(urls []string, fetch func(string) string, wanted string) (page, first string) {
	var g errgroup.Group
	for i, u := range urls {
		g.Go(func() error {
			p := fetch(u)
			if i == 0 {
				first = p
			}
			if u == wanted {
				page = p
			}
			return nil
		})
	}
	_ = g.Wait()
	return page, first
}

// PerTurn is good: each turn of the loop has a variable of its own.
func PerTurn(urls []string, fetch func(string) error, report func(string, *error)) {
	var g errgroup.Group
	for _, u := range urls {
		var err error
		g.Go(func() error {
			err = fetch(u)
			return err
		})
		report(u, &err)
	}
	_ = g.Wait()
}

// Turns is good: a token goes from task to task.
func Turns(urls []string, size func(string) int) (total int) {
	var g errgroup.Group
	turn := make(chan bool, 1)
	for _, u := range urls {
		g.Go(func() error {
			turn <- true
			total += size(u)
			<-turn
			return nil
		})
	}
	_ = g.Wait()
	return total
}

// Once is good: the first task that comes assigns the variable.
func Once(urls []string, fetch func(string) error) (first error) {
	var (
		g    errgroup.Group
		once sync.Once
		n    atomic.Int64
	)
	for _, u := range urls {
		g.Go(func() error {
			err := fetch(u)
			if err != nil {
				once.Do(func() { first = err })
			}
			n.Add(1)
			return nil
		})
	}
	_ = g.Wait()
	return first
}

// Decided is good: an atomic operation says which task is to assign the variable.
func Decided(urls []string, fetch func(string) error) (first error) {
	var (
		g    errgroup.Group
		done atomic.Bool
	)
	for _, u := range urls {
		g.Go(func() error {
			if err := fetch(u); err != nil {
				if done.CompareAndSwap(false, true) {
					first = err
				}
			}
			return nil
		})
	}
	_ = g.Wait()
	return first
}

type stats struct {
	mu    sync.Mutex
	total int
}

func (s *stats) lock()   { s.mu.Lock() }
func (s *stats) unlock() { s.mu.Unlock() }

// Wrapped is good: a method takes the lock.
func (s *stats) Wrapped(urls []string, size func(string) int) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			n := size(u)
			s.lock()
			s.total += n
			s.unlock()
			return nil
		})
	}
	return g.Wait()
}

// locker is a lock that may be anything.
type locker interface {
	Enter()
	Leave()
}

// Unseen may be good: two methods of one object may be a lock.
func Unseen(l locker, urls []string, size func(string) int) (total int) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			n := size(u)
			l.Enter()
			defer l.Leave()
			total += n
			return nil
		})
	}
	_ = g.Wait()
	return total
}

// Callback may be good: who calls the function may do so under a lock.
func Callback(ctx context.Context, urls []string, update func(context.Context, func())) (total int) {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			update(gctx, func() { total += len(u) })
			return nil
		})
	}
	_ = g.Wait()
	return total
}

type shard struct {
	total int
}

// OfEach is good: each task has a struct of its own.
func OfEach(shards []*shard, size func() int) error {
	var g errgroup.Group
	for _, s := range shards {
		g.Go(func() error {
			s.total = size()
			return nil
		})
	}
	return g.Wait()
}

// Assigned is good: the pointer points to another struct for each task.
func Assigned(urls []string, size func(string) int) []*shard {
	var (
		g   errgroup.Group
		out []*shard
		s   *shard
	)
	for _, u := range urls {
		s = &shard{}
		out = append(out, s)
		mine := s
		g.Go(func() error {
			mine.total = size(u)
			return nil
		})
	}
	_ = g.Wait()
	return out
}

// TwoGroups is good: the second group starts when the first one is done.
func TwoGroups(a, b func() int) (n int) {
	var first, second errgroup.Group
	first.Go(func() error {
		n = a()
		return nil
	})
	_ = first.Wait()
	second.Go(func() error {
		n += b()
		return nil
	})
	_ = second.Wait()
	return n
}

// TwoFields is good: the tasks assign different fields.
func TwoFields(a, b func() int) (out struct{ x, y int }, err error) {
	var g errgroup.Group
	g.Go(func() error {
		out.x = a()
		return nil
	})
	g.Go(func() error {
		out.y = b()
		return nil
	})
	err = g.Wait()
	return out, err
}

// OnePerKind is good as long as there is one of each kind.
func OnePerKind(kinds []string, load func(string) int) (users, orders int) {
	var g errgroup.Group
	for _, k := range kinds {
		switch k {
		case "users":
			g.Go(func() error {
				users = load(k)
				return nil
			})
		case "orders":
			g.Go(func() error {
				orders = load(k)
				return nil
			})
		}
	}
	_ = g.Wait()
	return users, orders
}

// Options is good: at most one of the two is asked for.
func Options(a, b bool, load func(string) int) (n int) {
	var g errgroup.Group
	if a {
		g.Go(func() error {
			n = load("a")
			return nil
		})
	}
	if b {
		g.Go(func() error {
			n = load("b")
			return nil
		})
	}
	_ = g.Wait()
	return n
}
