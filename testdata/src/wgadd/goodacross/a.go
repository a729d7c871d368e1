package goodacross

import (
	"sync"

	"across/stream"
)

func each(jobs []string, do func(string)) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		stream.Spawn(func() {
			defer wg.Done()
			do(job)
		})
	}
	wg.Wait()
}

// Call runs the function before it returns.
func called(jobs []string, do func(string)) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		stream.Call(func() {
			wg.Add(1)
			go func() {
				defer wg.Done()
				do(job)
			}()
		})
	}
	wg.Wait()
}
