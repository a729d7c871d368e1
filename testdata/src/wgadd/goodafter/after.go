// Package goodafter holds Adds that follow a go statement, but not the one that they pay for.
package goodafter

import (
	"log"
	"sync"

	"golang.org/x/sync/errgroup"
)

// AddBetweenSpawns is good: each Add precedes its own goroutine.
func AddBetweenSpawns(first, second func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		first()
	}()
	wg.Add(1)
	go func() {
		defer wg.Done()
		second()
	}()
	wg.Wait()
}

// AddAfterLogger is good: the goroutine started first does not Done.
func AddAfterLogger(lines <-chan string, logger *log.Logger, job func()) {
	var wg sync.WaitGroup
	go func() {
		for line := range lines {
			logger.Print(line)
		}
	}()
	wg.Add(1)
	go func() {
		defer wg.Done()
		job()
	}()
	wg.Wait()
}

// AddAfterGoOtherGroup is good: the goroutine that is already running Dones another group.
func AddAfterGoOtherGroup(flush, job func()) {
	var flushers, wg sync.WaitGroup
	flushers.Add(1)
	go func() {
		defer flushers.Done()
		flush()
	}()
	wg.Add(1)
	go func() {
		defer wg.Done()
		job()
	}()
	wg.Wait()
	flushers.Wait()
}

// AddBeforeRelease is good: the goroutine runs, but Dones only after start is closed, which
// follows the Add.
func AddBeforeRelease(jobs []func()) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, job := range jobs {
		go func() {
			<-start
			defer wg.Done()
			job()
		}()
	}
	wg.Add(len(jobs))
	close(start)
	wg.Wait()
}

// AddBeforeSend is good: the workers are old, but the job is counted before it is sent.
func AddBeforeSend(jobs []int, handle func(int)) {
	var pending sync.WaitGroup
	queue := make(chan int)
	go func() {
		for j := range queue {
			handle(j)
			pending.Done()
		}
	}()
	for _, j := range jobs {
		pending.Add(1)
		queue <- j
	}
	pending.Wait()
	close(queue)
}

// AddBeforeTask is good: the task is counted before errgroup starts it.
func AddBeforeTask(jobs []func() error) error {
	var wg sync.WaitGroup
	var g errgroup.Group
	for _, job := range jobs {
		wg.Add(1)
		g.Go(func() error {
			defer wg.Done()
			return job()
		})
	}
	wg.Wait()
	return g.Wait()
}

type poller struct {
	wg   sync.WaitGroup
	poll func() bool
	log  func(string)
}

// Start is good: loop is counted before it is started.
func (p *poller) Start() {
	p.wg.Add(1)
	go p.loop()
	p.log("polling")
}

func (p *poller) loop() {
	defer p.wg.Done()
	for p.poll() {
	}
}

func (p *poller) Stop() { p.wg.Wait() }

// AddForVariable is good: the closure in the variable runs n times, and n is added first.
func AddForVariable(n int, job func()) {
	var wg sync.WaitGroup
	worker := func() {
		defer wg.Done()
		job()
	}
	wg.Add(n)
	for range n {
		go worker()
	}
	wg.Wait()
}

// AddAfterSynchronous is good: guarded runs its function before it returns, without a goroutine.
func AddAfterSynchronous(logger *log.Logger, prepare, job func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	guarded(logger, func() {
		defer wg.Done()
		prepare()
	})
	wg.Add(1)
	go func() {
		defer wg.Done()
		job()
	}()
	wg.Wait()
}

func guarded(logger *log.Logger, f func()) {
	defer func() {
		if r := recover(); r != nil {
			logger.Print("recovered: ", r)
		}
	}()
	f()
}

// Closers is good: each group has a goroutine that Waits, and counts before that one starts.
func Closers(batches [][]func(), done func()) {
	for _, b := range batches {
		closeAfter(b, done)
	}
}

func closeAfter(batch []func(), done func()) {
	var wg sync.WaitGroup
	for _, f := range batch {
		if f == nil {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			f()
		}()
	}
	go func() {
		wg.Wait()
		done()
	}()
}
