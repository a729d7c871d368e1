package goodtypes

import (
	"context"

	eg "golang.org/x/sync/errgroup"
)

// NamedWg is good: wg is an errgroup, used as it should be (trap 75).
func NamedWg(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	wg, gctx := eg.WithContext(ctx)
	for _, u := range urls {
		wg.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := wg.Wait(); err != nil {
		return err
	}
	return save(ctx)
}
