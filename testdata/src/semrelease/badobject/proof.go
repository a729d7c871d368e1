//go:build proof

package badobject

import (
	"context"
	"errors"
	"io"
)

func refuse(context.Context) (io.ReadWriteCloser, error) { return nil, errors.New("refused") }

// claim: deadlock Pool.Get
func driveGet() {
	p := NewPool(1, refuse)
	p.Get(context.Background())
	p.Get(context.Background())
}

// claim: deadlock Pool.Open
func driveOpen() {
	p := NewPool(1, refuse)
	p.Open(context.Background())
	p.Open(context.Background())
}

// claim: deadlock Pool.Body
func driveBody() {
	p := NewPool(1, refuse)
	p.Body(context.Background())
	p.Body(context.Background())
}
