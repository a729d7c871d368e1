//go:build proof

package goodpaths

// claim: none
func driveSend() {
	m := &Manager{sets: map[string]*set{"a": {cfg: &config{}}}}
	m.Send(func() bool { return false }, nil, nil)
	m.Send(func() bool { return true }, nil, nil)
	m.Update("a", nil)
}
