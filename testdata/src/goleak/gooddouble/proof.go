//go:build proof

package gooddouble

import (
	"context"
	"errors"
	"io"
	"strings"
)

var errBroken = errors.New("broken")

func broken() error { return errBroken }

// claim: none
func driveRun() { Run("index", broken) }

// claim: none
func driveDecode() {
	n := 0
	Decode(strings.NewReader(""), func(io.Reader) (Record, bool) {
		n++
		return Record{Type: 9}, n < 4
	}, func(Record) {})
}

// claim: none
func driveLoad() {
	NewLoader(func(string) (io.ReadCloser, error) { return nil, errBroken }).Load("app.json")
}

// claim: none
func driveRenew() { Renew(context.Background(), func(context.Context) error { return errBroken }) }

// claim: none
func driveProgress() { Progress([]func() error{broken}, func(int) {}) }

// claim: none
func driveProgressEnd() { Progress([]func() error{func() error { return nil }}, func(int) {}) }

// claim: none
func driveLookup() { Lookup(map[string]int{"http": 80}, "smtp") }

// claim: none
func driveNotify() { Notify([]string{"a", "b"}, func(string) error { return errBroken }) }

// claim: none
func driveNotifyOnce() {
	Notify([]string{"a", "b"}, func(e string) error {
		if e == "a" {
			return errBroken
		}
		return nil
	})
}

// claim: none
func driveNext() { NewPoller(func() (bool, error) { return false, errBroken }).Next() }

// claim: none
func drivePair() { Pair(func() (int, error) { return 1, errBroken }) }
