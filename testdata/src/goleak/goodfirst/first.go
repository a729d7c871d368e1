// Package goodfirst holds functions that start several senders, use the first answers, and leave
// room for or receive the others.
package goodfirst

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

// Fastest is good: there is a slot for each replica.
func Fastest(replicas []string, ask func(replica string) ([]byte, error)) (Answer, error) {
	if len(replicas) == 0 {
		return Answer{}, ErrNone
	}
	answers := make(chan Answer, len(replicas))
	for _, r := range replicas {
		go func() {
			body, err := ask(r)
			answers <- Answer{r, body, err}
		}()
	}
	a := <-answers
	return a, a.Err
}

// Hedged is good: two requests at most, two slots.
func Hedged(ctx context.Context, do func(context.Context) Answer) (Answer, error) {
	answers := make(chan Answer, 2)
	launch := func() {
		answers <- do(ctx)
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

// FirstError is good: only the first failing check gets its error in, the others drop theirs.
func FirstError(checks []func() error) error {
	var wg sync.WaitGroup
	failed := make(chan error, 1)
	passed := make(chan struct{})
	for _, check := range checks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := check(); err != nil {
				select {
				case failed <- err:
				default:
				}
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

// Errors is good: the capacity is the sum of the keys.
func Errors(shards []Shard, verify func(key string) error) error {
	total := 0
	for _, s := range shards {
		total += len(s.Keys)
	}
	errs := make(chan error, total)
	for _, s := range shards {
		for _, k := range s.Keys {
			go func() {
				errs <- verify(k)
			}()
		}
	}
	for range total {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// Quorum is good: three senders, three slots.
func Quorum(peers [3]string, vote func(peer string) bool) bool {
	votes := make(chan bool, len(peers))
	for _, p := range peers {
		go func() { votes <- vote(p) }()
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

// Race is good: each source has a slot.
func Race(cache, disk, network func() []byte) []byte {
	fromCache, fromDisk, fromNetwork := make(chan []byte, 1), make(chan []byte, 1), make(chan []byte, 1)
	go func() { fromCache <- cache() }()
	go func() { fromDisk <- disk() }()
	go func() { fromNetwork <- network() }()
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

// AnyHealthy is good: it takes every answer, also after the first healthy one.
func (b *Balancer) AnyHealthy() (healthy bool) {
	type health struct {
		upstream string
		err      error
	}
	ch := make(chan health)
	for _, u := range b.upstreams {
		go func(u string) {
			ch <- health{u, b.probe(u)}
		}(u)
	}
	for range b.upstreams {
		if h := <-ch; h.err == nil {
			healthy = true
		}
	}
	return healthy
}

// Sampled is good: what is not received fits into the channel.
func Sampled(measure func(i int) float64) (max float64) {
	const workers, samples = 8, 2
	vals := make(chan float64, workers-samples)
	for i := range workers {
		go func() { vals <- measure(i) }()
	}
	for range samples {
		if v := <-vals; v > max {
			max = v
		}
	}
	return max
}

// Serve is good: the capacity is the number of servers.
func Serve(public, admin, metrics func() error) error {
	servers := []func() error{public, admin, metrics}
	errc := make(chan error, len(servers))
	for _, serve := range servers {
		go func() { errc <- serve() }()
	}
	return <-errc
}

// Closest is good: the context of the losers ends when the winner is known, and they watch it.
func Closest(ctx context.Context, first string, others []string, ask func(context.Context, string) Answer) Answer {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan Answer)
	for _, r := range append([]string{first}, others...) {
		go func() {
			a := ask(ctx, r)
			select {
			case answers <- a:
			case <-ctx.Done():
			}
		}()
	}
	select {
	case a := <-answers:
		return a
	case <-ctx.Done():
		return Answer{Err: ctx.Err()}
	}
}

// Drained is good: the rest is received by a goroutine that closes when all have answered.
func Drained(replicas []string, ask func(string) Answer) (a Answer, err error) {
	if len(replicas) == 0 {
		return a, ErrNone
	}
	answers := make(chan Answer)
	var wg sync.WaitGroup
	for _, r := range replicas {
		wg.Go(func() { answers <- ask(r) })
	}
	go func() {
		wg.Wait()
		close(answers)
	}()
	defer func() {
		go func() {
			for range answers {
			}
		}()
	}()
	return <-answers, nil
}
