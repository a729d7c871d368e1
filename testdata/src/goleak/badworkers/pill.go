package badworkers

import "sync"

// Count is bad: a worker ends at a negative number, but also when there is no room.
func Count(sizes []int, add func(int) error) {
	in := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for n := range in {
				if n < 0 {
					return
				}
				if err := add(n); err != nil {
					return
				}
			}
		})
	}
	for _, n := range sizes {
		in <- n
	}
	for range 3 {
		in <- -1 // want "send on in blocks forever when err != nil .line 15.: all its receivers have returned"
	}
	wg.Wait()
}
