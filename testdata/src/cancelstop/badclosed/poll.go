package badclosed

// A Manager asks for its end before it waits for updates.
type Manager struct {
	stop chan struct{}
	sum  int
}

// NewManager returns a manager.
func NewManager() *Manager { return &Manager{stop: make(chan struct{})} }

// Stop ends Run.
func (m *Manager) Stop() { close(m.stop) }

// Run has its break in the select that is the default case of another one.
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
					break // want "break leaves the select, not the for loop: after in is closed the loop spins until another case leaves it"
				}
				m.sum += n
			}
		}
	}
}

// RunAfter asks first.
func (m *Manager) RunAfter(in <-chan int) {
	for {
		select {
		case <-m.stop:
			return
		default:
		}
		select {
		case <-m.stop:
			return
		case n, ok := <-in:
			if !ok {
				continue // want "continue stays in the for loop: after in is closed the loop spins until another case leaves it"
			}
			m.sum += n
		}
	}
}
