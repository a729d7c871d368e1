// Package bad leaks where the toy check finds it.
package bad

func bad() {
	go func() { <-make(chan int) }()
}

func worse() {
	go func() { <-make(chan int) }()
}

func fine() {}

func Fixed() {
	bad() // want "call of bad"
}

func NotFixed() {
	worse() // want "call of worse"
	bad()   // want "call of bad"
}

func helper() {
	bad() // want "call of bad"
}
