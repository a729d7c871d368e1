//go:build proof

package badaliases

// claim: deadlock
func driveNamedType() { NamedType("a b") }

// claim: deadlock
func driveDeferEvaluatedEarly() { DeferEvaluatedEarly("a b") }

// claim: deadlock
func driveFieldFromLocal() { FieldFromLocal("a b") }

// claim: deadlock
func driveReplyLeftOpen() { ReplyLeftOpen("alpha beta", "a") }

// claim: deadlock
func driveCopyBeforeMake() { CopyBeforeMake("a b", true) }
