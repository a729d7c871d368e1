//go:build proof

package goodunanswered

// claim: none
func driveAll() {
	l := NewLoop()
	l.Run(func() {})
	l.Stop()
	p := NewPipe()
	go func() { p.In() <- 1 }()
	p.Next()
	leave := make(chan struct{})
	close(leave)
	NewGate().Wait(leave)
	NewSession(func() {}).Wait()
	Receive(nil)
}
