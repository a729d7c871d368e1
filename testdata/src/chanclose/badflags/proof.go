//go:build proof

package badflags

import "errors"

// claim: leak Spool
func driveSpool() { Spool(true, func(string) {}) }

// claim: leak Record
func driveRecord() { Record(func(string) {}, func() error { return errors.New("tape full") }) }

// claim: deadlock Sift
func driveSift() { Sift([]int{1, -1, 2}) }

// claim: leak Follow
func driveFollow() { Follow(&Spooler{shut: true}, func(string) {}) }
