// Package badafter holds types with methods that talk to a goroutine, some of which know
// that it may have ended, and some of which do not.
package badafter

import "context"

type Node struct {
	props  chan int
	status chan chan int
	stop   chan struct{}
	done   chan struct{}
}

func Start() *Node {
	n := &Node{
		props:  make(chan int),
		status: make(chan chan int),
		stop:   make(chan struct{}),
		done:   make(chan struct{}),
	}
	go n.run()
	return n
}

func (n *Node) run() {
	defer close(n.done)
	sum := 0
	for {
		select {
		case p := <-n.props:
			sum += p
		case c := <-n.status:
			c <- sum
		case <-n.stop:
			return
		}
	}
}

func (n *Node) Propose(p int) {
	select {
	case n.props <- p:
	case <-n.done:
	}
}

func (n *Node) Status() int {
	c := make(chan int)
	n.status <- c // want `send on n\.status blocks forever once run has ended, of which nothing tells it here`
	return <-c
}

func (n *Node) Stop() {
	select {
	case n.stop <- struct{}{}:
	case <-n.done:
		return
	}
	<-n.done
}

// A Hub ends with a context.
type Hub struct {
	join, leave chan string
	over        chan struct{}
}

func NewHub(ctx context.Context) *Hub {
	h := &Hub{make(chan string), make(chan string), make(chan struct{})}
	go h.serve(ctx)
	return h
}

func (h *Hub) serve(ctx context.Context) {
	defer func() { close(h.over) }()
	members := make(map[string]bool)
	for {
		select {
		case name := <-h.join:
			members[name] = true
		case name := <-h.leave:
			delete(members, name)
		case <-ctx.Done():
			return
		}
	}
}

func (h *Hub) Join(name string) bool {
	select {
	case h.join <- name:
		return true
	case <-h.over:
		return false
	}
}

func (h *Hub) Leave(name string) {
	if name == "" {
		return
	}
	h.leave <- name // want `send on h\.leave blocks forever once serve has ended`
}
