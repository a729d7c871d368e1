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
	memory int64         // bytes that the largest one had resident
}

func (c cost) String() string {
	return fmt.Sprintf("%6.1f s  %5.0f MB", c.cpu.Seconds(), megabytes(c.memory))
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// costOf returns the cost of a command that has ended. The system adds up what
// the processes took that a process has waited for, as go vet does with its tool.
func costOf(state *os.ProcessState) (cost, error) {
	memory, ok := maxResident(state)
	if !ok {
		return cost{}, errors.New("this system does not tell how much memory a process had")
	}
	return cost{state.UserTime() + state.SystemTime(), memory}, nil
}

// summary returns the median of the CPU times and the peak of the memory.
func summary(costs []cost) cost {
	var cpu []time.Duration
	var s cost
	for _, c := range costs {
		cpu = append(cpu, c.cpu)
		s.memory = max(s.memory, c.memory)
	}
	slices.Sort(cpu)
	mid := len(cpu) / 2
	if s.cpu = cpu[mid]; len(cpu)%2 == 0 {
		s.cpu = (cpu[mid-1] + cpu[mid]) / 2
	}
	return s
}

// compare prints the summaries of the tools, and what the second one costs in
// terms of the first.
func compare(w io.Writer, base, tool []cost) error {
	b, t := summary(base), summary(tool)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "\tmedian CPU\tpeak memory\t\n")
	for i, s := range []cost{b, t} {
		fmt.Fprintf(tw, "%s\t%.1f s\t%.0f MB\t\n", tools[i].name, s.cpu.Seconds(), megabytes(s.memory))
	}
	fmt.Fprintf(tw, "ratio\t%.2f\t%.2f\t\n", float64(t.cpu)/float64(b.cpu), float64(t.memory)/float64(b.memory))
	return tw.Flush()
}
