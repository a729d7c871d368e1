package goodcauses

import (
	"context"
	"errors"
	"testing"
	"time"
)

// The process of a test ends after the tests: a goroutine that is alive then is none of our
// business.
func TestServerRunsOn(t *testing.T) {
	requests := make(chan string)
	go func() {
		for r := range requests {
			t.Log(r)
		}
	}()
	requests <- "GET /"
}

// The test ends here by t.Fatal, and with it the process.
func TestFatal(t *testing.T) {
	done := make(chan error)
	go func() { done <- errors.New("late") }()
	select {
	case err := <-done:
		t.Log(err)
	case <-time.After(time.Second):
		t.Fatal("timed out")
	}
}

// The context of the test ends with the test.
func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	events := make(chan int)
	go func() {
		for i := 0; ; i++ {
			select {
			case events <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	if <-events != 0 {
		t.Error("not 0")
	}
}
