// Package badorder holds locks that two goroutines take in opposite orders.
package badorder

import "sync"

// An Account has a balance.
type Account struct {
	mu      sync.Mutex
	balance int
}

// Transfer locks the payer first, whoever that is.
func Transfer(from, to *Account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // want "to.mu.Lock blocks forever"
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// Exchange is bad: the two transfers lock the accounts in opposite orders.
func Exchange(amount int) int {
	a, b := &Account{balance: amount}, &Account{balance: amount}
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

// Remove removes a node and its routes: nodes, then routes.
func (c *Cluster) Remove(node string) {
	c.nodesMu.Lock()
	defer c.nodesMu.Unlock()
	delete(c.nodes, node)
	c.dropRoutes(node)
}

func (c *Cluster) dropRoutes(node string) {
	c.routesMu.Lock() // want "c.routesMu.Lock blocks forever"
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

// Rebalance is bad: Remove and Route run at the same time.
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

// Evict holds the cache and locks the stats.
func (c *Cache) Evict(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.items, key)
	c.stats.add(1)
}

// Len counts the items.
func (c *Cache) Len() int {
	c.mu.RLock() // want "c.mu.RLock blocks forever"
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

// Watch is bad: the snapshot and the eviction lock in opposite orders.
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

// Philosophers is bad: each takes the fork on the left first, so all of them
// may wait for the one on the right.
func Philosophers(think, eat func(int)) {
	var forks [3]sync.Mutex
	var wg sync.WaitGroup
	for i := range forks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			forks[i].Lock()
			think(i)
			forks[(i+1)%3].Lock() // want `forks\[.*\].Lock blocks forever`
			eat(i)
			forks[(i+1)%3].Unlock()
			forks[i].Unlock()
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
	o.lock.Lock() // want "o.lock.Lock blocks forever"
	defer o.lock.Unlock()
	o.seen++
}

// Flush empties the queue with the observer locked.
func (o *Observer) Flush() int {
	o.lock.Lock()
	defer o.lock.Unlock()
	o.queue.Lock()
	defer o.queue.Unlock()
	n := len(o.queue.items)
	o.queue.items = nil
	return n
}

// Start is bad: the goroutine flushes while the caller pushes.
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
	groupsMu.Lock() // want "groupsMu.Lock blocks forever"
	groups[group]++
	groupsMu.Unlock()
}

// RemoveGroup locks groups, then users.
func RemoveGroup(group string) {
	groupsMu.Lock()
	delete(groups, group)
	usersMu.Lock()
	for name, g := range users {
		if g == group {
			delete(users, name)
		}
	}
	usersMu.Unlock()
	groupsMu.Unlock()
}

// Sync is bad: it adds and removes at the same time.
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
