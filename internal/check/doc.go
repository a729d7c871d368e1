// Package check builds the analysis.Analyzer of a check from its doc comment
// and its run function, so that every check has the same shape: one text for
// documentation, one way to report, and no panic that reaches the driver.
//
// A check's package embeds its doc.go, whose section "# Analyzer NAME" is the
// only text about the check (see [ExtractDoc]), and declares
//
//	var Analyzer = check.New(check.Meta{Name: "chanclose", Doc: doc, Patterns: ...}, run)
//
// Its run function gets a [Pass]: the analysis.Pass, whose findings go through
// package report, with a counter for what the check gave up on. A panic ends
// the check in this package, not the driver's run, and is counted as well: in
// go vet, a failing tool takes all packages down that import the package.
//
// The analyzer's result is a [Result]. [Directives] makes the analyzer that
// requires all checks and reads their results. Its documentation stands here,
// because it has no package of its own:
//
// # Analyzer concurlint
//
// concurlint: report //concurlint:ignore directives that are wrong or of no use
//
// A finding that is known and accepted is suppressed by a directive on its
// line, or on the line above:
//
//	//concurlint:ignore chanclose the peer closes the channel
//	for v := range results {
//
// The directive names one check, or several with commas between them, and
// gives the reason. The reason is required: without one the directive has no
// effect.
//
// This analyzer reports a directive that gives no reason, that names a check
// which does not exist, or that names a check which would report nothing on
// its line. The last kind is left over from code that has changed and would
// hide the next finding.
//
// The directives of other tools are honoured and not judged: //nolint and
// //nolint:concurlint as in golangci-lint (on a line of its own it covers the
// statement, block or declaration that follows, above the package clause the
// file), //lint:ignore and //lint:file-ignore as in staticcheck.
//
// The flag -concurlint.debug reports, once per package, what each check gave up on,
// how often, why, and in which function.
package check
