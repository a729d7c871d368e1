package ir_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/irtest"
)

const streams = `
type source struct{ items []int }
func (s *source) next() (int, error)
func f(c chan int, items []int, m map[int]int, n int, s *source, in chan int) {
	for _, v := range items { c <- 1; _ = v }
	for v := range m { c <- 2; _ = v }
	for _, v := range s.items { c <- 3; _ = v }
	for {
		if _, err := s.next(); err != nil { return }
		c <- 4
	}
}
func g(c chan int, items []int, n int, s *source, in chan int) {
	for range n { c <- -1 }
	for i := 0; i < 3; i++ { c <- -2 }
	for _, v := range []int{1, 2} { c <- -3; _ = v }
	for range in { c <- -4 }
	k := 0
	for {
		if _, err := s.next(); err != nil { return }
		c <- -5
		if k++; k > 10 { break }
	}
	for _, v := range items {
		if v > 0 { c <- -6; return }
	}
	var local []int
	for range 3 { local = append(local, 1) }
	for _, v := range local { c <- -7; _ = v }
	c <- -8
}
func h(c chan int, items []int) {
	go func() {
		for _, v := range items { c <- 5; _ = v }
	}()
	for _, v := range items {
		for range 3 { c <- 6 }
		_ = v
	}
}`

// TestEndless: the sends of positive numbers, and no others, come without end.
func TestEndless(t *testing.T) {
	p := irtest.Load(t, streams)
	prog := p.ProgramOfAll(t)
	var got []string
	for _, fn := range prog.Funcs {
		for in := range ir.Instrs(fn) {
			if s, ok := in.(*ssa.Send); ok && prog.Endless(s) {
				got = append(got, strings.TrimSuffix(s.X.Name(), ":int"))
			}
		}
	}
	slices.Sort(got)
	if want := strings.Fields("1 2 3 4 5 6"); !slices.Equal(got, want) {
		t.Errorf("endless: %v, want %v", got, want)
	}
}
