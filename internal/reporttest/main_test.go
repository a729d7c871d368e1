package reporttest_test

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// binary is the command under test.
var binary string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "reporttest")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "concurlint")
	build := exec.Command("go", "build", "-o", binary, "./cmd/concurlint")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		log.Printf("building the command: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// sample is a program with findings of several kinds: with and without a trace,
// a panic, a fix, and a story in another file.
var sample = map[string]string{
	"go.mod": "module example.com/shop\n\ngo 1.26\n",
	"pool/pool.go": `package pool

import "sync"

type Job struct{ ID int }

// Process hands two jobs to a worker, which may leave after the first.
func Process(a, b Job, do func(Job) error) {
	jobs := make(chan Job)
	go func() {
		for j := range jobs {
			if err := do(j); err != nil {
				return
			}
		}
	}()
	jobs <- a /* 漢字 🙂 */; jobs <- b
	close(jobs)
}

// Twice may close no channel.
func Twice(flag bool) {
	var ch chan int
	if flag {
		ch = make(chan int)
	}
	close(ch)
}

// Count has an Add in the wrong place.
func Count(xs [4]func()) {
	var wg sync.WaitGroup
	for _, x := range xs {
		go func() {
			wg.Add(1)
			defer wg.Done()
			x()
		}()
	}
	wg.Wait()
}
`,
	"cache/cache.go": `package cache

import "sync"

func Both() {
	var a, b sync.Mutex
	done := make(chan bool)
	go func() {
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
		done <- true
	}()
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
	<-done
}

func Read(fail func() error) error {
	results := make(chan map[string][]struct{ A, B int })
	go produce(results)
	if err := fail(); err != nil {
		return err
	}
	<-results
	return nil
}
`,
	"cache/a b\"'<script>alert(1)<script>&,:%0A.go": `package cache

func produce(results chan map[string][]struct{ A, B int }) {
	/* </script><img src=x onerror=alert(1)> */ results <- nil // ` + strings.Repeat("long ", 2000) + `
}
`,
}

// write writes files into a new directory, which it returns.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// report runs the command in a directory and returns the name of the file that
// it has written.
func report(t *testing.T, dir, format string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report."+format)
	cmd := exec.Command(binary, append(args, "-format="+format, "-o", file, "./...")...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}

// many returns a program with that many findings, in packages of ten each.
func many(findings int) map[string]string {
	files := map[string]string{"go.mod": "module example.com/big\n\ngo 1.26\n"}
	for p := range findings / 10 {
		var b strings.Builder
		fmt.Fprintf(&b, "package p%03d\n", p)
		for i := range 10 {
			fmt.Fprintf(&b, "\nfunc Leak%d(fail func() error) error {\n\tresults := make(chan int)\n\tgo func() {\n\t\tresults <- %d\n\t}()\n"+
				"\tif err := fail(); err != nil {\n\t\treturn err\n\t}\n\t<-results\n\treturn nil\n}\n", i, i)
		}
		files[fmt.Sprintf("p%03d/x.go", p)] = b.String()
	}
	return files
}
