//go:build proof

package goodlate

import (
	"context"
	"errors"
	"time"
)

// slow takes longer for higher numbers.
func slow(i int) { time.Sleep(time.Duration(i) * 50 * time.Millisecond) }

// claim: none
func driveSlow() {
	price := func(i int) (int, error) { slow(i); return i, nil }
	Best(2, price)
	Cheapest(2, price)
	Lookup("a", func(string) string { slow(1); return "" })
	Crawl(context.Background(), [2]string{"a", "b"}, func(url string) string { return url })
	fail := func() (string, error) { return "", errors.New("failed") }
	late := func() (string, error) { slow(1); return "", nil }
	First([]func() (string, error){fail, late})
	First([]func() (string, error){late, late})
	slow(4)
}

// claim: none
func driveMany() {
	f := func() {}
	for i := range 300 {
		Chat(make([]string, 10))
		RunLoop([]func(){f, f, f})
		Record(context.Background(), []string{"a", "b", "c"})
		Beat(50*time.Microsecond, func() { time.Sleep(50 * time.Microsecond) })
		Tasks(3, func(int) time.Duration { return time.Hour }, time.Second)
		Squares(3, func(i int) int { return i * i })
		d := time.Duration(i%200) * time.Microsecond
		Notify(d, func() { time.Sleep(d) })
		WriteAll(100, 50)
		Handshake([]int{1, 2, 3})
		Slots([]int{1, 2, 3}, 2)
		Cancel(context.Background(), []int{1, 2, 3})
	}
	feed := &Feed{ch: make(chan int, 1)}
	feed.Enqueue(context.Background(), 1)
	feed.Wait()
}
