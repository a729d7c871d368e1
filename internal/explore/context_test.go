package explore_test

import "testing"

func TestContexts(t *testing.T) {
	for _, f := range contexts {
		f.check(t)
	}
}

var contexts = []feature{
	{name: "WithCancel", text: `
func badNeverCancelled() {
	ctx, cancel := context.WithCancel(context.Background())
	_ = cancel
	go func() {
		<-ctx.Done() // stuck
	}()
}
func goodCancelled() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { <-ctx.Done() }()
}
func badOnePath(err error) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done() // stuck
	}()
	if err != nil {
		return
	}
	cancel()
}
func goodTwice() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	cancel()
	<-ctx.Done()
	<-ctx.Done()
}
func goodUnknownParent(parent context.Context) {
	ctx, cancel := context.WithCancel(parent)
	_ = cancel
	<-ctx.Done()
}
func badChild() {
	parent, cancelParent := context.WithCancel(context.Background())
	child, cancelChild := context.WithCancel(parent)
	_ = child
	_ = cancelParent
	go func() {
		<-parent.Done() // stuck
	}()
	cancelChild()
}
func goodChild() {
	parent, cancelParent := context.WithCancel(context.Background())
	child, cancelChild := context.WithCancel(parent)
	_ = cancelChild
	go func() { <-child.Done() }()
	cancelParent()
}
func badCause() {
	ctx, cancel := context.WithCancelCause(context.Background())
	_ = cancel
	<-ctx.Done() // stuck
}
func goodCause() {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(nil)
	<-ctx.Done()
	context.Cause(ctx)
}
func badValue() {
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), "k", 1))
	_ = cancel
	<-context.WithValue(ctx, "k", 2).Done() // stuck
}
func goodValue() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	<-context.WithValue(ctx, "k", 2).Done()
}
func badErr() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if ctx.Err() == nil {
		<-ctx.Done() // stuck
	}
}
func goodErr() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if ctx.Err() == nil {
		c := make(chan int)
		c <- 1
	}
}
func goodReturned() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }()
	return ctx, cancel
}
func badSendBeside() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan int)
	go func() {
		select {
		case c <- 1:
		case <-ctx.Done():
		}
		c <- 2 // stuck
	}()
}
func goodSendBeside() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan int)
	go func() {
		for {
			select {
			case c <- 1:
			case <-ctx.Done():
				return
			}
		}
	}()
}
func badCancelAfterWait() {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done() // stuck
	}()
	wg.Wait() // stuck
	cancel()
}
func goodCancelBeforeWait() {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done()
	}()
	cancel()
	wg.Wait()
}
`},
	{name: "other contexts", text: `
func goodTimeout() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	_ = cancel
	<-ctx.Done()
}
func goodDeadline() {
	ctx, cancel := context.WithDeadline(context.Background(), time.Now())
	_ = cancel
	<-ctx.Done()
}
func badTimeout() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c := make(chan int)
	go func() {
		c <- 1 // stuck
	}()
	select {
	case <-c:
	case <-ctx.Done():
	}
}
func badWithoutCancel(parent context.Context) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	_ = cancel
	<-ctx.Done() // stuck
}
func goodWithoutCancel(parent context.Context) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	cancel()
	<-ctx.Done()
}
func badAfterFunc() {
	ctx, cancel := context.WithCancel(context.Background())
	_ = cancel
	c := make(chan int)
	context.AfterFunc(ctx, func() { close(c) })
	<-c // stuck
}
func goodAfterFunc() {
	ctx, cancel := context.WithCancel(context.Background())
	c := make(chan int)
	context.AfterFunc(ctx, func() { close(c) })
	cancel()
	<-c
}
func goodAfterFuncOfParent(ctx context.Context) {
	c := make(chan int)
	context.AfterFunc(ctx, func() { close(c) })
	<-c
}
func badAfterFuncStopped() {
	ctx, cancel := context.WithCancel(context.Background())
	c := make(chan int)
	stop := context.AfterFunc(ctx, func() { close(c) })
	stop()
	cancel()
	<-c // stuck
}
func goodAfterFuncNeverCalled() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan int)
	stop := context.AfterFunc(ctx, func() { close(c) })
	if !stop() {
		<-c
	}
}
func badAfterFuncSends() {
	ctx, cancel := context.WithCancel(context.Background())
	c := make(chan int)
	context.AfterFunc(ctx, func() {
		c <- 1 // stuck
	})
	cancel()
}
`},
	{name: "timers", text: `
func goodAfter() {
	<-time.After(1)
}
func goodTicker() {
	t := time.NewTicker(1)
	defer t.Stop()
	<-t.C
	for range t.C {
		break
	}
}
func goodTimer() {
	t := time.NewTimer(1)
	if !t.Stop() {
		<-t.C
	}
	t.Reset(1)
	<-t.C
}
func badTimerBeside() {
	t := time.NewTimer(1)
	c := make(chan int)
	select {
	case <-c:
	case <-t.C:
	}
	<-c // stuck
}
func badAfterFunc() {
	c := make(chan int)
	time.AfterFunc(1, func() {
		c <- 1 // stuck
	})
}
func goodAfterFunc() {
	c := make(chan int)
	time.AfterFunc(1, func() { c <- 1 })
	<-c
}
func badAfterFuncStopped() {
	c := make(chan int)
	t := time.AfterFunc(1, func() { close(c) })
	t.Stop()
	<-c // stuck
}
func goodAfterFuncStopped() {
	c := make(chan int)
	t := time.AfterFunc(1, func() { close(c) })
	if !t.Stop() {
		<-c
	}
}
func goodTick() {
	for range time.Tick(1) {
		return
	}
}
func badAfterSleep() {
	c := make(chan int)
	go func() {
		time.Sleep(1)
		c <- 1 // stuck
	}()
	select {
	case <-c:
	default:
	}
}
`},
}
