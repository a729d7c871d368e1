package goodcauses

func (w *Watch) arm() { defer w.armed.Done() }
