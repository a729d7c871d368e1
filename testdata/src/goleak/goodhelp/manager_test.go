package goodhelp

import "testing"

var register = func(func() int) {}

func TestHanging(t *testing.T) {
	updates := make(chan int)
	m := newManager(register)
	go m.run(updates)
	defer m.Stop()
	updates <- 1
	updates <- 2
}
