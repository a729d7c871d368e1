//go:build proof

package badclosed

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
