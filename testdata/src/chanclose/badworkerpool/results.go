package badworkerpool

import (
	"sync"
)

// ResultsNeverClosed is bad: the workers return, nobody closes results, and
// the range waits for a value that never comes.
func ResultsNeverClosed(list []Job) map[int]int {
	jobs := make(chan Job, len(list))
	results := make(chan Result, len(list))

	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				results <- index(j)
			}
		}()
	}
	for _, j := range list {
		jobs <- j
	}
	close(jobs)

	words := make(map[int]int, len(list))
	for r := range results { // want "results is never closed"
		words[r.JobID] = r.Words
	}
	wg.Wait()
	return words
}

// CloserOnlyWaits is bad: the goroutine that waits for the workers ends
// without close(results).
func CloserOnlyWaits(list []Job) int {
	jobs := make(chan Job)
	results := make(chan Result)

	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go indexer(jobs, results, &wg)
	}
	go func() {
		for _, j := range list {
			jobs <- j
		}
		close(jobs)
	}()
	go func() {
		wg.Wait()
	}()

	total := 0
	for r := range results { // want "results is never closed"
		total += r.Words
	}
	return total
}

func indexer(jobs <-chan Job, results chan<- Result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		results <- index(j)
	}
}

// ClosesDoneInstead is bad: the closer closes the done channel, while the
// caller ranges over results.
func ClosesDoneInstead(list []Job) (total int) {
	results := make(chan Result)
	done := make(chan struct{})

	var wg sync.WaitGroup
	for part := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := part; i < len(list); i += 2 {
				results <- index(list[i])
			}
		}()
	}
	go func() {
		wg.Wait()
		close(done)
	}()

	for r := range results { // want "results is never closed"
		total += r.Words
	}
	<-done
	return total
}

// ClosesErrorsOnly is bad: of the two channels that the workers fill, only
// errs is closed.
func ClosesErrorsOnly(list []Job) (total int, failed []error) {
	results := make(chan int, len(list))
	errs := make(chan error, len(list))

	var wg sync.WaitGroup
	for _, j := range list[:min(len(list), 8)] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := index(j)
			if r.Err != nil {
				errs <- r.Err
				return
			}
			results <- r.Words
		}()
	}
	wg.Wait()
	close(errs)

	for err := range errs {
		failed = append(failed, err)
	}
	for n := range results { // want "results is never closed"
		total += n
	}
	return total, failed
}

// WaitGroupGo is bad: wg.Go starts and counts the workers, but the goroutine
// that closes results was forgotten.
func WaitGroupGo(list []Job) (out []Result) {
	jobs := make(chan Job)
	results := make(chan Result)

	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for j := range jobs {
				results <- index(j)
			}
		})
	}
	wg.Go(func() {
		defer close(jobs)
		for _, j := range list {
			jobs <- j
		}
	})

	for r := range results { // want "results is never closed"
		out = append(out, r)
	}
	wg.Wait()
	return out
}
