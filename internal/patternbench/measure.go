package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// A result is what one entrant has cost.
type result struct {
	ns, allocs, bytes float64 // per item
	ratios            []float64
	ratio             float64 // its time divided by that of ours in the same round, the median
}

// A row is one pattern with one task and one number of workers.
type row struct {
	pattern pattern
	task    task
	workers int
	results []result // one for each entrant

	fastest   int     // the entrant, among those that count and are not ours
	toFastest float64 // our time divided by its time
	low, high float64 // where toFastest is with a probability of 95 %
	fewest    float64 // the fewest allocations per item among those that count and are not ours
}

const limit = 1.05 // how much slower than the fastest we may be

// A settings says how to measure.
type settings struct {
	rounds   int
	sample   time.Duration // the least time that is measured at once
	perMicro float64
}

// measure runs all entrants in turn, in many rounds. Whatever else the machine
// does slows all the entrants of a round down, so what is compared is the times
// within a round.
func measure(p pattern, t task, workers int, set settings) (row, error) {
	r := row{pattern: p, task: t, workers: workers, results: make([]result, len(p.entrants))}
	for _, en := range p.entrants {
		if err := p.check(en, 64*workers, workers); err != nil {
			return r, err
		}
	}

	ctx, cancel := context.WithCancel(context.Background()) // which is what most callers have
	defer cancel()
	samplers := make([]*sampler, len(p.entrants))
	for i, en := range p.entrants {
		s, err := newSampler(en, newEnv(ctx, t, p.itemsFor(t, workers), workers, set.perMicro), set.sample)
		if err != nil {
			return r, fmt.Errorf("%s, %s: %w", p.name, en.name, err)
		}
		defer s.stop()
		samplers[i] = s
	}
	ns := make([][]float64, len(samplers))
	for round := range set.rounds {
		for i := range samplers {
			i = (i + round) % len(samplers) // who comes first changes
			t, err := samplers[i].take(&r.results[i])
			if err != nil {
				return r, fmt.Errorf("%s, %s: %w", p.name, p.entrants[i].name, err)
			}
			ns[i] = append(ns[i], t)
		}
	}
	for i := range r.results {
		res := &r.results[i]
		res.allocs /= float64(set.rounds)
		res.bytes /= float64(set.rounds)
		for round := range ns[i] {
			res.ratios = append(res.ratios, ns[i][round]/ns[0][round])
		}
		res.ns, res.ratio = median(ns[i]), median(res.ratios)
	}
	r.compare()
	return r, nil
}

// compare finds out who is the fastest.
func (r *row) compare() {
	r.fewest = math.Inf(1)
	for i, en := range r.pattern.entrants {
		if i == 0 || en.aside != "" {
			continue
		}
		if r.fastest == 0 || r.results[i].ratio < r.results[r.fastest].ratio {
			r.fastest = i
		}
		r.fewest = min(r.fewest, r.results[i].allocs)
	}
	f := r.results[r.fastest]
	low, high := interval(f.ratios)
	r.toFastest, r.low, r.high = 1/f.ratio, 1/high, 1/low
}

// within says whether we are not slower than the limit, as far as the noise
// lets us tell.
func (r *row) within() string {
	switch {
	case r.toFastest <= limit:
		return "yes"
	case r.low <= limit:
		return "unclear"
	}
	return "no"
}

// sparing reports whether none has fewer allocations. In a run of many items, a
// few more to start it do not count.
func (r *row) sparing() bool {
	few := 0.01
	if r.pattern.items == 0 {
		few = max(few, float64(16+2*r.workers)/float64(r.pattern.itemsFor(r.task, r.workers)))
	}
	return r.results[0].allocs <= r.fewest+few
}

// A sampler measures one entrant.
type sampler struct {
	e    *env
	run  func() error
	stop func()
	runs int // in one sample
}

func newSampler(en entrant, e *env, sample time.Duration) (*sampler, error) {
	s := &sampler{e: e, runs: 1}
	s.run, s.stop = en.open(e)
	for range 3 { // also to warm up
		t, err := s.time()
		if err != nil {
			s.stop()
			return nil, err
		}
		s.runs = max(1, int(math.Ceil(float64(s.runs)*float64(sample)/float64(max(t, 1)))))
	}
	return s, nil
}

func (s *sampler) time() (time.Duration, error) {
	start := time.Now()
	for range s.runs {
		if err := s.run(); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

// take returns the time per item in nanoseconds, and adds the allocations to res.
func (s *sampler) take(res *result) (float64, error) {
	var before, after runtime.MemStats
	runtime.GC() // of what the one before has left
	runtime.ReadMemStats(&before)
	t, err := s.time()
	runtime.ReadMemStats(&after)
	items := float64(s.runs * len(s.e.in))
	res.allocs += float64(after.Mallocs-before.Mallocs) / items
	res.bytes += float64(after.TotalAlloc-before.TotalAlloc) / items
	return float64(t) / items, err
}

func median(of []float64) float64 {
	s := slices.Sorted(slices.Values(of))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}

// interval returns where the median is with a probability of 95 %, however the
// values are distributed. For that it takes at least six of them.
func interval(of []float64) (low, high float64) {
	s := slices.Sorted(slices.Values(of))
	n := len(s)
	if n < 6 {
		return 0, math.Inf(1)
	}
	off := int(math.Ceil(0.98 * math.Sqrt(float64(n))))
	return s[max(0, (n-1)/2-off)], s[min(n-1, n/2+off)]
}
