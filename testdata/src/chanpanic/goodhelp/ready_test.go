package goodhelp

import (
	"testing"
	"time"
)

// A fake that comes from elsewhere, as far as can be seen: it never answers.
var fake func() waiter = func() waiter { return nop{} }

func TestPublishStopped(t *testing.T) {
	s := &server{w: fake(), stopping: make(chan struct{})}
	close(s.stopping)
	s.publish(time.Hour)
}

func TestPublishRetry(t *testing.T) {
	s := &server{w: fake(), stopping: make(chan struct{})}
	go func() {
		time.Sleep(time.Millisecond)
		close(s.stopping)
	}()
	s.publish(time.Microsecond)
}

func TestPublish(t *testing.T) {
	s := newServer(fake())
	close(s.stopping)
	s.publish(time.Hour)
}
