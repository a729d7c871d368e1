//go:build proof

package badcounted

import (
	"sync/atomic"
	"time"
)

// early calls f until it returns before n tasks are done.
func early(n int, f func(task func())) {
	for range 1000 {
		var done atomic.Int32
		f(func() {
			time.Sleep(time.Millisecond)
			done.Add(1)
		})
		if int(done.Load()) < n {
			panic("Wait returned early")
		}
	}
}

// claim: panic Wait returned early
func driveUncountedSpawner() {
	early(2, func(task func()) {
		in := make(chan int, 1)
		in <- 1
		close(in)
		UncountedSpawner(in, func(int) { task() }, func(int) { task() })
	})
}

// claim: panic Wait returned early
func driveDoneBeforeInnerAdd() {
	early(1, func(task func()) {
		DoneBeforeInnerAdd(func() []int {
			time.Sleep(time.Millisecond)
			return []int{1}
		}, func(int) { task() })
	})
}

// claim: panic Wait returned early
func driveDoneFirstOnOnePath() {
	early(1, func(task func()) {
		DoneFirstOnOnePath(true, func() { time.Sleep(time.Millisecond) }, task)
	})
}

// claim: panic send on closed channel
func driveWorkListDoneFirst() {
	for range 10 {
		WorkListDoneFirst(1, func(n int) []int {
			time.Sleep(10 * time.Millisecond)
			if n == 1 {
				return []int{2}
			}
			return nil
		})
		time.Sleep(20 * time.Millisecond)
	}
}

// claim: panic Wait returned early
func driveWalkUncounted() {
	early(1, func(task func()) {
		WalkUncounted("/", func(string) []string {
			task()
			return nil
		})
	})
}

// claim: panic Wait returned early
func driveCountedInOtherGroup() {
	for range 1000 {
		var written atomic.Int32
		CountedInOtherGroup([]string{"a"}, func(string) { time.Sleep(time.Millisecond) }, func(string) {
			time.Sleep(time.Millisecond)
			written.Add(1)
		})
		if written.Load() < 1 {
			panic("Wait returned early")
		}
	}
}

// claim: panic Wait returned early
func driveCountedOnOneBranch() {
	early(1, func(task func()) { CountedOnOneBranch(true, []int{1}, func(int) { task() }) })
}

// claim: panic Wait returned early
func driverun() {
	early(2, func(task func()) {
		g := &ingester{
			in:     make(chan string),
			known:  func(string) bool { time.Sleep(time.Millisecond); return false },
			parse:  func(string) { task() },
			notify: func(string) { task() },
		}
		g.Start()
		g.in <- "a"
		g.Close()
	})
}

// claim: panic send on closed channel
func driveSpider() {
	for range 10 {
		Spider(func(page string) []string {
			time.Sleep(10 * time.Millisecond)
			if page == "a" {
				return []string{"b"}
			}
			return nil
		}, "a")
		time.Sleep(20 * time.Millisecond)
	}
}

// claim: panic Wait returned early
func driveGoUncounted() {
	early(1, func(task func()) {
		GoUncounted([]string{"a"}, func(string) { time.Sleep(time.Millisecond) }, func(string) { task() })
	})
}
