// Package goodsecondgroup waits for the goroutine that Adds before it waits for the group.
package goodsecondgroup

import (
	"net"
	"sync"
)

type Broker struct {
	loops sync.WaitGroup
	conns sync.WaitGroup
	lns   []net.Listener
}

func (b *Broker) Start() {
	for _, l := range b.lns {
		b.loops.Add(1)
		go b.serve(l)
	}
}

func (b *Broker) serve(l net.Listener) {
	defer b.loops.Done()
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		b.conns.Add(1)
		go func() {
			defer b.conns.Done()
			c.Close()
		}()
	}
}

func (b *Broker) Stop() {
	for _, l := range b.lns {
		l.Close()
	}
	b.loops.Wait()
	b.conns.Wait()
}
