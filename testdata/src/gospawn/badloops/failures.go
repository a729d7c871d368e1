package badloops

import (
	"bufio"
	"errors"
	"io"
)

// An Update is a message of a stream.
type Update struct{ ID int }

// ProtoMessage marks a protocol buffer message.
func (*Update) ProtoMessage() {}

// Stream delivers updates until it breaks.
type Stream interface{ Recv() (*Update, error) }

// AfterTest is bad: the branch for the error is the other one.
func AfterTest(s Stream, reopen func() Stream, handle func(*Update)) {
	for {
		u, err := s.Recv()
		if err != nil {
			s = reopen()
			continue
		}
		go handle(u) // want "goroutine per"
	}
}

// WhereNil is bad: started where there was no error.
func WhereNil(s Stream, handle func(*Update)) {
	for {
		if u, err := s.Recv(); err == nil {
			go handle(u) // want "goroutine per"
		}
	}
}

// OtherError is bad: what fails is not the read.
func OtherError(s Stream, check func(*Update) error, complain func(*Update)) error {
	for {
		u, err := s.Recv()
		if err != nil {
			return err
		}
		if err := check(u); err != nil {
			go complain(u) // want "goroutine per"
		}
	}
}

// Either is bad: the goroutine is started with and without an error.
func Either(s Stream, handle func(*Update, error)) {
	for {
		u, err := s.Recv()
		if err != nil && !errors.Is(err, io.EOF) {
			u = nil
		}
		go handle(u, err) // want "goroutine per"
	}
}

// Retried is bad: in the turn after a line that could be read.
func Retried(r *bufio.Reader, handle func(string)) {
	for {
		line, err := r.ReadString('\n')
		if err == nil {
			go handle(line) // want "goroutine per"
			continue
		}
		if errors.Is(err, io.EOF) {
			return
		}
	}
}
