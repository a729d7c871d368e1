//go:build proof

package goodacross

import (
	"errors"
	"strings"
)

const text = "a\nb\nc\n"

// claim: none
func driveLongest() { longest(strings.NewReader(text)) }

// claim: none
func driveFind() { find(strings.NewReader(text), "a") }

// claim: none
func driveCountTo() { countTo(3) }

// claim: none
func driveLogged() { logged("log", func() error { return errors.New("full") }) }

// claim: none
func driveSpawned() { spawned() }
