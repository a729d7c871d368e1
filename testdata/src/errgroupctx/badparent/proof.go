//go:build proof

package badparent

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

// failFirst returns a call that fails the first time and otherwise waits to be cancelled.
func failFirst() func(context.Context, string) error {
	var calls atomic.Int32
	return func(ctx context.Context, _ string) error {
		if calls.Add(1) == 1 {
			return errors.New("failed")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
			crash("task not cancelled")
			return nil
		}
	}
}

var two = []string{"a", "b"}

func fails(context.Context) error { return errors.New("failed") }

func pass(context.Context, string) error { return nil }

type noTracer struct{}

func (noTracer) Start(ctx context.Context, _ string) (context.Context, Span) { return ctx, noSpan{} }

type noSpan struct{}

func (noSpan) End() {}

// wait is a fetch that only a cancelled context ends in time.
func wait(ctx context.Context, _ string) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(100 * time.Millisecond):
		crash("task not cancelled")
		return nil
	}
}

// claim: panic task not cancelled
func driveParentFetch() { ParentFetch(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveParentExpression() {
	r, _ := http.NewRequest("GET", "/", nil)
	ParentExpression(r, two, fails, wait)
}

// claim: panic task not cancelled
func driveParentTimeoutOutside() { ParentTimeoutOutside(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveParentTimeoutInside() { ParentTimeoutInside(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveParentValue() { ParentValue(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveParentOnOnePath() {
	cached := func(u string) bool { return u == "a" }
	load := func(ctx context.Context, _ string) error { return errors.New("failed") }
	ParentOnOnePath(context.Background(), two, cached, load, wait)
}

// claim: panic task not cancelled
func driveParentSecondCall() { ParentSecondCall(context.Background(), two, pass, failFirst()) }

// claim: panic task not cancelled
func driveParentNested() { ParentNested(context.Background(), [][]string{two}, fails, wait) }

// claim: panic task not cancelled
func driveParentOfParent() { ParentOfParent(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveParentTryGo() { ParentTryGo(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveParentSpan() { ParentSpan(context.Background(), noTracer{}, two, fails, wait) }

// claim: panic task not cancelled
func driveParentSpanOutside() { ParentSpanOutside(context.Background(), noTracer{}, two, fails, wait) }
