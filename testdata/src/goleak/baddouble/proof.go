//go:build proof

package baddouble

import (
	"context"
	"errors"
	"io"
	"strings"
)

var errBroken = errors.New("broken")

func broken() error { return errBroken }

// claim: leak Run
func driveRun() { Run("index", broken) }

// claim: leak Decode
func driveDecode() {
	n := 0
	go Decode(strings.NewReader(""), func(io.Reader) (Record, bool) {
		n++
		return Record{Type: 9}, n < 4
	}, func(Record) {})
}

// claim: leak Loader.load
func driveLoad() {
	NewLoader(func(string) (io.ReadCloser, error) { return nil, errBroken }).Load("app.json")
}

// claim: leak Renew
func driveRenew() { Renew(context.Background(), func(context.Context) error { return errBroken }) }

// claim: leak Progress
func driveProgress() { Progress([]func() error{broken}, func(int) {}) }

// claim: leak Progress
func driveProgressEnd() { Progress([]func() error{func() error { return nil }}, func(int) {}) }

// claim: leak respond
func driveLookup() { Lookup(map[string]int{"http": 80}, "smtp") }

// claim: leak Notify
func driveNotify() { Notify([]string{"a", "b"}, func(string) error { return errBroken }) }

// claim: leak Notify
func driveNotifyOnce() {
	Notify([]string{"a", "b"}, func(e string) error {
		if e == "a" {
			return errBroken
		}
		return nil
	})
}

// claim: leak Poller.poll
func driveNext() { NewPoller(func() (bool, error) { return false, errBroken }).Next() }
