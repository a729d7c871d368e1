package gooddiscard

import (
	"context"
	"time"
)

// A session starts with something to call, until run has its own context.
type session struct{ cancel context.CancelFunc }

func newSession(ctx context.Context) *session {
	_, cancel := context.WithCancel(ctx)
	s := &session{cancel: cancel}
	s.run(ctx)
	return s
}

func (s *session) run(ctx context.Context) {
	ctx, s.cancel = context.WithCancel(ctx)
	go work(ctx)
}

func (s *session) close() { s.cancel() }

// A link that is not watched gets something to call, another one what ends it.
type link struct{ stop func() }

func dial(ctx context.Context, watch bool) *link {
	var cancel context.CancelFunc
	if watch {
		var derived context.Context
		derived, cancel = context.WithCancel(ctx)
		go work(derived)
	} else {
		_, cancel = context.WithCancel(ctx)
		go work(ctx)
	}
	return &link{stop: cancel}
}

func (l *link) close() { l.stop() }

// A pair is set by position in one place, and by a pointer in another.
type pair struct {
	cancel context.CancelFunc
	name   string
}

func idle(ctx context.Context) *pair {
	p := &pair{name: "idle"}
	_, p.cancel = context.WithCancel(ctx)
	go work(ctx)
	return p
}

func busy(ctx context.Context) *pair {
	ctx, cancel := context.WithCancel(ctx)
	go work(ctx)
	return &pair{cancel, "busy"}
}

func (p *pair) close() { p.cancel() }

// A slot is filled by way of its address.
type slot struct{ cancel context.CancelFunc }

func fill(to *context.CancelFunc, ctx context.Context) {
	ctx, *to = context.WithCancel(ctx)
	go work(ctx)
}

func newSlot(ctx context.Context) *slot {
	s := &slot{}
	_, s.cancel = context.WithCancel(ctx)
	fill(&s.cancel, ctx)
	return s
}

func (s *slot) close() { s.cancel() }

// A Handle is filled by other packages as well.
type Handle struct{ Cancel context.CancelFunc }

// NewHandle makes one for work that is not to be stopped.
func NewHandle(ctx context.Context) *Handle {
	_, cancel := context.WithCancel(ctx)
	go work(ctx)
	return &Handle{Cancel: cancel}
}

// Close calls what is there.
func (h *Handle) Close() { h.Cancel() }

// A dummy has nothing running: its parent is not read behind the call.
type dummy struct{ cancel context.CancelFunc }

func newDummy() *dummy {
	_, cancel := context.WithTimeout(context.Background(), time.Second)
	return &dummy{cancel: cancel}
}

func (d *dummy) close() { d.cancel() }

// A token is handed out: whoever gets the function may only ask for one.
type token struct{ cancel context.CancelFunc }

func newToken(ctx context.Context) *token {
	_, cancel := context.WithCancel(ctx)
	t := &token{cancel: cancel}
	go work(ctx)
	return t
}

func (t *token) release() func() { return t.cancel }
