//go:build !windows

package goodcauses

func (w *Watch) arm() { w.armed.Done() }
