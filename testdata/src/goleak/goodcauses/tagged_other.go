//go:build !windows

package goodcauses

func (d *Device) attach() { close(d.interrupts) }
