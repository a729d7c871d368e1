//go:build proof

package badstream

import (
	"errors"
	"fmt"
	"strings"
)

func fails(string) error { return errors.New("no") }

// claim: leak EachLine
func driveEachLine() { EachLine(strings.NewReader(strings.Repeat("line\n", 100)), fails) }

// claim: leak Source
func driveHas() { (&Source{items: make([]int, 10)}).Has(0) }

// claim: leak First
func driveFirst() { First(func() (int, error) { return 1, nil }) }

// claim: leak Emit
func driveEmit() {
	names := make(map[string]bool)
	for i := range 100 {
		names[fmt.Sprint(i)] = true
	}
	Emit(names, fails)
}
