// Package goodearly holds functions that may return before they have received what their goroutines
// send, and let no goroutine wait.
package goodearly

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// A Profile is what is known about a user.
type Profile struct {
	Name   string
	Orders []string
}

// A Store loads the parts of a profile.
type Store interface {
	Name(ctx context.Context, id int) (string, error)
	Orders(ctx context.Context, id int) ([]string, error)
}

type ordersResult struct {
	orders []string
	err    error
}

// Load is good: the orders fit into the channel.
func Load(ctx context.Context, s Store, id int) (*Profile, error) {
	results := make(chan ordersResult, 1)
	go func() {
		orders, err := s.Orders(ctx, id)
		results <- ordersResult{orders, err}
	}()
	name, err := s.Name(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("profile %d: %w", id, err)
	}
	r := <-results
	return &Profile{name, r.orders}, r.err
}

// Both is good: it keeps the first error and receives both.
func Both(left, right func() error) (first error) {
	errc := make(chan error)
	go func() { errc <- left() }()
	go func() { errc <- right() }()
	for range 2 {
		if err := <-errc; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// lines sends the lines of r.
func lines(r io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			out <- sc.Text()
		}
	}()
	return out
}

// ErrMalformed is returned for lines without an equals sign.
var ErrMalformed = errors.New("malformed line")

// ParseEnv is good: at a malformed line it takes the rest first.
func ParseEnv(r io.Reader) (map[string]string, error) {
	env := make(map[string]string)
	all := lines(r)
	for line := range all {
		key, val, ok := strings.Cut(line, "=")
		if !ok {
			for range all {
			}
			return nil, ErrMalformed
		}
		env[key] = val
	}
	return env, nil
}

// A Walker lists the files of a tree.
type Walker struct {
	root string
	list func(dir string) []string
}

// NewWalker returns a walker that lists directories with a function.
func NewWalker(root string, list func(dir string) []string) *Walker { return &Walker{root, list} }

func (w *Walker) files(stop <-chan struct{}) chan string {
	found := make(chan string)
	go w.walk(w.root, found, stop)
	return found
}

func (w *Walker) walk(dir string, found chan<- string, stop <-chan struct{}) {
	defer close(found)
	for _, name := range w.list(dir) {
		select {
		case found <- dir + "/" + name:
		case <-stop:
			return
		}
	}
}

// Find is good: the walk stops when the match is found.
func (w *Walker) Find(suffix string) (match string) {
	stop := make(chan struct{})
	defer close(stop)
	for name := range w.files(stop) {
		if strings.HasSuffix(name, suffix) {
			match = name
			break
		}
	}
	return match
}

// Checksum is good: nothing is started before the file is open.
func Checksum(path string, header func() []byte, sum func(io.Reader) uint32) (uint32, []byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	headers := make(chan []byte)
	go func() {
		headers <- header()
	}()
	return sum(f), <-headers, nil
}

// A Report has three parts, each made by its own goroutine.
type Report struct {
	Summary, Details, Footer string
}

// Assemble is good: a deferred goroutine takes what the early return leaves.
func Assemble(summary, details, footer func() string) (r *Report, err error) {
	var (
		summaries = make(chan string, 1)
		details_  = make(chan string)
		footers   = make(chan string)
	)
	go func() { summaries <- summary() }()
	go func() { details_ <- details() }()
	go func() { footers <- footer() }()
	defer func() {
		if err != nil {
			go func() {
				<-details_
				<-footers
			}()
		}
	}()
	r = &Report{Summary: <-summaries}
	if r.Summary == "" {
		return nil, errors.New("empty summary")
	}
	r.Details = <-details_
	r.Footer = <-footers
	return r, nil
}

// Import is good: the deferred drain lets the parser end.
func Import(rows []string, insert func(string) error) (n int, err error) {
	parsed := make(chan []string)
	go func() {
		for _, row := range rows {
			parsed <- strings.Split(row, ",")
		}
		close(parsed)
	}()
	defer func() {
		for range parsed {
		}
	}()
	for cols := range parsed {
		if len(cols) == 0 {
			continue
		}
		if err := insert(cols[0]); err != nil {
			return n, fmt.Errorf("row %d: %w", n, err)
		}
		n++
	}
	return n, nil
}

// Acknowledged is good: the go-ahead comes on every path, with a flag.
func Acknowledged(prepare func() error, commit func()) (err error) {
	proceed := make(chan bool, 1)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		if <-proceed {
			commit()
		}
	}()
	err = prepare()
	proceed <- err == nil
	<-finished
	return err
}

// Until is good: the numbering goroutine is told to stop.
func Until(pages [][]string, accept func(int, string) bool) (n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ids := make(chan int)
	go func() {
		for i := 0; ; i++ {
			select {
			case ids <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
paging:
	for _, page := range pages {
		for _, item := range page {
			if !accept(<-ids, item) {
				break paging
			}
			n++
		}
	}
	return n
}

// Total is good: the reader never leaves early.
func Total(r io.Reader) (n int) {
	for line := range lines(r) {
		n += len(line)
	}
	return n
}
