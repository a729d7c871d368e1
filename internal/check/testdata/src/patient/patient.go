// Package patient waits for contexts.
package patient

import "context"

// Foreign has a context that others may cancel, or not.
func Foreign(ctx context.Context) {
	go func() {
		todo(ctx) // want "call of todo: depends on others"
	}()
}

// Derived cancels its context, but not always.
func Derived(ctx context.Context, f func() error) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		todo(ctx) // want "call of todo: depends on others"
	}()
	if f() != nil {
		return
	}
	cancel()
}

// Own cancels its context.
func Own(ctx context.Context, f func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		todo(ctx) // want "call of todo: depends on nobody"
	}()
	return f()
}

func todo(context.Context) {}
