package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestDocumentation checks what docs/drivers.md says about golangci-lint: its
// configurations are valid, and the linter is on. Its main is built by TestMain.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/drivers.md")
	if err != nil {
		t.Fatal(err)
	}
	configurations := blocks(string(text), "yaml")
	if len(configurations) < 3 {
		t.Fatalf("only %d configurations", len(configurations))
	}
	t.Chdir(t.TempDir()) // a configuration is looked for there
	for _, block := range configurations {
		switch {
		case strings.Contains(block, "plugins:"):
			continue // .custom-gcl.yml
		case !strings.Contains(block, "version:"):
			block = "version: \"2\"\n" + block
		}
		if err := os.WriteFile(".golangci.yml", []byte(block), 0o666); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(programs.plain, "config", "verify").CombinedOutput(); err != nil {
			t.Errorf("%v\n%s\nin\n%s", err, out, block)
		}
		if !strings.Contains(block, "custom:") {
			continue
		}
		if out, err := exec.Command(programs.plain, "linters").CombinedOutput(); err != nil || !enabled.Match(out) {
			t.Errorf("concurlint is not enabled: %v\n%s\nwith\n%s", err, out, block)
		}
	}
}

var enabled = regexp.MustCompile(`(?m)^concurlint: `)

// documentedMain returns the main that docs/drivers.md has for a module of one's
// own.
func documentedMain() (string, error) {
	text, err := os.ReadFile("../../../../docs/drivers.md")
	if err != nil {
		return "", err
	}
	mains := blocks(string(text), "go")
	if len(mains) != 1 {
		return "", fmt.Errorf("docs/drivers.md has %d programs, want one", len(mains))
	}
	return mains[0], nil
}

// blocks returns the fenced blocks of a language, without the indentation of the
// fence.
func blocks(markdown, language string) []string {
	var list []string
	for _, m := range regexp.MustCompile("(?ms)^( *)```"+language+"\n(.*?)^ *```$").FindAllStringSubmatch(markdown, -1) {
		list = append(list, strings.ReplaceAll("\n"+m[2], "\n"+m[1], "\n")[1:])
	}
	return list
}
