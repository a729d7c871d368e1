package goodcauses

// A Device wakes its owner.
type Device struct {
	interrupts chan int
}

// BuildTags waits for interrupts, which arrive in a file for another system.
func BuildTags(handle func(int)) {
	d := &Device{interrupts: make(chan int)}
	d.attach()
	go func() {
		for n := range d.interrupts {
			handle(n)
		}
	}()
}
