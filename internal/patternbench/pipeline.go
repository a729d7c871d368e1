package main

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/concurlint/concurlint/patterns/pipeline"
	"github.com/sourcegraph/conc/stream"
	"golang.org/x/sync/errgroup"
)

// What the stages and batches are made of.
const (
	stages      = 3
	stageBuffer = 16 // where stages by hand have buffers
	batchSize   = 64
	batchWait   = 50 * time.Millisecond
)

const runsAhead = "lets a stage be 16 values ahead of the next, not one"

func pipelinePatterns() []pattern {
	return []pattern{
		{
			name: "pipeline.Map",
			entrants: []entrant{
				simple("ours", func(e *env) error {
					return foldOf(e, pipeline.All(e.ctx, pipeline.Map(pipeline.From(slices.Values(e.in)), e.workers, e.get)))
				}),
				simple("by hand: go", handOrderedGo),
				simple("by hand: workers", handOrderedWorkers),
				simple("conc stream", concStream),
			},
			want: folded,
		},
		{
			// Stages of one's own, between a source that does nothing and a loop.
			// An item goes through all of them, and the task is done in each.
			name: "pipeline.All, 3 stages",
			entrants: []entrant{
				simple("ours", func(e *env) error {
					src := pipeline.From(slices.Values(e.in))
					for range stages {
						src = ourStage(src, e.get)
					}
					return foldOf(e, pipeline.All(e.ctx, src))
				}),
				simple("by hand", func(e *env) error { return handStages(e, 0) }),
				simple("errgroup", errgroupStages),
				simple("by hand: buffers", func(e *env) error { return handStages(e, stageBuffer) }).but(runsAhead),
			},
			want:   staged,
			widths: one,
		},
		{
			// The task is done by the source.
			name: "pipeline.Batch",
			entrants: []entrant{
				simple("ours", func(e *env) error {
					src := ourStage(pipeline.From(slices.Values(e.in)), e.get)
					sum := 0
					for batch, err := range pipeline.All(e.ctx, pipeline.Batch(src, batchSize, batchWait)) {
						if err != nil {
							return err
						}
						for _, v := range batch {
							sum = fold(sum, v)
						}
					}
					e.sum = sum
					return nil
				}),
				simple("by hand", handBatches),
			},
			want:   folded,
			widths: one,
		},
	}
}

// foldOf is the loop over an ordered stream of ours.
func foldOf(e *env, stream iter.Seq2[int, error]) error {
	sum := 0
	for v, err := range stream {
		if err != nil {
			return err
		}
		sum = fold(sum, v)
	}
	e.sum = sum
	return nil
}

// handOrderedGo has a goroutine for each value, and a channel of the channels on
// which they send their results. Its capacity bounds their number.
func handOrderedGo(e *env) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	order := make(chan chan int, e.workers-1) // and one that the loop waits for
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(order)
		for v := range slices.Values(e.in) {
			result := make(chan int, 1)
			select {
			case order <- result:
			case <-ctx.Done():
				return
			}
			wg.Go(func() {
				r, err := e.get(ctx, v)
				if err != nil {
					cancel(err)
					return
				}
				result <- r
			})
		}
	})
	return foldOrdered(ctx, e, &wg, order)
}

// handOrderedWorkers has a fixed number of goroutines.
func handOrderedWorkers(e *env) error {
	type job struct {
		v      int
		result chan<- int
	}
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	order, jobs := make(chan chan int, e.workers), make(chan job)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(order)
		defer close(jobs)
		for v := range slices.Values(e.in) {
			result := make(chan int, 1)
			select {
			case order <- result:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- job{v, result}:
			case <-ctx.Done():
				return
			}
		}
	})
	for range e.workers {
		wg.Go(func() {
			for j := range jobs {
				r, err := e.get(ctx, j.v)
				if err != nil {
					cancel(err)
					return
				}
				j.result <- r
			}
		})
	}
	return foldOrdered(ctx, e, &wg, order)
}

// foldOrdered is the loop over the channels of the results.
func foldOrdered(ctx context.Context, e *env, wg *sync.WaitGroup, order <-chan chan int) error {
	sum := 0
	for result := range order {
		select {
		case r := <-result:
			sum = fold(sum, r)
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
	}
	wg.Wait()
	e.sum = sum
	return context.Cause(ctx)
}

// concStream adds the context and the error, which conc/stream knows nothing of.
func concStream(e *env) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	sum := 0
	s := stream.New().WithMaxGoroutines(e.workers)
	for v := range slices.Values(e.in) {
		if ctx.Err() != nil {
			break
		}
		s.Go(func() stream.Callback {
			r, err := e.get(ctx, v)
			if err != nil {
				cancel(err)
			}
			return func() { sum = fold(sum, r) }
		})
	}
	s.Wait()
	e.sum = sum
	return context.Cause(ctx)
}

