package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The format of accepted results is text that a person can review in a diff:
//
//	# comments
//	corpus: std
//	code: go1.26.8
//	platform: linux/amd64 cgo
//	packages: 362
//	gave up: explorer: budget exhausted: 1796 times in 136 packages
//	not analysed: p: why
//
//	net/http/server.go:12:3: goleak: send on c blocks forever
//		net/http/server.go:10:2: the channel is made here
//		fix: Make room for the value
//		id: 3f2a
//
// Findings keep their lines and columns: the standard library of one version of Go does
// not move. Where another commit of a module is compared, findings are recognised by
// their id, the fingerprint that baselines use, which survives moved lines.

// acceptedFile returns the file for a corpus in a folder.
func acceptedFile(folder, corpus, platform string) string {
	name := strings.ReplaceAll(corpus, "/", "+")
	if platform != "" {
		name += "@" + strings.ReplaceAll(platform, "/", "-")
	}
	return filepath.Join(folder, name+".txt")
}

// writeAccepted writes a result as the accepted one.
func writeAccepted(file string, r *result) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(formatResult(r)), 0o666)
}

// formatResult returns the text of a result.
func formatResult(r *result) string {
	var b strings.Builder
	fmt.Fprintln(&b, "# What concurlint says of this code. Written by")
	fmt.Fprintf(&b, "#\tgo run ./internal/cmd/corpus -accept %s\n", r.Corpus)
	fmt.Fprintf(&b, "corpus: %s\ncode: %s\nplatform: %s\npackages: %d\n", r.Corpus, r.Code, r.Platform, r.Packages)
	for _, g := range r.GaveUp {
		fmt.Fprintf(&b, "gave up: %v: %d times in %d packages\n", g, g.Times, g.Packages)
	}
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "not analysed: %s\n", oneLine(f))
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\n%s\n", f.Text)
		for _, s := range f.Story {
			fmt.Fprintf(&b, "\t%s\n", s)
		}
		fmt.Fprintf(&b, "\tid: %s\n", f.ID)
	}
	return b.String()
}

// readAccepted returns the accepted result in a file, or nil if there is no such file.
func readAccepted(file string) (*result, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r, err := parseResult(string(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return r, nil
}

// parseResult is the reverse of formatResult.
func parseResult(text string) (*result, error) {
	r := new(result)
	header := true
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		switch part, detail := strings.CutPrefix(line, "\t"); {
		case strings.HasPrefix(line, "#"):
		case line == "":
			header = false
		case header:
			if err := r.parseHeader(line); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		case !detail:
			r.Findings = append(r.Findings, finding{Text: line})
		case len(r.Findings) == 0:
			return nil, fmt.Errorf("line %d: a story without a finding", n)
		default:
			r.Findings[len(r.Findings)-1].parseDetail(part)
		}
	}
	return r, lines.Err()
}

// parseHeader reads a line before the findings.
func (r *result) parseHeader(line string) (err error) {
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("no key in %q", line)
	}
	value = strings.TrimPrefix(value, " ")
	switch key {
	case "corpus":
		r.Corpus = value
	case "code":
		r.Code = value
	case "platform":
		r.Platform = value
	case "packages":
		r.Packages, err = strconv.Atoi(value)
	case "gave up":
		err = r.parseGaveUp(value)
	case "not analysed":
		r.Failures = append(r.Failures, value)
	default:
		err = fmt.Errorf("unknown key %q", key)
	}
	return err
}

func (r *result) parseGaveUp(value string) error {
	i := strings.LastIndex(value, ": ")
	if i < 0 {
		return fmt.Errorf("no counts in %q", value)
	}
	g := gaveUp{Reason: value[:i]}
	if _, err := fmt.Sscanf(value[i+2:], "%d times in %d packages", &g.Times, &g.Packages); err != nil {
		return fmt.Errorf("%q: %w", value, err)
	}
	r.GaveUp = append(r.GaveUp, g)
	return nil
}

func (f *finding) parseDetail(line string) {
	if id, ok := strings.CutPrefix(line, "id: "); ok {
		f.ID = id
		return
	}
	f.Story = append(f.Story, line)
}
