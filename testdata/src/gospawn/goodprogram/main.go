// Command goodprogram starts its goroutines from main.
package main

import (
	"fmt"
	"net/http"
	"os"
	"sync"
)

// main is good: the arguments of the command line are written by whoever runs
// the program, and the services are listed here.
func main() {
	var wg sync.WaitGroup
	for _, name := range os.Args[1:] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if info, err := os.Stat(name); err == nil {
				fmt.Println(name, info.Size())
			}
		}()
	}
	wg.Wait()

	services := map[string]http.Handler{
		":8080": http.NotFoundHandler(),
		":8081": http.FileServer(http.Dir("public")),
	}
	errc := make(chan error, len(services))
	for addr, h := range services {
		go func() { errc <- http.ListenAndServe(addr, h) }()
	}
	fmt.Fprintln(os.Stderr, <-errc)
	os.Exit(1)
}
