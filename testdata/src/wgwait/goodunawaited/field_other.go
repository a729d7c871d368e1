//go:build plan9 && !plan9

package goodunawaited

// Flush waits.
func (s *Sink) Flush() { s.pending.Wait() }
