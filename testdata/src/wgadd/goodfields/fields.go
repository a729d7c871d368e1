package goodfields

import "sync"

// A batch is its own group.
type batch struct {
	sync.WaitGroup
	rows []string
}

// AddEmbedded is good: the promoted Add is called before the goroutine is started.
func AddEmbedded(b *batch, write func(string)) {
	for _, r := range b.rows {
		b.Add(1)
		go func() {
			defer b.Done()
			write(r)
		}()
	}
	b.Wait()
}

type shard struct {
	wg   sync.WaitGroup
	keys []string
}

// AddInSlice is good: the element's group is counted first.
func AddInSlice(shards []shard, compact func(string)) {
	for i := range shards {
		for _, k := range shards[i].keys {
			shards[i].wg.Add(1)
			go func() {
				defer shards[i].wg.Done()
				compact(k)
			}()
		}
	}
	for i := range shards {
		shards[i].wg.Wait()
	}
}

// AddInMap is good: the group in the map is counted first.
func AddInMap(groups map[string]*sync.WaitGroup, tenant string, jobs []func()) {
	for _, job := range jobs {
		groups[tenant].Add(1)
		go func() {
			defer groups[tenant].Done()
			job()
		}()
	}
	groups[tenant].Wait()
}

// AddToEach is good: each goroutine makes the Adds of one shard and Waits for it itself.
func AddToEach(shards []*shard, compact func(string)) {
	done := make(chan struct{})
	for _, s := range shards {
		go func() {
			for _, k := range s.keys {
				s.wg.Add(1)
				go func() {
					defer s.wg.Done()
					compact(k)
				}()
			}
			s.wg.Wait()
			done <- struct{}{}
		}()
	}
	for range shards {
		<-done
	}
}

// background counts the tasks that Background started.
var background sync.WaitGroup

// Background is good: the task is counted when Background returns.
func Background(task func()) {
	background.Add(1)
	go func() {
		defer background.Done()
		task()
	}()
}

// Drain waits for all tasks that were put into the background.
func Drain() {
	background.Wait()
}

type pool struct {
	jobs    chan func()
	workers sync.WaitGroup
}

// newPool is good: one Add(n) for n workers, whose Done is in a method (trap 9).
func newPool(n int) *pool {
	p := &pool{jobs: make(chan func())}
	p.workers.Add(n)
	for range n {
		go p.work()
	}
	return p
}

func (p *pool) work() {
	defer p.workers.Done()
	for job := range p.jobs {
		job()
	}
}

func (p *pool) close() {
	close(p.jobs)
	p.workers.Wait()
}

// Submit is good: it counts the job in the caller; the worker's Done is the job's (trap 8).
func Submit(jobs []func(done func())) {
	p := newPool(2)
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		p.jobs <- func() { job(wg.Done) }
	}
	wg.Wait()
	p.close()
}

// DoneAsCleanup is good: the callee runs the callback that Dones when it ends (trap 7).
func DoneAsCleanup(xs []int, eval func(int), free func(int)) {
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go evaluate(x, eval, func() {
			wg.Done()
			free(x)
		})
	}
	wg.Wait()
	evaluate(0, eval, nil)
}

func evaluate(x int, eval func(int), cleanup func()) {
	if cleanup != nil {
		defer cleanup()
	}
	eval(x)
}
