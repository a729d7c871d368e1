// Package goodasm gives a channel to a function without a Go body.
package goodasm

// produce is implemented elsewhere.
func produce(out chan<- int)

// BodylessFunction is good: what produce does with the channel is unknown.
func BodylessFunction() (n int) {
	c := make(chan int)
	go produce(c)
	for range c {
		n++
	}
	return n
}
