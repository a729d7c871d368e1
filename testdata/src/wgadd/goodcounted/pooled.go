package goodcounted

import "sync"

// A request is used again: each time its group is a new one.
type request struct {
	wg   sync.WaitGroup
	text string
}

var requests = sync.Pool{New: func() any { return new(request) }}

func (r *request) reset() { r.wg = sync.WaitGroup{} }

func send(out chan<- *request, text string) *request {
	r := requests.Get().(*request)
	r.reset()
	r.text = text
	r.wg.Add(1)
	out <- r
	return r
}

// SendAll is good: each goroutine waits for its own request.
func SendAll(out chan<- *request, texts []string, done func()) {
	for _, text := range texts {
		r := send(out, text)
		go func() {
			r.wg.Wait()
			done()
		}()
	}
}
