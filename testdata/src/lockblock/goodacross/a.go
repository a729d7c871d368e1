package goodacross

import "across/pool"

func twice(t *pool.Table) {
	t.Lock()
	t.Unlock()
	t.Set("a", 1)
}

func count(keys []string) int {
	t := pool.New()
	for i, k := range keys {
		if i > 3 {
			t.Set(k, i)
		}
	}
	t.Lock()
	defer t.Unlock()
	return len(keys)
}

func two(a, b *pool.Table) {
	a.Lock()
	defer a.Unlock()
	b.Set("a", 1)
}
