package goodfields

// hangUp closes the line on this platform.
func (m *modem) hangUp() { close(m.line) }
