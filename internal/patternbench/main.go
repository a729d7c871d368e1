// Patternbench compares the patterns with what else one would pick: errgroup and
// semaphore of golang.org/x/sync, sourcegraph/conc, alitto/pond, panjf2000/ants,
// and loops written by hand. It is a module of its own, so that their
// dependencies are none of ours.
//
//	go run -C internal/patternbench . -run 'workerpool' -rounds 11
//	go run -C internal/patternbench . -markdown
//
// All alternatives to one pattern take turns in one process, in many short
// rounds, with a garbage collection before each turn. A ratio is the median of
// the ratios within the rounds. So it tells the same on a busy machine, where a
// time alone does not.
//
// Every alternative is used as its documentation shows it and does the same
// work: it honours the context and returns the first error. Where a library
// knows neither, both are added around it, as its user has to. Pools that are
// meant to live long (pond, ants) are made before the clock starts; the rest, as
// ours, is part of a run. Before anything is measured, each alternative must
// give the right results, the error of a task that fails, and an error if its
// context is done.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "patternbench:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("patternbench", flag.ExitOnError)
	flags.SetOutput(stderr)
	names := flags.String("run", "", "measure only the pattern functions whose names match the `regexp`")
	against := flags.String("against", "", "measure only the alternatives whose names match the `regexp`")
	only := flags.String("tasks", "", "measure only the tasks whose names match the `regexp` (empty, 1us, 100us, sleep100us)")
	widths := flags.String("workers", "1,2,64", "`list` of how many workers")
	rounds := flags.Int("rounds", 21, "how many `times` each alternative is measured")
	sample := flags.Duration("sample", 2*time.Millisecond, "the least `time` to measure at once; a run that is shorter is repeated")
	sleep := flags.Bool("sleep", false, "also measure tasks that wait for 100 µs")
	markdown := flags.Bool("markdown", false, "print Markdown")
	flags.Parse(args) // exits on an error

	chosen, err := choose(*names, *against)
	if err != nil {
		return err
	}
	taskNames, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("-tasks: %w", err)
	}
	workers, err := parseWorkers(*widths)
	if err != nil {
		return fmt.Errorf("-workers: %w", err)
	}
	if *rounds < 1 || flags.NArg() > 0 {
		return fmt.Errorf("want at least one round and no arguments")
	}

	all := tasks
	if *sleep {
		all = append(all[:len(all):len(all)], sleeping)
	}
	set := settings{*rounds, *sample, calibrate()}
	out := table{stdout, *markdown}
	fmt.Fprintf(stdout, "%s, %s/%s, GOMAXPROCS %d, %d rounds.\n\n%s\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), *rounds, explain)
	var measured []row
	for _, p := range chosen {
		var rows []row
		for _, t := range all {
			if !taskNames.MatchString(plain(t.name)) || p.only != nil && !p.only(t) {
				continue
			}
			for _, w := range p.width(workers) {
				fmt.Fprintf(stderr, "%s, %s, %d workers\n", p.name, t.name, w)
				r, err := measure(p, t, w, set)
				if err != nil {
					return err
				}
				rows = append(rows, r)
			}
		}
		if rows == nil {
			continue
		}
		if err := out.pattern(p, rows); err != nil {
			return err
		}
		measured = append(measured, rows...)
	}
	return out.summary(measured)
}

// plain returns a name of a task as one can type it.
func plain(name string) string { return strings.NewReplacer(" ", "", "µ", "u").Replace(name) }

// choose returns the patterns and the alternatives to measure.
func choose(names, against string) ([]pattern, error) {
	isName, err := regexp.Compile(names)
	if err != nil {
		return nil, fmt.Errorf("-run: %w", err)
	}
	isAgainst, err := regexp.Compile(against)
	if err != nil {
		return nil, fmt.Errorf("-against: %w", err)
	}
	var chosen []pattern
	for _, p := range patterns() {
		if !isName.MatchString(p.name) {
			continue
		}
		entrants, counts := p.entrants[:1:1], false
		for _, en := range p.entrants[1:] {
			if isAgainst.MatchString(en.name) {
				entrants = append(entrants, en)
				counts = counts || en.aside == ""
			}
		}
		if p.entrants = entrants; counts {
			chosen = append(chosen, p)
		}
	}
	if chosen == nil {
		return nil, fmt.Errorf("no pattern function matches %q against %q", names, against)
	}
	return chosen, nil
}

func parseWorkers(list string) ([]int, error) {
	var workers []int
	for s := range strings.SplitSeq(list, ",") {
		w, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			return nil, err
		}
		if w < 1 {
			return nil, fmt.Errorf("%d is less than one", w)
		}
		workers = append(workers, w)
	}
	return workers, nil
}
