// Package badiface has locks that are methods of an interface.
package badiface

import "errors"

// A Tx is locked while it is used.
type Tx interface {
	Lock()
	Unlock()
	Get(k string) []string
}

// A Backend has a transaction.
type Backend interface{ Tx() Tx }

// Wait is bad: continue leaves the transaction locked.
func Wait(b Backend, sleep func()) bool {
	for range 5 {
		tx := b.Tx()
		tx.Lock() // want "tx is still locked when the loop goes on to the next one"
		if len(tx.Get("key")) != 0 {
			sleep()
			continue
		}
		tx.Unlock()
		return true
	}
	return false
}

// Find is bad: an error returns with the transaction locked.
func Find(b Backend, k string) (string, error) {
	tx := b.Tx()
	tx.Lock()
	vs := tx.Get(k)
	if len(vs) == 0 {
		return "", errors.New("not found") // want "returns with tx locked since line 34"
	}
	tx.Unlock()
	return vs[0], nil
}
