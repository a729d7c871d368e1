// Command goodprocess has goroutines that live as long as the process; the
// channels that they range over need no close.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
)

type line struct {
	level string
	text  string
}

var logLines = make(chan line, 256)

// init is good: the writer it starts serves the whole life of the process.
func init() {
	go func() {
		for l := range logLines {
			fmt.Fprintln(os.Stderr, l.level, l.text)
		}
	}()
}

func logf(level, format string, args ...any) {
	select {
	case logLines <- line{level, fmt.Sprintf(format, args...)}:
	default:
	}
}

var startMetrics sync.Once

// ensureMetrics is good: a package-level Once starts the only range over
// ticks.
func ensureMetrics() {
	startMetrics.Do(func() {
		ticks := time.Tick(10 * time.Second)
		go func() {
			for range ticks {
				logf("info", "goroutines: %d", runtime.NumGoroutine())
			}
		}()
	})
}

// dumpOnSignal is good: a channel given to signal.Notify is not closed, the
// goroutine waits for signals until the process ends.
func dumpOnSignal() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	go func() {
		for range c {
			buf := make([]byte, 1<<16)
			os.Stderr.Write(buf[:runtime.Stack(buf, true)])
		}
	}()
}

// stopOnSignal is good: the context ends the goroutine, the channel of
// signals is no longer needed then.
func stopOnSignal(ctx context.Context, stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	go func() {
		defer signal.Stop(c)
		select {
		case <-c:
			stop()
		case <-ctx.Done():
		}
	}()
}

type job struct{ path string }

// main is good: its workers end with the process, and after the first server
// error so does the process.
func main() {
	ensureMetrics()
	dumpOnSignal()

	jobs := make(chan job, 64)
	for range 4 {
		go func() {
			for j := range jobs {
				logf("info", "visited %s", j.path)
			}
		}()
	}

	errc := make(chan error)
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		select {
		case jobs <- job{r.URL.Path}:
			w.WriteHeader(http.StatusAccepted)
		default:
			http.Error(w, "busy", http.StatusServiceUnavailable)
		}
	})
	for _, addr := range []string{":8080", ":8081", ":8082"} {
		go func() { errc <- http.ListenAndServe(addr, mux) }()
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopOnSignal(ctx, cancel)
	select {
	case err := <-errc:
		log.Println(err)
		os.Exit(1)
	case <-ctx.Done():
	}
}
