// Package drivertest prepares scripts that run the go command and a program of
// package driver. Only tests import it.
package drivertest

import (
	"fmt"
	"os/exec"
	"strings"
)

// Env returns the environment of the go command in scripts: offline and without
// the user's settings, but with the user's caches, since with a cold one each
// script would compile the standard library. The error is that of the go
// command.
func Env() ([]string, error) {
	out, err := exec.Command("go", "env", "GOCACHE", "GOPATH", "GOMODCACHE").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %v", err)
	}
	dirs := strings.Split(strings.TrimSpace(string(out)), "\n")
	return []string{
		"GOCACHE=" + dirs[0], "GOPATH=" + dirs[1], "GOMODCACHE=" + dirs[2],
		"GOENV=off", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local", "GO111MODULE=", "GOWORK=",
	}, nil
}
