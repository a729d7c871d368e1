package main

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/concurlint/concurlint/patterns/fanin"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

const notStream = "yields nothing before the last call has returned, and keeps all results in memory"

func faninPatterns() []pattern {
	return []pattern{
		{
			name: "fanin.Map",
			entrants: []entrant{
				simple("ours", func(e *env) error {
					return sumOf(e, fanin.Map(e.ctx, e.workers, fanin.From(slices.Values(e.in)), e.get))
				}),
				simple("by hand", func(e *env) error { return handFaninMap(e, 0) }),
				simple("by hand: buffers", func(e *env) error { return handFaninMap(e, e.workers) }),
				simple("errgroup", errgroupFaninMap),
				simple("conc pool", concFaninMap),
				simple("conc results", concResults).but(notStream),
				{name: "pond results", open: pondResults, aside: notStream},
			},
			want: summed,
		},
		{
			// As many sources as workers. Each makes its part of the items.
			name: "fanin.Merge",
			entrants: []entrant{
				simple("ours", func(e *env) error { return sumOf(e, fanin.Merge(e.ctx, mergeSources(e)...)) }),
				simple("by hand", func(e *env) error { return handMerge(e, mergeSources(e), 0) }),
				simple("by hand: buffer", func(e *env) error { return handMerge(e, mergeSources(e), e.workers) }),
				simple("errgroup", func(e *env) error { return errgroupMerge(e, mergeSources(e)) }),
			},
			want: summed,
		},
		{
			// The sources are channels, into which goroutines send that are the
			// same for all.
			name: "fanin.Merge of Receive",
			entrants: []entrant{
				simple("ours", func(e *env) error {
					return withProducers(e, func(ctx context.Context, from []<-chan int) error {
						var sources []fanin.Source[int]
						for _, ch := range from {
							sources = append(sources, fanin.Receive(ch))
						}
						return sumOf(e, fanin.Merge(ctx, sources...))
					})
				}),
				simple("by hand", func(e *env) error {
					return withProducers(e, func(ctx context.Context, from []<-chan int) error { return handForward(ctx, e, from, 0) })
				}),
				simple("by hand: buffer", func(e *env) error {
					return withProducers(e, func(ctx context.Context, from []<-chan int) error { return handForward(ctx, e, from, e.workers) })
				}),
			},
			want: summed,
		},
		{
			// As many consumers as workers. An item is one that a consumer has got.
			name: "fanin.Tee",
			entrants: []entrant{
				simple("ours", func(e *env) error {
					consumers := make([]func(context.Context, iter.Seq2[int, error]) error, e.workers)
					for i := range consumers {
						consumers[i] = func(ctx context.Context, in iter.Seq2[int, error]) error {
							for v, err := range in {
								if err != nil {
									return err
								}
								if err := e.do(ctx, v); err != nil {
									return err
								}
							}
							return nil
						}
					}
					return fanin.Tee(e.ctx, fanin.From(slices.Values(teeInput(e))), consumers...)
				}),
				simple("by hand", func(e *env) error { return handTee(e, 0) }),
				simple("by hand: buffers", func(e *env) error { return handTee(e, 1) }),
				simple("errgroup", errgroupTee),
			},
			want: teed,
		},
	}
}

// sumOf is the loop over a stream of ours.
func sumOf(e *env, stream iter.Seq2[int, error]) error {
	sum := 0
	for v, err := range stream {
		if err != nil {
			return err
		}
		sum += v
	}
	e.sum = sum
	return nil
}

