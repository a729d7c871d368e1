// Package badservices holds shapes of faulty service code: a close behind the
// Wait for those who drain, a channel in a field of the receiver, errors that
// travel with the results.
package badservices

import "sync"

// CloseBehindWait is bad: the workers drain jobs until it is closed, and the
// close waits for the workers.
func CloseBehindWait(n int, ids []int, handle func(int)) {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for id := range jobs { // want "jobs is closed only after this range"
				handle(id)
			}
		}()
	}
	for _, id := range ids {
		jobs <- id
	}
	wg.Wait()
	close(jobs)
}

// Sum is bad: the close waits for the collector's answer, which comes when the
// collector has drained results.
func Sum(ids []int, load func(int) int) (sum int) {
	results := make(chan int)
	done := make(chan struct{})
	go func() {
		for r := range results { // want "results is closed only after this range"
			sum += r
		}
		close(done)
	}()
	for _, id := range ids {
		results <- load(id)
	}
	<-done
	close(results)
	return sum
}

type reader struct {
	blocks chan []byte
}

func (r *reader) pump(n int) {
	for range n {
		r.blocks <- make([]byte, 10)
	}
}

// All is bad: the channel in the receiver's field is closed by nobody.
func (r *reader) All(n int) (total int) {
	r.blocks = make(chan []byte, 2)
	go r.pump(n)
	for b := range r.blocks { // want "r.blocks is never closed"
		total += len(b)
	}
	return total
}

type result struct {
	id  int
	err error
}

// Check is bad: without an error the range takes the last result and waits.
func Check(ids []int, check func(int) error) ([]int, error) {
	results := make(chan result, len(ids))
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { results <- result{id, check(id)} })
	}
	wg.Wait()
	var good []int
	for r := range results { // want "results is never closed"
		if r.err != nil {
			return nil, r.err
		}
		good = append(good, r.id)
	}
	return good, nil
}
