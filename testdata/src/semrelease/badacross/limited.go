// Package badacross does not give back what it has acquired from a limiter of another
// package.
package badacross

import (
	"context"

	"across/limit"
)

type Client struct{ limiter *limit.Limiter }

func NewClient() *Client { return &Client{limit.New(1)} }

// Get is bad: the place is lost where the call fails.
func (c *Client) Get(ctx context.Context, call func() error) error {
	if err := c.limiter.Acquire(ctx); err != nil {
		return err
	}
	if err := call(); err != nil {
		return err // want "returns with c.limiter acquired since line 17: each such return takes away one of its places"
	}
	c.limiter.Release()
	return nil
}
