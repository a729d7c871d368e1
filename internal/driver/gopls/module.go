package gopls

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/modfile"
)

const (
	goplsPath = "golang.org/x/tools/gopls"
	toolsPath = "golang.org/x/tools"
)

// exeSuffix ends the names of programs.
var exeSuffix = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

// A module is gopls' in the module cache.
type module struct {
	Version string
	Dir     string
	file    *modfile.File // its go.mod
}

// resolve makes the suite's folder, if there is one, absolute. It returns an error
// if it is not that of the suite's module.
func (s *Suite) resolve() error {
	if s.Dir == "" {
		return nil
	}
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return err
	}
	s.Dir = dir
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return fmt.Errorf("%s is not the folder of a module: %w", dir, cause(err))
	}
	if path := modfile.ModulePath(data); path != s.Module {
		return fmt.Errorf("%s is the folder of module %s, not of %s", dir, path, s.Module)
	}
	return nil
}

// download fetches gopls' module unless it is in the module cache.
func (g *golang) download(ctx context.Context, release string) (*module, error) {
	// The command fails and prints the reason as a part of its result, too.
	out, runErr := g.run(ctx, "mod", "download", "-json", goplsPath+"@"+release)
	var m struct{ Version, Dir, GoMod, Error string }
	if err := json.Unmarshal(out, &m); err != nil && runErr == nil {
		return nil, fmt.Errorf("parsing what go mod download says: %v", err)
	}
	if m.Error != "" {
		return nil, fmt.Errorf("cannot get gopls %s: %s", release, explainDownload(release, m.Error))
	}
	if runErr != nil {
		return nil, fmt.Errorf("cannot get gopls %s: %w", release, runErr)
	}
	data, err := os.ReadFile(m.GoMod)
	if err != nil {
		return nil, err
	}
	file, err := modfile.ParseLax(m.GoMod, data, nil)
	if err != nil {
		return nil, err
	}
	if file.Go == nil {
		return nil, fmt.Errorf("gopls %s is too old: its go.mod does not say which Go it needs", m.Version)
	}
	return &module{Version: m.Version, Dir: m.Dir, file: file}, nil
}

// explainDownload makes one line of the go command's reason why a module cannot
// be downloaded, and adds what to do about it where that is known.
func explainDownload(release, reason string) string {
	reason = strings.Join(strings.Fields(strings.TrimPrefix(reason, goplsPath+"@"+release+": ")), " ")
	switch {
	case strings.Contains(reason, "unknown revision"), strings.Contains(reason, "invalid version"),
		strings.Contains(reason, "no matching versions"), strings.Contains(reason, "404 Not Found"):
		return "there is no such version (" + reason + "); releases are named as in " + DefaultVersion
	case strings.Contains(reason, "GOPROXY=off"), strings.Contains(reason, "dial tcp"),
		strings.Contains(reason, "no such host"), strings.Contains(reason, "connection refused"):
		return "the module proxy cannot be reached and the version is not in the module cache (" + reason + ")"
	case strings.Contains(reason, "requires go >="):
		return reason + "; " + DefaultVersion + " needs no more than this program"
	}
	return reason
}

// writeModule fills the folder with a copy of gopls that has the suite in it, in
// a folder of its own, and with a module around it. Since the copy is a
// dependency of that module and not the main one, the program says which release
// it is, which some editors ask for.
func (b *Build) writeModule(dir string, m *module) error {
	src := filepath.Join(dir, "gopls")
	if err := os.CopyFS(src, os.DirFS(m.Dir)); err != nil {
		return fmt.Errorf("copying gopls: %w", err)
	}
	if err := addSuite(src, b.Suite.Package); err != nil {
		return fmt.Errorf("gopls %s: %w; %s is known to work", m.Version, err, DefaultVersion)
	}
	file, err := b.modfile(m)
	if err != nil {
		return err
	}
	data, err := file.Format()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), data, 0o666); err != nil {
		return err
	}
	return b.writeSums(filepath.Join(dir, "go.sum"), m)
}

// modfile returns the go.mod of the module to build in.
func (b *Build) modfile(m *module) (*modfile.File, error) {
	suite := b.Suite
	file := new(modfile.File)
	errs := []error{
		file.AddModuleStmt("gopls.local"),
		file.AddGoStmt(m.file.Go.Version),
		file.AddRequire(goplsPath, m.Version),
		file.AddReplace(goplsPath, "", "./gopls", ""),
	}
	if suite.Dir != "" {
		const none = "v0.0.0" // any: what counts is the folder
		errs = append(errs, file.AddRequire(suite.Module, none), file.AddReplace(suite.Module, "", suite.Dir, ""))
	} else {
		errs = append(errs, file.AddRequire(suite.Module, suite.Version))
	}
	// gopls uses internal packages of x/tools and builds with few releases but
	// its own; analyzers use the public ones, which stay compatible. So gopls
	// has its way, even if the suite requires a later release.
	for _, r := range m.file.Require {
		if r.Mod.Path == toolsPath {
			errs = append(errs, file.AddReplace(toolsPath, "", toolsPath, r.Mod.Version))
		}
	}
	return file, errors.Join(errs...)
}

// writeSums writes the checksums that come with gopls and with a suite in a
// folder, so that they need not be looked up. The go command adds what is
// missing.
func (b *Build) writeSums(name string, m *module) error {
	files := []string{filepath.Join(m.Dir, "go.sum")}
	if b.Suite.Dir != "" {
		files = append(files, filepath.Join(b.Suite.Dir, "go.sum"))
	}
	var all []byte
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		all = append(all, data...)
	}
	return os.WriteFile(name, all, 0o666)
}
