//go:build proof

package badearly

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

// claim: leak Load
func driveLoad() { Load(context.Background(), store{}, 7) }

// claim: leak Both
func driveBoth() {
	fail := func() error { return errOffline }
	Both(fail, fail)
}

// claim: leak lines
func driveParseEnv() { ParseEnv(strings.NewReader("A=1\nB\nC=2\n")) }

// claim: leak Walker.walk
func driveFind() {
	NewWalker("/", func(string) []string { return []string{"a.go", "b.txt", "c.go"} }).Find(".go")
}

// claim: leak Checksum
func driveChecksum() {
	Checksum("/no/such/file", func() []byte { return nil }, func(io.Reader) uint32 { return 0 })
}

// claim: leak Assemble
func driveAssemble() {
	empty := func() string { return "" }
	Assemble(empty, empty, empty)
}

// claim: leak Import
func driveImport() { Import([]string{"a,b", "c,d"}, func(string) error { return errOffline }) }

// claim: leak Acknowledged
func driveAcknowledged() { Acknowledged(func() error { return errOffline }, func() {}) }

// claim: leak Until
func driveUntil() { Until([][]string{{"a", "b"}}, func(int, string) bool { return false }) }
