package reporttest_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schema returns OASIS' schema of SARIF 2.1.0.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := constant(t, filepath.Join(strings.TrimSpace(string(out)), "schema.go"), "schema")
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	const location = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	if id := doc.(map[string]any)["id"]; id != location {
		t.Fatalf("not the official schema: %v", id)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(location, doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(location)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// constant returns the value of a string constant in a Go file.
func constant(t *testing.T, file, name string) string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var value string
	ast.Inspect(f, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Names[0].Name == name {
			value, err = strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		}
		return true
	})
	if err != nil || value == "" {
		t.Fatalf("no constant %s in %s: %v", name, file, err)
	}
	return value
}

func validate(t *testing.T, s *jsonschema.Schema, data []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

// TestSchema: reports are valid SARIF, with findings, without, and with
// failures; and the validator knows what is not.
func TestSchema(t *testing.T) {
	s := schema(t)
	files := make(map[string][]byte)
	add := func(name string, program map[string]string, args ...string) {
		data, err := os.ReadFile(report(t, write(t, program), "sarif", args...))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	add("sample", sample)
	add("nothing", map[string]string{"go.mod": "module example.com/m\n", "m.go": "package m\n"})
	add("many", many(1000))
	for name, data := range files {
		if err := validate(t, s, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, change := range [][2]string{
		{`"version": "2.1.0"`, `"version": "2.2"`},
		{`"ruleId"`, `"rule"`},
		{`"executionOrder": 1`, `"executionOrder": "first"`},
		{`"startLine": `, `"startLine": -`},
	} {
		broken := strings.Replace(string(files["sample"]), change[0], change[1], 1)
		if broken == string(files["sample"]) {
			t.Errorf("the sample has no %s", change[0])
		} else if validate(t, s, []byte(broken)) == nil {
			t.Errorf("valid with %s", change[1])
		}
	}
}

// TestSARIF: another program reads what is meant: rules, places, code flows with
// a thread per goroutine, and fixes, all of them at the source that they name.
func TestSARIF(t *testing.T) {
	dir := write(t, sample)
	data, err := os.ReadFile(report(t, dir, "sarif"))
	if err != nil {
		t.Fatal(err)
	}
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	var log sarif.Report
	if err := strict.Decode(&log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	found := make(map[string]*sarif.Result)
	for _, r := range run.Results {
		found[*r.RuleID] = r
		rule := run.Tool.Driver.Rules[r.RuleIndex]
		if *rule.ID != *r.RuleID || rule.Help == nil || !strings.HasSuffix(*rule.HelpURI, "/"+*r.RuleID+".md") {
			t.Errorf("%s has the rule %s with help at %s", *r.RuleID, *rule.ID, *rule.HelpURI)
		}
		if len(r.PartialFingerprints) != 1 {
			t.Errorf("%s has no fingerprint", *r.RuleID)
		}
		for _, l := range slices.Concat(r.Locations, r.RelatedLocations) {
			place(t, dir, l.PhysicalLocation)
		}
	}
	for _, check := range []string{"goleak", "lockblock", "wgadd", "chanpanic"} {
		if found[check] == nil {
			t.Fatalf("the sample has no finding of %s: %v", check, found)
		}
	}
	deadlock := found["lockblock"]
	if got := place(t, dir, deadlock.Locations[0].PhysicalLocation); got != "b.Lock()" {
		t.Errorf("the deadlock is at %q", got)
	}
	if n := len(deadlock.CodeFlows[0].ThreadFlows); n != 2 {
		t.Errorf("the deadlock has %d threads", n)
	}
	order := make(map[int]bool)
	for _, thread := range deadlock.CodeFlows[0].ThreadFlows {
		last := 0
		for _, l := range thread.Locations {
			place(t, dir, l.Location.PhysicalLocation)
			if l.ExecutionOrder < last {
				t.Errorf("step %d follows step %d", l.ExecutionOrder, last)
			}
			last = l.ExecutionOrder
			order[last] = true
		}
	}
	if len(order) < 4 {
		t.Errorf("the deadlock has %d steps", len(order))
	}
	if fixes := found["wgadd"].Fixes; len(fixes) != 1 || len(fixes[0].ArtifactChanges) != 1 ||
		*fixes[0].ArtifactChanges[0].ArtifactLocation.URI != "pool/pool.go" {
		t.Errorf("wgadd has no fix of its file")
	}
}

// place returns the source at a location, which must exist.
func place(t *testing.T, dir string, p *sarif.PhysicalLocation) string {
	t.Helper()
	if *p.ArtifactLocation.URIBaseID != "%SRCROOT%" {
		t.Errorf("%s is not relative", *p.ArtifactLocation.URI)
	}
	name, err := url.PathUnescape(*p.ArtifactLocation.URI)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	r := p.Region
	units := utf16.Encode([]rune(lines[*r.StartLine-1]))
	end := len(units) + 1
	if r.EndLine != nil && *r.EndLine == *r.StartLine {
		end = *r.EndColumn
	}
	if *r.StartColumn > end || end > len(units)+1 {
		t.Fatalf("%s:%d has no columns %d to %d", name, *r.StartLine, *r.StartColumn, end)
	}
	return string(utf16.Decode(units[*r.StartColumn-1 : end-1]))
}

// TestColumns: columns are UTF-16 code units, as the report says.
func TestColumns(t *testing.T) {
	dir := write(t, sample)
	data, err := os.ReadFile(report(t, dir, "sarif"))
	if err != nil {
		t.Fatal(err)
	}
	log, err := sarif.FromBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	if kind := log.Runs[0].ColumnKind; kind == nil || *kind != "utf16CodeUnits" {
		t.Fatalf("columns are not what they should be: %v", kind)
	}
	for _, r := range log.Runs[0].Results {
		if text := *r.Message.Text; strings.HasPrefix(text, "send on jobs") {
			if got := place(t, dir, r.Locations[0].PhysicalLocation); got != "jobs <- b" {
				t.Errorf("%s is at %q", text, got)
			}
			return
		}
	}
	t.Error("no send on jobs is reported")
}
