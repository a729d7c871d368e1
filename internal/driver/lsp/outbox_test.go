package lsp

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A peer reads what is written only after it was told to.
type peer struct {
	io.ReadCloser
	start chan struct{}
	got   bytes.Buffer
	err   error
}

func (p *peer) Write(b []byte) (int, error) {
	<-p.start
	if p.err != nil {
		return 0, p.err
	}
	return p.got.Write(b)
}

// TestOutbox writes to a peer that does not read at first.
func TestOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{start: make(chan struct{})}
		o := newOutbox(p)
		for range 3 {
			if n, err := o.Write([]byte("abc")); n != 3 || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
			synctest.Wait()
		}
		begun := time.Now()
		o.drain(time.Second)
		if waited := time.Since(begun); waited != time.Second {
			t.Errorf("drain waited %v for a peer that does not read", waited)
		}
		close(p.start)
		begun = time.Now()
		o.drain(time.Second)
		if waited := time.Since(begun); waited != 0 {
			t.Errorf("drain waited %v for a peer that reads", waited)
		}
		if got, want := p.got.String(), strings.Repeat("abc", 3); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// TestOutboxError writes to a peer that is gone.
func TestOutboxError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("gone")
		p := &peer{start: make(chan struct{}), err: gone}
		close(p.start)
		o := newOutbox(p)
		o.Write([]byte("abc"))
		synctest.Wait()
		if _, err := o.Write([]byte("def")); err != gone {
			t.Errorf("Write after an error: %v", err)
		}
		o.drain(time.Hour)
	})
}
