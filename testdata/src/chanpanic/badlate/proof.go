//go:build proof

package badlate

import (
	"context"
	"errors"
	"time"
)

// slow takes longer for higher numbers.
func slow(i int) { time.Sleep(time.Duration(i) * 50 * time.Millisecond) }

// claim: panic send on closed channel
func driveBest() {
	Best(2, func(i int) (int, error) { slow(i); return i, nil })
	slow(4)
}

// claim: panic send on closed channel
func driveLookup() {
	Lookup("a", func(string) string { slow(1); return "" })
	slow(4)
}

// claim: panic send on closed channel
func driveChat() {
	for range 2000 {
		Chat(make([]string, 5))
	}
}

// claim: panic send on closed channel
func driveRunLoop() {
	for range 2000 {
		RunLoop(make([]func(), 1))
	}
}

// claim: panic send on closed channel
func driveRecord() {
	Record(context.Background(), []string{"a", "b", "c"})
	slow(1)
}

// claim: panic send on closed channel
func driveBeat() {
	for range 2000 {
		Beat(50*time.Microsecond, func() { time.Sleep(50 * time.Microsecond) })
	}
}

// claim: panic send on closed channel
func driveCrawl() {
	Crawl(context.Background(), [2]string{"a", "b"}, func(url string) string {
		if url == "b" {
			slow(1)
		}
		return url
	})
}

// claim: panic send on closed channel
func driveTasks() {
	for range 2000 {
		Tasks(3, func(int) time.Duration { return time.Hour }, time.Second)
	}
	slow(1)
}

// claim: panic send on closed channel
func driveSquares() {
	for range 2000 {
		Squares(3, func(i int) int { return i * i })
	}
	slow(1)
}

// claim: panic send on closed channel
func driveFirst() {
	fail := func() (string, error) { return "", errors.New("failed") }
	late := func() (string, error) { slow(1); return "", nil }
	First([]func() (string, error){fail, late})
	slow(4)
}

// claim: panic send on closed channel
func driveNotify() {
	for i := range 2000 {
		d := time.Duration(i%200) * time.Microsecond
		Notify(d, func() { time.Sleep(d) })
	}
}

// claim: panic send on closed channel
func driveWriteAll() {
	for range 2000 {
		WriteAll(100, 50)
	}
}
