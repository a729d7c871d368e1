package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
)

// TestEntrants checks that every alternative does what it is compared for.
func TestEntrants(t *testing.T) {
	for _, p := range patterns() {
		for _, workers := range p.width([]int{1, 3}) {
			for _, en := range p.entrants {
				t.Run(fmt.Sprintf("%s/%s/%d", p.name, en.name, workers), func(t *testing.T) {
					for _, items := range []int{workers, 30} {
						if err := p.check(en, items, workers); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
	}
}

// TestRun measures a little of everything.
func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run([]string{"-rounds=1", "-sample=1ns", "-tasks=1us", "-workers=2", "-markdown"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, p := range patterns() {
		if !strings.Contains(out.String(), "### "+p.name+"\n") {
			t.Errorf("%s is missing", p.name)
		}
	}
	if err := run([]string{"-run=nosuch"}, io.Discard, io.Discard); err == nil {
		t.Error("no error for a pattern that does not exist")
	}
}

func TestInterval(t *testing.T) {
	var of []float64
	for i := range 21 {
		of = append(of, float64(i))
	}
	if low, high := interval(of); median(of) != 10 || low != 5 || high != 15 {
		t.Errorf("median %v in [%v, %v]", median(of), low, high)
	}
	if low, high := interval(of[:5]); low != 0 || !math.IsInf(high, 1) {
		t.Errorf("[%v, %v] for five values", low, high)
	}
}

func TestWithin(t *testing.T) {
	for want, r := range map[string]row{
		"yes":     {toFastest: 1.04, low: 0.9, high: 1.2},
		"unclear": {toFastest: 1.06, low: 1.01, high: 1.1},
		"no":      {toFastest: 1.2, low: 1.1, high: 1.3},
	} {
		if got := r.within(); got != want {
			t.Errorf("%+v: %s, want %s", r, got, want)
		}
	}
}
