package badacross

import (
	"errors"

	"across/pool"
)

func twice(t *pool.Table) {
	t.Lock()
	defer t.Unlock()
	t.Set("a", 1) // want `t.Set blocks forever: the goroutine has locked t at line 10`
}

func count(keys []string) int {
	t := pool.New()
	t.Lock()
	for i, k := range keys {
		t.Set(k, i) // want `t.Set blocks forever: the goroutine has locked t at line 17`
	}
	t.Unlock()
	return t.Len()
}

var errEmpty = errors.New("empty")

func fill(t *pool.Table, keys []string) (int, error) {
	t.Lock()
	if len(keys) == 0 {
		return 0, errEmpty // want `returns with t locked since line 28`
	}
	t.Unlock()
	return t.Len(), nil
}
