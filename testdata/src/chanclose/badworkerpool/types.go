// Package badworkerpool holds worker pools whose channels are not closed, or
// whose wrong channel is closed.
package badworkerpool

import (
	"errors"
	"fmt"
	"strings"
)

// Job is one document to index.
type Job struct {
	ID   int
	Data string
}

// Result is what indexing a document yields.
type Result struct {
	JobID int
	Words int
	Err   error
}

var errEmpty = errors.New("empty document")

func index(j Job) Result {
	if j.Data == "" {
		return Result{JobID: j.ID, Err: fmt.Errorf("job %d: %w", j.ID, errEmpty)}
	}
	return Result{JobID: j.ID, Words: len(strings.Fields(j.Data))}
}
