package explore_test

import (
	"runtime"
	"testing"

	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/machine"
)

// BenchmarkExplore explores a pool of workers until the budget of a root is used
// up. What counts is the time of one instruction, and what a run allocates.
//
//	go test ./internal/explore -run '^$' -bench Explore -count 6 | benchstat -
func BenchmarkExplore(b *testing.B) {
	p := irtest.Load(b, `
type task struct {
	name string
	cost int
}

type pool struct {
	mu   sync.Mutex
	done map[string]int
	errs []error
}

func (p *pool) work(tasks <-chan task, quit <-chan struct{}, results chan<- int) {
	for {
		select {
		case t, ok := <-tasks:
			if !ok {
				return
			}
			if t.cost < 0 {
				p.fail(errors.New(t.name))
				continue
			}
			p.mu.Lock()
			p.done[t.name]++
			p.mu.Unlock()
			results <- t.cost
		case <-quit:
			return
		}
	}
}

func (p *pool) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errs = append(p.errs, err)
}

func f(all []task, workers int) (sum int) {
	p := &pool{done: make(map[string]int)}
	tasks, quit, results := make(chan task), make(chan struct{}), make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			p.work(tasks, quit, results)
		}()
	}
	go func() {
		defer close(tasks)
		for _, t := range all {
			tasks <- t
		}
	}()
	go func() {
		wg.Wait()
		close(results)
	}()
	for r := range results {
		sum += r
	}
	close(quit)
	return sum
}
`)
	prog := p.ProgramOfAll(b)
	mp, fn := machine.NewProgram(prog), irtest.Func(b, prog, "f")
	b.ReportAllocs()
	steps, runs := 0, 0
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		r := explore.Explore(mp, fn, budget)
		steps, runs = steps+r.Steps, runs+r.Runs
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(runs), "allocs/run")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(runs), "B/run")
}
