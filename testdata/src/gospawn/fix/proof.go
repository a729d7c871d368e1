//go:build proof

package fix

import (
	"context"
	"strconv"
	"time"
)

type slow struct{}

// Fetch takes so long that all goroutines that are started live at once.
func (slow) Fetch(context.Context, string) ([]byte, error) {
	time.Sleep(2 * time.Second)
	return nil, nil
}

var ctx = context.Background()

func many() []string {
	urls := make([]string, 1500)
	for i := range urls {
		urls[i] = strconv.Itoa(i)
	}
	return urls
}

func keyed() map[string]string {
	m := make(map[string]string)
	for _, u := range many() {
		m[u] = u
	}
	return m
}

// claim: flood Plain
func drivePlain() { Plain(ctx, slow{}, many()) }

// claim: flood OneLine
func driveOneLine() { OneLine(ctx, slow{}, keyed(), 0) }

// claim: flood Nested
func driveNested() { Nested(ctx, slow{}, [][]string{many(), many()}) }

// claim: flood OwnLock
func driveOwnLock() { OwnLock(ctx, slow{}, many()) }

// claim: flood Results
func driveResults() { Results(ctx, slow{}, many()) }

// claim: flood HeldLock
func driveHeldLock() { HeldLock(ctx, slow{}, many()) }

// claim: flood Selected
func driveSelected() {
	urls := make(chan string)
	go Selected(ctx, slow{}, urls)
	for _, u := range many() {
		urls <- u
	}
}

// claim: flood slow
func driveNamed() { Named(ctx, slow{}, many()) }
