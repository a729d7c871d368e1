package progen

import (
	"regexp"
	"slices"
	"strings"
)

// spoil changes the function in one place.
func (g *generator) spoil() {
	var all []*[]*node
	collect := func(l *[]*node) {
		if slices.ContainsFunc(*l, func(n *node) bool { return !n.fixed }) {
			all = append(all, l)
		}
	}
	lists(&g.body, collect)
	for _, d := range g.decls {
		lists(&d.body, collect)
	}
	if len(all) == 0 {
		return
	}
	list := pick(g, all...)
	i := g.rand.IntN(len(*list))
	for (*list)[i].fixed {
		i = g.rand.IntN(len(*list))
	}
	*list = g.edit(slices.Clone(*list), i)
}

// An edit is a way to spoil a statement.
type edit int

const (
	remove       edit = iota
	twice             // do it twice
	hide              // behind a condition
	returnBefore      // on a condition
	swap              // with another statement of its list
	detach            // into a goroutine
	doNotWait         // skip a send or receive that would
	resize            // the buffer of a channel
	edits
)

// edit changes statement i of a list.
func (g *generator) edit(list []*node, i int) []*node {
	n, how := list[i], edit(g.rand.IntN(int(edits)))
	if n.only != nil {
		how = pick(g, n.only...)
	}
	switch how {
	case remove:
		return slices.Delete(list, i, i+1)
	case twice:
		return slices.Insert(list, i, n.clone())
	case hide:
		list[i] = block("if "+g.condition()+" {", n)
		list[i].only = n.only
	case returnBefore:
		return slices.Insert(list, i, block("if "+g.condition()+" {", g.leave()))
	case swap:
		if j := g.rand.IntN(len(list)); !list[j].fixed && list[j].only == nil {
			list[i], list[j] = list[j], list[i]
		}
	case detach:
		if !leaves(n) {
			list[i] = goFunc(n)
		}
	case doNotWait:
		list[i] = g.optional(n)
		list[i].only = n.only
	case resize:
		g.resize()
	}
	return list
}

// leave returns a statement that leaves the function early. The result is for the
// functions that have one; see render.
func (g *generator) leave() *node { return line("return" + markResult) }

// leaves reports whether a statement may leave the function or a loop around it, or
// does something when the function ends: in a goroutine it would be another one.
func leaves(n *node) bool {
	var b strings.Builder
	n.render(&b, 0, "")
	text := b.String()
	return strings.Contains(text, "return") || strings.Contains(text, "break") || strings.HasPrefix(n.head, "defer ")
}

// optional makes a send or receive one that does not wait.
func (g *generator) optional(n *node) *node {
	if n.tail != "" || !strings.Contains(n.head, "<-") || strings.Contains(n.head, "defer") {
		return n
	}
	return selectOf(clause("case "+n.head+":"), clause("default:"))
}

// resize gives a channel another buffer.
func (g *generator) resize() {
	v := pick(g, g.vars...)
	v.head = buffered.ReplaceAllString(v.head, "make(chan $1"+g.buffer()+")")
}

var buffered = regexp.MustCompile(`make\(chan (int|struct\{\})(, \w+)?\)`)

// condition returns a condition that may turn out either way.
func (g *generator) condition() string {
	return pick(g, "b0", "!b0", "b1", "!b1", "n > 1", "ask()", "rand.IntN(2) == 0")
}

// buffer returns the second argument of make, if any.
func (g *generator) buffer() string { return pick(g, "", "", ", 1", ", 2", ", n") }

// pick returns one of several values.
func pick[T any](g *generator, values ...T) T { return values[g.rand.IntN(len(values))] }
