package goodclosed

import "time"

// A Manager asks for its end before it waits for updates.
type Manager struct {
	stop chan struct{}
	sum  int
}

// NewManager returns a manager.
func NewManager() *Manager { return &Manager{stop: make(chan struct{})} }

// Stop ends Run.
func (m *Manager) Stop() { close(m.stop) }

// Run ends with its input.
func (m *Manager) Run(in <-chan int) {
	for {
		select {
		case <-m.stop:
			return
		default:
			select {
			case <-m.stop:
				return
			case n, ok := <-in:
				if !ok {
					return
				}
				m.sum += n
			}
		}
	}
}

// Quits polls a channel to which the case itself sends.
func Quits(in <-chan int) (sum int) {
	quit := make(chan struct{}, 1)
	for {
		select {
		case <-quit:
			return sum
		default:
		}
		select {
		case n, ok := <-in:
			if !ok {
				quit <- struct{}{}
				continue
			}
			sum += n
		}
	}
}

// Works does something in each turn until there is nothing left to do.
func Works(in <-chan int, work func() bool, stop <-chan struct{}) (sum int) {
	for {
		select {
		case <-stop:
			return sum
		default:
			if !work() {
				return sum
			}
			select {
			case n, ok := <-in:
				if !ok {
					break
				}
				sum += n
			default:
			}
		}
	}
}

// Slow looks from time to time whether there is something new.
func Slow(in <-chan int, stop <-chan struct{}) (sum int) {
	for {
		select {
		case <-stop:
			return sum
		default:
			time.Sleep(time.Second)
		}
		select {
		case n, ok := <-in:
			if !ok {
				break
			}
			sum += n
		default:
		}
	}
}
