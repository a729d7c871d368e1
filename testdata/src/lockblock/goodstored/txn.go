package goodstored

import (
	"math/rand"
	"sync"
)

// A Ledger has its identifier under a lock of its own.
type Ledger struct {
	mu    sync.Mutex
	idmu  sync.Mutex
	id    int64
	total int
	ends  int
}

func (l *Ledger) Begin() int64 {
	l.mu.Lock()
	l.idmu.Lock()
	defer l.idmu.Unlock()
	l.id = rand.Int63()
	return l.id
}

// Add is part of a transaction.
func (l *Ledger) Add(id int64, n int) error {
	l.idmu.Lock()
	defer l.idmu.Unlock()
	if id != l.id {
		return errMismatch
	}
	l.total += n
	return nil
}

// End counts the transactions that have ended well.
func (l *Ledger) End(id int64) error {
	if err := l.end(id); err != nil {
		return err
	}
	l.ends++
	return nil
}

func (l *Ledger) end(id int64) error {
	l.idmu.Lock()
	defer l.idmu.Unlock()
	if id != l.id {
		return errMismatch
	}
	l.mu.Unlock()
	return nil
}

// Sum is good: each transaction ends with the identifier that it began with.
func Sum(l *Ledger, list []int) error {
	for _, n := range list {
		id := l.Begin()
		if err := l.Add(id, n); err != nil {
			panic(err)
		}
		if err := l.End(id); err != nil {
			return err
		}
	}
	return nil
}
