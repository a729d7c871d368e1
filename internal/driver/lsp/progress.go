package lsp

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.lsp.dev/protocol"
)

// createTimeout is how long a client may take to agree to being shown progress.
const createTimeout = 2 * time.Second

// A progress tells the client how far a run has come, if it wants to know, and
// lets the user cancel the run.
type progress struct {
	server *server
	run    context.Context
	cancel context.CancelFunc
	token  protocol.ProgressToken // nil if nothing is shown

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
	if err := s.client.WorkDoneProgressCreate(create, &protocol.WorkDoneProgressCreateParams{Token: protocol.String(name)}); err != nil {
		return p.run, p
	}
	s.mu.Lock()
	s.cancels[name] = p.cancel
	s.mu.Unlock()
	p.token = protocol.String(name)
	on, zero, message := true, uint32(0), plural(dirs, "package")
	p.send(ctx, &protocol.WorkDoneProgressBegin{
		Kind: "begin", Title: s.cfg.Name, Cancellable: &on, Message: &message, Percentage: &zero,
	})
	return p.run, p
}

// WorkDoneProgressCancel ends a run. Its packages keep the findings they have.
func (s *server) WorkDoneProgressCancel(_ context.Context, params *protocol.WorkDoneProgressCancelParams) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name, ok := params.Token.(protocol.String); ok && s.cancels[string(name)] != nil {
		s.cancels[string(name)]()
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
	p.send(p.run, &protocol.WorkDoneProgressReport{Kind: "report", Message: &message, Percentage: &percentage})
}

// end says how the run ended, which may be that it was cancelled.
func (p *progress) end(ctx context.Context, message string) {
	p.cancel()
	p.send(ctx, &protocol.WorkDoneProgressEnd{Kind: "end", Message: &message})
	if name, ok := p.token.(protocol.String); ok {
		p.server.mu.Lock()
		delete(p.server.cancels, string(name))
		p.server.mu.Unlock()
	}
}

func (p *progress) send(ctx context.Context, value any) {
	if p.token == nil {
		return
	}
	raw, err := protocol.Marshal(value)
	if err == nil {
		err = p.server.client.Progress(ctx, &protocol.ProgressParams{Token: p.token, Value: raw})
	}
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
