// Package goodorder holds locks that several goroutines take together and that
// cannot deadlock: in one order, one at a time, or under a third lock.
package goodorder

import "sync"

// An Account has a balance.
type Account struct {
	id      int
	mu      sync.Mutex
	balance int
}

// Transfer is good: it locks the account with the lower number first.
func Transfer(from, to *Account, amount int) {
	first, second := from, to
	if to.id < from.id {
		first, second = to, from
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// Exchange is good: both transfers lock the accounts in one order.
func Exchange(amount int) int {
	a, b := &Account{id: 1, balance: amount}, &Account{id: 2, balance: amount}
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		Transfer(a, b, amount)
	}()
	go func() {
		defer wg.Done()
		Transfer(b, a, amount)
	}()
	wg.Wait()
	return a.balance
}

// A Cluster has locks for its nodes and for its routes.
type Cluster struct {
	nodesMu  sync.Mutex
	nodes    map[string]int
	routesMu sync.Mutex
	routes   map[string]string
}

// Remove removes a node, and then its routes, with one lock at a time.
func (c *Cluster) Remove(node string) {
	c.nodesMu.Lock()
	delete(c.nodes, node)
	c.nodesMu.Unlock()
	c.dropRoutes(node)
}

func (c *Cluster) dropRoutes(node string) {
	c.routesMu.Lock()
	defer c.routesMu.Unlock()
	for route, to := range c.routes {
		if to == node {
			delete(c.routes, route)
		}
	}
}

// Route adds a route: routes, then nodes.
func (c *Cluster) Route(route, node string) bool {
	c.routesMu.Lock()
	defer c.routesMu.Unlock()
	if !c.alive(node) {
		return false
	}
	c.routes[route] = node
	return true
}

func (c *Cluster) alive(node string) bool {
	c.nodesMu.Lock()
	defer c.nodesMu.Unlock()
	_, ok := c.nodes[node]
	return ok
}

// Rebalance is good: Remove never holds both locks.
func Rebalance(nodes []string) {
	c := &Cluster{nodes: make(map[string]int), routes: make(map[string]string)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, n := range nodes {
			c.Remove(n)
		}
	}()
	for _, n := range nodes {
		c.Route("/"+n, n)
	}
	<-done
}

// A Cache evicts into its Stats, which look at the cache.
type Cache struct {
	mu    sync.RWMutex
	items map[string]int
	stats *Stats
}

// Stats counts what its cache does.
type Stats struct {
	mu      sync.Mutex
	evicted int
	cache   *Cache
}

// NewCache returns a cache with its stats.
func NewCache() *Cache {
	c := &Cache{items: make(map[string]int), stats: &Stats{}}
	c.stats.cache = c
	return c
}

// Evict is good: it tells the stats without the lock.
func (c *Cache) Evict(key string) {
	c.mu.Lock()
	delete(c.items, key)
	c.mu.Unlock()
	c.stats.add(1)
}

// Len counts the items.
func (c *Cache) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.items)
}

func (s *Stats) add(n int) {
	s.mu.Lock()
	s.evicted += n
	s.mu.Unlock()
}

// Snapshot holds the stats and locks the cache.
func (s *Stats) Snapshot() (items, evicted int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cache.Len(), s.evicted
}

// Watch is good: the eviction locks one after the other.
func Watch(keys []string) (items int) {
	c := NewCache()
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, key := range keys {
			c.Evict(key)
		}
	})
	for range keys {
		items, _ = c.stats.Snapshot()
	}
	wg.Wait()
	return items
}

// Philosophers is good: each takes the fork with the lower number first.
func Philosophers(think, eat func(int)) {
	var forks [3]sync.Mutex
	var wg sync.WaitGroup
	for i := range forks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			first, second := i, (i+1)%3
			if second < first {
				first, second = second, first
			}
			forks[first].Lock()
			think(i)
			forks[second].Lock()
			eat(i)
			forks[second].Unlock()
			forks[first].Unlock()
		}()
	}
	wg.Wait()
}

// A Queue embeds its lock, and its observer has one, too.
type Queue struct {
	sync.Mutex
	items    []int
	observer *Observer
}

// An Observer is told of each item.
type Observer struct {
	lock  sync.Mutex
	seen  int
	queue *Queue
}

