//go:build proof

package badfeeder

import (
	"context"
	"errors"
)

var urls = make([]string, 20)

func fail(string) error { return errors.New("failed") }

// claim: deadlock Spawner
func driveSpawner() { Spawner(urls, fail) }

// claim: deadlock Task
func driveTask() {
	Task(context.Background(), urls, func(context.Context, string) error { return fail("") })
}

// claim: deadlock CommaOk
func driveCommaOk() { CommaOk(urls, fail, 3) }
