package lsp

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// createTimeout is how long a client may take to agree to being shown progress.
const createTimeout = 2 * time.Second

// A progress tells the client how far a run has come, if it wants to know, and
// lets the user cancel the run.
type progress struct {
	server *server
	run    context.Context
	cancel context.CancelFunc
	token  string // empty if nothing is shown

	mu        sync.Mutex
	done, all int
}

// begin starts a run over a number of folders. The caller calls end.
func (s *server) begin(ctx context.Context, dirs int) (context.Context, *progress) {
	p := &progress{server: s}
	p.run, p.cancel = context.WithCancel(ctx)
	s.mu.Lock()
	s.runs++
	name, wanted := fmt.Sprintf("%s-%d", s.cfg.Name, s.runs), s.can.progress
	s.mu.Unlock()
	if !wanted {
		return p.run, p
	}
	create, stop := context.WithTimeout(ctx, createTimeout)
	defer stop()
	if err := s.client.WorkDoneProgressCreate(create, &protocol.ProgressTokenParams{Token: name}); err != nil {
		return p.run, p
	}
	s.mu.Lock()
	s.cancels[name] = p.cancel
	s.mu.Unlock()
	p.token = name
	p.send(ctx, protocol.WorkProgress{
		Kind: "begin", Title: s.cfg.Name, Cancellable: true, Message: plural(dirs, "package"), Percentage: new(uint32),
	})
	return p.run, p
}

// WorkDoneProgressCancel ends a run. Its packages keep the findings they have.
func (s *server) WorkDoneProgressCancel(_ context.Context, params *protocol.ProgressTokenParams) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name, ok := params.Token.(string); ok && s.cancels[name] != nil {
		s.cancels[name]()
	}
	return nil
}

// total says how many steps there will be.
func (p *progress) total(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = n
}

// step says that one more is done.
func (p *progress) step() {
	p.mu.Lock()
	p.done = min(p.done+1, p.all) // the go command may replay more than was asked for
	done, all := p.done, p.all
	p.mu.Unlock()
	if all == 0 {
		return
	}
	percentage := uint32(100 * done / all)
	message := fmt.Sprintf("%d of %s", done, plural(all, "package"))
	p.send(p.run, protocol.WorkProgress{Kind: "report", Message: message, Percentage: &percentage})
}

// end says how the run ended, which may be that it was cancelled.
func (p *progress) end(ctx context.Context, message string) {
	p.cancel()
	p.send(ctx, protocol.WorkProgress{Kind: "end", Message: message})
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	delete(p.server.cancels, p.token)
}

func (p *progress) send(ctx context.Context, value protocol.WorkProgress) {
	if p.token == "" {
		return
	}
	err := p.server.client.Progress(ctx, &protocol.ProgressParams{Token: p.token, Value: value})
	if err != nil && ctx.Err() == nil {
		p.server.log.Printf("progress: %v", err)
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
