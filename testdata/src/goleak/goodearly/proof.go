//go:build proof

package goodearly

import (
	"context"
	"errors"
	"io"
	"strings"
)

var errOffline = errors.New("offline")

type store struct{}

func (store) Name(context.Context, int) (string, error)     { return "", errOffline }
func (store) Orders(context.Context, int) ([]string, error) { return nil, nil }

// claim: none
func driveLoad() { Load(context.Background(), store{}, 7) }

// claim: none
func driveBoth() {
	fail := func() error { return errOffline }
	Both(fail, fail)
}

// claim: none
func driveParseEnv() { ParseEnv(strings.NewReader("A=1\nB\nC=2\n")) }

// claim: none
func driveFind() {
	NewWalker("/", func(string) []string { return []string{"a.go", "b.txt", "c.go"} }).Find(".go")
}

// claim: none
func driveChecksum() {
	Checksum("/no/such/file", func() []byte { return nil }, func(io.Reader) uint32 { return 0 })
}

// claim: none
func driveAssemble() {
	empty := func() string { return "" }
	Assemble(empty, empty, empty)
}

// claim: none
func driveImport() { Import([]string{"a,b", "c,d"}, func(string) error { return errOffline }) }

// claim: none
func driveAcknowledged() { Acknowledged(func() error { return errOffline }, func() {}) }

// claim: none
func driveUntil() { Until([][]string{{"a", "b"}}, func(int, string) bool { return false }) }

// claim: none
func driveTotal() { Total(strings.NewReader("A=1\nB\nC=2\n")) }
