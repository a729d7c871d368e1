package badwrappers

import (
	"context"
	"log"
)

// safeGo runs f in a goroutine and logs a panic.
func safeGo(f func()) {
	go func() {
		defer func() {
			if p := recover(); p != nil {
				log.Printf("panic: %v", p)
			}
		}()
		f()
	}()
}

// goWith is a generic wrapper.
func goWith[T any](ctx context.Context, v T, f func(context.Context, T)) {
	safeGo(func() { f(ctx, v) })
}
