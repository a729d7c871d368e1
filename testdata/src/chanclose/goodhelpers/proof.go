//go:build proof

package goodhelpers

import "strings"

var pages = []Page{{"a", "x"}, {"b", "yy"}, {"c", "zzz"}}

// claim: none
func driveHelperClosesThroughTwo() { HelperClosesThroughTwo(pages) }

// claim: none
func driveCalleeCloses() { CalleeCloses(strings.NewReader("a\n" + strings.Repeat("b", 100) + "\n")) }

// claim: none
func driveFinishInField() { FinishInField("a b c") }

// claim: none
func driveShards() { Shards(pages) }

// claim: none
func driveByHost() { ByHost(pages) }

// claim: none
func driveCleanupUnderFlag() { CleanupUnderFlag([]Page{{"a", strings.Repeat("x", 1<<21)}}) }

// claim: none
func driveOnceFunc() { OnceFunc([]Page{{"a", "x"}, {"b", ""}}) }
