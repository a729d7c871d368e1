package goodacross

import (
	"sync"

	"across/stream"
)

func sum(words []string) {
	out := make(chan string)
	var wg sync.WaitGroup
	for _, w := range words {
		wg.Go(func() { stream.Send(out, w) })
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	stream.Drain(out)
}

func print(words []string, show func(string)) {
	out := make(chan string)
	go func() {
		defer close(out)
		stream.Send(out, words...)
	}()
	for w := range out {
		show(w)
	}
}
