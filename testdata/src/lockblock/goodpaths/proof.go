//go:build proof

package goodpaths

import "errors"

// claim: none
func driveSend() {
	m := &Manager{sets: map[string]*set{"a": {cfg: &config{}}}}
	m.Send(func() bool { return false }, nil, nil)
	m.Send(func() bool { return true }, nil, nil)
	m.Update("a", nil)
}

// claim: none
func driveJobs() {
	fail := errors.New("failed")
	for _, shared := range []bool{false, true} {
		for _, err := range []error{nil, fail} {
			j := &Job{cfg: &config{}, shared: shared}
			j.cfg.f[3] = true
			want := func() bool { return shared }
			step := func(int) error { return err }
			j.Param(shared, step)
			j.Helper(shared, step)
			j.Field(step)
			j.Flag(want, step)
			j.Deferred(want, step)
			j.Use(step)
			j.Visit(step)
		}
	}
}
