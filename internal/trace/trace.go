// Package trace is the data of a run that goes wrong, as a picture of it needs
// them: goroutines, and what they do one after the other.
//
// A trace travels inside a diagnostic from the process that analyses a package
// to the one that writes the report, through the JSON of go vet, which has no
// field for it. Each step is a related position of the diagnostic, so that the
// place of a step takes the same way as all other places, and the step itself
// is the message, as [Encode] writes it. Diagnostics contain such messages only
// if the stand-alone command asks for them; it takes them out again ([Decode])
// before anybody sees them.
package trace

import (
	"encoding/json"
	"strings"
)

// A Kind is what a step does.
type Kind string

// The kinds of steps. A trace begins with its lanes.
const (
	Lane   Kind = "goroutine" // not a step: declares a goroutine, at its start
	Start  Kind = "start"     // starts the goroutine To
	Pass   Kind = "pass"      // sends to the goroutine To, which receives
	Do     Kind = "do"        // any other operation
	When   Kind = "when"      // a condition turns out so
	Return Kind = "return"    // the goroutine ends
	Stuck  Kind = "stuck"     // the goroutine stands here forever
	Panic  Kind = "panic"     // the process ends here
	Gap    Kind = "gap"       // steps were left out
)

// A Step is a step of a run.
type Step struct {
	Kind      Kind   `json:"kind"`
	Goroutine int    `json:"goroutine"`    // its number among the lanes, from 0
	To        int    `json:"to,omitempty"` // another one, for Start and Pass
	Text      string `json:"text"`         // "send on results"

	// Here marks the step that the finding is about.
	Here bool `json:"here,omitempty"`
}

const prefix = "concurlint-trace "

// Encode returns the step as one line of text.
func Encode(s Step) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and numbers
	}
	return prefix + string(data)
}

// Decode returns the step that a message stands for, and reports whether it is
// one.
func Decode(message string) (s Step, ok bool) {
	data, ok := strings.CutPrefix(message, prefix)
	if !ok || json.Unmarshal([]byte(data), &s) != nil {
		return Step{}, false
	}
	return s, true
}
