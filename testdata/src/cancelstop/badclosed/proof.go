//go:build proof

package badclosed

import (
	"context"
	"io"
	"strings"
)

func closed[T any]() chan T {
	ch := make(chan T)
	close(ch)
	return ch
}

// claim: spin Server.serve
func driveServer() {
	s := NewServer()
	s.Do(1)
	s.Close()
}

// claim: spin Copy
func driveCopy() { Copy(closed[int](), make(chan struct{})) }

// claim: spin Merge
func driveMerge() { Merge(closed[int](), closed[int](), make(chan int)) }

// claim: spin Watch
func driveWatch() { Watch(func() {}, make(chan string), func(string) {}) }

// claim: spin queue.run
func driveQueue() {
	q := newQueue[int]()
	q.close()
	q.run(func(int) {})
}

// claim: spin Manager.Run
func driveRun() { NewManager().Run(closed[int]()) }

// claim: spin Manager.RunAfter
func driveRunAfter() { NewManager().RunAfter(closed[int]()) }

// claim: spin Follow
func driveFollow() {
	Follow(context.Background(), func(context.Context) ([]update, error) { return nil, io.EOF }, make(map[string]bool))
}

// claim: spin Counter.Count
func driveCount() { NewCounter(strings.NewReader("a\nb\n")).Count() }

// claim: spin Total
func driveTotal() { Total([]int{1, 2}, make(chan struct{})) }
