//go:build proof

package badtwice

import (
	"context"
	"errors"
)

func fails() error { return errors.New("failed") }

// claim: panic released more than held
func driveRun() { NewPool(1).Run(context.Background(), fails) }

// claim: deadlock Pool.Do
func driveDo() { NewPool(1).Do(fails, func(error) {}) }
