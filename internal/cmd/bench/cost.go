package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// A cost is what a command and all processes below it took.
type cost struct {
	cpu    time.Duration // user and system time of all
	wall   time.Duration
	memory int64 // bytes that the largest one had resident
}

func (c cost) String() string {
	return fmt.Sprintf("%6.1f s CPU %6.1f s wall %5.0f MB", c.cpu.Seconds(), c.wall.Seconds(), megabytes(c.memory))
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// costOf returns the cost of a command that has ended. The system adds up what
// the processes took that a process has waited for, as go vet does with its tool.
func costOf(state *os.ProcessState, wall time.Duration) (cost, error) {
	memory, ok := maxResident(state)
	if !ok {
		return cost{}, errors.New("this system does not tell how much memory a process had")
	}
	return cost{state.UserTime() + state.SystemTime(), wall, memory}, nil
}

// summary returns the medians of the times and the peak of the memory.
func summary(costs []cost) cost {
	s := cost{
		cpu:  median(costs, func(c cost) time.Duration { return c.cpu }),
		wall: median(costs, func(c cost) time.Duration { return c.wall }),
	}
	for _, c := range costs {
		s.memory = max(s.memory, c.memory)
	}
	return s
}

func median(costs []cost, of func(cost) time.Duration) time.Duration {
	var all []time.Duration
	for _, c := range costs {
		all = append(all, of(c))
	}
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// compare prints the summaries of the tools as a table in Markdown, the CPU time and
// memory also in terms of the first one's.
func compare(w io.Writer, list []*contestant) error {
	tw := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	fmt.Fprintln(tw, "| tool\t| CPU, cold\t| ratio\t| wall\t| memory\t| ratio\t| CPU, warm\t| wall\t|")
	fmt.Fprintln(tw, "|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|")
	var base cost
	for i, c := range list {
		if c.failed != nil || len(c.cold) == 0 {
			fmt.Fprintf(tw, "| %s\t| %v\t|\t|\t|\t|\t|\t|\t|\n", c.name, c.failed)
			continue
		}
		cold, warm := summary(c.cold), summary(c.warm)
		if i == 0 {
			base = cold
		}
		fmt.Fprintf(tw, "| %s\t| %.1f s\t| %s\t| %.1f s\t| %.0f MB\t| %s\t| %.1f s\t| %.1f s\t|\n", c.name,
			cold.cpu.Seconds(), ratio(int64(cold.cpu), int64(base.cpu)), cold.wall.Seconds(),
			megabytes(cold.memory), ratio(cold.memory, base.memory), warm.cpu.Seconds(), warm.wall.Seconds())
	}
	return tw.Flush()
}

// ratio returns a number in terms of a base, or "-" without one.
func ratio(n, base int64) string {
	if base == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(n)/float64(base))
}
