// Package report turns a finding into a diagnostic: message, related
// positions in the order of the story, category, URL and at most one fix.
//
// It is the single exit of every check, so the rules that all diagnostics obey
// live here: nothing is reported in generated files, nothing that a directive
// suppresses, nothing twice; a fix is offered whole or not at all.
package report

import "go/token"

// A Finding is what a check found, before it becomes a diagnostic.
type Finding struct {
	// Pos and End delimit the operation that goes wrong. End may be NoPos.
	Pos, End token.Pos

	// Message is one line without the check's name: the operation, the
	// primitive and the reason.
	Message string

	// Story lists the related positions in the order in which the events
	// happen: created here, started here, returns here, stuck here.
	Story []Step

	// Fix is nil where no safe edit is known.
	Fix *Fix
}

// A Step is one line of a finding's story.
type Step struct {
	Pos, End token.Pos
	Message  string
}

// A Fix is a set of edits in one file, named after what it does.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the source between Pos and End by New. End is Pos for an
// insertion.
type Edit struct {
	Pos, End token.Pos
	New      string
}
