//go:build proof

package badcallback

// claim: deadlock State.String
func driveState() { new(State).Set("a") }

// claim: deadlock Document.MarshalJSON
func driveSave() { new(Document).Save() }

// claim: deadlock Board.Less
func driveBoard() { (&Board{names: []string{"a", "b"}}).Sort() }

// claim: deadlock Config.Get
func driveMirror() { Mirror("a", "b") }

// claim: deadlock Breaker.Open
func driveTrip() { Trip(3) }

// claim: deadlock Router.Remove
func driveServe() { Serve("/") }

// claim: deadlock Bucket.Size
func driveFit() { Fit(3, "one", "two") }

// claim: deadlock Index.compare
func driveIndex() { (&Index{words: []string{"a", "b"}}).Sort() }

// claim: deadlock Failure.Error
func driveFailure() { new(Failure).Add("a") }
