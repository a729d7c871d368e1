package driver

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progressDelay is the wait that a person does not wonder about.
const progressDelay = 2 * time.Second

// A progress shows, on a terminal, how far a run has come once it takes
// longer than [progressDelay]. Elsewhere it shows nothing. As a writer it
// passes lines on to the terminal without mixing them with its own.
type progress struct {
	w    io.Writer
	name string

	mu          sync.Mutex
	done, total int
	shown       bool

	quit, ended chan struct{}
}

// startProgress returns a progress that is silent unless visible. The caller
// calls stop.
func startProgress(w io.Writer, name string, visible bool) *progress {
	p := &progress{w: w, name: name, quit: make(chan struct{}), ended: make(chan struct{})}
	if visible {
		go p.loop(time.Now())
	} else {
		close(p.ended)
	}
	return p
}

// loop shows the state from time to time until stop is called.
func (p *progress) loop(start time.Time) {
	defer close(p.ended)
	timer := time.NewTimer(progressDelay)
	defer timer.Stop()
	for {
		select {
		case <-p.quit:
			return
		case now := <-timer.C:
			p.show(now.Sub(start))
			timer.Reset(time.Second)
		}
	}
}

func (p *progress) show(elapsed time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.shown = true
	seconds := int(elapsed.Seconds())
	if p.total == 0 {
		fmt.Fprintf(p.w, "%s: working, %ds", p.name, seconds)
		return
	}
	fmt.Fprintf(p.w, "%s: %d of %d packages, %ds", p.name, p.done, p.total, seconds)
}

// clear removes the line that is shown. The caller holds the lock.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// begin says how many steps there will be, and that none is done.
func (p *progress) begin(total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = 0, total
}

// step says that one more is done.
func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	// The go command may replay results of packages beyond the requested ones.
	p.done = min(p.done+1, p.total)
}

// Write writes whole lines.
func (p *progress) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.w.Write(line)
}

// stop removes what is shown and ends the display. It may be called again.
func (p *progress) stop() {
	p.mu.Lock()
	select {
	case <-p.quit:
	default:
		close(p.quit)
	}
	p.mu.Unlock()
	<-p.ended
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}
