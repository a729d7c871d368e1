package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// settings are what the user chose, as flags of the tool and of the go command.
type settings struct {
	toolFlags, buildFlags []string
}

// options are settings as they are written:
//
//	{"checks": {"gospawn": false}, "flags": {"gospawn.inside": true}, "tags": "integration"}
type options struct {
	Checks map[string]bool `json:"checks"` // on unless false
	Flags  map[string]any  `json:"flags"`
	Tags   string          `json:"tags"`
}

// optionKeys are the keys of options.
var optionKeys = []string{"checks", "flags", "tags"}

// DidChangeConfiguration takes new settings, which come with the message, or of
// which it only says that they have to be asked for.
func (s *server) DidChangeConfiguration(ctx context.Context, params *protocol.DidChangeConfigurationParams) error {
	s.mu.Lock()
	pull := s.can.configurationByPull
	s.mu.Unlock()
	switch {
	case isNone(params.Settings) && pull:
		s.pull(ctx)
	case s.concerns(params.Settings):
		s.configure(ctx, params.Settings)
	}
	return nil
}

// pull asks the client for the settings. It does not wait, since messages have to
// be read for the answer to come.
func (s *server) pull(ctx context.Context) {
	go s.survive(func() {
		answers, err := s.client.Configuration(ctx, &protocol.ConfigurationParams{
			Items: []protocol.ConfigurationItem{{Section: s.cfg.Name}},
		})
		if err != nil {
			s.log.Printf("asking for settings: %v", err)
		} else if len(answers) > 0 {
			s.configure(ctx, answers[0])
		}
	})
}

// isNone reports whether a value says nothing at all.
func isNone(value protocol.Any) bool {
	trimmed := bytes.TrimSpace(value)
	return len(trimmed) == 0 || bytes.Equal(trimmed, []byte("null"))
}

// concerns reports whether a client's settings, which may be those of other
// servers as well, have a part that is this one's.
func (s *server) concerns(value protocol.Any) bool {
	var m map[string]json.RawMessage
	if json.Unmarshal(value, &m) != nil || len(m) == 0 {
		return true // and is found to be wrong, or the default
	}
	return slices.ContainsFunc(append(optionKeys, s.cfg.Name), func(key string) bool { return m[key] != nil })
}

// configure uses the settings, and tells the user if they are wrong. The packages
// of open files are analysed again if something changed.
func (s *server) configure(ctx context.Context, value protocol.Any) {
	if isNone(value) {
		return
	}
	parsed, err := s.cfg.parseSettings(value)
	if err != nil {
		s.show(ctx, "settings: "+err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Equal(parsed.toolFlags, s.settings.toolFlags) && slices.Equal(parsed.buildFlags, s.settings.buildFlags) {
		return
	}
	s.settings = parsed
	s.refresh()
}

// parseSettings returns the settings that a JSON text says, with the program's
// name around them or without.
func (cfg Config) parseSettings(value []byte) (settings, error) {
	var sections map[string]json.RawMessage
	if err := json.Unmarshal(value, &sections); err != nil {
		return settings{}, errors.New("want an object with " + strings.Join(optionKeys, ", "))
	}
	if own, ok := sections[cfg.Name]; ok {
		if isNone(protocol.Any(own)) {
			return settings{}, nil
		}
		value = own
	}
	var o options
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&o); err != nil {
		return settings{}, fmt.Errorf("%s; there are %s", strings.TrimPrefix(err.Error(), "json: "), strings.Join(optionKeys, ", "))
	}
	return cfg.settings(&o)
}

// settings turns options into flags.
func (cfg Config) settings(o *options) (set settings, err error) {
	for _, name := range slices.Sorted(maps.Keys(o.Checks)) {
		if cfg.analyzer(name) == nil {
			return settings{}, fmt.Errorf("unknown check %q; there are %s", name, strings.Join(cfg.checkNames(), ", "))
		}
		// A flag that is true would select nothing but its check.
		if !o.Checks[name] {
			set.toolFlags = append(set.toolFlags, "-"+name+"=false")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Flags)) {
		value := fmt.Sprint(o.Flags[name])
		check, flagName, _ := strings.Cut(name, ".")
		a := cfg.analyzer(check)
		if a == nil || a.Flags.Lookup(flagName) == nil {
			return settings{}, fmt.Errorf("unknown flag %q; flags are named as in CHECK.FLAG, see %s explain CHECK", name, cfg.Name)
		}
		// Nothing is analysed in this process, so its flags can be tried out.
		if err := a.Flags.Lookup(flagName).Value.Set(value); err != nil {
			return settings{}, fmt.Errorf("flag %q: invalid value %q", name, value)
		}
		set.toolFlags = append(set.toolFlags, "-"+name+"="+value)
	}
	if o.Tags != "" {
		set.buildFlags = append(set.buildFlags, "-tags="+o.Tags)
	}
	return set, nil
}

// analyzer returns the analyzer of that name, or nil.
func (cfg Config) analyzer(name string) *analysis.Analyzer {
	for _, a := range cfg.Analyzers {
		if a.Name == name {
			return a
		}
	}
	return nil
}

func (cfg Config) checkNames() []string {
	var names []string
	for _, a := range cfg.Analyzers {
		names = append(names, a.Name)
	}
	return names
}

// show tells the user what is wrong, and does not repeat itself.
func (s *server) show(ctx context.Context, message string) {
	s.mu.Lock()
	told := s.told[message]
	s.told[message] = true
	s.mu.Unlock()
	if !told {
		s.client.ShowMessage(ctx, &protocol.MessageParams{
			Type: protocol.MessageError, Message: s.cfg.Name + ": " + message,
		})
	}
}
