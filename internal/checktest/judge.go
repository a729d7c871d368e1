package checktest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// An outcome is how the process of a drive ended.
type outcome struct {
	output   string
	failed   bool // exit status other than 0
	timedOut bool
}

// judge returns why the outcome does not prove the drive's claim, or "".
func judge(d drive, o outcome) string {
	returned := strings.Contains(o.output, "proof: returned")
	leaks := leaked(o.output)
	switch d.claim.kind {
	case "none":
		switch {
		case o.timedOut && !returned:
			return "the drive does not return"
		case o.failed:
			return "the process fails"
		case len(leaks) > 0:
			return "a goroutine is leaked"
		}
	case "leak":
		switch {
		case !returned:
			return "the drive does not return"
		case !slices.ContainsFunc(leaks, func(s string) bool { return inFunc(s, d.pkg, d.claim.arg) }):
			return "no goroutine in " + d.claim.arg + " is leaked"
		}
	case "deadlock":
		switch {
		case returned:
			return "the drive returns"
		case !o.timedOut && !strings.Contains(o.output, "all goroutines are asleep - deadlock!"):
			return "the process ends without deadlock"
		case !blockedAsClaimed(d, o.output):
			return "no goroutine is blocked in a function that is marked or named"
		}
	case "panic":
		if !o.failed || !panicked(o.output, d.claim.arg) {
			return "no such panic"
		}
	case "spin":
		if !spins(d, o.output) {
			return "no goroutine in " + d.claim.arg + " runs all the time"
		}
	case "flood":
		if most(d, o.output) <= floods {
			return fmt.Sprintf("no more than %d goroutines in %s", floods, d.claim.arg)
		}
	case "calm":
		switch n := most(d, o.output); {
		case n > floods:
			return fmt.Sprintf("%d goroutines in %s", n, d.claim.arg)
		case n == 0:
			return "no goroutine in " + d.claim.arg
		}
	case "race":
		if !strings.Contains(o.output, "WARNING: DATA RACE") {
			return "no race"
		}
	}
	return ""
}

// stacks returns the goroutines of a traceback.
func stacks(output string) []string {
	var all []string
	for _, s := range strings.Split(output, "\n\n") {
		if i := strings.Index(s, "goroutine "); i >= 0 {
			all = append(all, s[i:])
		}
	}
	return all
}

// leaked returns the goroutines that the runtime says are leaked.
func leaked(output string) []string {
	return slices.DeleteFunc(stacks(output), func(s string) bool {
		header, _, _ := strings.Cut(s, "\n")
		return !strings.Contains(header, "(leaked)")
	})
}

// inFunc reports whether a stack has a frame of the fixture's function, of a
// closure in it, or of a method of the type with that name. The line "created
// by" is no frame.
func inFunc(stack, pkg, name string) bool {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		other, rest, _ := strings.Cut(name[i:], ".")
		pkg, name = name[:i]+other, rest
	}
	stack, _, _ = strings.Cut(stack, "\ncreated by ")
	for line := range strings.SplitSeq(stack, "\n") {
		symbol, ok := strings.CutPrefix(line, pkg+".")
		if i := strings.LastIndexByte(symbol, '('); ok && i >= 0 {
			symbol = decoration.ReplaceAllString(symbol[:i], "")
			if strings.Contains("."+symbol+".", "."+name+".") {
				return true
			}
		}
	}
	return false
}

// decoration is what a traceback adds to names: pointers and type arguments.
var decoration = regexp.MustCompile(`\[[^\]]*\]|[(*)]`)

// blockedAsClaimed reports whether a goroutine is blocked in the function that
// the claim names, or in one with a want comment.
func blockedAsClaimed(d drive, output string) bool {
	names := []string{d.claim.arg}
	if d.claim.arg == "" {
		names = sortedKeys(d.marked)
	}
	return slices.ContainsFunc(stacks(output), func(s string) bool {
		return !isRunning(s) && slices.ContainsFunc(names, func(name string) bool { return inFunc(s, d.pkg, name) })
	})
}

// isRunning reports whether the goroutine of a stack runs or is about to.
func isRunning(stack string) bool {
	header, _, _ := strings.Cut(stack, "\n")
	return strings.Contains(header, "[running") || strings.Contains(header, "[runnable")
}

// spins reports whether a goroutine in the function that the claim names was
// running at each look.
func spins(d drive, output string) bool {
	all := strings.Split(output, "proof: looked")[1:]
	for _, look := range all {
		if !slices.ContainsFunc(stacks(look), func(s string) bool {
			return isRunning(s) && inFunc(s, d.pkg, d.claim.arg)
		}) {
			return false
		}
	}
	return len(all) == looks
}

// floods is how many goroutines of one function at the same time are too many: more
// than any number of processors.
const floods = 1000

// most returns the largest number of goroutines in the claimed function at a time.
func most(d drive, output string) int {
	largest := 0
	for _, look := range strings.Split(output, "proof: looked")[1:] {
		n := 0
		for _, s := range stacks(look) {
			if inFunc(s, d.pkg, d.claim.arg) {
				n++
			}
		}
		largest = max(largest, n)
	}
	return largest
}

// panicked reports whether a panic or fatal error with the text ended the
// process.
func panicked(output, text string) bool {
	for line := range strings.SplitSeq(output, "\n") {
		message, isPanic := strings.CutPrefix(line, "panic: ")
		if !isPanic {
			message, isPanic = strings.CutPrefix(line, "fatal error: ")
		}
		if isPanic && strings.Contains(message, text) {
			return true
		}
	}
	return false
}
