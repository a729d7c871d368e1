package goodservices

import "sync"

type listener struct{ conns chan int }

type route struct {
	id int
	to listener
}

type mux struct {
	routes []route
	room   int
}

func (m *mux) match(id int) listener {
	l := listener{conns: make(chan int, m.room)}
	m.routes = append(m.routes, route{id, l})
	return l
}

// serve is good: the variable is one for all turns, as all loop variables were before
// Go 1.22, but holds another channel in each.
func (m *mux) serve(accept func() (int, bool)) {
	var wg sync.WaitGroup
	defer func() {
		wg.Wait()
		var r route
		for _, r = range m.routes {
			close(r.to.conns)
			for range r.to.conns { // what nobody has taken
			}
		}
	}()
	for {
		id, ok := accept()
		if !ok {
			return
		}
		wg.Go(func() {
			for _, r := range m.routes {
				if r.id == id {
					r.to.conns <- id
				}
			}
		})
	}
}

// ServeOne is good: there is one listener, and others could be.
func ServeOne(accept func() (int, bool), handle func(int)) {
	m := &mux{room: 3}
	l := m.match(1)
	go func() {
		for id := range l.conns {
			handle(id)
		}
	}()
	m.serve(accept)
}
