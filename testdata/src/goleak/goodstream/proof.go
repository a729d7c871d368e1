//go:build proof

package goodstream

import (
	"context"
	"errors"
	"io"
	"strings"
)

func lines() io.Reader { return strings.NewReader(strings.Repeat("line\n", 100)) }

func fails(string) error { return errors.New("no") }

func failsInt(int) error { return errors.New("no") }

// claim: none
func driveEachLine() { EachLine(lines(), fails) }

// claim: none
func driveEachOf() { EachOf(context.Background(), make([]int, 100), failsInt) }

// claim: none
func driveDrained() {
	Drained(make([]int, 100), failsInt)
	DrainedLater(make([]int, 100), failsInt)
}

// claim: none
func driveSized() { Sized(make([]int, 100), failsInt) }

// claim: none
func driveThree() { Three(func(i int) int { return i }, failsInt) }

// claim: none
func driveFewAtMost() { FewAtMost(lines(), fails) }

// claim: none
func driveAnswers() {
	Answers([]string{"a", "b"}, func(string) (int, error) { return 0, errors.New("no") })
}

// claim: none
func driveReports() {
	Reports(lines(), fails)
	Room(lines(), fails)
}

// claim: none
func driveLimited() { Limited(make([]string, 100), func(string) {}) }

// claim: none
func driveError() { Error(lines(), fails, nil) }
