// Command goodmain starts tasks that end with the process.
package main

import (
	"context"
	"flag"
	"log"
	"os"

	"golang.org/x/sync/errgroup"
)

// main is good: when it returns, the tasks end.
func main() {
	flag.Parse()
	g, gctx := errgroup.WithContext(context.Background())
	for _, name := range flag.Args() {
		g.Go(func() error {
			return serve(gctx, name)
		})
	}
	if _, err := os.Stat("stop"); err != nil {
		return
	}
	if err := g.Wait(); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, name string) error {
	<-ctx.Done()
	return os.Remove(name)
}
