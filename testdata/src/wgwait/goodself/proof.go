//go:build proof

package goodself

import "errors"

// claim: none
func driveMerge() { Merge([]int{1}, []int{2}) }

var tree = &Dir{"/", []*Dir{{Name: "/usr"}, {Name: "/etc"}}}

// claim: none
func driveWalk() { Walk(tree, func(string) {}) }

// claim: none
func driveWalkBelow() { Walk(tree, func(string) {}) }

// claim: none
func driveShutdown() { Serve([]string{"/"}, func(string) error { return errors.New("no") }) }

// claim: none
func driveServe() { Serve([]string{"/"}, func(string) error { return errors.New("no") }) }

// claim: none
func driveLast() { Last([]func(){func() {}, func() {}}, func() {}) }

// claim: none
func driveDeferred() { Deferred(func() {}, func() {}) }

// claim: none
func driveLevels() { Levels(tree, func(string) {}) }
