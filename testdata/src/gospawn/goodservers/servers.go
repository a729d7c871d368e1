// Package goodservers holds endless loops that start goroutines as servers
// do.
package goodservers

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"sync"
	"time"
)

// Serve is good: one goroutine for each accepted connection.
func Serve(l net.Listener, handle func(net.Conn)) error {
	for {
		c, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		go handle(c)
	}
}

// Proxy is good: two goroutines for each connection by design.
func Proxy(l *net.TCPListener, backend string) error {
	for {
		c, err := l.AcceptTCP()
		if err != nil {
			return err
		}
		b, err := net.Dial("tcp", backend)
		if err != nil {
			c.Close()
			continue
		}
		var once sync.Once
		stop := func() { once.Do(func() { c.Close(); b.Close() }) }
		go func() { defer stop(); io.Copy(b, c) }()
		go func() { defer stop(); io.Copy(c, b) }()
	}
}

// Server counts its connections.
type Server struct {
	wg     sync.WaitGroup
	handle func(net.Conn)
}

// Serve is good: the accept loop with wg.Go.
func (s *Server) Serve(l net.Listener) error {
	defer s.wg.Wait()
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		s.wg.Go(func() {
			defer c.Close()
			s.handle(c)
		})
	}
}

// Transport accepts streams.
type Transport interface {
	AcceptStream(context.Context) (io.ReadWriteCloser, error)
}

// ServeStreams is good: the accept loop of another kind of connection.
func ServeStreams(ctx context.Context, t Transport, handle func(io.ReadWriteCloser)) error {
	for {
		s, err := t.AcceptStream(ctx)
		if err != nil {
			return err
		}
		go handle(s)
	}
}

// Reconnect is good: the reader of a connection is waited for before the next
// one is dialled.
func Reconnect(ctx context.Context, addr string, read func(net.Conn) error) error {
	for ctx.Err() == nil {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		errc := make(chan error, 1)
		go func() { errc <- read(c) }()
		select {
		case err = <-errc:
			log.Println(err)
		case <-ctx.Done():
			c.Close()
			<-errc
		}
	}
	return ctx.Err()
}

// Poll is good: the clock, not an input, says when a goroutine starts.
func Poll(ctx context.Context, every time.Duration, poll func(context.Context)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			go func() {
				ctx, cancel := context.WithTimeout(ctx, every)
				defer cancel()
				poll(ctx)
			}()
		case <-ctx.Done():
			return
		}
	}
}

// OnSignal is good: signals come from an operator.
func OnSignal(reload func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	for range c {
		go reload()
	}
}

// Supervise is good: a goroutine is started again when it has ended.
func Supervise(ctx context.Context, run func(context.Context) error) {
	for ctx.Err() == nil {
		done := make(chan struct{})
		go func() {
			defer close(done)
			if err := run(ctx); err != nil {
				log.Println(err)
			}
		}()
		<-done
	}
}

// OnePerCall is good: no loop here; how often the function is called is the
// caller's affair.
func OnePerCall(urls []string, fetch func([]string)) {
	go fetch(urls)
}

// StopsAfterSpawn is good: the loop is left with the first goroutine that it
// starts.
func StopsAfterSpawn(msgs <-chan string, lead func()) {
	for m := range msgs {
		if m == "leader" {
			go lead()
			return
		}
	}
}
