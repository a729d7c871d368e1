// Package goodrecover: the parser panics on an error, recovers and drains the lexer, so that
// its goroutine ends.
package goodrecover

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
		l.items <- f
	}
	close(l.items)
}

func (l *lexer) next() (string, bool) {
	s, ok := <-l.items
	return s, ok
}

func (l *lexer) close() {
	for range l.items {
	}
}

type parser struct{ lex *lexer }

func Parse(s string) (n int, err error) {
	p := &parser{lex(s)}
	defer p.recover(&err)
	return p.sum(), nil
}

func (p *parser) recover(errp *error) {
	p.lex.close()
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

// MustParse panics: its caller is told nothing, and whether anybody recovers is not seen.
func MustParse(s string) int {
	p := &parser{lex(s)}
	return p.sum()
}

// Rethrow recovers from what it knows, and goes on to panic otherwise: with another type
// than the one that was thrown, nobody returns.
func Rethrow(s string) (err error) {
	p := &parser{lex(s)}
	defer func() {
		if e := recover(); e != nil {
			if _, ok := e.(fmt.Stringer); !ok {
				panic(e)
			}
			err = fmt.Errorf("%v", e)
		}
	}()
	p.check()
	return nil
}

func (p *parser) check() {
	for {
		s, ok := p.lex.next()
		if !ok {
			return
		}
		if s == "" {
			panic(1)
		}
	}
}
