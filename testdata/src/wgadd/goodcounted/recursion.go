package goodcounted

import "sync"

type branch struct{ kids []*branch }

type climber struct {
	wg    sync.WaitGroup
	visit func(*branch)
}

// climb is good: the goroutine for each child calls climb again, which gives back the
// count that was taken for it.
func (c *climber) climb(b *branch) {
	defer c.wg.Done()
	c.visit(b)
	for _, k := range b.kids {
		c.wg.Add(1)
		go func() { c.climb(k) }()
	}
}

// Climb counts the root itself.
func Climb(root *branch, visit func(*branch)) {
	c := &climber{visit: visit}
	c.wg.Add(1)
	c.climb(root)
	c.wg.Wait()
}

// ClimbLiteral is good: the same with a literal that calls itself.
func ClimbLiteral(root *branch, visit func(*branch)) {
	var wg sync.WaitGroup
	var climb func(b *branch)
	climb = func(b *branch) {
		defer wg.Done()
		visit(b)
		for _, k := range b.kids {
			wg.Add(1)
			go func(k *branch) { climb(k) }(k)
		}
	}
	wg.Add(1)
	go climb(root)
	wg.Wait()
}

// enter counts the branch that climbAgain gives back.
func (c *climber) enter(b *branch) {
	c.wg.Add(1)
	c.climbAgain(b)
}

// climbAgain is good: the goroutine for a child is counted before its start and to its
// end, and what it calls counts once more.
func (c *climber) climbAgain(b *branch) {
	defer c.wg.Done()
	c.visit(b)
	for _, k := range b.kids {
		c.wg.Add(1)
		go func() {
			defer c.wg.Done()
			c.enter(k)
		}()
	}
}

// ClimbAgain is the root's part of it.
func ClimbAgain(root *branch, visit func(*branch)) {
	c := &climber{visit: visit}
	c.enter(root)
	c.wg.Wait()
}