// ourStage is a stage as the documentation of the package shows it.
func ourStage(in pipeline.Source[int], f func(context.Context, int) (int, error)) pipeline.Source[int] {
	return func(ctx context.Context, yield func(int) bool) error {
		for v, err := range pipeline.All(ctx, in) {
			if err != nil {
				return err
			}
			r, err := f(ctx, v)
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

// staged wants each value to have gone through all stages in order.
func staged(e *env) error {
	sum := 0
	for _, v := range e.in {
		for range stages {
			v = mix(v)
		}
		sum = fold(sum, v)
	}
	if e.sum != sum {
		return errOrder
	}
	return nil
}

// A handStage is a function from a channel to a channel that closes what it
// sends to.
func handStage(ctx context.Context, cancel context.CancelCauseFunc, wg *sync.WaitGroup, buffer int, in <-chan int, f func(context.Context, int) (int, error)) <-chan int {
	out := make(chan int, buffer)
	wg.Go(func() {
		defer close(out)
		for v := range in {
			r, err := f(ctx, v)
			if err != nil {
				cancel(err)
				return
			}
			select {
			case out <- r:
			case <-ctx.Done():
				return
			}
		}
	})
	return out
}

func handStages(e *env, buffer int) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	values := handSource(ctx, &wg, buffer, e.in)
	for range stages {
		values = handStage(ctx, cancel, &wg, buffer, values, e.get)
	}
	sum := 0
	for v := range values {
		sum = fold(sum, v)
	}
	wg.Wait()
	e.sum = sum
	return context.Cause(ctx)
}

func handSource(ctx context.Context, wg *sync.WaitGroup, buffer int, in []int) <-chan int {
	out := make(chan int, buffer)
	wg.Go(func() {
		defer close(out)
		for v := range slices.Values(in) {
			select {
			case out <- v:
			case <-ctx.Done():
				return
			}
		}
	})
	return out
}

func errgroupStages(e *env) error {
	g, ctx := errgroup.WithContext(e.ctx)
	first := make(chan int)
	g.Go(func() error {
		defer close(first)
		for v := range slices.Values(e.in) {
			if err := send(ctx, first, v); err != nil {
				return err
			}
		}
		return nil
	})
	values := (<-chan int)(first)
	for range stages {
		in, out := values, make(chan int)
		g.Go(func() error {
			defer close(out)
			for v := range in {
				r, err := e.get(ctx, v)
				if err != nil {
					return err
				}
				if err := send(ctx, out, r); err != nil {
					return err
				}
			}
			return nil
		})
		values = out
	}
	sum := 0
	for v := range values {
		sum = fold(sum, v)
	}
	e.sum = sum
	return g.Wait()
}

// handBatches is a source, a stage that computes, one that makes batches, and
// the loop.
func handBatches(e *env) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	values := handStage(ctx, cancel, &wg, 0, handSource(ctx, &wg, 0, e.in), e.get)
	batches := make(chan []int)
	wg.Go(func() {
		defer close(batches)
		handBatch(ctx, values, batches)
	})
	sum := 0
	for batch := range batches {
		for _, v := range batch {
			sum = fold(sum, v)
		}
	}
	wg.Wait()
	e.sum = sum
	return context.Cause(ctx)
}

// handBatch sends a batch when it is full, or old. The time runs from its first
// value.
func handBatch(ctx context.Context, in <-chan int, out chan<- []int) {
	var batch []int
	timer := time.NewTimer(batchWait)
	timer.Stop()
	defer timer.Stop()
	flush := func() bool {
		if len(batch) == 0 {
			return true
		}
		timer.Stop()
		select {
		case out <- batch:
			batch = nil
			return true
		case <-ctx.Done():
			return false
		}
	}
	for {
		select {
		case v, ok := <-in:
			if !ok {
				flush()
				return
			}
			if batch == nil {
				batch = make([]int, 0, batchSize)
				timer.Reset(batchWait)
			}
			batch = append(batch, v)
			if len(batch) == batchSize && !flush() {
				return
			}
		case <-timer.C:
			if !flush() {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
