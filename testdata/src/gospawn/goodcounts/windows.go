package goodcounts

import (
	"bufio"
	"io"
	"slices"
	"sync"
)

// WaitInside is good: each batch is waited for before the next one.
func WaitInside(batches <-chan [8]Item, do func(Item)) {
	var wg sync.WaitGroup
	for b := range batches {
		for _, it := range b {
			wg.Add(1)
			go func() {
				defer wg.Done()
				do(it)
			}()
		}
		wg.Wait()
	}
}

// BatchAwaited is good: at most 32 goroutines, then a Wait.
func BatchAwaited(items []Item, do func(Item)) {
	const batch = 32
	for start := 0; start < len(items); start += batch {
		var wg sync.WaitGroup
		for _, it := range items[start:min(start+batch, len(items))] {
			wg.Add(1)
			go func() {
				defer wg.Done()
				do(it)
			}()
		}
		wg.Wait()
	}
}

// Chunks is good: slices.Chunk yields at most 32 at a time, and each chunk is
// waited for.
func Chunks(items []Item, do func(Item)) {
	var wg sync.WaitGroup
	for chunk := range slices.Chunk(items, 32) {
		for _, it := range chunk {
			wg.Go(func() { do(it) })
		}
		wg.Wait()
	}
}

// EveryTenth is good: the loop waits after each tenth goroutine.
func EveryTenth(items []Item, do func(Item)) {
	var wg sync.WaitGroup
	for i, it := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			do(it)
		}()
		if i%10 == 9 {
			wg.Wait()
		}
	}
	wg.Wait()
}

// OneAtATime is good: each iteration receives from the goroutine that it
// started.
func OneAtATime(items []Item, do func(Item) error) error {
	for _, it := range items {
		errc := make(chan error, 1)
		go func() { errc <- do(it) }()
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

// InFlight is good: the loop receives before it has more than a few under
// way.
func InFlight(r io.Reader, do func(string) error) (err error) {
	const window = 8
	done := make(chan error, window)
	inFlight := 0
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		if inFlight == window {
			err = <-done
			inFlight--
		}
		line := sc.Text()
		inFlight++
		go func() { done <- do(line) }()
	}
	for ; inFlight > 0; inFlight-- {
		if e := <-done; e != nil {
			err = e
		}
	}
	return err
}

// Pairs is good: a writer and a reader for each line, both done before the
// next.
func Pairs(lines []string) (n int) {
	for _, l := range lines {
		pr, pw := io.Pipe()
		go func() {
			io.WriteString(pw, l)
			pw.Close()
		}()
		b, _ := io.ReadAll(pr)
		n += len(b)
	}
	return n
}
