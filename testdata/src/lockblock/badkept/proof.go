//go:build proof

package badkept

// claim: deadlock number
func driveNumbers() { Numbers([]string{"a", "b"}) }

// claim: deadlock get
func driveSizes() { Sizes("/") }

// claim: deadlock SetStatus
func drivePublish() {
	Publish(func(f func() string) { f() })
	SetStatus(nil)
}

// claim: leak add
func driveWatch() {
	changed := make(chan int)
	new(watched).Watch(changed)
	changed <- 1
	changed <- 2
	close(changed)
}
