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

type nothing struct{}

func (nothing) Read([]byte) (int, error)  { return 0, io.EOF }
func (nothing) Write([]byte) (int, error) { return 0, io.EOF }
func (nothing) Close() error              { return nil }

// claim: deadlock Pool.Unpack
func driveUnpack() {
	p := NewPool(1, func(context.Context) (io.ReadWriteCloser, error) { return nothing{}, nil })
	p.Unpack(context.Background())
	p.Unpack(context.Background())
}

// claim: deadlock Files.Open
func driveName() {
	f := NewFiles(1, nil)
	f.Open(context.Background(), "")
	f.Open(context.Background(), "")
}
