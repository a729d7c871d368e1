// Package goodescape holds channels that are ranged over and whose close may
// stand where no analysis of this package sees it.
package goodescape

import (
	"context"
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"sync"
	"time"
)

// Event is what happened to a file.
type Event struct {
	Path string
	Op   string
}

// Events is good: an exported variable may be closed by anybody.
var Events = make(chan Event)

// Print ranges over the exported variable.
func Print(logf func(Event)) {
	for ev := range Events {
		logf(ev)
	}
}

// Follow is good: the channel is a parameter of an exported function; its
// owner is the caller.
func Follow(events <-chan Event, logf func(Event)) {
	for ev := range events {
		logf(ev)
	}
}

// Sink is good: the goroutine ranges over the channel that is returned, and
// who gets a send-only channel may close it.
func Sink(logf func(Event)) chan<- Event {
	c := make(chan Event)
	go func() {
		for ev := range c {
			logf(ev)
		}
	}()
	return c
}

// SinkWithClose is good: the function that closes is returned beside.
func SinkWithClose(logf func(Event)) (put func(Event), stop func()) {
	c := make(chan Event)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ev := range c {
			logf(ev)
		}
	}()
	return func(ev Event) { c <- ev }, func() { close(c); <-done }
}

// Registry is good: the channel is kept in a global map, from which another
// package may take it.
var Registry = map[string]chan Event{}

// Register stores the channel and ranges over it.
func Register(name string, logf func(Event)) {
	c := make(chan Event)
	Registry[name] = c
	go func() {
		for ev := range c {
			logf(ev)
		}
	}()
}

// Watcher has an exported channel field.
type Watcher struct {
	Out  chan Event
	quit chan struct{}
}

// Watch is good: the channel is stored in an exported field.
func Watch(logf func(Event)) *Watcher {
	w := &Watcher{Out: make(chan Event), quit: make(chan struct{})}
	go func() {
		for ev := range w.Out {
			logf(ev)
		}
	}()
	return w
}

// Source delivers events to a channel that it is given.
type Source interface {
	Subscribe(chan<- Event)
}

// SubscribeAndPrint is good: the channel was handed to an interface method.
func SubscribeAndPrint(s Source, logf func(Event)) {
	c := make(chan Event, 1)
	s.Subscribe(c)
	for ev := range c {
		logf(ev)
	}
}

// Callback is good: a closure that closes the channel is given to unknown
// code.
func Callback(onClose func(func()), logf func(Event)) {
	c := make(chan Event)
	onClose(func() { close(c) })
	for ev := range c {
		logf(ev)
	}
}

// AfterContext is good: context.AfterFunc closes when ctx ends.
func AfterContext(ctx context.Context, n int) (got int) {
	c := make(chan Event, n)
	for range n {
		c <- Event{Op: "create"}
	}
	stop := context.AfterFunc(ctx, func() { close(c) })
	defer stop()
	for range c {
		got++
	}
	return got
}

// AfterTime is good: a timer's function closes.
func AfterTime(d time.Duration) (n int) {
	c := make(chan Event)
	time.AfterFunc(d, func() { close(c) })
	for range c {
		n++
	}
	return n
}

// closer adapts a channel to io.Closer.
type closer struct {
	once sync.Once
	c    chan Event
}

func (c *closer) Close() error {
	c.once.Do(func() { close(c.c) })
	return nil
}

// ThroughInterface is good: the channel is closed by the Close method of an
// interface value.
func ThroughInterface(n int) (got int) {
	c := make(chan Event)
	var cl interface{ Close() error } = &closer{c: c}
	go func() {
		defer cl.Close()
		for range n {
			c <- Event{}
		}
	}()
	for range c {
		got++
	}
	return got
}

// Tail is good: the struct is returned to the caller, and its clean-up closes
// what its goroutine ranges over.
type Tail struct {
	lines *lineQueue
}

type lineQueue struct{ c chan string }

func (q *lineQueue) close() { close(q.c) }

// NewTail starts the goroutine; a clean-up ends it with the Tail.
func NewTail(logf func(string)) *Tail {
	q := &lineQueue{c: make(chan string, 8)}
	go func() {
		for l := range q.c {
			logf(l)
		}
	}()
	t := &Tail{lines: q}
	runtime.AddCleanup(t, func(q *lineQueue) { q.close() }, q)
	return t
}

// Write queues a line.
func (t *Tail) Write(l string) { t.lines.c <- l }

// ChannelOfChannels is good: each channel that is ranged over came through
// another channel; who made it closes it.
func ChannelOfChannels(streams <-chan chan Event, logf func(Event)) {
	for s := range streams {
		for ev := range s {
			logf(ev)
		}
	}
}

type request struct {
	path  string
	reply chan Event
}

// StreamReply is good: the reply channel is made here, sent to a server that
// is not in sight, and closed there.
func StreamReply(server chan<- request, path string) (all []Event) {
	req := request{path: path, reply: make(chan Event, 4)}
	server <- req
	for ev := range req.reply {
		all = append(all, ev)
	}
	return all
}

// AnyValue is good: the channel leaves in an interface value.
func AnyValue(store map[string]any, logf func(Event)) {
	c := make(chan Event)
	store["events"] = c
	go func() {
		for ev := range c {
			logf(ev)
		}
	}()
}

// Reflected is good: reflect closes.
func Reflected(n int) (got int) {
	c := make(chan Event)
	go func() {
		for range n {
			c <- Event{}
		}
		reflect.ValueOf(c).Close()
	}()
	for range c {
		got++
	}
	return got
}

// InContext is good: the channel travels in a context.
func InContext(ctx context.Context, run func(context.Context)) (n int) {
	type key struct{}
	c := make(chan Event)
	go run(context.WithValue(ctx, key{}, c))
	for range c {
		n++
	}
	return n
}

// NotifyThenClose is good: after signal.Stop nobody sends, and the channel
// may be closed for the goroutine that ranges.
func NotifyThenClose(work func() error, dump func()) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	defer close(c)
	defer signal.Stop(c)
	go func() {
		for range c {
			dump()
		}
	}()
	return work()
}

// TakesAddress is good: a pointer to the channel variable goes to code that
// may close and replace it.
func TakesAddress(rotate func(*chan Event), logf func(Event)) {
	c := make(chan Event)
	rotate(&c)
	for ev := range c {
		logf(ev)
	}
}
