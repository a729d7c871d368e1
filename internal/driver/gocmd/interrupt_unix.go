//go:build unix

package gocmd

import (
	"os/exec"
	"syscall"
)

// interruptAll starts the command in a process group of its own, so that an
// interrupt reaches the go command and the tools that it started, whether it
// comes from the terminal or from another process.
func interruptAll(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
	}
}

// killAll kills what is left of the command's process group. It is for a
// command that was interrupted and has ended.
func killAll(cmd *exec.Cmd) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // an error means that nothing is left
}
