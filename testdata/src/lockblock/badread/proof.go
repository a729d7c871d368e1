//go:build proof

package badread

import "strconv"

// many is enough runs for the writer to come in between.
const many = 3_000_000

// claim: deadlock Config.Get
func driveDump() {
	for range many {
		Dump("a", "b")
	}
}

// claim: deadlock Graph.Reachable
func driveBuild() {
	for range many {
		Build(20)
	}
}

// claim: deadlock Set.Has
func driveCheck() {
	values := make([]int, 100)
	for range many {
		Check(values)
	}
}

// claim: deadlock Board.score
func drivePlay() {
	var names []string
	for i := range 50 {
		names = append(names, strconv.Itoa(i))
	}
	for range many {
		Play(names)
	}
}

// claim: deadlock Upgrade
func driveUpgrade() { Upgrade([2]string{"a", "b"}) }
