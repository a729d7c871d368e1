package progen_test

import (
	"testing"

	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/progen"
)

// TestPrograms: what is generated compiles, is formatted, and is the same each time.
func TestPrograms(t *testing.T) {
	for seed := range uint64(500) {
		p := progen.Generate(seed)
		if _, err := irtest.Check(p.Text()); err != nil {
			t.Errorf("%v\n%s", err, p.Text())
		}
		if !p.IsFormatted() {
			t.Errorf("seed %d is not formatted:\n%s", seed, p.Text())
		}
		if again := progen.Generate(seed); again.Text() != p.Text() {
			t.Errorf("seed %d gives two programs", seed)
		}
	}
}
