package witness_test

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/txtar"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/witness"
)

// load runs the engine on a text.
func load(t *testing.T, text string) (*irtest.Package, *engine.Package) {
	t.Helper()
	p := irtest.Load(t, text)
	result, err := engine.Analyzer.Run(&analysis.Pass{
		Analyzer:  engine.Analyzer,
		Fset:      p.Fset,
		Files:     p.Files,
		Pkg:       p.Types,
		TypesInfo: p.Info,
		ReadFile:  os.ReadFile,
		ResultOf:  map[*analysis.Analyzer]any{inspect.Analyzer: inspector.New(p.Files)},

		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, result.(*engine.Package)
}

// told returns what a reader is told about the problems of a text: class, line,
// message and story.
func told(t *testing.T, text string) string {
	t.Helper()
	p, eng := load(t, text)
	var b strings.Builder
	for _, problem := range eng.Explored().Problems {
		teller := witness.New(eng, problem)
		class, stuck := witness.Of(problem)
		var f report.Finding
		if problem.Crash != nil {
			f = teller.Crash()
		} else {
			f = teller.Stuck(stuck)
		}
		fmt.Fprintf(&b, "%s %d: %s\n", classes[class], p.Fset.Position(f.Pos).Line, f.Message)
		for _, step := range f.Story {
			fmt.Fprintf(&b, "\t%d: %s\n", p.Fset.Position(step.Pos).Line, step.Message)
		}
	}
	return b.String()
}

var classes = map[witness.Class]string{witness.Leak: "leak", witness.Wait: "wait", witness.Deadlock: "deadlock",
	witness.Panic: "panic", witness.Miscounts: "miscounts"}

var update = flag.Bool("update", false, "write the stories anew")

// TestStories: what a reader is told, word for word.
func TestStories(t *testing.T) {
	const name = "testdata/stories.txtar"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		program, story := archive.Files[i], &archive.Files[i+1]
		if strings.TrimSuffix(program.Name, ".go") != strings.TrimSuffix(story.Name, ".txt") {
			t.Fatalf("%s: %s is followed by %s", name, program.Name, story.Name)
		}
		t.Run(program.Name, func(t *testing.T) {
			got := told(t, string(program.Data))
			if *update {
				story.Data = []byte(got)
			}
			if got != string(story.Data) {
				t.Errorf("got\n%s\nwant\n%s", got, story.Data)
			}
		})
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMessages: each message stands by itself, for those who see no story: it
// names the operation, says that it blocks or panics, and gives a reason.
func TestMessages(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/stories.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if !strings.HasSuffix(f.Name, ".txt") {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		if !strings.Contains(lines[0], "blocks forever") && !strings.HasPrefix(lines[0], "panic") && !strings.HasPrefix(lines[0], "miscounts") {
			t.Errorf("%s: %s", f.Name, lines[0])
		}
		for _, l := range lines[1:] {
			if !strings.HasPrefix(l, "\t") {
				t.Errorf("%s: a second problem: %s", f.Name, l)
			}
		}
		for _, no := range []string{"%!", "<nil>", "  ", "line 0", "(-)"} {
			if strings.Contains(string(f.Data), no) {
				t.Errorf("%s contains %q", f.Name, no)
			}
		}
	}
}

// TestInvolved: a report names the operations that are stuck with it, so that no
// other check reports them again.
func TestInvolved(t *testing.T) {
	p, eng := load(t, `func f() {
	a, b := make(chan int), make(chan int)
	go func() {
		a <- 1 // one
		<-b
	}()
	b <- 1 // two
	<-a
}`)
	for _, problem := range eng.Explored().Problems {
		_, stuck := witness.Of(problem)
		marks := make(map[string]bool)
		for _, pos := range witness.New(eng, problem).Stuck(stuck).Involved {
			marks[p.Mark(pos)] = true
		}
		if !marks["one"] || !marks["two"] {
			t.Errorf("involved: %v", marks)
		}
	}
}
