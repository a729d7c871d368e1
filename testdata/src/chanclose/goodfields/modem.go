package goodfields

type modem struct {
	line    chan byte
	dropped bool
}

// Dial is good: the close of line stands in a file for another platform, so
// what this build shows is not the whole story.
func Dial(number string) (hangUp func()) {
	m := &modem{line: make(chan byte, len(number))}
	go func() {
		for range m.line {
		}
	}()
	for i := range len(number) {
		m.line <- number[i]
	}
	return m.hangUp
}
