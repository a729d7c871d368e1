//go:build proof

package goodaliases

// claim: none
func driveNamedType() { NamedType("a b") }

// claim: none
func driveDirections() { Directions("a b") }

// claim: none
func driveLiteralParameter() { LiteralParameter("a b") }

// claim: none
func driveFieldFromLocal() { FieldFromLocal("a b") }

// claim: none
func driveReplyClosedByServer() { ReplyClosedByServer("alpha beta", "a") }

// claim: none
func driveBothOfTwo() { BothOfTwo("a b gamma") }

// claim: none
func driveFeed() { Feed(make([]string, 250)) }

// claim: none
func driveBroadcast() { Broadcast([]string{"a"}, func(string) {}) }

// claim: none
func driveStructCopy() { StructCopy([]int{1, 2}) }

// claim: none
func drivePromoted() { Promoted([]int{1, 2}) }

// claim: none
func driveInSyncMap() { InSyncMap([]int{1, 2}) }

// claim: none
func driveThroughPointer() { ThroughPointer([]int{1, 2}) }

// claim: none
func driveChannelOfOne() { ChannelOfOne([]int{1, 2}) }
