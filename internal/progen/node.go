package progen

import "strings"

// A node is a statement, or a clause of a select: a line, and for compound
// statements a body and the line at the end.
type node struct {
	head  string
	body  []*node
	tail  string
	after string // the line between body and other: "} else {"
	other []*node

	names  string // of a declaration: the variables
	clause bool   // of a select: its body only may be changed
	fixed  bool   // needed for the function to end: must stay as it is
	only   []edit // the edits that it may be spoilt by; nil for all
	isFunc bool   // the body is that of a function
	result string // what a return in it needs
}

// line returns a simple statement.
func line(text string) *node { return &node{head: text} }

// kept returns a simple statement that stays where it is.
func kept(text string) *node { return &node{head: text, fixed: true} }

// block returns a compound statement.
func block(head string, body ...*node) *node { return &node{head: head, body: body, tail: "}"} }

// goFunc returns a statement that starts a goroutine.
func goFunc(body ...*node) *node {
	return &node{head: "go func() {" + markBegin, body: body, tail: "}()", isFunc: true}
}

// selectOf returns a select statement of clauses.
func selectOf(clauses ...*node) *node { return block("select {", clauses...) }

// clause returns a clause of a select statement.
func clause(head string, body ...*node) *node {
	return &node{head: head, body: body, clause: true, fixed: true}
}

// clone returns a deep copy.
func (n *node) clone() *node {
	c := *n
	c.body, c.other = cloneAll(n.body), cloneAll(n.other)
	return &c
}

func cloneAll(list []*node) []*node {
	var out []*node
	for _, n := range list {
		out = append(out, n.clone())
	}
	return out
}

// render writes the node at a level of indentation. A return needs the result of the
// function that it is in.
func (n *node) render(b *strings.Builder, level int, result string) {
	b.WriteString(strings.Repeat("\t", level))
	if level > 0 && !n.clause {
		b.WriteString(markAt)
	}
	b.WriteString(strings.ReplaceAll(n.head, markResult, result) + "\n")
	if n.isFunc {
		result = n.result
	}
	for _, s := range n.body {
		inner := level + 1
		if s.clause {
			inner = level
		}
		s.render(b, inner, result)
	}
	if n.after != "" {
		b.WriteString(strings.Repeat("\t", level) + n.after + "\n")
		for _, s := range n.other {
			s.render(b, level+1, result)
		}
	}
	if n.tail != "" {
		b.WriteString(strings.Repeat("\t", level))
		if n.isFunc && n.result == "" {
			b.WriteString(markAt) // what is deferred may be late, too
		}
		b.WriteString(n.tail + "\n")
	}
}

// lists calls f for each list of statements below a list, and the list itself.
func lists(list *[]*node, f func(*[]*node)) {
	isClauses := len(*list) > 0 && (*list)[0].clause
	if !isClauses {
		f(list)
	}
	for _, n := range *list {
		if n.tail != "" || n.clause {
			lists(&n.body, f)
			if n.after != "" {
				lists(&n.other, f)
			}
		}
	}
}
