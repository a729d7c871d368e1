package goodcauses

func (d *Device) attach() {
	go func() {
		defer close(d.interrupts)
		for n := range 3 {
			d.interrupts <- n
		}
	}()
}
