// Package goodfanin holds fan-ins that look like those of badfanin and close
// their output once, after the last send.
package goodfanin

import (
	"context"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Sample is one measurement of a sensor.
type Sample struct {
	Sensor string
	Value  float64
}

func emit(vals []float64) <-chan Sample {
	out := make(chan Sample)
	go func() {
		defer close(out)
		for _, v := range vals {
			out <- Sample{Value: v}
		}
	}()
	return out
}

// Merge is good: the closer waits for one forwarder per input.
func Merge(inputs ...<-chan Sample) <-chan Sample {
	out := make(chan Sample)
	var wg sync.WaitGroup
	for _, in := range inputs {
		wg.Add(1)
		go func(c <-chan Sample) {
			defer wg.Done()
			for s := range c {
				out <- s
			}
		}(in)
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

// MergedClosed is good: it ranges over a channel that Merge closes.
func MergedClosed(a, b []float64) (sum float64) {
	merged := Merge(emit(a), emit(b))
	for s := range merged {
		sum += s.Value
	}
	return sum
}

// CountsBothInputs is good: one Add(2) covers the two forwarders.
func CountsBothInputs(a, b <-chan Sample) (sum float64) {
	out := make(chan Sample)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		for s := range a {
			out <- s
		}
	}()
	go func() {
		defer wg.Done()
		for s := range b {
			out <- s
		}
	}()
	go func() {
		wg.Wait()
		close(out)
	}()
	for s := range out {
		sum += s.Value
	}
	return sum
}

// WaitsForBothDones is good: the closer waits for the done channel of each
// forwarder.
func WaitsForBothDones(a, b <-chan Sample) (all []Sample) {
	out := make(chan Sample)
	doneA, doneB := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(doneA)
		for s := range a {
			out <- s
		}
	}()
	go func() {
		defer close(doneB)
		for s := range b {
			out <- s
		}
	}()
	go func() {
		<-doneA
		<-doneB
		close(out)
	}()
	for s := range out {
		all = append(all, s)
	}
	return all
}

// ForwarderClosesAfterTheOther is good: one forwarder closes out, but only
// after it has waited for the other.
func ForwarderClosesAfterTheOther(a, b <-chan Sample) (all []Sample) {
	out := make(chan Sample)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for s := range a {
			out <- s
		}
	}()
	go func() {
		for s := range b {
			out <- s
		}
		<-done
		close(out)
	}()
	for s := range out {
		all = append(all, s)
	}
	return all
}

// SelectMerge is good: nil switches off a finished input; out is closed when
// both are off.
func SelectMerge(a, b <-chan Sample) (sum float64) {
	out := make(chan Sample)
	go func() {
		defer close(out)
		for a != nil || b != nil {
			select {
			case s, ok := <-a:
				if !ok {
					a = nil
					continue
				}
				out <- s
			case s, ok := <-b:
				if !ok {
					b = nil
					continue
				}
				out <- s
			}
		}
	}()
	for s := range out {
		sum += s.Value
	}
	return sum
}

// MergeStopsAndCloses is good: the deferred close covers the exit on ctx.
func MergeStopsAndCloses(ctx context.Context, a, b <-chan Sample) (n int) {
	out := make(chan Sample)
	go func() {
		defer close(out)
		for a != nil || b != nil {
			var s Sample
			var ok bool
			select {
			case s, ok = <-a:
				if !ok {
					a = nil
					continue
				}
			case s, ok = <-b:
				if !ok {
					b = nil
					continue
				}
			case <-ctx.Done():
				return
			}
			out <- s
		}
	}()
	for range out {
		n++
	}
	return n
}

// LastForwarderCloses is good: an atomic counter lets only the last forwarder
// close out.
func LastForwarderCloses(inputs []<-chan Sample) (sum float64) {
	if len(inputs) == 0 {
		return 0
	}
	out := make(chan Sample)
	var running atomic.Int32
	running.Store(int32(len(inputs)))
	for _, in := range inputs {
		go func() {
			defer func() {
				if running.Add(-1) == 0 {
					close(out)
				}
			}()
			for s := range in {
				out <- s
			}
		}()
	}
	for s := range out {
		sum += s.Value
	}
	return sum
}

// OwnOutputEach is good: each forwarder closes, but each has an output of its
// own.
func OwnOutputEach(inputs []<-chan Sample) (outs []<-chan Sample) {
	for _, in := range inputs {
		out := make(chan Sample)
		outs = append(outs, out)
		go func() {
			defer close(out)
			for s := range in {
				out <- s
			}
		}()
	}
	return outs
}

// ErrorsClosedToo is good: the closer closes the samples and the errors.
func ErrorsClosedToo(sensors []string, read func(string) (Sample, error)) (sum float64, errs []error) {
	out := make(chan Sample)
	errc := make(chan error, len(sensors))
	var wg sync.WaitGroup
	for _, name := range sensors[:min(len(sensors), 4)] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s, err := read(name)
			if err != nil {
				errc <- err
				return
			}
			out <- s
		}()
	}
	go func() {
		wg.Wait()
		close(out)
		close(errc)
	}()
	for s := range out {
		sum += s.Value
	}
	for err := range errc {
		errs = append(errs, err)
	}
	return sum, errs
}

// GroupWaitsTwice is good: the closer waits for the group and closes; the
// caller takes the error with a second Wait.
func GroupWaitsTwice(parts [4][]float64) (sum float64, err error) {
	var g errgroup.Group
	out := make(chan Sample)
	for _, vals := range parts {
		g.Go(func() error {
			for s := range emit(vals) {
				out <- s
			}
			return nil
		})
	}
	go func() {
		_ = g.Wait()
		close(out)
	}()
	for s := range out {
		sum += s.Value
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	return sum, nil
}

// GroupWaitInsideTask is good: a task of the second group waits for the first
// one and closes its channel.
func GroupWaitInsideTask(ctx context.Context, parts [4][]float64) (sum float64, err error) {
	var readers errgroup.Group
	sink, sctx := errgroup.WithContext(ctx)
	out := make(chan Sample)
	for _, vals := range parts {
		readers.Go(func() error {
			for _, v := range vals {
				select {
				case out <- Sample{Value: v}:
				case <-sctx.Done():
					return sctx.Err()
				}
			}
			return nil
		})
	}
	sink.Go(func() error {
		defer close(out)
		return readers.Wait()
	})
	sink.Go(func() error {
		for s := range out {
			sum += s.Value
		}
		return nil
	})
	err = sink.Wait()
	return sum, err
}
