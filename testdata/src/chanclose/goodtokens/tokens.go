// Package goodtokens fills up a semaphore to wait for all senders.
package goodtokens

func Limited(xs []int, f func(int) int) (s int) {
	sem := make(chan struct{}, 4)
	out := make(chan int)
	go func() {
		for _, x := range xs {
			sem <- struct{}{}
			go func() {
				defer func() { <-sem }()
				out <- f(x)
			}()
		}
		for range cap(sem) {
			sem <- struct{}{}
		}
		close(out)
	}()
	for v := range out {
		s += v
	}
	return s
}