// handFaninMap is a goroutine that feeds, workers, and one that closes.
func handFaninMap(e *env, buffer int) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	jobs, results := make(chan int, buffer), make(chan int, buffer)
	go func() {
		defer close(jobs)
		for v := range slices.Values(e.in) {
			select {
			case jobs <- v:
			case <-ctx.Done():
				return
			}
		}
	}()
	var wg sync.WaitGroup
	for range e.workers {
		wg.Go(func() {
			for v := range jobs {
				r, err := e.get(ctx, v)
				if err != nil {
					cancel(err)
					return
				}
				select {
				case results <- r:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	sum := 0
	for r := range results {
		sum += r
	}
	e.sum = sum
	return context.Cause(ctx)
}

// send is what a task of errgroup and conc does with its result.
func send(ctx context.Context, to chan<- int, v int) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func errgroupFaninMap(e *env) error {
	g, ctx := errgroup.WithContext(e.ctx)
	g.SetLimit(e.workers)
	results := make(chan int)
	var err error // of the group; set before results is closed
	go func() {
		defer close(results)
		for v := range slices.Values(e.in) {
			g.Go(func() error {
				r, err := e.get(ctx, v)
				if err != nil {
					return err
				}
				return send(ctx, results, r)
			})
		}
		err = g.Wait()
	}()
	sum := 0
	for r := range results {
		sum += r
	}
	e.sum = sum
	return err
}

func concFaninMap(e *env) error {
	p := newConcPool(e.ctx, e.workers)
	results := make(chan int)
	var err error // of the pool; set before results is closed
	go func() {
		defer close(results)
		for v := range slices.Values(e.in) {
			p.Go(func(ctx context.Context) error {
				r, err := e.get(ctx, v)
				if err != nil {
					return err
				}
				return send(ctx, results, r)
			})
		}
		err = p.Wait()
	}()
	sum := 0
	for r := range results {
		sum += r
	}
	e.sum = sum
	return err
}

func concResults(e *env) error {
	p := pool.NewWithResults[int]().WithMaxGoroutines(e.workers).WithContext(e.ctx).WithCancelOnError().WithFirstError()
	for v := range slices.Values(e.in) {
		p.Go(func(ctx context.Context) (int, error) { return e.get(ctx, v) })
	}
	results, err := p.Wait()
	e.sum = 0
	for _, r := range results {
		e.sum += r
	}
	return err
}

func pondResults(e *env) (func() error, func()) {
	p := pond.NewResultPool[int](e.workers)
	return func() error {
		g := p.NewGroupContext(e.ctx)
		for v := range slices.Values(e.in) {
			g.SubmitErr(func() (int, error) { return e.get(e.ctx, v) })
		}
		results, err := g.Wait()
		e.sum = 0
		for _, r := range results {
			e.sum += r
		}
		return err
	}, p.StopAndWait
}

// parts cuts the input into as many parts as there are workers.
func parts(e *env) iter.Seq2[int, []int] {
	return func(yield func(int, []int) bool) {
		for i := range e.workers {
			if !yield(i, e.in[i*len(e.in)/e.workers:(i+1)*len(e.in)/e.workers]) {
				return
			}
		}
	}
}

func mergeSources(e *env) []fanin.Source[int] {
	sources := make([]fanin.Source[int], e.workers)
	for i, part := range parts(e) {
		sources[i] = func(ctx context.Context, yield func(int) bool) error {
			for _, v := range part {
				r, err := e.get(ctx, v)
				if err != nil {
					return err
				}
				if !yield(r) {
					return nil
				}
			}
			return nil
		}
	}
	return sources
}

func handMerge(e *env, sources []fanin.Source[int], buffer int) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	merged := make(chan int, buffer)
	var wg sync.WaitGroup
	for _, source := range sources {
		wg.Go(func() {
			err := source(ctx, func(v int) bool {
				select {
				case merged <- v:
					return true
				case <-ctx.Done():
					return false
				}
			})
			if err != nil {
				cancel(err)
			}
		})
	}
	go func() {
		wg.Wait()
		close(merged)
	}()
	sum := 0
	for v := range merged {
		sum += v
	}
	e.sum = sum
	return context.Cause(ctx)
}

func errgroupMerge(e *env, sources []fanin.Source[int]) error {
	g, ctx := errgroup.WithContext(e.ctx)
	merged := make(chan int)
	for _, source := range sources {
		g.Go(func() error {
			return source(ctx, func(v int) bool { return send(ctx, merged, v) == nil })
		})
	}
	var err error // of the group; set before merged is closed
	go func() {
		defer close(merged)
		err = g.Wait()
	}()
	sum := 0
	for v := range merged {
		sum += v
	}
	e.sum = sum
	return err
}

// withProducers starts a goroutine for each part of the input, which sends into
// a channel of its own.
func withProducers(e *env, merge func(context.Context, []<-chan int) error) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel(nil)
	var from []<-chan int
	for _, part := range parts(e) {
		ch := make(chan int)
		from = append(from, ch)
		wg.Go(func() {
			defer close(ch)
			for _, v := range part {
				r, err := e.get(ctx, v)
				if err == nil {
					err = send(ctx, ch, r)
				}
				if err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	if err := merge(ctx, from); err != nil {
		return err
	}
	return context.Cause(ctx)
}

func handForward(ctx context.Context, e *env, from []<-chan int, buffer int) error {
	merged := make(chan int, buffer)
	var wg sync.WaitGroup
	for _, ch := range from {
		wg.Go(func() {
			for v := range ch {
				select {
				case merged <- v:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		wg.Wait()
		close(merged)
	}()
	sum := 0
	for v := range merged {
		sum += v
	}
	e.sum = sum
	return context.Cause(ctx)
}

// teeInput returns the values that all consumers together get len(e.in) times.
func teeInput(e *env) []int { return e.in[:len(e.in)/e.workers] }

func teed(e *env) error {
	in := teeInput(e)
	calls, of := e.workers*len(in), 0
	for _, v := range in {
		of += e.workers * v
	}
	if int(e.calls.Load()) != calls || int(e.of.Load()) != of {
		return fmt.Errorf("%d calls, want %d", e.calls.Load(), calls)
	}
	return nil
}

// handTee has a channel for each consumer, and sends each value to one after the
// other.
func handTee(e *env, buffer int) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	to := make([]chan int, e.workers)
	for i := range to {
		ch := make(chan int, buffer)
		to[i] = ch
		wg.Go(func() {
			for v := range ch {
				if err := e.do(ctx, v); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for v := range slices.Values(teeInput(e)) {
		for _, ch := range to {
			select {
			case ch <- v:
			case <-ctx.Done():
				break feed
			}
		}
	}
	for _, ch := range to {
		close(ch)
	}
	wg.Wait()
	return context.Cause(ctx)
}

func errgroupTee(e *env) error {
	g, ctx := errgroup.WithContext(e.ctx)
	to := make([]chan int, e.workers)
	for i := range to {
		ch := make(chan int)
		to[i] = ch
		g.Go(func() error {
			for v := range ch {
				if err := e.do(ctx, v); err != nil {
					return err
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		for _, ch := range to {
			defer close(ch)
		}
		for v := range slices.Values(teeInput(e)) {
			for _, ch := range to {
				if err := send(ctx, ch, v); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return g.Wait()
}
