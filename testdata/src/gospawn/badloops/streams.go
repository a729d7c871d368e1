package badloops

import (
	"archive/tar"
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

// Message is what a broker delivers.
type Message struct {
	Topic string
	Body  []byte
}

func handle(m Message) { log.Printf("%s: %d bytes", m.Topic, len(m.Body)) }

// PerMessage is bad: a slow handler lets the goroutines pile up behind the
// channel.
func PerMessage(msgs <-chan Message) {
	for m := range msgs {
		go handle(m) // want "goroutine per"
	}
}

// PerSelected is bad: the same with a select loop.
func PerSelected(ctx context.Context, msgs <-chan Message) error {
	for {
		select {
		case m := <-msgs:
			go handle(m) // want "goroutine per"
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// PerReceived is bad: receive, check, spawn.
func PerReceived(msgs <-chan Message) {
	for {
		m, ok := <-msgs
		if !ok {
			break
		}
		if m.Topic == "" {
			continue
		}
		go handle(m) // want "goroutine per"
	}
}

// PerLabelled is bad: a labelled select loop that ends with the channel.
func PerLabelled(msgs <-chan Message, flush <-chan struct{}) {
	var wg sync.WaitGroup
loop:
	for {
		select {
		case m, ok := <-msgs:
			if !ok {
				break loop
			}
			if len(m.Body) == 0 {
				continue loop
			}
			wg.Add(1)
			go func() { // want "goroutine per"
				defer wg.Done()
				handle(m)
			}()
		case <-flush:
			log.Print("flush")
		}
	}
	wg.Wait()
}

// PerLine is bad: a goroutine for each line of the input.
func PerLine(r io.Reader) error {
	var wg sync.WaitGroup
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		line := sc.Text()
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			handle(Message{Topic: "line", Body: []byte(line)})
		}()
	}
	wg.Wait()
	return sc.Err()
}

// PerRecord is bad: a goroutine for each record of a CSV file.
func PerRecord(r io.Reader) error {
	cr := csv.NewReader(r)
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			handle(Message{Topic: rec[0]})
		}()
	}
}

// PerDecoded is bad: a goroutine for each value of a JSON stream.
func PerDecoded(r io.Reader) error {
	dec := json.NewDecoder(r)
	for dec.More() {
		var m Message
		if err := dec.Decode(&m); err != nil {
			return err
		}
		go handle(m) // want "goroutine per"
	}
	return nil
}

// PerRequestItem is bad: the client decides how many goroutines its request
// costs.
func PerRequestItem(w http.ResponseWriter, r *http.Request) {
	var batch []Message
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var wg sync.WaitGroup
	for _, m := range batch {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			handle(m)
		}()
	}
	wg.Wait()
	w.WriteHeader(http.StatusNoContent)
}

// PerQueryValue is bad: so does the query of a URL.
func PerQueryValue(w http.ResponseWriter, r *http.Request) {
	for _, topic := range r.URL.Query()["topic"] {
		go handle(Message{Topic: topic}) // want "goroutine per"
	}
	w.WriteHeader(http.StatusAccepted)
}

// PerRow is bad: a goroutine for each row of a table.
func PerRow(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "SELECT topic, body FROM messages")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var m Message
		if err := rows.Scan(&m.Topic, &m.Body); err != nil {
			return err
		}
		go handle(m) // want "goroutine per"
	}
	return rows.Err()
}

// PerEntry is bad: a goroutine for each file of a directory.
func PerEntry(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		wg.Add(1)
		go func(name string) { // want "goroutine per"
			defer wg.Done()
			if b, err := os.ReadFile(name); err == nil {
				handle(Message{name, b})
			}
		}(filepath.Join(dir, e.Name()))
	}
	wg.Wait()
	return nil
}

// PerWalked is bad: the callback is called for each file of the tree and
// starts a goroutine each time.
func PerWalked(root string) error {
	var wg sync.WaitGroup
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			handle(Message{Topic: path})
		}()
		return nil
	})
	wg.Wait()
	return err
}

// PerMatch is bad: a goroutine for each file that matches the pattern.
func PerMatch(pattern string) error {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		go handle(Message{Topic: name}) // want "goroutine per"
	}
	return nil
}

// PerMember is bad: a goroutine for each member of an archive.
func PerMember(r io.Reader) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for tr := tar.NewReader(r); ; {
		h, err := tr.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		body, err := io.ReadAll(tr)
		if err != nil {
			return err
		}
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			handle(Message{h.Name, body})
		}()
	}
}

// Router passes messages on.
type Router struct {
	in     chan Message
	routes map[string]func(Message)
}

// Put queues a message.
func (r *Router) Put(m Message) { r.in <- m }

// Run is bad: the input is a channel in a field, each message gets its own
// goroutine.
func (r *Router) Run() {
	for m := range r.in {
		if f, ok := r.routes[m.Topic]; ok {
			go f(m) // want "goroutine per"
		}
	}
}
