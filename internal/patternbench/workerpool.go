package main

import (
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/alitto/pond/v2"
	"github.com/concurlint/concurlint/patterns/workerpool"
	"github.com/panjf2000/ants/v2"
	conciter "github.com/sourcegraph/conc/iter"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

func workerpoolPatterns() []pattern {
	return []pattern{
		{
			name: "workerpool.ForEach",
			entrants: []entrant{
				simple("ours", func(e *env) error { return workerpool.ForEach(e.ctx, e.workers, e.in, e.do) }),
				simple("by hand: index", func(e *env) error {
					return indexEach(e.ctx, e.workers, len(e.in), func(ctx context.Context, i int) error { return e.do(ctx, e.in[i]) })
				}),
				simple("by hand: channel", func(e *env) error { return channelEach(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				simple("errgroup", func(e *env) error { return errgroupEach(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				simple("conc pool", func(e *env) error { return concEach(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				simple("conc iter", concForEach),
				pondEach(),
				antsEach(),
				antsFuncEach(),
			},
			want: calledOnce,
		},
		{
			name: "workerpool.Map",
			entrants: []entrant{
				simple("ours", func(e *env) (err error) { e.out, err = workerpool.Map(e.ctx, e.workers, e.in, e.get); return }),
				simple("by hand: index", func(e *env) error {
					return intoSlice(e, func(do doIndex) error { return indexEach(e.ctx, e.workers, len(e.in), do) })
				}),
				simple("by hand: channel", func(e *env) error {
					return intoSlice(e, func(do doIndex) error { return channelEach(e.ctx, e.workers, indexes(e), do) })
				}),
				simple("errgroup", func(e *env) error {
					return intoSlice(e, func(do doIndex) error { return errgroupEach(e.ctx, e.workers, indexes(e), do) })
				}),
				simple("conc pool", func(e *env) error {
					return intoSlice(e, func(do doIndex) error { return concEach(e.ctx, e.workers, indexes(e), do) })
				}),
				simple("conc iter", concMap),
				{name: "pond", open: pondMap},
				{name: "ants", open: antsMap},
				{name: "ants func", open: antsFuncMap},
			},
			want: mapped,
		},
		{
			name: "workerpool.Run",
			entrants: []entrant{
				simple("ours", func(e *env) error { return workerpool.Run(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				simple("by hand: channel", func(e *env) error { return channelEach(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				simple("errgroup", func(e *env) error { return errgroupEach(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				simple("conc pool", func(e *env) error { return concEach(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				pondEach(),
				antsEach(),
				antsFuncEach(),
			},
			want: calledOnce,
		},
	}
}

type doIndex = func(ctx context.Context, i int) error

func indexes(e *env) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range e.in {
			if !yield(i) {
				return
			}
		}
	}
}

// intoSlice lets each write the results into a slice, as all do whose functions
// return none.
func intoSlice(e *env, each func(doIndex) error) error {
	out := make([]int, len(e.in))
	err := each(func(ctx context.Context, i int) (err error) {
		out[i], err = e.get(ctx, e.in[i])
		return err
	})
	e.out = out
	return err
}

// indexEach is by hand, for inputs in a slice: the workers count up its index.
func indexEach(ctx context.Context, workers, n int, do doIndex) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(ctx, i); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// channelEach is by hand, with a channel of jobs.
func channelEach[T any](ctx context.Context, workers int, in iter.Seq[T], do func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	jobs := make(chan T, workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for v := range jobs {
				if err := do(ctx, v); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for v := range in {
		select {
		case jobs <- v:
		case <-ctx.Done():
			break feed
		}
	}
	close(jobs)
	wg.Wait()
	return context.Cause(ctx)
}

func errgroupEach[T any](ctx context.Context, workers int, in iter.Seq[T], do func(context.Context, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for v := range in {
		g.Go(func() error { return do(ctx, v) })
	}
	return g.Wait()
}

func newConcPool(ctx context.Context, workers int) *pool.ContextPool {
	return pool.New().WithMaxGoroutines(workers).WithContext(ctx).WithCancelOnError().WithFirstError()
}

func concEach[T any](ctx context.Context, workers int, in iter.Seq[T], do func(context.Context, T) error) error {
	p := newConcPool(ctx, workers)
	for v := range in {
		p.Go(func(ctx context.Context) error { return do(ctx, v) })
	}
	return p.Wait()
}

// concForEach adds the context and the error, which conc/iter knows nothing of.
func concForEach(e *env) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	conciter.Iterator[int]{MaxGoroutines: e.workers}.ForEach(e.in, func(v *int) {
		if ctx.Err() != nil {
			return
		}
		if err := e.do(ctx, *v); err != nil {
			cancel(err)
		}
	})
	return context.Cause(ctx)
}

// concMap stops at nothing: MapErr collects all errors.
func concMap(e *env) (err error) {
	e.out, err = conciter.Mapper[int, int]{MaxGoroutines: e.workers}.MapErr(e.in, func(v *int) (int, error) {
		return e.get(e.ctx, *v)
	})
	return err
}

func pondEach() entrant {
	return entrant{name: "pond", open: func(e *env) (func() error, func()) {
		p := pond.NewPool(e.workers)
		return func() error {
			g := p.NewGroupContext(e.ctx)
			ctx := g.Context()
			for v := range slices.Values(e.in) {
				g.SubmitErr(func() error { return e.do(ctx, v) })
			}
			return g.Wait()
		}, p.StopAndWait
	}}
}

func pondMap(e *env) (func() error, func()) {
	p := pond.NewResultPool[int](e.workers)
	return func() (err error) {
		g := p.NewGroupContext(e.ctx)
		for _, v := range e.in {
			g.SubmitErr(func() (int, error) { return e.get(e.ctx, v) })
		}
		e.out, err = g.Wait()
		return err
	}, p.StopAndWait
}

// newAntsPool returns a pool and how to end it.
func newAntsPool(workers int) (*ants.Pool, func()) {
	p, err := ants.NewPool(workers)
	if err != nil {
		panic(err)
	}
	return p, p.Release
}

// antsAll submits do for each value of in. ants knows nothing of errors and
// contexts, so they are added.
func antsAll[T any](ctx context.Context, p *ants.Pool, in iter.Seq[T], do func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for v := range in {
		if ctx.Err() != nil {
			break
		}
		wg.Add(1)
		err := p.Submit(func() {
			defer wg.Done()
			if err := do(ctx, v); err != nil {
				cancel(err)
			}
		})
		if err != nil {
			wg.Done()
			cancel(err)
		}
	}
	wg.Wait()
	return context.Cause(ctx)
}

func antsEach() entrant {
	return entrant{name: "ants", open: func(e *env) (func() error, func()) {
		p, stop := newAntsPool(e.workers)
		return func() error { return antsAll(e.ctx, p, slices.Values(e.in), e.do) }, stop
	}}
}

func antsMap(e *env) (func() error, func()) {
	p, stop := newAntsPool(e.workers)
	return func() error {
		return intoSlice(e, func(do doIndex) error { return antsAll(e.ctx, p, indexes(e), do) })
	}, stop
}

// An antsRun is what the calls of one run share, since the function of an ants
// pool with a function outlives the run.
type antsRun struct {
	wg     sync.WaitGroup
	ctx    context.Context
	cancel context.CancelCauseFunc
	do     func(context.Context, int) error
}

type antsJob struct {
	run *antsRun
	v   int
}

func newAntsFuncPool(workers int) (*ants.PoolWithFuncGeneric[antsJob], func()) {
	p, err := ants.NewPoolWithFuncGeneric(workers, func(j antsJob) {
		defer j.run.wg.Done()
		if err := j.run.do(j.run.ctx, j.v); err != nil {
			j.run.cancel(err)
		}
	})
	if err != nil {
		panic(err)
	}
	return p, p.Release
}

func antsFuncAll(ctx context.Context, p *ants.PoolWithFuncGeneric[antsJob], in iter.Seq[int], do func(context.Context, int) error) error {
	r := &antsRun{do: do}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	defer r.cancel(nil)
	for v := range in {
		if r.ctx.Err() != nil {
			break
		}
		r.wg.Add(1)
		if err := p.Invoke(antsJob{r, v}); err != nil {
			r.wg.Done()
			r.cancel(err)
		}
	}
	r.wg.Wait()
	return context.Cause(r.ctx)
}

func antsFuncEach() entrant {
	return entrant{name: "ants func", open: func(e *env) (func() error, func()) {
		p, stop := newAntsFuncPool(e.workers)
		return func() error { return antsFuncAll(e.ctx, p, slices.Values(e.in), e.do) }, stop
	}}
}

func antsFuncMap(e *env) (func() error, func()) {
	p, stop := newAntsFuncPool(e.workers)
	return func() error {
		return intoSlice(e, func(do doIndex) error { return antsFuncAll(e.ctx, p, indexes(e), do) })
	}, stop
}
