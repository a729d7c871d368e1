//go:build !unix

package gocmd

import "os/exec"

// interruptAll leaves the command as it is: it is killed when its context ends,
// and the tools that it started end by themselves after a package.
func interruptAll(*exec.Cmd) {}

// killAll does nothing: there is no handle on the tools.
func killAll(*exec.Cmd) {}
