//go:build proof

package fixleave

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"
)

var (
	errFailed = errors.New("failed")
	names     = []string{"a", "b", "c", "d"}
	numbers   = []int{1, 2, 3, 4}
)

func fails(string) error { return errFailed }

func failing(context.Context, string) error { return errFailed }

func works(context.Context, string) error { return nil }

func one() int { return 1 }

// claim: leak Find
func driveFind() { Find(strings.NewReader("a\nb\nc\n"), "a") }

// claim: leak Literal
func driveLiteral() { Literal(map[string]int{"a": 7, "b": 8}, func(int) bool { return true }) }

// claim: leak Watch
func driveWatch() { Watch(context.Background(), one, func(int) error { return errFailed }) }

// claim: leak Two
func driveTwo() { Two(context.Background(), one, one) }

// claim: leak Asked
func driveAsked() { Asked(context.Background(), names, fails) }

// claim: deadlock Stages
func driveStagesLoad() { Stages(context.Background(), names, failing, works) }

// claim: deadlock Stages
func driveStagesStore() { Stages(context.Background(), names, works, failing) }

// claim: leak Short
func driveShort() { Short(numbers, func(int) int { return 7 }) }

// claim: leak Partial
func drivePartial() { Partial(context.Background(), numbers, 2) }

// claim: leak Foreign
func driveForeign() { Foreign(context.Background(), one, func(int) error { return errFailed }) }

// claim: leak Sometimes
func driveSometimes() { Sometimes(one, func(int) error { return errFailed }) }

// claim: leak After
func driveAfter() { After(names, func(string) bool { return false }) }

type listener struct{ net.Listener }

func (listener) Accept() (net.Conn, error) { return nil, nil }

// claim: leak Conns
func driveConns() { Conns(listener{}, func(net.Conn) error { return errFailed }) }

// claim: deadlock Waits
func driveWaits() { Waits(names, fails) }

// claim: deadlock Sum
func driveSum() {
	Sum(context.Background(), numbers, func(context.Context, int) error { return errFailed }, func(int) {})
}

// claim: deadlock Enough
func driveEnough() {
	Enough(context.Background(), numbers, func(context.Context, int) bool { time.Sleep(time.Millisecond); return true })
}

func isGood(int) bool { return true }

// claim: leak produce
func driveFirst() { First(isGood) }

// claim: leak produce
func driveFirstOf() { FirstOf(context.Background(), isGood) }

// claim: leak feed
func driveCareful() { Careful(isGood) }

// claim: leak feed
func driveCareless() { Careless(context.Background(), isGood) }
