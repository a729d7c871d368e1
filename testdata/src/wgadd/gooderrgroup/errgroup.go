// Package gooderrgroup waits for the goroutine that Adds before it waits for the group.
package gooderrgroup

import (
	"golang.org/x/sync/errgroup"
	"log"
	"sync"
)

type Ingest struct {
	g  errgroup.Group
	wg sync.WaitGroup
	in chan []byte
}

func (i *Ingest) Start() {
	i.g.Go(i.read)
}

func (i *Ingest) read() error {
	for b := range i.in {
		i.wg.Add(1)
		go func() {
			defer i.wg.Done()
			log.Print(len(b))
		}()
	}
	return nil
}

func (i *Ingest) Close() error {
	close(i.in)
	err := i.g.Wait()
	i.wg.Wait()
	return err
}
