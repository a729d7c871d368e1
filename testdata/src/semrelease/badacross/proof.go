//go:build proof

package badacross

import (
	"context"
	"errors"
)

// claim: deadlock Get
func driveGet() {
	c := NewClient()
	c.Get(context.Background(), func() error { return errors.New("gone") })
	c.Get(context.Background(), func() error { return nil })
}
