// Package goodfield holds shapes of real code of which an abstract run can go wrong.
package goodfield

import (
	"io/fs"
	"path/filepath"
	"sync/atomic"
)

// A conn is closed once, whoever comes first.
type conn struct {
	closed atomic.Bool
	done   chan struct{}
}

func (c *conn) cleanup() {
	if c.closed.Swap(true) {
		return
	}
	close(c.done)
}

// Close is good: the flag is set by the first cleanup.
func (c *conn) Close() {
	if !c.closed.Load() {
		c.cleanup()
	}
	c.cleanup()
}

// Walk is good: the error of the walk is that of its callback.
func Walk(root string, visit func(string) error) error {
	files := make(chan string, 16)
	go func() {
		for f := range files {
			_ = visit(f)
		}
	}()
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			close(files)
			return err
		}
		files <- path
		return nil
	})
	if err == nil {
		close(files)
	}
	return err
}
