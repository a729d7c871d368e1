package badloops

import "slices"

// Item is an element of an input.
type Item struct{ ID int }

// EachOfBatch is bad: the batches are gone through in turn, and nothing waits between
// them.
func EachOfBatch(items []Item, do func(Item)) {
	for batch := range slices.Chunk(items, 32) {
		for _, it := range batch {
			go do(it) // want "goroutine per"
		}
	}
	for i := 0; i < len(items); i += 32 {
		for _, it := range items[i:min(i+32, len(items))] {
			go do(it) // want "goroutine per"
		}
	}
}

// BatchesOfOne is bad: one element each.
func BatchesOfOne(items []Item, do func([]Item)) {
	for one := range slices.Chunk(items, 1) {
		go do(one) // want "goroutine per"
	}
	for i := 0; i < len(items); i++ {
		go do(items[i : i+1]) // want "goroutine per"
	}
}
