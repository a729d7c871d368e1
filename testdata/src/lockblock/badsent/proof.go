//go:build proof

package badsent

import "time"

// claim: deadlock queue.flush
func driveFlush() {
	for {
		s := NewSender(time.Nanosecond, 0, func([]int) {})
		for !s.Add(1) {
		}
		s.Close()
	}
}

// claim: deadlock Log.Print
func drivePrint() {
	l := NewLog()
	l.level = 1
	for {
		l.Print("a")
	}
}
