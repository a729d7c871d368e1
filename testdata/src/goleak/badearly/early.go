// Package badearly holds functions that return before they have received what their goroutines
// send.
package badearly

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

// Load is bad: when the name is not found, nobody receives the orders.
func Load(ctx context.Context, s Store, id int) (*Profile, error) {
	results := make(chan ordersResult)
	go func() {
		orders, err := s.Orders(ctx, id)
		results <- ordersResult{orders, err} // want "send on results blocks forever"
	}()
	name, err := s.Name(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("profile %d: %w", id, err)
	}
	r := <-results
	return &Profile{name, r.orders}, r.err
}

// Both is bad: two goroutines report their errors, the first error ends the function.
func Both(left, right func() error) error {
	errc := make(chan error)
	go func() { errc <- left() }()  // want "send on errc blocks forever"
	go func() { errc <- right() }() // want "send on errc blocks forever"
	for range 2 {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

// lines sends the lines of r.
func lines(r io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			out <- sc.Text() // want "send on out blocks forever"
		}
	}()
	return out
}

// ErrMalformed is returned for lines without an equals sign.
var ErrMalformed = errors.New("malformed line")

// ParseEnv is bad: at a malformed line it leaves the range, and lines keeps its goroutine.
func ParseEnv(r io.Reader) (map[string]string, error) {
	env := make(map[string]string)
	for line := range lines(r) {
		key, val, ok := strings.Cut(line, "=")
		if !ok {
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

func (w *Walker) files() chan string {
	found := make(chan string)
	go w.walk(w.root, found)
	return found
}

func (w *Walker) walk(dir string, found chan<- string) {
	defer close(found)
	for _, name := range w.list(dir) {
		found <- dir + "/" + name // want "send on found blocks forever"
	}
}

// Find is bad: it breaks out of the range at the first match.
func (w *Walker) Find(suffix string) (match string) {
	for name := range w.files() {
		if strings.HasSuffix(name, suffix) {
			match = name
			break
		}
	}
	return match
}

// Checksum is bad: the file cannot be opened, and the writer's goroutine was already started.
func Checksum(path string, header func() []byte, sum func(io.Reader) uint32) (uint32, []byte, error) {
	headers := make(chan []byte)
	go func() {
		headers <- header() // want "send on headers blocks forever"
	}()
	f, err := os.Open(path)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	return sum(f), <-headers, nil
}

// A Report has three parts, each made by its own goroutine.
type Report struct {
	Summary, Details, Footer string
}

// Assemble is bad: an empty summary ends it, and two senders stay.
func Assemble(summary, details, footer func() string) (*Report, error) {
	var (
		summaries = make(chan string, 1)
		details_  = make(chan string)
		footers   = make(chan string)
	)
	go func() { summaries <- summary() }()
	go func() { details_ <- details() }() // want "send on details_ blocks forever"
	go func() { footers <- footer() }()   // want "send on footers blocks forever"
	r := &Report{Summary: <-summaries}
	if r.Summary == "" {
		return nil, errors.New("empty summary")
	}
	r.Details = <-details_
	r.Footer = <-footers
	return r, nil
}

// Import is bad: the deferred drain was forgotten on the way out through the callback's error.
func Import(rows []string, insert func(string) error) (n int, err error) {
	parsed := make(chan []string)
	go func() {
		for _, row := range rows {
			parsed <- strings.Split(row, ",") // want "send on parsed blocks forever"
		}
		close(parsed)
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

// Acknowledged is bad: the goroutine waits for a go-ahead, which the error path does not give.
func Acknowledged(prepare func() error, commit func()) error {
	proceed := make(chan struct{})
	finished := make(chan struct{})
	go func() {
		<-proceed // want "receive from proceed blocks forever"
		commit()
		close(finished)
	}()
	if err := prepare(); err != nil {
		return err
	}
	close(proceed)
	<-finished
	return nil
}

// Until is bad: the label leaves both loops while the numbering goroutine has more to send.
func Until(pages [][]string, accept func(int, string) bool) (n int) {
	ids := make(chan int)
	go func() {
		for i := 0; ; i++ {
			ids <- i // want "send on ids blocks forever"
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
