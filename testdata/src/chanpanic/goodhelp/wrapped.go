// Package goodhelp holds panics that would need help which nobody can give: Close waits
// for the only goroutine that closes donec, and a test knows what its fakes answer.
package goodhelp

type bal struct {
	out    chan int
	stopc  chan struct{}
	donec  chan struct{}
	update chan struct{}
	closed bool
}

func newBal() *bal {
	b := &bal{
		out:    make(chan int, 1),
		stopc:  make(chan struct{}),
		donec:  make(chan struct{}),
		update: make(chan struct{}, 1),
	}
	go b.loop()
	return b
}

func (b *bal) Update() {
	select {
	case b.update <- struct{}{}:
	case <-b.stopc:
	}
}

func (b *bal) loop() {
	defer close(b.donec)
	for {
		select {
		case <-b.update:
			b.notify()
			continue
		default:
		}
		select {
		case <-b.update:
			b.notify()
		case <-b.stopc:
			return
		}
	}
}

func (b *bal) notify() {
	select {
	case b.out <- 1:
	case <-b.stopc:
	}
}

func (b *bal) Out() <-chan int { return b.out }

func (b *bal) Close() {
	if b.closed {
		<-b.donec
		return
	}
	b.closed = true
	close(b.stopc)
	<-b.donec
	close(b.out)
}

func New() interface {
	Update()
	Out() <-chan int
	Close()
} {
	return newBal()
}
