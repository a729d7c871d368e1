//go:build proof

package goodunawaited

import "context"

var two = []string{"a", "b"}

// claim: none
func driveLocal() {
	size := func(s string) int { return len(s) }
	Deferred(two, size)
	if Closer(two, size) != 2 || Results(two, size) != 2 {
		panic("not all sizes")
	}
	tasks := []func(){func() {}, func() {}}
	Helper(tasks)
	Pointer(tasks)
	Expression(tasks)
	Start(func() {}).Wait()
	StartFunc(func() {})()
	NewJob(func() {}).Group.Wait()
	Nested(tasks)
	Upload(context.Background(), two, func(context.Context, string) error { return nil })
}

// claim: none
func driveField() {
	p := NewPoller(func() {})
	p.Close()
	b := &Beat{stop: make(chan struct{}), done: make(chan struct{})}
	b.Start(func() {})
	b.Stop()
}
