// Package goodregress holds shapes of real code that were reported by mistake.
package goodregress

import (
	"context"
	"io/fs"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Node is looked at.
type Node struct{ Err error }

// ErrorsInNodes is good: the tasks keep their errors and return nil, so that none cancels another;
// the deferred call makes the result a variable.
func ErrorsInNodes(ctx context.Context, names []string, load func(context.Context, string) error) []Node {
	g, _ := errgroup.WithContext(ctx)
	nodes := make([]Node, len(names))
	for i, name := range names {
		g.Go(func() error {
			var n Node
			defer func() { nodes[i] = n }()
			if err := load(ctx, name); err != nil {
				n.Err = err
				return nil
			}
			return nil
		})
	}
	_ = g.Wait()
	return nodes
}

// Display is good: the display goes on until the channel is closed, to show how it ended.
func Display(ctx context.Context, solve func(context.Context, chan<- string) error, show func(context.Context, <-chan string) error) error {
	ch := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return solve(gctx, ch)
	})
	g.Go(func() error {
		return show(context.TODO(), ch)
	})
	return g.Wait()
}

// A server keeps a group for tasks that others add.
type server struct {
	g   *errgroup.Group
	ctx context.Context
}

// Serve is good: the task keeps the group open until the server ends; nothing else can fail.
func (s *server) Serve(ctx context.Context) error {
	s.ctx = ctx
	s.g, _ = errgroup.WithContext(ctx)
	s.g.Go(func() error {
		<-s.ctx.Done()
		return s.ctx.Err()
	})
	return s.g.Wait()
}

// A Tree is walked; it may consist of others.
type Tree interface {
	Walk(ctx context.Context, fn func(string, error) error) error
}

// A Merged tree consists of two.
type Merged struct{ Lower, Upper Tree }

// Walk is good: the callback is that of the outer walk, and watches the outer group.
func (m *Merged) Walk(ctx context.Context, fn func(string, error) error) error {
	lower, upper := make(chan string), make(chan string)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(lower)
		return m.Lower.Walk(ctx, func(name string, err error) error {
			select {
			case lower <- name:
			case <-ctx.Done():
			}
			return context.Cause(ctx)
		})
	})
	g.Go(func() error {
		defer close(upper)
		return m.Upper.Walk(ctx, func(name string, err error) error {
			select {
			case upper <- name:
			case <-ctx.Done():
			}
			return context.Cause(ctx)
		})
	})
	g.Go(func() error {
		for name := range lower {
			if err := fn(name, nil); err != nil {
				return err
			}
		}
		for name := range upper {
			if err := fn(name, fs.ErrExist); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// WalkNested walks a merged tree of merged trees.
func WalkNested(ctx context.Context, a, b, c Tree) ([]string, error) {
	var mu sync.Mutex
	var names []string
	m := &Merged{Lower: &Merged{Lower: a, Upper: b}, Upper: c}
	err := m.Walk(ctx, func(name string, err error) error {
		mu.Lock()
		defer mu.Unlock()
		names = append(names, name)
		return nil
	})
	return names, err
}

// TenantInTask is good: the tenant is looked up in the parent.
func TenantInTask(ctx context.Context, urls []string, fetch func(ctx context.Context, tenant, url string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			tenant, err := tenantID(ctx)
			if err != nil {
				return err
			}
			return fetch(gctx, tenant, u)
		})
	}
	return g.Wait()
}

type tenantKey struct{}

func tenantID(ctx context.Context) (string, error) {
	t, ok := ctx.Value(tenantKey{}).(string)
	if !ok {
		return "", fs.ErrNotExist
	}
	return t, nil
}
