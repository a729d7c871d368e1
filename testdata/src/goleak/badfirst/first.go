// Package badfirst holds functions that start several senders and receive from some of them.
package badfirst

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrNone is returned when there is nobody to ask.
var ErrNone = errors.New("no replica")

// An Answer comes from a replica.
type Answer struct {
	From string
	Body []byte
	Err  error
}

// Fastest is bad: one answer is received, the other replicas' goroutines stay.
func Fastest(replicas []string, ask func(replica string) ([]byte, error)) (Answer, error) {
	if len(replicas) == 0 {
		return Answer{}, ErrNone
	}
	answers := make(chan Answer)
	for _, r := range replicas {
		go func() {
			body, err := ask(r)
			answers <- Answer{r, body, err} // want "send on answers blocks forever"
		}()
	}
	a := <-answers
	return a, a.Err
}

// Hedged is bad: the second request is started when the first is slow; the loser has no receiver.
func Hedged(ctx context.Context, do func(context.Context) Answer) (Answer, error) {
	answers := make(chan Answer)
	launch := func() {
		answers <- do(ctx) // want "send on answers blocks forever"
	}
	go launch()
	hedge := time.NewTimer(5 * time.Millisecond)
	defer hedge.Stop()
	select {
	case a := <-answers:
		return a, nil
	case <-hedge.C:
		go launch()
	}
	return <-answers, nil
}

// FirstError is bad: every failing check sends, one error is received.
func FirstError(checks []func() error) error {
	var wg sync.WaitGroup
	failed := make(chan error)
	passed := make(chan struct{})
	for _, check := range checks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := check(); err != nil {
				failed <- err // want "send on failed blocks forever"
			}
		}()
	}
	go func() {
		wg.Wait()
		close(passed)
	}()
	select {
	case err := <-failed:
		return err
	case <-passed:
		return nil
	}
}

// A Shard has the rows of a key range.
type Shard struct {
	Name string
	Keys []string
}

// Errors is bad: the capacity counts shards, the sends are per key.
func Errors(shards []Shard, verify func(key string) error) error {
	errs := make(chan error, len(shards))
	sent := 0
	for _, s := range shards {
		for _, k := range s.Keys {
			sent++
			go func() {
				errs <- verify(k) // want "send on errs blocks forever"
			}()
		}
	}
	for range sent {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// Quorum is bad: it returns at two of three votes.
func Quorum(peers [3]string, vote func(peer string) bool) bool {
	votes := make(chan bool)
	for _, p := range peers {
		go func() { votes <- vote(p) }() // want "send on votes blocks forever"
	}
	granted := 0
	for range peers {
		if <-votes {
			granted++
		}
		if granted == 2 {
			return true
		}
	}
	return false
}

// Race is bad: three named sources of which one wins.
func Race(cache, disk, network func() []byte) []byte {
	fromCache, fromDisk, fromNetwork := make(chan []byte), make(chan []byte), make(chan []byte)
	go func() { fromCache <- cache() }()
	go func() { fromDisk <- disk() }()       // want "send on fromDisk blocks forever"
	go func() { fromNetwork <- network() }() // want "send on fromNetwork blocks forever"
	select {
	case b := <-fromCache:
		return b
	case b := <-fromDisk:
		return b
	case b := <-fromNetwork:
		return b
	}
}

// A Balancer asks its upstreams.
type Balancer struct {
	upstreams []string
	probe     func(upstream string) error
}

// NewBalancer returns a balancer of two upstreams at least.
func NewBalancer(probe func(string) error, first, second string, more ...string) *Balancer {
	return &Balancer{append([]string{first, second}, more...), probe}
}

// AnyHealthy is bad: it stops to receive at the first healthy upstream.
func (b *Balancer) AnyHealthy() bool {
	type health struct {
		upstream string
		err      error
	}
	ch := make(chan health)
	for _, u := range b.upstreams {
		go func(u string) {
			ch <- health{u, b.probe(u)} // want "send on ch blocks forever"
		}(u)
	}
	for range b.upstreams {
		if h := <-ch; h.err == nil {
			return true
		}
	}
	return false
}

// Sampled is bad: with a capacity of half the workers, the rest of them cannot end.
func Sampled(measure func(i int) float64) (max float64) {
	const workers, samples = 8, 2
	vals := make(chan float64, workers/2)
	for i := range workers {
		go func() { vals <- measure(i) }() // want "send on vals blocks forever"
	}
	for range samples {
		if v := <-vals; v > max {
			max = v
		}
	}
	return max
}

// Serve is bad in a function that returns: two of the three servers' errors have no receiver.
func Serve(public, admin, metrics func() error) error {
	errc := make(chan error)
	for _, serve := range []func() error{public, admin, metrics} {
		go func() { errc <- serve() }() // want "send on errc blocks forever"
	}
	return <-errc
}
