package goodpaths

import "sync"

// A Job has a lock that it needs only if others know it.
type Job struct {
	mu     sync.Mutex
	shared bool
	cfg    *config
	n      int
}

func (j *Job) lockIf(shared bool) {
	if shared {
		j.mu.Lock()
	}
}

func (j *Job) unlockIf(shared bool) {
	if shared {
		j.mu.Unlock()
	}
}

// Param asks its parameter each time.
func (j *Job) Param(shared bool, step func(int) error) error {
	if shared {
		j.mu.Lock()
	}
	if j.cfg.f[0] {
		if err := step(0); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[1] {
		if err := step(1); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[2] {
		if err := step(2); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[3] {
		if err := step(3); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[4] {
		if err := step(4); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[5] {
		if err := step(5); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[6] {
		if err := step(6); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[7] {
		if err := step(7); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[8] {
		if err := step(8); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[9] {
		if err := step(9); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[10] {
		if err := step(10); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[11] {
		if err := step(11); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[12] {
		if err := step(12); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[13] {
		if err := step(13); err != nil {
			if shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if shared {
		j.mu.Unlock()
	}
	return nil
}

// Helper has helpers ask it.
func (j *Job) Helper(shared bool, step func(int) error) error {
	j.lockIf(shared)
	if j.cfg.f[0] {
		if err := step(0); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[1] {
		if err := step(1); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[2] {
		if err := step(2); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[3] {
		if err := step(3); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[4] {
		if err := step(4); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[5] {
		if err := step(5); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[6] {
		if err := step(6); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[7] {
		if err := step(7); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[8] {
		if err := step(8); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[9] {
		if err := step(9); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[10] {
		if err := step(10); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[11] {
		if err := step(11); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[12] {
		if err := step(12); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	if j.cfg.f[13] {
		if err := step(13); err != nil {
			j.unlockIf(shared)
			return err
		}
	}
	j.unlockIf(shared)
	return nil
}

// Field asks a field.
func (j *Job) Field(step func(int) error) error {
	if j.shared {
		j.mu.Lock()
	}
	if j.cfg.f[0] {
		if err := step(0); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[1] {
		if err := step(1); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[2] {
		if err := step(2); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[3] {
		if err := step(3); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[4] {
		if err := step(4); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[5] {
		if err := step(5); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[6] {
		if err := step(6); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[7] {
		if err := step(7); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[8] {
		if err := step(8); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[9] {
		if err := step(9); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[10] {
		if err := step(10); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[11] {
		if err := step(11); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[12] {
		if err := step(12); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[13] {
		if err := step(13); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.shared {
		j.mu.Unlock()
	}
	return nil
}

// Flag notes in a variable that it has locked.
func (j *Job) Flag(want func() bool, step func(int) error) error {
	locked := false
	if want() {
		j.mu.Lock()
		locked = true
	}
	if j.cfg.f[0] {
		if err := step(0); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[1] {
		if err := step(1); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[2] {
		if err := step(2); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[3] {
		if err := step(3); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[4] {
		if err := step(4); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[5] {
		if err := step(5); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[6] {
		if err := step(6); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[7] {
		if err := step(7); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[8] {
		if err := step(8); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[9] {
		if err := step(9); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[10] {
		if err := step(10); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[11] {
		if err := step(11); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[12] {
		if err := step(12); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[13] {
		if err := step(13); err != nil {
			if locked {
				j.mu.Unlock()
			}
			return err
		}
	}
	if locked {
		j.mu.Unlock()
	}
	return nil
}

// Deferred asks at its end.
func (j *Job) Deferred(want func() bool, step func(int) error) error {
	locked := false
	defer func() {
		if locked {
			j.mu.Unlock()
		}
	}()
	if want() {
		j.mu.Lock()
		locked = true
	}
	if j.cfg.f[0] {
		if err := step(0); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[1] {
		if err := step(1); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[2] {
		if err := step(2); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[3] {
		if err := step(3); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[4] {
		if err := step(4); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[5] {
		if err := step(5); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[6] {
		if err := step(6); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[7] {
		if err := step(7); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[8] {
		if err := step(8); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[9] {
		if err := step(9); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[10] {
		if err := step(10); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[11] {
		if err := step(11); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[12] {
		if err := step(12); err != nil {
			j.n++
			return err
		}
	}
	if j.cfg.f[13] {
		if err := step(13); err != nil {
			j.n++
			return err
		}
	}
	return nil
}

// Begin leaves the lock locked on success.
func (j *Job) Begin(step func(int) error) error {
	j.mu.Lock()
	if j.cfg.f[0] {
		if err := step(0); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[1] {
		if err := step(1); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[2] {
		if err := step(2); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[3] {
		if err := step(3); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[4] {
		if err := step(4); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[5] {
		if err := step(5); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[6] {
		if err := step(6); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[7] {
		if err := step(7); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[8] {
		if err := step(8); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[9] {
		if err := step(9); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[10] {
		if err := step(10); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[11] {
		if err := step(11); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[12] {
		if err := step(12); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	if j.cfg.f[13] {
		if err := step(13); err != nil {
			j.mu.Unlock()
			return err
		}
	}
	return nil
}

// Enter leaves it locked if it is shared, and no error is returned.
func (j *Job) Enter(step func(int) error) error {
	if j.shared {
		j.mu.Lock()
	}
	if j.cfg.f[0] {
		if err := step(0); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[1] {
		if err := step(1); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[2] {
		if err := step(2); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[3] {
		if err := step(3); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[4] {
		if err := step(4); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[5] {
		if err := step(5); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[6] {
		if err := step(6); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[7] {
		if err := step(7); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[8] {
		if err := step(8); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[9] {
		if err := step(9); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[10] {
		if err := step(10); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[11] {
		if err := step(11); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[12] {
		if err := step(12); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	if j.cfg.f[13] {
		if err := step(13); err != nil {
			if j.shared {
				j.mu.Unlock()
			}
			return err
		}
	}
	return nil
}

// Use unlocks what Begin has locked.
func (j *Job) Use(step func(int) error) error {
	if err := j.Begin(step); err != nil {
		return err
	}
	j.n++
	j.mu.Unlock()
	return nil
}

// Visit unlocks what Enter has locked, and locks again.
func (j *Job) Visit(step func(int) error) error {
	for range 2 {
		if err := j.Enter(step); err != nil {
			return err
		}
		j.n++
		if j.shared {
			j.mu.Unlock()
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return nil
}
