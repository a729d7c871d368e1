package goodcounts

import (
	"runtime"
	"slices"
	"sync"
)

// Quarters is good: four parts, however many items.
func Quarters(items []Item, do func([]Item)) {
	size := (len(items) + 3) / 4
	if size == 0 {
		return
	}
	var wg sync.WaitGroup
	for part := range slices.Chunk(items, size) {
		wg.Go(func() { do(part) })
	}
	wg.Wait()
}

// PartPerCPU is good: as many parts as processors.
func PartPerCPU(items []Item, do func([]Item)) {
	size := max(1, (len(items)+runtime.NumCPU()-1)/runtime.NumCPU())
	var wg sync.WaitGroup
	for i := 0; i < len(items); i += size {
		part := items[i:min(i+size, len(items))]
		wg.Go(func() { do(part) })
	}
	wg.Wait()
}

// parts cuts items into n parts.
func parts(items []Item, n int) (out [][]Item) {
	size := max(1, (len(items)+n-1)/n)
	for i := 0; i < len(items); i += size {
		out = append(out, items[i:min(i+size, len(items))])
	}
	return out
}

// PerPart is good: a list of parts.
func PerPart(items []Item, do func([]Item)) {
	var wg sync.WaitGroup
	for _, part := range parts(items, 8) {
		wg.Go(func() { do(part) })
	}
	wg.Wait()
}

// PerBatch is good: batches are a decision, as where the slice is cut.
func PerBatch(items []Item, do func([]Item)) {
	var wg sync.WaitGroup
	for i := 0; i < len(items); i += 1000 {
		part := items[i:min(i+1000, len(items))]
		wg.Go(func() { do(part) })
	}
	for part := range slices.Chunk(items, 1000) {
		wg.Go(func() { do(part) })
	}
	wg.Wait()
}
