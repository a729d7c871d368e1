package goodhandover

import "sync"

// Changes are made under the lock of its table.
type Changes struct {
	t      *Table
	closed bool
}

// A Table is changed under its lock.
type Table struct {
	mu   sync.Mutex
	rows map[string]string
}

func (t *Table) begin() *Changes {
	t.mu.Lock()
	return &Changes{t: t}
}

func (b *Changes) commit() {
	b.closed = true
	b.t.mu.Unlock()
}

func (b *Changes) abandon() {
	if !b.closed {
		b.commit()
	}
}

// Change is good: abandon knows whether change has committed.
func (t *Table) Change(change func(*Changes) error) error {
	b := t.begin()
	defer b.abandon()
	return change(b)
}

// Put is good for the same reason.
func (t *Table) Put(key, value string) error {
	return t.Change(func(b *Changes) error {
		b.t.rows[key] = value
		b.commit()
		return nil
	})
}
