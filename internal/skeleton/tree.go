package skeleton

import "go/types"

// An expr is an expression of a skeleton: pieces of text, with function literals
// between them, and what evaluating it means.
type expr struct {
	parts []part
	uses  []*types.Var
	calls []*types.Func // functions of the package that it names

	acts    bool // operates on a primitive
	starts  bool // makes a channel or starts a goroutine
	effect  bool // does something that may matter
	unknown bool // its value was taken away
	weak    bool // so was what it is computed from, and the program may know more of it
}

type part struct {
	text string
	lit  *literal
}

// A literal is a function literal.
type literal struct {
	sig  *types.Signature
	body []*stmt
}

func text(t string) *expr { return &expr{parts: []part{{text: t}}} }

// join concatenates expressions, given as *expr or string.
func join(items ...any) *expr {
	out := &expr{}
	for _, item := range items {
		switch item := item.(type) {
		case string:
			out.parts = append(out.parts, part{text: item})
		case *expr:
			out.parts = append(out.parts, item.parts...)
			out.take(item)
		case *literal:
			out.parts = append(out.parts, part{lit: item})
		}
	}
	return out
}

// take adds what evaluating another expression means.
func (e *expr) take(o *expr) {
	e.uses = append(e.uses, o.uses...)
	e.calls = append(e.calls, o.calls...)
	e.acts = e.acts || o.acts
	e.starts = e.starts || o.starts
	e.effect = e.effect || o.effect
	e.weak = e.weak || o.weak
}

func list(es []*expr) *expr {
	out := &expr{}
	for i, e := range es {
		if i > 0 {
			out.parts = append(out.parts, part{text: ","})
		}
		out.parts = append(out.parts, e.parts...)
		out.take(e)
	}
	return out
}

// A stmt is a statement of a skeleton.
type stmt struct {
	line  int
	head  *expr // all of a simple statement, else what precedes the body
	block bool
	body  []*stmt
	other []*stmt // else

	defs []*types.Var // the local variables to which it assigns, and nothing else
	stay bool         // has a meaning even if it has no effect: a return, a clause
	cond *expr        // what decides whether the body is executed, but for loops
}

// each calls f for the expressions of a statement and all that is in it.
func (st *stmt) each(f func(*expr)) {
	if st.head != nil {
		f(st.head)
		for _, p := range st.head.parts {
			if p.lit != nil {
				for _, inner := range p.lit.body {
					inner.each(f)
				}
			}
		}
	}
	for _, inner := range st.body {
		inner.each(f)
	}
	for _, inner := range st.other {
		inner.each(f)
	}
}
