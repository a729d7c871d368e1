//go:build proof

package badnested

import (
	"context"
	"os"
	"time"
)

// claim: deadlock TwoLevels
func driveTwoLevels() {
	list := func(string) []string {
		time.Sleep(10 * time.Millisecond) // until all of them have a place
		return []string{"f"}
	}
	TwoLevels(make([]string, 8), list, func(string) error { return nil })
}

// claim: deadlock Walk
func driveWalk() {
	root, err := os.MkdirTemp("", "walk")
	if err != nil {
		panic(err)
	}
	for _, dir := range []string{"/a/a", "/a/b", "/b/a", "/b/b"} {
		os.MkdirAll(root+dir, 0o700)
	}
	Walk(context.Background(), root, 2)
}

// claim: deadlock walk
func driveVisit() {
	Visit(full(6), func(*tree) error {
		time.Sleep(time.Millisecond)
		return nil
	})
}

func full(depth int) *tree {
	if depth == 0 {
		return nil
	}
	return &tree{full(depth - 1), full(depth - 1)}
}

// claim: deadlock OnlyPlace
func driveOnlyPlace() { OnlyPlace([]int{1}, func(int) error { return nil }) }
