// Command goodprocess has goroutines that are in a channel operation when the process ends, or all
// the time; that is no leak.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

type sample struct {
	name string
	val  float64
}

var samples = make(chan sample, 64)

// record is good: collect takes samples as long as the process lives.
func record(name string, val float64) { samples <- sample{name, val} }

func collect() {
	sums := make(map[string]float64)
	for s := range samples {
		sums[s.name] += s.val
	}
}

var startCollector sync.Once

// serve is good: the process ends with the first error that one of the servers reports.
func serve(addrs [2]string) {
	startCollector.Do(func() { go collect() })
	errs := make(chan error)
	for _, addr := range addrs {
		go func() { errs <- http.ListenAndServe(addr, nil) }()
	}
	log.Fatal(<-errs)
}

// dump is good: it waits for signals.
func dump() {
	usr1 := make(chan os.Signal, 1)
	signal.Notify(usr1, syscall.SIGUSR1)
	for range usr1 {
		record("dumps", 1)
	}
}

// prompt is good: at the end of main the reader of standard input may stand in its send.
func prompt() <-chan string {
	words := make(chan string)
	go func() {
		sc := bufio.NewScanner(os.Stdin)
		for sc.Scan() {
			words <- sc.Text()
		}
		close(words)
	}()
	return words
}

func main() {
	listen := flag.Bool("listen", false, "serve HTTP")
	flag.Parse()
	go dump()
	go func() {
		for range time.Tick(time.Second) {
			record("seconds", 1)
		}
	}()
	if *listen {
		serve([2]string{"localhost:8080", "localhost:8081"})
	}
	late := make(chan int)
	go func() { late <- len(flag.Args()) }()
	select {
	case w := <-prompt():
		fmt.Println(w)
	case <-time.After(time.Minute):
		os.Exit(2)
	}
}
