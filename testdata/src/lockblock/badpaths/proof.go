//go:build proof

package badpaths

// claim: deadlock set.update
func driveSend() {
	m := &Manager{sets: map[string]*set{"a": {cfg: &config{}}}}
	m.Send(func() bool { return false }, nil, nil)
	m.Update("a", nil)
}
