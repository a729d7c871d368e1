// Package badcopy holds groups that are copied: the Done counts down another group than the one
// that is waited for.
package badcopy

import (
	"log"
	"sync"
)

func crawl(url string, visit func(string) error, wg sync.WaitGroup) {
	defer wg.Done()
	if err := visit(url); err != nil {
		log.Print(err)
	}
}

// Crawl is bad: crawl gets the group by value.
func Crawl(urls []string, visit func(string) error) {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go crawl(u, visit, wg)
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// A Tracker tells when all of its tasks are done.
type Tracker struct {
	name string
	wg   sync.WaitGroup
}

func (t Tracker) run(task func()) {
	defer t.wg.Done()
	task()
	log.Print(t.name, " has done a task")
}

// Track is bad: run has a receiver by value.
func Track(tasks []func()) {
	t := Tracker{name: "tracker"}
	for _, task := range tasks {
		t.wg.Add(1)
		go t.run(task)
	}
	t.wg.Wait() // want "t.wg.Wait blocks forever"
}

// Stages is bad: the range variable is a copy of each stage with its group.
func Stages(names [2]string, work func(string)) {
	type stage struct {
		name string
		wg   sync.WaitGroup
	}
	var stages [2]stage
	for i := range stages {
		stages[i].name = names[i]
		stages[i].wg.Add(1)
	}
	for _, s := range stages {
		go func() {
			defer s.wg.Done()
			work(s.name)
		}()
	}
	for i := range stages {
		stages[i].wg.Wait() // want "wg.Wait blocks forever"
	}
}

// Shadowed is bad: the goroutines count down the inner group, the outer one is waited for.
func Shadowed(tasks []func()) {
	var wg sync.WaitGroup
	wg.Add(len(tasks))
	if len(tasks) > 1 {
		var wg sync.WaitGroup
		wg.Add(len(tasks))
		for _, task := range tasks {
			go func() { // want "wg.Wait is never called: nothing waits for this goroutine, though it is counted"
				defer wg.Done()
				task()
			}()
		}
	} else {
		for _, task := range tasks {
			task()
			wg.Done()
		}
	}
	wg.Wait() // want "wg.Wait blocks forever"
}
