package goodservers

import (
	"bufio"
	"context"
	"io"
)

// An Update is a message of a stream.
type Update struct{ ID int }

// ProtoMessage marks a protocol buffer message.
func (*Update) ProtoMessage() {}

// A Stream delivers updates until it breaks.
type Stream interface {
	Context() context.Context
	Recv() (*Update, error)
	Send(*Update) error
}

// A Feed opens streams, one at a time.
type Feed struct {
	open   func() (Stream, error)
	beats  chan *Update
	handle func(*Update)
}

// beat sends until its stream ends.
func (f *Feed) beat(s Stream) {
	for {
		select {
		case <-s.Context().Done():
			return
		case u := <-f.beats:
			if s.Send(u) != nil {
				return
			}
		}
	}
}

func (f *Feed) reset() (Stream, error) {
	s, err := f.open()
	if err != nil {
		return nil, err
	}
	go f.beat(s)
	return s, nil
}

// Run is good: a goroutine for each stream, which ends with it, and no message is read
// where one is started.
func (f *Feed) Run() {
	s, broken := f.reset()
	for broken == nil {
		u, err := s.Recv()
		if err != nil {
			s, broken = f.reset()
			continue
		}
		f.handle(u)
	}
}

// Switched is good: the same, with the branches the other way round.
func (f *Feed) Switched(s Stream) {
	for {
		switch u, err := s.Recv(); {
		case err == nil:
			f.handle(u)
		default:
			if s, err = f.open(); err != nil {
				return
			}
			go f.beat(s)
		}
	}
}

// Kept is good: the error is in a variable that a closure knows as well.
func (f *Feed) Kept(s Stream, report func(func() error)) {
	var err error
	report(func() error { return err })
	for {
		var u *Update
		u, err = s.Recv()
		if err != nil && err != io.EOF {
			if s, err = f.open(); err != nil {
				return
			}
			go f.beat(s)
			continue
		}
		f.handle(u)
	}
}

// Refilled is good: a channel that is closed is replaced, and the goroutine which feeds
// the new one is the only one.
func Refilled(feed func() (<-chan Update, func()), use func(Update)) {
	in, run := feed()
	go run()
	for {
		u, ok := <-in
		if !ok {
			in, run = feed()
			go run()
			continue
		}
		use(u)
	}
}

// Files is good: a goroutine for each file that has been read to its end.
func Files(next func() io.Reader, done func()) {
	sc := bufio.NewScanner(next())
	for {
		if !sc.Scan() {
			go done()
			r := next()
			if r == nil {
				return
			}
			sc = bufio.NewScanner(r)
		}
	}
}
