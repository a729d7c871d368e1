// Package badrecover: the parser panics on an error and recovers; the lexer's goroutine stays with
// its next item.
package badrecover

import (
	"fmt"
	"strings"
)

type lexer struct {
	input string
	items chan string
}

func lex(s string) *lexer {
	l := &lexer{input: s, items: make(chan string)}
	go l.run()
	return l
}

func (l *lexer) run() {
	for _, f := range strings.Fields(l.input) {
		l.items <- f // want `send on l\.items blocks forever when err != nil .*: the only receiver has returned`
	}
	close(l.items)
}

func (l *lexer) next() (string, bool) {
	s, ok := <-l.items
	return s, ok
}

type parser struct{ lex *lexer }

func Parse(s string) (n int, err error) {
	p := &parser{lex(s)}
	defer p.recover(&err)
	return p.sum(), nil
}

func (p *parser) recover(errp *error) {
	if e := recover(); e != nil {
		*errp = e.(error)
	}
}

func (p *parser) sum() int {
	n := 0
	for {
		s, ok := p.lex.next()
		if !ok {
			return n
		}
		var v int
		if _, err := fmt.Sscan(s, &v); err != nil {
			panic(err)
		}
		n += v
	}
}
