package goodacross

import "across/pool"

func all(jobs []string, do func(string) error) error {
	tokens := make(chan struct{}, 2)
	for _, job := range jobs {
		pool.Acquire(tokens)
		err := do(job)
		pool.Release(tokens)
		if err != nil {
			return err
		}
	}
	return nil
}
