package badafter

import "sync"

// AddAfterNamed is bad: the Done stands in the named function, which may already be through.
func AddAfterNamed(queues []<-chan int, handle func(int)) {
	var wg sync.WaitGroup
	for _, q := range queues {
		go consume(&wg, q, handle)
		wg.Add(1) // want "wg\\.Add"
	}
	wg.Wait()
}

func consume(group *sync.WaitGroup, q <-chan int, handle func(int)) {
	defer group.Done()
	for x := range q {
		handle(x)
	}
}

type poller struct {
	wg   sync.WaitGroup
	poll func() bool
	log  func(string)
}

// Start is bad: loop may end, and call Done, before the Add.
func (p *poller) Start() {
	go p.loop()
	p.log("polling")
	p.wg.Add(1) // want "p\\.wg\\.Add"
}

func (p *poller) loop() {
	defer p.wg.Done()
	for p.poll() {
	}
}

func (p *poller) Stop() { p.wg.Wait() }

// AddAfterVariable is bad: the goroutine runs a closure held in a variable.
func AddAfterVariable(n int, job func()) {
	var wg sync.WaitGroup
	worker := func() {
		defer wg.Done()
		job()
	}
	for range n {
		go worker()
	}
	wg.Add(n) // want "wg\\.Add"
	wg.Wait()
}

// AddAfterGeneric is bad: the type parameter changes nothing in the order.
func AddAfterGeneric[T any](xs []T, handle func(T)) {
	var wg sync.WaitGroup
	for _, x := range xs {
		go func() {
			defer wg.Done()
			handle(x)
		}()
		wg.Add(1) // want "wg\\.Add"
	}
	wg.Wait()
}
