// Package badrecursion makes a channel in each call of a recursive function and
// does not close all of them.
package badrecursion

// A Part is made of others.
type Part struct {
	Name string
	Main *Part
}

// parts is bad: no call closes its channel.
func parts(p *Part) <-chan string {
	out := make(chan string)
	go func() {
		if p.Main != nil {
			for name := range parts(p.Main) { // want "parts\\(p.Main\\) is never closed"
				out <- name
			}
		}
		out <- p.Name
	}()
	return out
}

// Print takes all of them.
func Print(p *Part, print func(string)) {
	for name := range parts(p) { // want "parts\\(p\\) is never closed"
		print(name)
	}
}

// list is bad: it leaves without a close where there is nothing below.
func list(p *Part) <-chan string {
	out := make(chan string)
	go func() {
		out <- p.Name
		if p.Main == nil {
			return
		}
		for name := range list(p.Main) {
			out <- name
		}
		close(out)
	}()
	return out
}

// Count takes all of them.
func Count(p *Part) (n int) {
	for range list(p) { // want "list\\(p\\) is not closed when the goroutine that closes it ends"
		n++
	}
	return n
}
