// Package goodorder holds channels that look like those of badorder and are
// closed after the last send and in time for the readers.
package goodorder

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Reply is the answer of one replica.
type Reply struct {
	Replica int
	Value   string
	Err     error
}

func ask(replica int) Reply {
	if replica < 0 {
		return Reply{Replica: replica, Err: errors.New("no such replica")}
	}
	time.Sleep(time.Millisecond)
	return Reply{Replica: replica, Value: "ok"}
}

// CloserBeforeRange is good: the closer runs when the range begins.
func CloserBeforeRange(n int) (values []string) {
	replies := make(chan Reply)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			replies <- ask(i)
		}()
	}
	go func() {
		wg.Wait()
		close(replies)
	}()
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// CountedThenClosed is good: the reader takes as many replies as there are
// senders and closes the channel afterwards.
func CountedThenClosed(n int) (values []string) {
	replies := make(chan Reply, n)
	defer close(replies)
	for i := range n {
		go func() { replies <- ask(i) }()
	}
	for range n {
		r := <-replies
		values = append(values, r.Value)
	}
	return values
}

// AllCountedInSpiteOfErrors is good: the counting loop has no way out, it
// remembers the first error.
func AllCountedInSpiteOfErrors(replicas []int) (values []string, err error) {
	replies := make(chan Reply, len(replicas))
	defer close(replies)
	for _, id := range replicas {
		go func() { replies <- ask(id) }()
	}
	for range replicas {
		r := <-replies
		if r.Err != nil && err == nil {
			err = r.Err
		}
		values = append(values, r.Value)
	}
	return values, err
}

// WaitWithRoomForAll is good: the buffer holds every reply, so Wait may come
// before the range.
func WaitWithRoomForAll(n int) (values []string) {
	replies := make(chan Reply, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			replies <- ask(i)
		}()
	}
	wg.Wait()
	close(replies)
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// WaitWithConstantRoom is good: three sends, room for three.
func WaitWithConstantRoom() (values []string) {
	replies := make(chan Reply, 3)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { replies <- ask(i) })
	}
	wg.Wait()
	close(replies)
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// WaitWhileAnotherDrains is good: replies is unbuffered, but a goroutine that
// the Wait does not wait for receives.
func WaitWhileAnotherDrains(n int) (values []string) {
	replies := make(chan Reply)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for r := range replies {
			values = append(values, r.Value)
		}
	}()
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			replies <- ask(i)
		}()
	}
	wg.Wait()
	close(replies)
	<-drained
	return values
}

// GroupWaitThenClose is good: g.Wait returns after the last send, and the
// buffer has room for one per replica.
func GroupWaitThenClose(replicas [3]int) (values []string, err error) {
	var g errgroup.Group
	replies := make(chan Reply, len(replicas))
	for _, id := range replicas {
		g.Go(func() error {
			r := ask(id)
			replies <- r
			return r.Err
		})
	}
	err = g.Wait()
	close(replies)
	for r := range replies {
		values = append(values, r.Value)
	}
	return values, err
}

// CloseAfterOwnSends is good: the function is the only sender, the buffer has
// room, and the close precedes the range.
func CloseAfterOwnSends(n int) (values []string) {
	replies := make(chan Reply, n)
	for i := range n {
		replies <- ask(i)
	}
	close(replies)
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// GuardedSendersAwaited is good: the senders are waited for, whichever case
// they took.
func GuardedSendersAwaited(ctx context.Context, n int) (values []string) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	replies := make(chan Reply, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			r := ask(i)
			select {
			case replies <- r:
			case <-ctx.Done():
			}
		})
	}
	wg.Wait()
	close(replies)
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// LastWorkerCloses is good: each worker runs the closing function, but a Once
// behind the Wait lets one close.
func LastWorkerCloses(n int) (values []string) {
	todo := make(chan int, n)
	for i := range n {
		todo <- i
	}
	close(todo)
	replies := make(chan Reply)
	var wg sync.WaitGroup
	var once sync.Once
	wg.Add(3)
	for range 3 {
		go func() {
			for id := range todo {
				replies <- ask(id)
			}
			wg.Done()
			wg.Wait()
			once.Do(func() { close(replies) })
		}()
	}
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// MutexCountedClose is good: a counter under a lock tells the last worker.
func MutexCountedClose(workers int) (values []string) {
	if workers < 1 {
		return nil
	}
	replies := make(chan Reply)
	var mu sync.Mutex
	left := workers
	for i := range workers {
		go func() {
			replies <- ask(i)
			mu.Lock()
			defer mu.Unlock()
			left--
			if left == 0 {
				close(replies)
			}
		}()
	}
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// ChannelPerRound is good: each iteration makes the channel that it closes.
func ChannelPerRound(rounds int, work func(quit <-chan struct{})) {
	for range rounds {
		quit := make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			work(quit)
		}()
		close(quit)
		<-done
	}
}

// CloseAndBreak is good: the close in the loop is followed by a break.
func CloseAndBreak(ids []int) (values []string) {
	todo := make(chan int, len(ids)+1)
	for _, id := range ids {
		if id < 0 {
			close(todo)
			todo = nil
			break
		}
		values = append(values, ask(id).Value)
	}
	if todo != nil {
		close(todo)
	}
	return values
}

// DeferredSendThenClose is good: the send is deferred after the close, and so
// runs before it.
func DeferredSendThenClose(replicas []int) (values []string) {
	lines := make(chan string, 1)
	go func() {
		defer close(lines)
		defer func() {
			lines <- "done"
		}()
		for _, id := range replicas {
			lines <- ask(id).Value
		}
	}()
	for l := range lines {
		values = append(values, l)
	}
	return values
}

// ClosedOnEitherBranch is good: the two closes stand on branches that exclude
// each other.
func ClosedOnEitherBranch(ctx context.Context, replicas []int) (values []string) {
	lines := make(chan string)
	go func() {
		for _, id := range replicas {
			if ctx.Err() != nil {
				close(lines)
				return
			}
			lines <- ask(id).Value
		}
		close(lines)
	}()
	for l := range lines {
		values = append(values, l)
	}
	return values
}

// SendersDecideToSpawn is good: the flag that spawns the sender is the flag
// that guards the range and the close.
func SendersDecideToSpawn(verbose bool, replicas []int) (values []string) {
	var lines chan string
	if verbose {
		lines = make(chan string, len(replicas))
		for _, id := range replicas {
			lines <- ask(id).Value
		}
	}
	if verbose {
		close(lines)
		for l := range lines {
			values = append(values, l)
		}
	}
	return values
}

// Quorum is good: it returns at the second answer; the drain goroutine takes
// the rest and ends when the closer has closed the channel.
func Quorum(n int) (values []string) {
	replies := make(chan Reply)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			replies <- ask(i)
		}()
	}
	go func() {
		wg.Wait()
		close(replies)
	}()
	defer func() {
		go func() {
			for range replies {
			}
		}()
	}()
	for r := range replies {
		values = append(values, r.Value)
		if len(values) > n/2 {
			break
		}
	}
	return values
}

// DrainOnError is good: an empty drain loop before the early return frees the
// senders, and the channel is closed.
func DrainOnError(n int) (values []string, err error) {
	replies := make(chan Reply)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { replies <- ask(i - 1) })
	}
	go func() {
		wg.Wait()
		close(replies)
	}()
	for r := range replies {
		if r.Err != nil {
			for range replies {
			}
			return nil, r.Err
		}
		values = append(values, r.Value)
	}
	return values, nil
}
