package baddiscard

import (
	"context"
	"fmt"
)

func (l *loader) loadOne(ctx context.Context, id int) error {
	if err := l.load(ctx, id); err != nil {
		return fmt.Errorf("load %d: %w", id, err)
	}
	return nil
}
