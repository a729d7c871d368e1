//go:build proof

package badlives

import (
	"errors"
	"time"
)

func fails() error { return errors.New("gone") }

// claim: deadlock Close
func driveSession() { Open(fails).Close() }

// claim: deadlock Close
func driveLoop() { NewLoop(fails).Close() }

// claim: deadlock Close
func driveLink() {
	NewLink(func() (int, error) { time.Sleep(10 * time.Millisecond); return 1, nil }).Close()
}
