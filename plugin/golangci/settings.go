package golangci

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

// Settings are what a user can set. All of it is optional.
type Settings struct {
	// Enable names the checks to run; without it all are.
	Enable []string `json:"enable"`

	// Disable names checks not to run.
	Disable []string `json:"disable"`

	// Flags are the values of the checks' own flags, by check and flag, as in
	// gospawn: {inside: true}.
	Flags map[string]map[string]json.RawMessage `json:"flags"`
}

// decode reads the settings. A key that is none of them is an error, since a
// setting that is misspelt would silently do nothing.
func decode(conf any) (Settings, error) {
	s, err := register.DecodeSettings[Settings](conf)
	if err == nil {
		return s, nil
	}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return s, fmt.Errorf("setting %q: got %s, want %s", wrongType.Field, wrongType.Value, form(wrongType.Field))
	}
	if _, key, unknown := strings.Cut(err.Error(), "unknown field "); unknown {
		return s, fmt.Errorf("unknown setting %s (there are enable, disable and flags)", key)
	}
	return s, err
}

// form describes the form of a setting for error messages.
func form(setting string) string {
	if strings.HasPrefix(setting, "flags") {
		return "a map from check to flag to value, as in flags: {gospawn: {inside: true}}"
	}
	return "a list of checks, as in [wgadd, goleak]"
}

// choose returns the analyzers that are to report.
func (s Settings) choose(all []*analysis.Analyzer) ([]*analysis.Analyzer, error) {
	for _, name := range slices.Concat(s.Enable, s.Disable) {
		if _, err := find(all, name); err != nil {
			return nil, err
		}
	}
	var enabled []*analysis.Analyzer
	for _, a := range all {
		on, off := slices.Contains(s.Enable, a.Name), slices.Contains(s.Disable, a.Name)
		switch {
		case on && off:
			return nil, fmt.Errorf("check %q is both enabled and disabled", a.Name)
		case on, len(s.Enable) == 0 && !off:
			enabled = append(enabled, a)
		}
	}
	if len(enabled) == 0 {
		return nil, errors.New("all checks are disabled; disable the linter instead")
	}
	return enabled, nil
}

// setFlags sets the checks' flags. Flags are variables of the process, which
// runs with one configuration.
func (s Settings) setFlags(all []*analysis.Analyzer) error {
	for check, values := range s.Flags {
		a, err := find(all, check)
		if err != nil {
			return err
		}
		for name, value := range values {
			// The flags of the analyzer of this name are about concurlint's own
			// command line.
			if a.Name == Name || a.Flags.Lookup(name) == nil {
				return fmt.Errorf("check %q has no flag %q", check, name)
			}
			if err := a.Flags.Set(name, text(value)); err != nil {
				return fmt.Errorf("flag %q of check %q: invalid value %s: %v", name, check, value, err)
			}
		}
	}
	return nil
}

// text returns a value as it would stand on a command line.
func text(value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s
	}
	return string(value)
}

// find returns the analyzer of that name. The error tells which there are.
func find(all []*analysis.Analyzer, name string) (*analysis.Analyzer, error) {
	var names []string
	for _, a := range all {
		if a.Name == name {
			return a, nil
		}
		names = append(names, a.Name)
	}
	return nil, fmt.Errorf("unknown check %q (there are %s)", name, strings.Join(names, ", "))
}
