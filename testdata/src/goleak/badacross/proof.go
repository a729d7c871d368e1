//go:build proof

package badacross

import (
	"errors"
	"strings"
)

const text = "a\nb\nc\n"

// claim: leak across/stream.Lines
func driveFirstLine() { firstLine(strings.NewReader(text)) }

// claim: leak across/stream.Lines
func driveFind() { find(strings.NewReader(text), "a") }

// claim: leak across/stream.Count
func driveCountTo() { countTo(3) }

// claim: leak across/stream.Log
func driveLogged() { logged("log", func() error { return errors.New("full") }) }

// claim: leak spawned
func driveSpawned() { spawned() }

// claim: deadlock across/stream.Drain
func driveSum() { sum([]string{"a", "b"}) }
