// Package gooddiscard holds groups without the derived context whose tasks need none.
package gooddiscard

import (
	"context"
	"crypto/sha256"
	"io"
	"os"

	"golang.org/x/sync/errgroup"
)

// DiscardedClose is good: the tasks take no context and must all run (trap 35).
func DiscardedClose(ctx context.Context, conns []io.Closer) error {
	g, _ := errgroup.WithContext(ctx)
	for _, c := range conns {
		g.Go(c.Close)
	}
	return g.Wait()
}

// DiscardedHash is good: hashing cannot be cancelled (trap 35).
func DiscardedHash(files []string) ([][32]byte, error) {
	g, _ := errgroup.WithContext(context.Background())
	sums := make([][32]byte, len(files))
	for i, f := range files {
		g.Go(func() error {
			b, err := os.ReadFile(f)
			sums[i] = sha256.Sum256(b)
			return err
		})
	}
	return sums, g.Wait()
}

// DiscardedFlushAfter is good: the parent is used after Wait only (trap 36).
func DiscardedFlushAfter(ctx context.Context, rows []string, write func(string) error, flush func(context.Context) error) error {
	g, _ := errgroup.WithContext(ctx)
	for _, r := range rows {
		g.Go(func() error {
			return write(r)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return flush(ctx)
}

// DiscardedParentInSpawner is good: the parent is used before and after the tasks, not in them.
func DiscardedParentInSpawner(ctx context.Context, list func(context.Context) ([]string, error), remove func(string) error) error {
	names, err := list(ctx)
	if err != nil {
		return err
	}
	g, _ := errgroup.WithContext(ctx)
	for _, name := range names {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			return remove(name)
		})
	}
	return g.Wait()
}

// DiscardedDetached is good: the tasks' context is detached on purpose.
func DiscardedDetached(ctx context.Context, rows []string, save func(context.Context, string) error) error {
	g, _ := errgroup.WithContext(ctx)
	for _, r := range rows {
		g.Go(func() error {
			return save(context.WithoutCancel(ctx), r)
		})
	}
	return g.Wait()
}

// ZeroGroup is good: it has no derived context, and its tasks must all have their say (trap 37).
func ZeroGroup(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// NewGroup is good: a pointer to a zero group is one, too.
func NewGroup(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g := new(errgroup.Group)
	g.SetLimit(4)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// KeptFetch is good: the derived context is kept and used.
func KeptFetch(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}
