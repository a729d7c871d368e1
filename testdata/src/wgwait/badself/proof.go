//go:build proof

package badself

import "errors"

// claim: leak Merge
func driveMerge() { go Merge([]int{1}, []int{2}) }

var tree = &Dir{"/", []*Dir{{Name: "/usr"}, {Name: "/etc"}}}

// claim: leak Walk
func driveWalk() { go Walk(tree, func(string) {}) }

// claim: leak walk
func driveWalkBelow() { go Walk(tree, func(string) {}) }

// claim: leak Server.shutdown
func driveShutdown() { go Serve([]string{"/"}, func(string) error { return errors.New("no") }) }

// claim: leak Serve
func driveServe() { go Serve([]string{"/"}, func(string) error { return errors.New("no") }) }

// claim: leak Last
func driveLast() { go Last([]func(){func() {}, func() {}}, func() {}) }

// claim: leak Deferred
func driveDeferred() { go Deferred(func() {}, func() {}) }
