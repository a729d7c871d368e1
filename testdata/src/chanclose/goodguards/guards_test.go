package goodguards

import "testing"

// TestPrinter is good: the printer ends with the process, when all tests have.
func TestPrinter(t *testing.T) {
	lines := startPrinter(t)
	lines <- "a"
	stats := make(chan int)
	go func() {
		for n := range stats {
			t.Log(n)
		}
	}()
	stats <- 1
}

func startPrinter(t *testing.T) chan<- string {
	lines := make(chan string)
	go func() {
		for line := range lines {
			t.Log(line)
		}
	}()
	lines <- "start"
	return lines
}
