// Package goodundone counts goroutines for which somebody else calls Done.
package goodundone

import "sync"

// A Store has two goroutines; the second one calls Done in what it is given.
type Store struct {
	wg   sync.WaitGroup
	stop chan struct{}
}

// NewStore starts them.
func NewStore() *Store {
	s := &Store{stop: make(chan struct{})}
	s.wg.Add(2)
	go s.sync()
	go s.run(func() { s.wg.Done() })
	return s
}

func (s *Store) sync() {
	defer s.wg.Done()
	<-s.stop
}

func (s *Store) run(done func()) {
	<-s.stop
	done()
}

// Close is good.
func (s *Store) Close() {
	close(s.stop)
	s.wg.Wait()
}

// A Pair has a goroutine that counts down for two.
type Pair struct {
	wg   sync.WaitGroup
	left chan struct{}
}

// NewPair starts it, and one that tells it.
func NewPair() *Pair {
	p := &Pair{left: make(chan struct{})}
	p.wg.Add(1)
	go p.first()
	p.wg.Add(1)
	go p.second()
	return p
}

func (p *Pair) first() { close(p.left) }

func (p *Pair) second() {
	<-p.left
	p.both()
}

func (p *Pair) both() {
	p.wg.Done()
	p.wg.Done()
}

// Wait is good.
func (p *Pair) Wait() { p.wg.Wait() }

// A Client counts its requests, whose answers call Done.
type Client struct {
	wg     sync.WaitGroup
	logged chan string
}

// NewClient has a log.
func NewClient() *Client { return &Client{logged: make(chan string, 8)} }

// Ask is good: the goroutine behind the Add is another matter.
func (c *Client) Ask(question string) {
	c.wg.Add(1)
	go c.log(question)
}

func (c *Client) log(text string) { c.logged <- text }

// Answered is called for each answer.
func (c *Client) Answered() { c.wg.Done() }

// Drain waits for the answers.
func (c *Client) Drain() { c.wg.Wait() }

// A Team has goroutines of which one is told to call Done by a method value.
type Team struct {
	wg   sync.WaitGroup
	stop chan struct{}
}

// NewTeam starts them.
func NewTeam() *Team {
	t := &Team{stop: make(chan struct{})}
	t.wg.Add(2)
	go t.first()
	go t.second(t.finish)
	return t
}

func (t *Team) first() {
	<-t.stop
	t.finish()
}

func (t *Team) second(finish func()) {
	<-t.stop
	finish()
}

func (t *Team) finish() { t.wg.Done() }

// Close is good.
func (t *Team) Close() {
	close(t.stop)
	t.wg.Wait()
}
