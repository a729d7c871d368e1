//go:build proof

package goodtwice

// claim: none
func driveAll() {
	s := new(Series)
	s.Append(-1)
	s.Retry(-1)
	s.Flag(-1)
	s.Flag(1)
	s.Same(3)
	s.Same(4)
	s.Early(3)
	s.Early(4)
	s.Window(func() {})
	s.Helper()
	s.Literal(func() {})
	Each([]*Series{s, {pending: true}})
	Next(map[string]*Node{"a": {next: &Node{}}}, "a")
	t := new(Table)
	t.Insert(1)
	t.Deferred(func() {})
	t.Later(func() {})
	Twice(t, new(Table))
	new(Baton).Pass(make(chan struct{}))
}
