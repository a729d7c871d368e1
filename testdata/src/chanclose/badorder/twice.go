package badorder

import (
	"context"
	"strings"
	"sync"
)

// EachWorkerCloses is bad: the first of the three workers to finish closes
// the channel under the other two.
func EachWorkerCloses(n int) (values []string) {
	todo := make(chan int, n)
	for i := range n {
		todo <- i
	}
	close(todo)
	replies := make(chan Reply)
	for range 3 {
		go func() {
			defer close(replies) // want "close of replies"
			for id := range todo {
				replies <- ask(id)
			}
		}()
	}
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

func askAll(todo <-chan int, out chan<- Reply) {
	for id := range todo {
		out <- ask(id)
	}
	close(out) // want "close of (out|replies)"
}

// EachNamedWorkerCloses is bad: the worker is a function that closes the
// channel, and a loop starts it several times on the same one.
func EachNamedWorkerCloses(n int) (values []string) {
	todo := make(chan int)
	replies := make(chan Reply)
	for range 3 {
		go askAll(todo, replies)
	}
	go func() {
		defer close(todo)
		for i := range n {
			todo <- i
		}
	}()
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

func scan(ctx context.Context, text string, out chan<- string) {
	defer close(out) // want "close of (out|words)"
	for _, w := range strings.Fields(text) {
		select {
		case out <- w:
		case <-ctx.Done():
			return
		}
	}
}

// TwoOwners is bad: scan closes the channel that it is given, and two of them
// are given the same one.
func TwoOwners(ctx context.Context, left, right string) (n int) {
	words := make(chan string)
	go scan(ctx, left, words)
	go scan(ctx, right, words)
	for range words {
		n++
	}
	return n
}

// CloseForEachWorker is bad: one close ends every worker; the second
// iteration panics.
func CloseForEachWorker(workers int, work func(int)) {
	quit := make(chan struct{})
	var wg sync.WaitGroup
	for i := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				select {
				case <-quit:
					return
				default:
					work(i)
				}
			}
		}()
	}
	for range workers {
		close(quit) // want "close of quit"
	}
	wg.Wait()
}

// CloseInFeedLoop is bad: the close belongs below the loop; the second send
// panics.
func CloseInFeedLoop(replicas []int) (values []string) {
	todo := make(chan int, len(replicas))
	for _, id := range replicas {
		todo <- id // want "send on todo"
		close(todo)
	}
	for id := range todo {
		values = append(values, ask(id).Value)
	}
	return values
}

// SendAfterClose is bad: the marker is sent on the channel that has just been
// closed.
func SendAfterClose(replicas []int) (values []string) {
	jobs := make(chan int, len(replicas)+1)
	for _, id := range replicas {
		jobs <- id
	}
	close(jobs)
	jobs <- -1 // want "send on jobs"
	for id := range jobs {
		values = append(values, ask(id).Value)
	}
	return values
}

// DeferredSendAfterDeferredClose is bad: deferred calls run last in, first
// out, so the summary is sent on the closed channel.
func DeferredSendAfterDeferredClose(replicas []int) (values []string) {
	lines := make(chan string, len(replicas)+1)
	go func() {
		defer func() {
			lines <- "done" // want "send on lines"
		}()
		defer close(lines)
		for _, id := range replicas {
			lines <- ask(id).Value
		}
	}()
	for l := range lines {
		values = append(values, l)
	}
	return values
}

// ClosedAndDeferred is bad: the channel is closed at the end of the body and
// once more by the deferred call.
func ClosedAndDeferred(replicas []int) (values []string) {
	lines := make(chan string)
	go func() {
		defer close(lines) // want "close of lines"
		for _, id := range replicas {
			lines <- ask(id).Value
		}
		close(lines)
	}()
	for l := range lines {
		values = append(values, l)
	}
	return values
}
