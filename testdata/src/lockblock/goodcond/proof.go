//go:build proof

package goodcond

import "context"

// claim: none
func driveAll() {
	for range 300 {
		Consume(3)
		Pass(func() {})
		Once(func() {})
		Meet(func(int) {})
		Move(1, 2)
		Use(func() {})
		Expire(context.Background())
		Readers(func() {})
		q := NewQueue()
		go q.Push(1)
		go q.Push(2)
		q.Recv(2)
	}
}
