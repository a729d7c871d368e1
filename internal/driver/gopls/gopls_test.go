package gopls

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// write writes files to a new folder.
func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestAddSuite has source of gopls in forms that were or may be.
func TestAddSuite(t *testing.T) {
	const field = "type Analyzer struct {\n\tother int\n\tanalyzer *analysis.Analyzer\n}\n"
	tests := []struct {
		name string
		src  string
		ok   bool
	}{
		{"v0.23", "package settings\nvar AllAnalyzers = initAnalyzers()\n" + field, true},
		{"v0.22", "package settings\nvar DefaultAnalyzers = []*Analyzer{}\n\nvar AllAnalyzers = slices.Concat(DefaultAnalyzers)\n" + field, true},
		{"a function", "package settings\nfunc AllAnalyzers() []*Analyzer { return nil }\n" + field, false},
		{"another field", "package settings\nvar AllAnalyzers = initAnalyzers()\ntype Analyzer struct { Analyzer int }\n", false},
		{"nothing", "package settings\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, map[string]string{settings + "/analysis.go": test.src})
			err := addSuite(dir, "example.com/suite/analyzers")
			if (err == nil) != test.ok {
				t.Fatalf("error: %v", err)
			}
			added, _ := os.ReadFile(filepath.Join(dir, settings, "zz_suite.go"))
			if got := strings.Contains(string(added), `import suite "example.com/suite/analyzers"`); got != test.ok {
				t.Errorf("added:\n%s", added)
			}
		})
	}
	if err := addSuite(t.TempDir(), "example.com/suite"); err == nil {
		t.Error("no error without the package")
	}
}

// TestModfile checks that gopls gets the x/tools that it was released with.
func TestModfile(t *testing.T) {
	file, err := modfile.Parse("go.mod", []byte(`module golang.org/x/tools/gopls

go 1.26.0

require (
	golang.org/x/mod v0.37.0
	golang.org/x/tools v0.47.1
)
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	m := &module{Version: "v0.23.0", file: file}
	for _, test := range []struct {
		suite Suite
		want  []string
	}{
		{
			Suite{Module: "example.com/suite", Version: "v1.2.3"},
			[]string{"example.com/suite v1.2.3\n", "\ngo 1.26.0\n"},
		},
		{
			Suite{Module: "example.com/suite", Version: "v1.2.3", Dir: "/src/suite"},
			[]string{"example.com/suite v0.0.0\n", "replace example.com/suite => /src/suite\n"},
		},
	} {
		b := &Build{Suite: test.suite}
		got, err := b.modfile(m)
		if err != nil {
			t.Fatal(err)
		}
		data, err := got.Format()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range append(test.want,
			"golang.org/x/tools/gopls v0.23.0\n",
			"replace golang.org/x/tools/gopls => ./gopls\n",
			"replace golang.org/x/tools => golang.org/x/tools v0.47.1\n",
		) {
			if !strings.Contains(string(data), want) {
				t.Errorf("%s: no %q in\n%s", test.suite, want, data)
			}
		}
	}
}

func TestExplainDownload(t *testing.T) {
	for _, test := range []struct{ reason, want string }{
		{"golang.org/x/tools/gopls@v9: invalid version: unknown revision v9", "there is no such version (invalid version: unknown revision v9)"},
		{"no matching versions for query \"v9\"", "there is no such version"},
		{"Get \"https://p/x\": dial tcp: lookup p: no such host", "the module proxy cannot be reached"},
		{"module lookup disabled by GOPROXY=off", "the module proxy cannot be reached"},
		{"golang.org/x/tools/gopls@v9 requires go >= 1.99\n(running go 1.26)", "requires go >= 1.99 (running go 1.26); " + DefaultVersion},
		{"something\n\telse", "something else"},
	} {
		if got := explainDownload("v9", test.reason); !strings.Contains(got, test.want) || strings.Contains(got, "\n") {
			t.Errorf("%q: got %q, want %q", test.reason, got, test.want)
		}
	}
}

func TestOutput(t *testing.T) {
	dir := write(t, map[string]string{"file": "", "folder/other": ""})
	for _, test := range []struct{ output, want string }{
		{"new", "new"},
		{"file", "file"},
		{"folder", "folder/gopls" + exeSuffix},
		{"nosuch/new", ""},
		{"file/new", ""},
	} {
		b := &Build{Output: filepath.Join(dir, test.output)}
		got, err := b.output()
		if test.want == "" {
			if err == nil || !strings.HasPrefix(err.Error(), "cannot write "+b.Output+": ") {
				t.Errorf("%s: got %q, %v", test.output, got, err)
			}
			continue
		}
		if want := filepath.Join(dir, filepath.FromSlash(test.want)); got != want || err != nil {
			t.Errorf("%s: got %q, %v", test.output, got, err)
		}
	}
}

func TestCacheFlags(t *testing.T) {
	if got := cacheFlags("-mod=vendor -modcacherw --tags=x"); got != "-modcacherw" {
		t.Errorf("got %q", got)
	}
}

// TestFailure fails in the last step. What was at the place of the output is
// still there, and nothing else.
func TestFailure(t *testing.T) {
	if testing.Short() {
		t.Skip("may download gopls")
	}
	suite := write(t, map[string]string{"go.mod": "module example.com/suite\n\ngo 1.26\n"})
	dir := write(t, map[string]string{"gopls": "precious"})
	b := &Build{
		Version: DefaultVersion,
		Suite:   Suite{Module: "example.com/suite", Package: "example.com/suite/analyzers", Dir: suite},
		Output:  filepath.Join(dir, "gopls"),
		Notes:   io.Discard,
	}
	_, err := b.Run(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	if strings.Contains(err.Error(), "module proxy cannot be reached") {
		t.Skip(err)
	}
	var failed *goError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "example.com/suite/analyzers") {
		t.Errorf("error: %v", err)
	}
	entries, _ := os.ReadDir(dir)
	data, err := os.ReadFile(b.Output)
	if len(entries) != 1 || string(data) != "precious" {
		t.Errorf("left behind: %v; output: %q, %v", entries, data, err)
	}
}
