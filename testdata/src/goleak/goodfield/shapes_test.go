package goodfield

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// Reset starts it again.
func TestReset(t *testing.T) {
	c := make(chan time.Time, 1)
	timer := time.AfterFunc(time.Hour, func() { c <- time.Now() })
	for range 3 {
		if !timer.Stop() {
			<-c
		}
		timer.Reset(0)
	}
}

// The test is about the error.
func work(fail bool) error {
	if fail && len(fmt.Sprint(fail)) > 0 {
		return errors.New("x")
	}
	return nil
}
func TestFails(t *testing.T) {
	errc := make(chan error)
	go func() {
		if err := work(true); err != nil {
			errc <- err
			return
		}
	}()
	if err := <-errc; err == nil {
		t.Fatal("no error")
	}
}
