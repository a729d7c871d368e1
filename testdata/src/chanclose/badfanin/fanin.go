// Package badfanin holds fan-ins that close their output never, too early, or
// more than once.
package badfanin

import (
	"context"
	"sync"

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

// mergeOpen forwards every input; it forgets the goroutine that closes out.
func mergeOpen(inputs ...<-chan Sample) <-chan Sample {
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
	return out
}

// MergedNeverClosed is bad: mergeOpen returns a channel that nobody closes.
func MergedNeverClosed(a, b []float64) (sum float64) {
	merged := mergeOpen(emit(a), emit(b))
	for s := range merged { // want "(merged|out) is never closed"
		sum += s.Value
	}
	return sum
}

// ForgetsSecondInput is bad: only the first forwarder is counted, so out is
// closed while the second may still send.
func ForgetsSecondInput(a, b <-chan Sample) (sum float64) {
	out := make(chan Sample)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for s := range a {
			out <- s
		}
	}()
	go func() {
		for s := range b {
			out <- s
		}
	}()
	go func() {
		wg.Wait()
		close(out) // want "close of out"
	}()
	for s := range out {
		sum += s.Value
	}
	return sum
}

// WaitsForOneDone is bad: each forwarder has its own done channel, and the
// closer waits for one of the two.
func WaitsForOneDone(a, b <-chan Sample) (all []Sample) {
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
		close(out) // want "close of out"
	}()
	for s := range out {
		all = append(all, s)
	}
	<-doneB
	return all
}

// SelectMergeOpen is bad: the merging goroutine switches off finished inputs
// and returns when both are, but does not close out.
func SelectMergeOpen(a, b <-chan Sample) (sum float64) {
	out := make(chan Sample)
	go func() {
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
	for s := range out { // want "out is never closed"
		sum += s.Value
	}
	return sum
}

// MergeStopsWithoutClose is bad: when ctx ends, the merging goroutine returns
// above close(out) and the range never ends.
func MergeStopsWithoutClose(ctx context.Context, a, b <-chan Sample) (n int) {
	out := make(chan Sample)
	go func() {
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
		close(out)
	}()
	for range out { // want "out is not closed"
		n++
	}
	return n
}

// EachForwarderCloses is bad: the first forwarder that is done closes the
// channel which the others still send on.
func EachForwarderCloses(inputs []<-chan Sample) (sum float64) {
	out := make(chan Sample)
	for _, in := range inputs {
		go func() {
			defer close(out) // want "close of out"
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

// ErrorsLeftOpen is bad: the merged samples are closed, the merged errors are
// not, and they are ranged over as well.
func ErrorsLeftOpen(sensors []string, read func(string) (Sample, error)) (sum float64, errs []error) {
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
	}()
	for s := range out {
		sum += s.Value
	}
	for err := range errc { // want "errc is never closed"
		errs = append(errs, err)
	}
	return sum, errs
}

// GroupWaitThenNothing is bad: the closer keeps the group's error and forgets
// the close.
func GroupWaitThenNothing(parts [4][]float64) (sum float64, err error) {
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
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = g.Wait()
	}()
	for s := range out { // want "out is never closed"
		sum += s.Value
	}
	<-done
	return sum, err
}

// GroupClosesTooEarly is bad: out is closed before the group is waited for.
func GroupClosesTooEarly(parts [4][]float64) (sum float64, err error) {
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
	errc := make(chan error, 1)
	go func() {
		close(out) // want "close of out"
		errc <- g.Wait()
	}()
	for s := range out {
		sum += s.Value
	}
	return sum, <-errc
}

// WaitsForTheWrongGroup is bad: the closer waits for the loggers, not for the
// forwarders that send on out.
func WaitsForTheWrongGroup(inputs [2]<-chan Sample, logf func(Sample)) (sum float64) {
	out := make(chan Sample)
	seen := make(chan Sample, 64)
	var forwarders, loggers sync.WaitGroup
	loggers.Go(func() {
		select {
		case s := <-seen:
			logf(s)
		default:
		}
	})
	for _, in := range inputs {
		forwarders.Go(func() {
			for s := range in {
				select {
				case seen <- s:
				default:
				}
				out <- s
			}
		})
	}
	go func() {
		loggers.Wait()
		close(out) // want "close of out"
	}()
	for s := range out {
		sum += s.Value
	}
	forwarders.Wait()
	return sum
}
