package lsp

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/internal/driver/gocmd"
	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// byModule groups folders by the module that they are in, or "" if they are in
// none.
func byModule(dirs []string) map[string][]string {
	groups := make(map[string][]string)
	for _, dir := range dirs {
		root := moduleRoot(dir)
		groups[root] = append(groups[root], dir)
	}
	return groups
}

// moduleRoot returns the folder of the go.mod that is next above a folder, or "".
func moduleRoot(dir string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !info.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// analyse finds what there is to report in packages of a module, and publishes
// it. A package that does not compile has no findings: what was found earlier may
// no longer be true.
func (s *server) analyse(ctx context.Context, root string, dirs []string) {
	if root == "" {
		s.tell(ctx, protocol.MessageInfo, strings.Join(dirs, ", ")+": not analysed, because it is outside a module")
		return
	}
	run, p := s.begin(ctx, len(dirs))
	outcome := "failed"
	defer func() { p.end(ctx, outcome) }()
	before := readDirs(dirs)
	found, err := s.vet(run, root, dirs, p)
	if run.Err() != nil {
		outcome = "cancelled"
		return
	}
	if err != nil {
		s.tell(ctx, protocol.MessageError, err.Error())
		s.show(ctx, err.Error())
	}
	files := make(reader)
	dirs, changed := settled(dirs, before, files)
	for _, dir := range changed {
		s.queue.add(dir)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &converter{cfg: s.cfg, can: s.can, files: files}
	results := c.convert(found)
	s.replace(ctx, func(file string) bool { return inDirs(dirs)(file) && s.watched(file) }, results)
	if err == nil {
		outcome = plural(count(results), "finding")
	}
}

func count(results map[string]*result) (n int) {
	for _, r := range results {
		n += len(r.findings)
	}
	return n
}

// vet runs the tool on packages of a module.
func (s *server) vet(ctx context.Context, root string, dirs []string, p *progress) ([]gocmd.Finding, error) {
	s.mu.Lock()
	set := s.settings
	s.mu.Unlock()
	golang := &gocmd.Command{Dir: root, BuildFlags: slices.Concat(s.cfg.BuildFlags, set.buildFlags), Notes: s.log.Writer()}
	pkgs, err := golang.List(ctx, patterns(root, dirs))
	if err != nil {
		return nil, err
	}
	failures := pkgs.Failures
	var found []gocmd.Finding
	if len(pkgs.Paths) > 0 {
		p.total(pkgs.Units)
		result, err := golang.Vet(ctx, pkgs, gocmd.Vet{
			Tool: s.cfg.Tool, Flags: slices.Concat(s.cfg.ToolFlags, set.toolFlags), Done: p.step,
		})
		if err != nil {
			return nil, err
		}
		found, failures = result.Findings, append(failures, result.Failures...)
	}
	for _, f := range failures {
		s.tell(ctx, protocol.MessageWarning, "not analysed: "+f.Message)
	}
	return found, nil
}

// patterns returns how the go command is told about folders of a module.
func patterns(root string, dirs []string) []string {
	var list []string
	for _, dir := range dirs {
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			rel = dir // it is below root, so this cannot be
		}
		list = append(list, "./"+filepath.ToSlash(rel))
	}
	return list
}

// readDirs returns the content of the Go files of folders, by name.
func readDirs(dirs []string) map[string]string {
	contents := make(map[string]string)
	for _, dir := range dirs {
		names, _ := filepath.Glob(filepath.Join(escape(dir), "*.go")) // the pattern is well-formed
		for _, name := range names {
			if data, err := os.ReadFile(name); err == nil {
				contents[name] = string(data)
			}
		}
	}
	return contents
}

// escape returns a pattern that matches just the path.
func escape(path string) string {
	if os.PathSeparator == '\\' {
		return path // where it cannot be escaped
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// settled sorts folders into those whose files are as they were before, which it
// puts into files, and the others, where the tool may have seen either state.
func settled(dirs []string, before map[string]string, files reader) (same, changed []string) {
	after := readDirs(dirs)
	for _, dir := range dirs {
		differs := func(a, b map[string]string) bool {
			for name, content := range a {
				if other, ok := b[name]; filepath.Dir(name) == dir && (!ok || other != content) {
					return true
				}
			}
			return false
		}
		if differs(before, after) || differs(after, before) {
			changed = append(changed, dir)
		} else {
			same = append(same, dir)
		}
	}
	for name, content := range after {
		files[name] = newText(content)
	}
	return same, changed
}

// tell writes into the client's log.
func (s *server) tell(ctx context.Context, kind protocol.MessageType, message string) {
	if err := s.client.LogMessage(ctx, &protocol.MessageParams{Type: kind, Message: message}); err != nil {
		s.log.Print(message)
	}
}
