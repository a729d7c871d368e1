// Package goodescape holds groups and closures that go to code which is not seen here.
package goodescape

import "sync"

// Start is good: the caller gets the group, counted, and Waits (trap 11).
func Start(jobs []func()) *sync.WaitGroup {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			job()
		}()
	}
	return &wg
}

// An Executor runs functions, at once or later.
type Executor interface {
	Execute(f func())
}

// OnExecutor is good: whether Execute returns before f has run is not known here.
func OnExecutor(e Executor, jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		e.Execute(func() {
			wg.Add(1)
			go func() {
				defer wg.Done()
				job()
			}()
		})
	}
	wg.Wait()
}

// A Mux calls its subscribers.
type Mux struct {
	each func(visit func(string))
}

// ThroughField is good: each is a function value of unknown origin.
func (m *Mux) ThroughField(send func(string)) {
	var wg sync.WaitGroup
	m.each(func(name string) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			send(name)
		}()
	})
	wg.Wait()
}

// A Registry may hold a count of the groups that it is given.
type Registry interface {
	Hold(wg *sync.WaitGroup) (release func())
}

// HeldElsewhere is good: Hold gets the group and may Add to it before the goroutine starts.
func HeldElsewhere(r Registry, xs []int, handle func(int)) {
	var wg sync.WaitGroup
	release := r.Hold(&wg)
	go func() {
		defer release()
		for _, x := range xs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	wg.Wait()
}

// A Client completes requests asynchronously.
type Client interface {
	TrySend(req string, done func(error)) bool
}

// AsyncCompletion is good: no goroutine is in sight; the callback Dones, or the caller if the
// request was not accepted (trap 8).
func AsyncCompletion(c Client, reqs []string, fail func(error)) {
	var wg sync.WaitGroup
	for _, req := range reqs {
		wg.Add(1)
		if !c.TrySend(req, func(err error) {
			if err != nil {
				fail(err)
			}
			wg.Done()
		}) {
			wg.Done()
		}
	}
	wg.Wait()
}

// Check is good: it gets a counted group and spawns its helpers under that count (trap 11).
func Check(items []string, check func(string, *sync.WaitGroup)) {
	var wg sync.WaitGroup
	for _, it := range items {
		wg.Add(1)
		go check(it, &wg)
	}
	wg.Wait()
}

// A Joiner is waited for by whoever made its group.
type Joiner struct {
	Group *sync.WaitGroup
	Run   func()
}

// Join is good: the group is the caller's, who may hold a count and need not Wait.
func (j *Joiner) Join() {
	j.Group.Add(1)
	go func() {
		defer j.Group.Done()
		j.Run()
	}()
}
