// Package goodcopy holds groups that are shared by pointer, though they look copied.
package goodcopy

import (
	"log"
	"sync"
)

func crawl(url string, visit func(string) error, wg *sync.WaitGroup) {
	defer wg.Done()
	if err := visit(url); err != nil {
		log.Print(err)
	}
}

// Crawl is good: crawl gets a pointer to the group.
func Crawl(urls []string, visit func(string) error) {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go crawl(u, visit, &wg)
	}
	wg.Wait()
}

// A Tracker tells when all of its tasks are done.
type Tracker struct {
	name string
	wg   sync.WaitGroup
}

func (t *Tracker) run(task func()) {
	defer t.wg.Done()
	task()
	log.Print(t.name, " has done a task")
}

// Track is good: run has a pointer receiver, and t is addressable.
func Track(tasks []func()) {
	t := Tracker{name: "tracker"}
	for _, task := range tasks {
		t.wg.Add(1)
		go t.run(task)
	}
	t.wg.Wait()
}

// Stages is good: the copies of a stage share a group.
func Stages(names [2]string, work func(string)) {
	type stage struct {
		name string
		wg   *sync.WaitGroup
	}
	var stages [2]stage
	for i := range stages {
		stages[i].name = names[i]
		stages[i].wg = new(sync.WaitGroup)
		stages[i].wg.Add(1)
	}
	for _, s := range stages {
		go func() {
			defer s.wg.Done()
			work(s.name)
		}()
	}
	for i := range stages {
		stages[i].wg.Wait()
	}
}

// Shadowed is good: the inner group is waited for where it is declared, the outer one is counted down.
func Shadowed(tasks []func()) {
	var wg sync.WaitGroup
	if len(tasks) > 1 {
		var wg sync.WaitGroup
		wg.Add(len(tasks))
		for _, task := range tasks {
			go func() {
				defer wg.Done()
				task()
			}()
		}
		wg.Wait()
	} else {
		for _, task := range tasks {
			wg.Add(1)
			task()
			wg.Done()
		}
	}
	wg.Wait()
}
