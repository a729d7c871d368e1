//go:build proof

package goodsend

import (
	"errors"
	"io"
)

var errFailed = errors.New("failed")

// claim: none
func driveAll() {
	Refill([]int{1, 2}, func(v int) bool { return v > 1 })
	Run(io.Discard, func() error { return nil })
	Shell("ls\nexit\n", make(chan string, 3))
	Scan([]string{"a", ""})
	Walk(&Node{Value: 1, Left: &Node{Value: 0}}, make(chan int, 2))
	WalkRoot(&Node{Value: 1, Left: &Node{Value: 0}}, 0, make(chan int, 2))
	b := &Batcher{out: make(chan []string, 1)}
	b.Add("a")
	b.Close()
	b.Close()
	Phases([][]func() error{{func() error { return errFailed }}, {}})
	Copy(2, func(int) {})
	Select(nil, []string{"a", "", "b"})
	in := make(chan int, 3)
	in <- 1
	in <- 2
	in <- 3
	close(in)
	Detach(in, 2)
	Reopen([]int{1, -1, 2})
	Recovered()
	Flagged([]string{"a", "", "b", ""})
}
