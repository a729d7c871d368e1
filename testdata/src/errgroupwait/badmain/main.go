// Command badmain ends before its tasks have run.
package main

import (
	"flag"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"
)

// main is bad: it starts the tasks and returns.
func main() {
	flag.Parse()
	names := flag.Args()
	var g errgroup.Group
	for _, name := range names {
		g.Go(func() error { // want "nothing Waits for g: main returns while this task runs, and ends it"
			return os.Remove(name)
		})
	}
	fmt.Println("removed", len(names), "files")
}

// Not run: it is a command, and what it does wrong is to do nothing.
