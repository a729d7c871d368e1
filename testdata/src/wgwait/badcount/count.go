// Package badcount holds groups that are given a higher count than there are goroutines to count
// down.
package badcount

import (
	"log"
	"sync"
)

// Workers is bad: it counts all items and skips some.
func Workers(items []string, skip func(string) bool, do func(string)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, item := range items {
		if skip(item) {
			continue
		}
		go func() {
			defer wg.Done()
			do(item)
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Pair is bad: two are counted, one is started where there is no mirror.
func Pair(primary func(), mirror func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		primary()
	}()
	if mirror != nil {
		go func() {
			defer wg.Done()
			mirror()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Counted is bad: WaitGroup.Go counts by itself.
func Counted(tasks []func()) {
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Add(1)
		wg.Go(task)
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Closer is bad: one more is counted for the closer, which has no Done.
func Closer(parts [][]int) (sum int) {
	sums := make(chan int, len(parts))
	var wg sync.WaitGroup
	wg.Add(len(parts) + 1)
	for _, part := range parts {
		go func() {
			defer wg.Done()
			s := 0
			for _, n := range part {
				s += n
			}
			sums <- s
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
	close(sums)
	for s := range sums {
		sum += s
	}
	return sum
}

const replicas = 3

// Replicate is bad: the first replica is written without a goroutine, but counted.
func Replicate(write func(replica int) error) {
	var wg sync.WaitGroup
	wg.Add(replicas)
	if err := write(0); err != nil {
		log.Print(err)
	}
	for i := 1; i < replicas; i++ {
		go func() {
			defer wg.Done()
			if err := write(i); err != nil {
				log.Print(err)
			}
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// A Batch is done as a whole.
type Batch struct {
	Items []string
	Err   error
}

// Batches is bad: the items are counted, each batch calls Done once.
func Batches(batches []Batch, send func(string)) {
	var wg sync.WaitGroup
	for _, b := range batches {
		if len(b.Items) == 0 {
			continue
		}
		wg.Add(len(b.Items))
		go func() {
			defer wg.Done()
			for _, item := range b.Items {
				send(item)
			}
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Rejected is bad: the count is taken before the check that leaves the loop's body.
func Rejected(names []string, open func(string) (func(), error)) {
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Add(1)
		run, err := open(name)
		if err != nil {
			log.Print(err)
			continue
		}
		go func() {
			defer wg.Done()
			run()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}
