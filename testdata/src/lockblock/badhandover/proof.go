//go:build proof

package badhandover

import "time"

func store() *Store { return &Store{data: map[string]string{"a": ""}} }

// claim: deadlock Store.Begin
func driveUpdate() {
	s := store()
	s.Update("a", "")
	s.Update("a", "1")
}

// claim: deadlock Store.Delete
func driveValue() {
	s := store()
	s.Value("b")
	s.Delete("a")
}

// claim: deadlock Store.Delete
func drivePurge() { store().Purge() }

// claim: deadlock Store.Delete
func driveSave() {
	s := store()
	s.Save(func(map[string]string) error { return errInvalid })
	time.Sleep(10 * time.Millisecond)
	s.Delete("a")
}

// claim: deadlock Log.open
func driveFind() {
	l := &Log{lines: []string{"a"}}
	match := func(string) bool { return true }
	l.Find(match)
	l.Find(match)
}

// claim: deadlock Log.Print
func drivePrint() {
	var l Log
	l.Print("a", false, true)
	l.Print("a", false, false)
}

// claim: deadlock Log.Rotate
func driveRotate() {
	var l Log
	l.Rotate(func([]string) error { return errInvalid })
	l.Rotate(func([]string) error { return nil })
}

// claim: deadlock Wait
func driveWait() { Wait(func() error { return errInvalid }) }

// claim: deadlock Setup.Ready
func driveReady() { new(Setup).Ready() }

// claim: deadlock locked
func driveTwice() { Twice(nil) }
