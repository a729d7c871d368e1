package goodacross

import (
	"sync"

	"across/stream"
)

func each(jobs []string) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go stream.WorkAll(&wg, job)
	}
	wg.Wait()
}

func collect(words []string) []string {
	out := make(chan string, 2)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		stream.Send(out, "a", "b")
	}()
	wg.Wait()
	return append(words, <-out, <-out)
}

func viaSpawn(f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		stream.Spawn(func() {
			defer wg.Done()
			f()
		})
	}
	wg.Wait()
}

func called(f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	stream.Call(func() {
		defer wg.Done()
		f()
	})
	wg.Wait()
}
