//go:build proof

package fixroom

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

func slow() int { time.Sleep(20 * time.Millisecond); return 1 }

func slowError() error { time.Sleep(20 * time.Millisecond); return errors.New("slow") }

func soon() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	time.AfterFunc(time.Second, cancel)
	return ctx
}

// claim: leak One
func driveOne() { One(soon(), slow) }

// claim: leak Var
func driveVar() { Var(soon(), slowError) }

// claim: leak Each
func driveEach() { Each([]string{"a", "b", "c"}, func(string) string { return "d" }) }

// claim: leak Counted
func driveCounted() { Counted(3, func(int) int { return 1 }) }

// claim: leak answer
func driveNamed() { Named(soon(), slow) }

// claim: leak Missing
func driveMissing() { Missing(func() (int, error) { return 0, io.EOF }) }

// claim: leak Dial
func driveDial() {
	Dial(soon(), func() net.Conn { slow(); c, _ := net.Pipe(); return c })
}

// claim: leak After
func driveAfter() { After(soon(), slow) }

// claim: leak Stopped
func driveStopped() { Stopped(soon(), slow) }

// claim: leak Stream
func driveStream() { Stream(nil, func(io.Reader) (string, bool) { return "x", true }) }

// claim: leak Grown
func driveGrown() { Grown([]string{"a"}, func(string) string { return "d" }) }

// claim: leak Poll
func drivePoll() { Poll(soon(), slow) }

// claim: leak Kept
func driveKept() { Kept(soon(), slow, nil) }

// claim: leak Filled
func driveFilled() {
	Filled(map[string]int{"a": 1}, func(m map[string]int) { m["b"] = 2 }, func(string) string { return "d" })
}

// claim: leak Keyed
func driveKeyed() {
	Keyed(map[string]int{"a": 1, "b": 2}, func(string, int) string { return "d" })
}
