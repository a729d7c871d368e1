// Package tried has something that is to be replaced.
package tried

// Work makes a channel that nobody else gets.
func Work() {
	c := make(chan int)
	todo(c) // want "call of todo"
}

func todo(chan int) {}

func done(chan int) {}
