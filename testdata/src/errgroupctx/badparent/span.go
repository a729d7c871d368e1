package badparent

import (
	"context"

	eg "golang.org/x/sync/errgroup"
)

// A Tracer starts spans.
type Tracer interface {
	Start(ctx context.Context, name string) (context.Context, Span)
}

// A Span is ended.
type Span interface {
	End()
}

// ParentSpan is bad: the span's context is derived from the parent.
func ParentSpan(ctx context.Context, tracer Tracer, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := eg.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			sctx, span := tracer.Start(ctx, u) // want "parent"
			defer span.End()
			return fetch(sctx, u)
		})
	}
	return g.Wait()
}

// ParentSpanOutside is bad: the span was started before the group, and its context is used in
// the tasks in place of the group's.
func ParentSpanOutside(ctx context.Context, tracer Tracer, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	sctx, span := tracer.Start(ctx, "fetch all")
	defer span.End()
	g, gctx := eg.WithContext(sctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(sctx, u) // want "parent"
		})
	}
	return g.Wait()
}
