// Package goodcount holds groups with as many counts as there are goroutines to count down.
package goodcount

import (
	"log"
	"sync"
)

// Workers is good: it counts all items, also those that it skips.
func Workers(items []string, skip func(string) bool, do func(string)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, item := range items {
		if skip(item) {
			wg.Done()
			continue
		}
		go func() {
			defer wg.Done()
			do(item)
		}()
	}
	wg.Wait()
}

// Pair is good: the second is counted where there is a mirror.
func Pair(primary func(), mirror func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		primary()
	}()
	if mirror != nil {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mirror()
		}()
	}
	wg.Wait()
}

// Counted is good: WaitGroup.Go counts by itself.
func Counted(tasks []func()) {
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(task)
	}
	wg.Wait()
}

// Closer is good: one more is counted for the function itself, which takes it back.
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
	wg.Done()
	wg.Wait()
	close(sums)
	for s := range sums {
		sum += s
	}
	return sum
}

const replicas = 3

// Replicate is good: the first replica is written without a goroutine, and not counted.
func Replicate(write func(replica int) error) {
	var wg sync.WaitGroup
	wg.Add(replicas - 1)
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
	wg.Wait()
}

// A Batch is done as a whole.
type Batch struct {
	Items []string
	Err   error
}

// Batches is good: the items are counted, each calls Done.
func Batches(batches []Batch, send func(string)) {
	var wg sync.WaitGroup
	for _, b := range batches {
		if len(b.Items) == 0 {
			continue
		}
		wg.Add(len(b.Items))
		go func() {
			for _, item := range b.Items {
				send(item)
				wg.Done()
			}
		}()
	}
	wg.Wait()
}

// Rejected is good: the count is taken when nothing can fail any longer.
func Rejected(names []string, open func(string) (func(), error)) {
	var wg sync.WaitGroup
	for _, name := range names {
		run, err := open(name)
		if err != nil {
			log.Print(err)
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			run()
		}()
	}
	wg.Wait()
}

// Grid is good: the product is counted once, each cell has its Done.
func Grid(rows, cols int, fill func(r, c int)) {
	var wg sync.WaitGroup
	wg.Add(rows * cols)
	for r := range rows {
		for c := range cols {
			go func() {
				defer wg.Done()
				fill(r, c)
			}()
		}
	}
	wg.Wait()
}

// Returned is good: what was counted too much is taken back by a negative Add.
func Returned(items []string, accept func(string) bool, do func(string)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	started := 0
	for _, item := range items {
		if !accept(item) {
			break
		}
		started++
		go func() {
			defer wg.Done()
			do(item)
		}()
	}
	wg.Add(started - len(items))
	wg.Wait()
}
