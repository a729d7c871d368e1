package gooddetached

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

type tx interface {
	Exec(ctx context.Context, query string) error
	Rollback(ctx context.Context) error
}

// RollbackJoined cleans up with the parent, as the derived context may be done, and
// tells if that fails as well.
func RollbackJoined(ctx context.Context, txs []tx, query string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, tx := range txs {
		g.Go(func() error {
			if err := tx.Exec(gctx, query); err != nil {
				if rerr := tx.Rollback(ctx); rerr != nil {
					return errors.Join(err, rerr)
				}
				return err
			}
			return nil
		})
	}
	return g.Wait()
}

// RollbackInstead returns the worse error of the two.
func RollbackInstead(ctx context.Context, txs []tx, query string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, tx := range txs {
		g.Go(func() error {
			err := tx.Exec(gctx, query)
			if err == nil {
				return nil
			}
			if rerr := tx.Rollback(ctx); rerr != nil {
				err = rerr
			}
			return err
		})
	}
	return g.Wait()
}

// RollbackElsewhere has another function do it, which is given the error.
func RollbackElsewhere(ctx context.Context, txs []tx, query string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, tx := range txs {
		g.Go(func() error {
			if err := tx.Exec(gctx, query); err != nil {
				return rolledBack(ctx, tx, err)
			}
			return nil
		})
	}
	return g.Wait()
}

func rolledBack(ctx context.Context, tx tx, err error) error {
	if rerr := tx.Rollback(ctx); rerr != nil {
		return fmt.Errorf("%w (and not rolled back: %w)", err, rerr)
	}
	return err
}