// Push tells the observer with the queue locked.
func (q *Queue) Push(v int) {
	q.Lock()
	defer q.Unlock()
	q.items = append(q.items, v)
	q.observer.notify()
}

func (o *Observer) notify() {
	o.lock.Lock()
	defer o.lock.Unlock()
	o.seen++
}

// Flush is good: it locks the queue before the observer, as Push does.
func (o *Observer) Flush() int {
	o.queue.Lock()
	defer o.queue.Unlock()
	o.lock.Lock()
	defer o.lock.Unlock()
	n := len(o.queue.items)
	o.queue.items = nil
	return n
}

// Start is good: the goroutine locks as the caller does.
func Start(values []int) *Queue {
	q := &Queue{observer: &Observer{}}
	q.observer.queue = q
	go q.observer.Flush()
	for _, v := range values {
		q.Push(v)
	}
	return q
}

var (
	usersMu  sync.Mutex
	groupsMu sync.Mutex
	users    = map[string]string{}
	groups   = map[string]int{}
)

// AddUser locks users, then groups.
func AddUser(name, group string) {
	usersMu.Lock()
	defer usersMu.Unlock()
	users[name] = group
	groupsMu.Lock()
	groups[group]++
	groupsMu.Unlock()
}

// RemoveGroup locks users, then groups.
func RemoveGroup(group string) {
	usersMu.Lock()
	groupsMu.Lock()
	delete(groups, group)
	for name, g := range users {
		if g == group {
			delete(users, name)
		}
	}
	groupsMu.Unlock()
	usersMu.Unlock()
}

// Sync is good: it adds and removes at the same time, in one order.
func Sync(names []string) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, name := range names {
			AddUser(name, "staff")
		}
	})
	wg.Go(func() { RemoveGroup("staff") })
	wg.Wait()
}

// A Pair has two locks that are only taken together under a third one.
type Pair struct {
	gate        sync.Mutex
	left, right sync.Mutex
	l, r        int
}

// ToRight is good: the gate lets one goroutine at a time take both locks.
func (p *Pair) ToRight() {
	p.gate.Lock()
	defer p.gate.Unlock()
	p.left.Lock()
	p.right.Lock()
	p.l, p.r = p.l-1, p.r+1
	p.right.Unlock()
	p.left.Unlock()
}

// ToLeft is good: the other order, under the gate.
func (p *Pair) ToLeft() {
	p.gate.Lock()
	defer p.gate.Unlock()
	p.right.Lock()
	p.left.Lock()
	p.l, p.r = p.l+1, p.r-1
	p.left.Unlock()
	p.right.Unlock()
}

// Shuffle moves to both sides at once.
func Shuffle() {
	var p Pair
	var wg sync.WaitGroup
	wg.Go(p.ToRight)
	wg.Go(p.ToLeft)
	wg.Wait()
}

// Phases is good: the second order is used when the goroutine with the first
// one has ended.
func Phases() (n int) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		a.Lock()
		defer a.Unlock()
		b.Lock()
		defer b.Unlock()
		n++
	})
	wg.Wait()
	b.Lock()
	defer b.Unlock()
	a.Lock()
	defer a.Unlock()
	return n
}

// Polite is good: the goroutine that takes the locks in the other order gives
// up when it cannot have the second one.
func Polite() (n int) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		a.Lock()
		defer a.Unlock()
		b.Lock()
		defer b.Unlock()
		n++
	})
	for done := false; !done; {
		b.Lock()
		if a.TryLock() {
			n++
			done = true
			a.Unlock()
		}
		b.Unlock()
	}
	wg.Wait()
	return n
}

// Readers is good: two readers hold both locks in any order, and nobody writes.
func Readers(table map[string]int) (n int) {
	var a, b sync.RWMutex
	var wg sync.WaitGroup
	counts := make([]int, 2)
	wg.Go(func() {
		a.RLock()
		defer a.RUnlock()
		b.RLock()
		defer b.RUnlock()
		counts[0] = len(table)
	})
	wg.Go(func() {
		b.RLock()
		defer b.RUnlock()
		a.RLock()
		defer a.RUnlock()
		counts[1] = len(table)
	})
	wg.Wait()
	return counts[0] + counts[1]
}
