package badacross

import (
	"sync"

	"across/stream"
)

func each(jobs []string) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go stream.Work(&wg, job)
	}
	wg.Wait() // want `wg.Wait blocks forever: the goroutine started at line 13 returns at line 96 of stream.go without calling Done`
}

func collect(words []string) []string {
	out := make(chan string)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		stream.Send(out, "a", "b")
	}()
	wg.Wait() // want `a goroutine that it waits for is stuck in send in stream.Send .line 24, at line 130 of stream.go.`
	return append(words, <-out)
}

func viaSpawn(f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	stream.Spawn(func() {
		defer wg.Done()
		f()
	})
	wg.Wait() // want `its counter is still 1`
}
