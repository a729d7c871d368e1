package badacross

import (
	"sync"

	"across/stream"
)

func each(jobs []string, do func(string)) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		stream.Spawn(func() {
			wg.Add(1) // want `wg.Add runs in the goroutine started at line 12: wg.Wait at line 18 can return before it`
			defer wg.Done()
			do(job)
		})
	}
	wg.Wait()
}

func one(do func()) {
	var wg sync.WaitGroup
	stream.Spawn(func() {
		defer wg.Done()
		do()
	})
	wg.Add(1) // want `wg.Add comes after the goroutine started at line 23`
	wg.Wait()
}
