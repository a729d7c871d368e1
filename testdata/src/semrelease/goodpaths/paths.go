// Package goodpaths releases on all paths, in more or less direct ways.
package goodpaths

import (
	"context"
	"errors"
	"os"

	"golang.org/x/sync/semaphore"
)

type Store struct {
	sem   *semaphore.Weighted
	slots chan struct{}
	data  map[string]int
	held  bool
}

func NewStore(n int) *Store {
	return &Store{sem: semaphore.NewWeighted(int64(n)), slots: make(chan struct{}, n), data: map[string]int{}}
}

// Flag acquires if it must, and knows in the end whether it did.
func (s *Store) Flag(wait bool, f func() error) error {
	if wait {
		s.slots <- struct{}{}
	}
	err := f()
	if wait {
		<-s.slots
	}
	return err
}

// Acquired remembers it in a variable.
func (s *Store) Acquired(ctx context.Context, f func() error) error {
	acquired := false
	select {
	case s.slots <- struct{}{}:
		acquired = true
	case <-ctx.Done():
	default:
	}
	defer func() {
		if acquired {
			<-s.slots
		}
	}()
	return f()
}

// Released remembers that it has released.
func (s *Store) Released(f func() error) error {
	s.slots <- struct{}{}
	released := false
	release := func() {
		if !released {
			released = true
			<-s.slots
		}
	}
	defer release()
	if err := f(); err != nil {
		release()
		return err
	}
	return nil
}

// Loop releases in each turn, also when it goes on early.
func (s *Store) Loop(keys []string, f func(int) error) (err error) {
	for _, k := range keys {
		s.slots <- struct{}{}
		v, ok := s.data[k]
		if !ok {
			<-s.slots
			continue
		}
		if err = f(v); err != nil {
			<-s.slots
			break
		}
		<-s.slots
	}
	return err
}

// Each has a function for each turn.
func (s *Store) Each(ctx context.Context, keys []string, f func(int) error) error {
	for _, k := range keys {
		err := func() error {
			if err := s.sem.Acquire(ctx, 1); err != nil {
				return err
			}
			defer s.sem.Release(1)
			return f(s.data[k])
		}()
		if err != nil {
			return err
		}
	}
	return nil
}

// Exit ends the process.
func (s *Store) Exit(f func() error) {
	s.slots <- struct{}{}
	if err := f(); err != nil {
		os.Exit(1)
	}
	<-s.slots
}

// Panic is for the runtime to handle.
func (s *Store) Panic(f func() error) {
	s.slots <- struct{}{}
	if err := f(); err != nil {
		panic(err)
	}
	<-s.slots
}

// Retry acquires anew after a pause.
func (s *Store) Retry(f func() error, pause func()) error {
	for {
		s.slots <- struct{}{}
		err := f()
		<-s.slots
		if err == nil {
			return nil
		}
		pause()
	}
}

// Window gives back its caller's slot for a while.
func (s *Store) Window(f func() error) error {
	<-s.slots
	defer func() { s.slots <- struct{}{} }()
	return f()
}

func (s *Store) Whole(f func() error) error {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	return s.Window(f)
}

// Batch acquires for all, and then releases for all.
func (s *Store) Batch(n int, f func() error) error {
	for range n {
		s.slots <- struct{}{}
	}
	err := f()
	for range n {
		<-s.slots
	}
	return err
}

// Checked looks at the context before it goes on.
func (s *Store) Checked(ctx context.Context, f func()) {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return
	}
	f()
	<-s.slots
}

// Helper releases in a helper that says what went wrong.
func (s *Store) Helper(f func() error) error {
	s.slots <- struct{}{}
	if err := f(); err != nil {
		return s.fail(err)
	}
	<-s.slots
	return nil
}

func (s *Store) fail(err error) error {
	<-s.slots
	return errors.Join(errors.New("failed"), err)
}

// Weights are those of the elements.
func (s *Store) Weights(ctx context.Context, costs []int64, f func()) error {
	for _, c := range costs {
		if err := s.sem.Acquire(ctx, c); err != nil {
			return err
		}
		f()
		s.sem.Release(c)
	}
	return nil
}

// Local is done with its semaphore when it returns.
func Local(tasks []func() error) error {
	sem := make(chan struct{}, 2)
	for _, task := range tasks {
		sem <- struct{}{}
		if task == nil {
			return errors.New("no task")
		}
		go func() {
			defer func() { <-sem }()
			task()
		}()
	}
	return nil
}

// Required does not go on after a failure.
func (s *Store) Required(ctx context.Context, t interface{ FailNow() }, f func()) {
	err := s.sem.Acquire(ctx, 1)
	require(t, err)
	f()
	s.sem.Release(1)
}

func require(t interface{ FailNow() }, err error) {
	if err != nil {
		t.FailNow()
	}
}

// Cancelled knows the only error that there can be.
func (s *Store) Cancelled(ctx context.Context, f func()) {
	err := s.sem.Acquire(ctx, 1)
	if errors.Is(err, context.Canceled) {
		return
	}
	defer s.sem.Release(1)
	f()
}

// Field remembers the result in a field.
func (s *Store) Field(f func()) {
	s.held = s.sem.TryAcquire(1)
	f()
	if s.held {
		s.sem.Release(1)
	}
}

// Try gives up.
func (s *Store) Try(f func()) bool {
	if !s.sem.TryAcquire(2) {
		return false
	}
	f()
	s.sem.Release(1)
	s.sem.Release(1)
	return true
}

// Always asks for the error of an Acquire that cannot fail, as linters want it to:
// nothing has been acquired where there is one.
func (s *Store) Always(f func() error) error {
	if err := s.sem.Acquire(context.Background(), 1); err != nil {
		return err
	}
	defer s.sem.Release(1)
	return f()
}

// AlwaysInLoop goes on with the next one.
func (s *Store) AlwaysInLoop(names []string, f func(string)) {
	ctx := context.WithValue(context.TODO(), key{}, "all")
	for _, name := range names {
		if err := s.sem.Acquire(ctx, 1); err != nil {
			continue
		}
		f(name)
		s.sem.Release(1)
	}
}

type key struct{}

// AlwaysIf releases where it has acquired.
func (s *Store) AlwaysIf(ctx context.Context, f func()) (err error) {
	if err = s.sem.Acquire(context.WithoutCancel(ctx), 1); err == nil {
		defer s.sem.Release(1)
		f()
	}
	return err
}

// AlwaysLogs releases what it certainly has.
func (s *Store) AlwaysLogs(f func(), log func(error)) {
	if err := s.sem.Acquire(context.Background(), 1); err != nil {
		log(err)
	}
	f()
	s.sem.Release(1)
}
