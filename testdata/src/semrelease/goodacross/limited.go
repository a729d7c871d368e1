package goodacross

import (
	"context"

	"across/limit"
)

type client struct{ limiter *limit.Limiter }

// get is good: the place is given back in any case.
func (c *client) get(ctx context.Context, call func() error) error {
	if err := c.limiter.Acquire(ctx); err != nil {
		return err
	}
	defer c.limiter.Release()
	return call()
}

// within is good: the limiter itself does it.
func (c *client) within(ctx context.Context, call func() error) error {
	return c.limiter.Do(ctx, call)
}

// handOver is good: the goroutine gives it back.
func (c *client) handOver(ctx context.Context, call func()) error {
	if err := c.limiter.Acquire(ctx); err != nil {
		return err
	}
	go func() {
		defer c.limiter.Release()
		call()
	}()
	return nil
}
