// Package badorder holds channels that are closed, but before or after the
// wrong event.
package badorder

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

// RangeBeforeCloser is bad: the goroutine that closes replies is started
// after the range, which never ends.
func RangeBeforeCloser(n int) (values []string) {
	replies := make(chan Reply)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			replies <- ask(i)
		}()
	}
	for r := range replies { // want "replies is closed only after this"
		values = append(values, r.Value)
	}
	go func() {
		wg.Wait()
		close(replies)
	}()
	return values
}

// CloseAfterRange is bad: the close stands below the range that it should
// end.
func CloseAfterRange(n int) (values []string) {
	replies := make(chan Reply, n)
	for i := range n {
		go func() { replies <- ask(i) }()
	}
	for r := range replies { // want "replies is closed only after this"
		values = append(values, r.Value)
	}
	close(replies)
	return values
}

// DeferredCloseByReader is bad: the deferred close runs when the function
// returns, and it does not return before replies is closed.
func DeferredCloseByReader(n int) (values []string) {
	replies := make(chan Reply, n)
	defer close(replies)
	for i := range n {
		go func() { replies <- ask(i) }()
	}
	for r := range replies { // want "replies is closed only after this"
		values = append(values, r.Value)
	}
	return values
}

// WaitBeforeDrain is bad: replies is unbuffered and its only receiver waits
// for the senders first.
func WaitBeforeDrain(n int) (values []string) {
	replies := make(chan Reply)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			replies <- ask(i)
		}()
	}
	wg.Wait() // want "wg.Wait"
	close(replies)
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// WaitBeforeDrainSmallBuffer is bad: the buffer has room for two of the three
// replies.
func WaitBeforeDrainSmallBuffer() (values []string) {
	replies := make(chan Reply, 2)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { replies <- ask(i) })
	}
	wg.Wait() // want "wg.Wait"
	close(replies)
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// GroupWaitBeforeDrain is bad: the tasks block in their send while g.Wait
// waits for them.
func GroupWaitBeforeDrain(replicas [3]int) (values []string, err error) {
	var g errgroup.Group
	replies := make(chan Reply)
	for _, id := range replicas {
		g.Go(func() error {
			r := ask(id)
			replies <- r
			return r.Err
		})
	}
	err = g.Wait() // want "g.Wait"
	close(replies)
	for r := range replies {
		values = append(values, r.Value)
	}
	return values, err
}

// CloseAfterSpawn is bad: nothing waits for the senders before the close.
func CloseAfterSpawn(n int) (values []string) {
	replies := make(chan Reply, n)
	for i := range n {
		go func() { replies <- ask(i) }()
	}
	close(replies) // want "close of replies"
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// CloseBeforeWait is bad: the closer has its two statements in the wrong
// order.
func CloseBeforeWait(n int) (values []string) {
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
		close(replies) // want "close of replies"
		wg.Wait()
	}()
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// DoneBeforeSend is bad: a sender gives up its count before it sends, so the
// closer may overtake it.
func DoneBeforeSend(n int) (values []string) {
	replies := make(chan Reply)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			r := ask(i)
			wg.Done()
			replies <- r
		}()
	}
	go func() {
		wg.Wait()
		close(replies) // want "close of replies"
	}()
	for r := range replies {
		time.Sleep(time.Millisecond)
		values = append(values, r.Value)
	}
	return values
}

// SleepIsNoWait is bad: the close comes after a pause instead of a Wait.
func SleepIsNoWait(delays []time.Duration) (n int) {
	ticks := make(chan time.Duration)
	for _, d := range delays[:min(len(delays), 3)] {
		go func() {
			time.Sleep(d)
			ticks <- d
		}()
	}
	go func() {
		time.Sleep(50 * time.Millisecond)
		close(ticks) // want "close of ticks"
	}()
	for range ticks {
		n++
	}
	return n
}

// CloserPerWorker is bad: a closer is started with each worker, so the
// channel is closed several times.
func CloserPerWorker(n int) (values []string) {
	replies := make(chan Reply)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			replies <- ask(i)
		}()
		go func() {
			wg.Wait()
			close(replies) // want "close of replies"
		}()
	}
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// GuardedSendersNotAwaited is bad: a select on ctx does not save a sender
// from the close that nobody orders after it.
func GuardedSendersNotAwaited(ctx context.Context, n int) (values []string) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	replies := make(chan Reply, n)
	for i := range n {
		go func() {
			r := ask(i)
			select {
			case replies <- r:
			case <-ctx.Done():
			}
		}()
	}
	close(replies) // want "close of replies"
	for r := range replies {
		values = append(values, r.Value)
	}
	return values
}

// FirstErrorCloses is bad: the counting reader returns at the first error,
// and its deferred close meets the replies that are still on their way.
func FirstErrorCloses(replicas []int) (values []string, err error) {
	replies := make(chan Reply, len(replicas))
	defer close(replies) // want "close of replies"
	for _, id := range replicas[:min(len(replicas), 5)] {
		go func() { replies <- ask(id) }()
	}
	for range replicas[:min(len(replicas), 5)] {
		r := <-replies
		if r.Err != nil {
			return nil, r.Err
		}
		values = append(values, r.Value)
	}
	return values, nil
}
