package main_test

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// storeVariable names the folder that machines share. With it in the environment the
// test binary is a cache program: see $GOROOT/src/cmd/go/internal/cacheprog.
const storeVariable = "CONCURLINT_TEST_STORE"

// A cacheRequest is what the go command asks for.
type cacheRequest struct {
	ID       int64
	Command  string
	ActionID []byte
	OutputID []byte
	BodySize int64
}

// A cacheResponse is an answer. The first one says which commands are known.
type cacheResponse struct {
	ID            int64
	Err           string   `json:",omitempty"`
	KnownCommands []string `json:",omitempty"`
	Miss          bool     `json:",omitempty"`
	OutputID      []byte   `json:",omitempty"`
	Size          int64    `json:",omitempty"`
	DiskPath      string   `json:",omitempty"`
}

// A cacheProgram serves one go command: bodies and the actions that they result from
// are in the store, and what the go command opens is a copy on this machine.
type cacheProgram struct {
	store, machine string
	log            io.Writer // a line for each put
}

// serveCache is the main function of the cache program.
func serveCache(store string) error {
	machine := os.Getenv("GOCACHE")
	log, err := os.OpenFile(filepath.Join(machine, "puts"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer log.Close()
	p := &cacheProgram{store, machine, log}
	in, out := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(os.Stdout)
	if err := out.Encode(cacheResponse{KnownCommands: []string{"get", "put", "close"}}); err != nil {
		return err
	}
	for {
		var req cacheRequest
		if err := in.Decode(&req); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		var body []byte
		if req.BodySize > 0 {
			if err := in.Decode(&body); err != nil {
				return err
			}
		}
		answer, err := p.answer(req, body)
		if err != nil {
			answer = cacheResponse{Err: err.Error()}
		}
		answer.ID = req.ID
		if err := out.Encode(answer); err != nil || req.Command == "close" {
			return err
		}
	}
}

func (p *cacheProgram) answer(req cacheRequest, body []byte) (cacheResponse, error) {
	action := filepath.Join(p.store, "action-"+hex.EncodeToString(req.ActionID))
	switch req.Command {
	case "get":
		output, err := os.ReadFile(action)
		if err != nil {
			return cacheResponse{Miss: true}, nil
		}
		body, err := os.ReadFile(filepath.Join(p.store, "output-"+string(output)))
		if err != nil {
			return cacheResponse{}, err
		}
		id, err := hex.DecodeString(string(output))
		if err != nil {
			return cacheResponse{}, err
		}
		return p.local(id, body)
	case "put":
		fmt.Fprintln(p.log, hex.EncodeToString(req.ActionID))
		output := hex.EncodeToString(req.OutputID)
		if err := os.WriteFile(filepath.Join(p.store, "output-"+output), body, 0o666); err != nil {
			return cacheResponse{}, err
		}
		if err := os.WriteFile(action, []byte(output), 0o666); err != nil {
			return cacheResponse{}, err
		}
		return p.local(req.OutputID, body)
	}
	return cacheResponse{}, nil
}

// local has a body as a file of this machine.
func (p *cacheProgram) local(output, body []byte) (cacheResponse, error) {
	name := filepath.Join(p.machine, "local-"+hex.EncodeToString(output))
	if _, err := os.Stat(name); err != nil {
		if err := os.WriteFile(name, body, 0o777); err != nil {
			return cacheResponse{}, err
		}
	}
	return cacheResponse{OutputID: output, Size: int64(len(body)), DiskPath: name}, nil
}

// A machine has a build cache of its own, and the store in common with others.
type machine struct {
	t            *testing.T
	store, cache string
}

// run runs a command in a folder and returns what it prints. Status 1 are findings.
func (m machine) run(dir, name string, args ...string) (stdout, stderr string) {
	m.t.Helper()
	self, err := os.Executable()
	if err != nil {
		m.t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOCACHE="+m.cache, "GOCACHEPROG='"+self+"'", storeVariable+"="+m.store, "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		m.t.Fatalf("%s: %v\n%s%s", cmd, err, &out, &errs)
	}
	return out.String(), errs.String()
}

// puts returns how many results this machine has computed so far.
func (m machine) puts() int {
	data, _ := os.ReadFile(filepath.Join(m.cache, "puts"))
	return strings.Count(string(data), "\n")
}

// analysed returns how many packages the go command, called with -x, had the tool
// look at.
func analysed(stderr string) int {
	return len(regexp.MustCompile(`(?m) -json \S+vet\.cfg$`).FindAllString(stderr, -1))
}

const sharedModule = `
-- go.mod --
module example.com/m

go 1.26
-- lines/lines.go --
package lines

// Of sends the lines.
func Of(text []string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, s := range text {
			out <- s
		}
	}()
	return out
}
-- user/user.go --
package user

import "example.com/m/lines"

// First leaves a goroutine behind.
func First(text []string) string {
	for s := range lines.Of(text) {
		return s
	}
	return ""
}
`

func writeSharedModule(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, f := range txtar.Parse([]byte(sharedModule)).Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSharedCache: of two machines that share a store through GOCACHEPROG, the second one
// analyses nothing, and says the same.
func TestSharedCache(t *testing.T) {
	store, dir := t.TempDir(), writeSharedModule(t)
	first, second := machine{t, store, t.TempDir()}, machine{t, store, t.TempDir()}
	tool := filepath.Join(binDir, "concurlint")
	vet := []string{"vet", "-x", "-vettool=" + tool, "-json", "./..."}

	said, log := first.run(dir, "go", vet...)
	if n := analysed(log); n < 2 || !strings.Contains(said, "goleak") {
		t.Fatalf("the first machine analysed %d packages, and said\n%s", n, said)
	}
	text, _ := first.run(dir, tool, "./...")
	if first.puts() == 0 || !strings.Contains(text, "user/user.go:7:17: send in the goroutine of lines.Of") {
		t.Fatalf("the first machine put %d results into the store, and said\n%s", first.puts(), text)
	}

	again, log := second.run(dir, "go", vet...)
	if n := analysed(log); n > 0 {
		t.Errorf("the second machine analysed %d packages:\n%s", n, log)
	}
	if again != said {
		t.Errorf("the second machine said\n%sthe first one\n%s", again, said)
	}
	if alone, _ := second.run(dir, tool, "./..."); alone != text {
		t.Errorf("by itself, the second machine said\n%sthe first one\n%s", alone, text)
	}
	if n := second.puts(); n > 0 {
		t.Errorf("the second machine computed %d results", n)
	}

	// In another folder the same files are another package to the go command.
	if _, log := second.run(writeSharedModule(t), "go", vet...); analysed(log) != 2 {
		t.Errorf("in another folder the second machine analysed %d packages: docs/scale.md is wrong", analysed(log))
	}

	// What it has to analyse it does, with the facts of the other machine.
	change := filepath.Join(dir, "user", "more.go")
	if err := os.WriteFile(change, []byte("package user\n\nvar More = First(nil)\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	more, log := second.run(dir, "go", vet...)
	if n := analysed(log); n != 1 || !strings.Contains(more, "goleak") {
		t.Errorf("after a change in user the second machine analysed %d packages, and said\n%s%s", n, more, log)
	}
}
