//go:build proof

package badlives

import "errors"

// claim: deadlock Close
func driveStore() { NewStore().Close() }

// claim: deadlock Stop
func driveTask() {
	t := NewTask()
	t.Start()
	t.Stop()
}

// claim: leak Close
func driveWatcher() { NewWatcher(func() error { return errors.New("gone") }) }

// claim: deadlock Cache
func driveCache() { NewCache().Close() }
