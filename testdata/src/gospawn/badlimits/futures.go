package badlimits

import "time"

// OrderedWithRoom is bad: the queue has room for all of them, so nobody waits.
func OrderedWithRoom(events []Event, process func(Event) string, out func(string)) {
	slots := make(chan chan string, len(events))
	go func() {
		defer close(slots)
		for _, ev := range events {
			c := make(chan string, 1)
			slots <- c
			go func() { c <- process(ev) }() // want "goroutine per element of events"
		}
	}()
	for c := range slots {
		out(<-c)
	}
}

// OrderedLater is bad: all of them are taken out of the queue before the first answer
// is waited for.
func OrderedLater(events []Event, process func(Event) string, out func(string)) {
	slots := make(chan chan string, 8)
	go func() {
		defer close(slots)
		for _, ev := range events {
			c := make(chan string, 1)
			slots <- c
			go func() { c <- process(ev) }() // want "goroutine per element of events"
		}
	}()
	var all []chan string
	for c := range slots {
		all = append(all, c)
	}
	for _, c := range all {
		out(<-c)
	}
}

// OtherQueue is bad: what is sent has nothing to do with the goroutine.
func OtherQueue(events []Event, process func(Event) string, seen chan<- Event) {
	for _, ev := range events {
		c := make(chan string, 1)
		seen <- ev
		go func() { c <- process(ev) }() // want "goroutine per element of events"
	}
}

// PacedOnce is bad: the tick comes before the first one only.
func PacedOnce(events []Event, process func(Event)) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for i, ev := range events {
		if i == 0 {
			<-tick.C
		}
		go process(ev) // want "goroutine per element of events"
	}
}
