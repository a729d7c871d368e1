// Package goodwaitloop waits for the goroutine that Adds before it waits for the group.
package goodwaitloop

import (
	"context"
	"sync"
)

type Sub struct {
	wg     sync.WaitGroup
	cancel context.CancelFunc
	ended  chan struct{}
}

func Start(ctx context.Context, in <-chan int, f func(int)) *Sub {
	ctx, cancel := context.WithCancel(ctx)
	s := &Sub{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		for {
			select {
			case <-ctx.Done():
				return
			case v := <-in:
				s.wg.Go(func() { f(v) })
			}
		}
	}()
	return s
}

func (s *Sub) Close() {
	s.cancel()
	s.waitLoop()
	s.wg.Wait()
}

func (s *Sub) waitLoop() { <-s.ended }
