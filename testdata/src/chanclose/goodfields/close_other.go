//go:build !windows

package goodfields

func (m *modem) hangUp() { m.dropped = true }
