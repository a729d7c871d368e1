package goker

// NewPart returns a part that is on these lines, or on all if there are none.
func NewPart(e Entry, lines ...int) Part {
	p := Part{Entry: e}
	for _, line := range lines {
		if p.lines == nil {
			p.lines = make(map[int]bool)
		}
		p.lines[line] = true
	}
	return p
}
