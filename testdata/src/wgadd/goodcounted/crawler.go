package goodcounted

import "sync"

// A crawler visits a page and all pages that can be reached from it.
type crawler struct {
	pending sync.WaitGroup
	queue   chan string
	mu      sync.Mutex
	seen    map[string]bool
	links   func(string) []string
}

// Crawl is good: it counts the root itself, and each page counts its links before its own Done.
func (c *crawler) Crawl(root string, workers int) {
	for range workers {
		go c.work()
	}
	c.enqueue(root)
	c.pending.Wait()
	close(c.queue)
}

func (c *crawler) work() {
	for page := range c.queue {
		c.visit(page)
	}
}

func (c *crawler) visit(page string) {
	defer c.pending.Done()
	for _, link := range c.links(page) {
		c.enqueue(link)
	}
}

// enqueue counts the page before a worker can see it.
func (c *crawler) enqueue(page string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[page] {
		return
	}
	c.seen[page] = true
	c.pending.Add(1)
	go func() { c.queue <- page }()
}
