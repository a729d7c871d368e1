// Golangci-lint is golangci-lint with concurlint linked in.
//
// It has golangci-lint's commands, flags and linters, and in addition the linter
// concurlint, which the configuration switches on; see package
// github.com/concurlint/concurlint/plugin/golangci. Build it in this folder:
//
//	go build -o custom-gcl .
//
// All of it comes through the module proxy; nothing is cloned. It is a module of
// its own because golangci-lint has some two hundred dependencies. Package
// commands, which golangci-lint's own main calls too, is not promised to stay as
// it is, so a new release of golangci-lint can need a change here.
package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/concurlint/concurlint/plugin/golangci"
)

func main() {
	if err := commands.Execute(buildInfo()); err != nil {
		fmt.Fprintf(os.Stderr, "The command is terminated due to an error: %v\n", err)
		os.Exit(exitcodes.Failure)
	}
}

// buildInfo returns what the program knows of itself.
//
// The version is always "(devel)". golangci-lint's cache depends on the linters'
// names, their settings and this string, but not on what the linters do: a
// program with a newer concurlint under the same version would print the older
// one's results. For "(devel)" the cache depends on a hash of the program.
func buildInfo() commands.BuildInfo {
	info := commands.BuildInfo{Version: "(devel)", Commit: "?", Date: "?", GoVersion: "?"}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return info
	}
	info.GoVersion = build.GoVersion
	versions := make(map[string]string)
	for _, m := range build.Deps {
		versions[m.Path] = m.Version
	}
	info.Commit = fmt.Sprintf("golangci-lint %s, concurlint %s",
		versions["github.com/golangci/golangci-lint/v2"], versions["github.com/concurlint/concurlint"])
	return info
}
