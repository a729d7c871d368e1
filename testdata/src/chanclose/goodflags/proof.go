//go:build proof

package goodflags

// claim: none
func driveSpool() { Spool(func(string) {}) }

// claim: none
func driveMarked() { Marked(func(int) {}) }

// claim: none
func driveAsked() { Asked(func(int) {}) }

// claim: none
func driveOpened() { Opened(func(int) {}) }

// claim: none
func driveExchanged() { Exchanged(func(int) {}) }

// claim: none
func driveCompared() { Compared(func(int) {}) }

// claim: none
func driveCounted() { Counted(func(int) {}) }
