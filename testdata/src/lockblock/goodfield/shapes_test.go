package goodfield

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The main goroutine unlocks what the other one has locked.
func TestUnlockOther(t *testing.T) {
	var mu sync.Mutex
	go func() {
		mu.Lock()
		mu.Lock()
	}()
	for i := 0; !blocked(); i++ {
		time.Sleep(time.Millisecond)
	}
	mu.Unlock()
}

var n int

func blocked() bool { n++; return n > 10 }

// The clock of a bubble.
func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		cond := sync.NewCond(&mu)
		go func() {
			time.Sleep(time.Second)
			mu.Lock()
			cond.Signal()
			mu.Unlock()
		}()
		mu.Lock()
		cond.Wait()
		mu.Unlock()
	})
}

// A count compared with its loop's bound.
type sched struct {
	mu   sync.Mutex
	cond *sync.Cond
	done int
}

func (s *sched) run(jobs chan func()) {
	for j := range jobs {
		j()
		s.mu.Lock()
		s.done++
		s.cond.Broadcast()
		s.mu.Unlock()
	}
}
func (s *sched) wait(n int) {
	s.mu.Lock()
	for s.done < n {
		s.cond.Wait()
	}
	s.mu.Unlock()
}
func TestCounted(t *testing.T) {
	s := &sched{}
	s.cond = sync.NewCond(&s.mu)
	jobs := make(chan func(), 1)
	go s.run(jobs)
	for i := 0; i < 100; i++ {
		jobs <- func() {}
	}
	close(jobs)
	s.wait(100)
}
