// Package goodrecursion makes a channel in each call of a recursive function:
// what a call ranges over is closed by the call that it has made.
package goodrecursion

// A Part is made of others.
type Part struct {
	Name  string
	Parts []*Part
}

// parts is good: it closes its channel when those of the parts below are closed.
func parts(p *Part) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, sub := range p.Parts {
			for name := range parts(sub) {
				out <- name
			}
		}
		out <- p.Name
	}()
	return out
}

// Count is good: it takes all of them.
func Count(p *Part) (n int) {
	for range parts(p) {
		n++
	}
	return n
}

type listing struct {
	names chan string
	ended chan struct{}
}

// list is good: it has the parts below listed before it starts its goroutine.
func list(p *Part) *listing {
	l := &listing{make(chan string), make(chan struct{})}
	var subs []*listing
	for _, sub := range p.Parts {
		subs = append(subs, list(sub))
	}
	go func() {
		for _, sub := range subs {
			for name := range sub.names {
				l.names <- name
			}
			<-sub.ended
		}
		l.names <- p.Name
		close(l.names)
		close(l.ended)
	}()
	return l
}

// Listed is good: it takes all of them.
func Listed(p *Part) (n int) {
	for range list(p).names {
		n++
	}
	return n
}

// odd and even are good: they call each other.
func odd(p *Part) chan string {
	names := make(chan string, 100)
	for _, sub := range p.Parts {
		for name := range even(sub) {
			names <- name
		}
	}
	close(names)
	return names
}

func even(p *Part) chan string {
	names := make(chan string, 100)
	names <- p.Name
	for _, sub := range p.Parts {
		for name := range odd(sub) {
			names <- name
		}
	}
	close(names)
	return names
}

// Even is good: it takes the names at each second level.
func Even(p *Part) (n int) {
	for range even(p) {
		n++
	}
	return n
}
