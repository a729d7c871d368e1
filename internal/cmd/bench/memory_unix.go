//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// maxResident returns the resident memory of the largest process below a
// command, itself included, in bytes.
func maxResident(state *os.ProcessState) (int64, bool) {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, false
	}
	n := int64(usage.Maxrss)
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		n *= 1024 // the others count in kilobytes
	}
	return n, true
}
