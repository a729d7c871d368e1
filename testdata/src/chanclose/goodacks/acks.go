// Package goodacks waits for an answer to each job.
package goodacks

func Acked(xs []int, f func(int) int) <-chan int {
	jobs := make(chan int)
	ack := make(chan struct{})
	out := make(chan int)
	for range 3 {
		go func() {
			for j := range jobs {
				out <- f(j)
				ack <- struct{}{}
			}
		}()
	}
	go func() {
		for _, x := range xs {
			jobs <- x
			<-ack
		}
		close(jobs)
		close(out)
	}()
	return out
}
