package skeleton

import (
	"fmt"
	"go/types"
	"regexp"
	"strings"
	"sync"
)

// foreignCall matches a call of a function of another package.
var foreignCall = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bp_\w+\.\w+\(`) })

// render writes the skeleton of a function, without what turned out to have no
// effect. It reports whether there is one.
func (s *Slicer) render(f *function) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			reason, isFail := r.(errFail)
			if !isFail {
				panic(r)
			}
			f.failed, ok = string(reason), false
		}
	}()
	body := s.prune(f.body)
	f.certain(body)
	for _, e := range f.results {
		if f.isWeak(e) {
			fail("returns a state that was taken away")
		}
	}
	r := &renderer{s: s, f: f, line: s.line(f.decl.Name.Pos())}
	r.sb.WriteString(s.signature(f))
	r.body(f.obj.Signature(), body)
	text := r.sb.String()
	limit := maxPassive
	if f.acts {
		limit = maxText
	} else if strings.Contains(text, ".(") || foreignCall().MatchString(text) {
		return false // it looks behind interfaces, or depends on what others do: not worth the doubt
	}
	if len(text) > limit {
		return false
	}
	f.text, f.calls = text, r.calls
	return true
}

// certain fails if something is done or not depending on a state that was taken
// away: to take either way would be to invent mistakes.
func (f *function) certain(body []*stmt) {
	for _, st := range body {
		if st.cond != nil && f.isWeak(st.cond) {
			fail("a condition over what was taken away")
		}
		for _, p := range st.head.parts {
			if p.lit != nil {
				f.certain(p.lit.body)
			}
		}
		f.certain(st.body)
		f.certain(st.other)
	}
}

// prune removes statements without effect, until nothing more goes.
func (s *Slicer) prune(body []*stmt) []*stmt {
	for {
		p := &pruner{s: s, read: make(map[*types.Var]bool)}
		for _, st := range body {
			st.each(func(e *expr) {
				for _, v := range e.uses {
					p.read[v] = true
				}
			})
		}
		body = p.list(body)
		if !p.changed {
			return body
		}
	}
}

type pruner struct {
	s       *Slicer
	read    map[*types.Var]bool
	changed bool
}

func (p *pruner) list(body []*stmt) []*stmt {
	var out []*stmt
	for _, st := range body {
		p.inside(st)
		if !st.stay && !p.needed(st) {
			p.changed = true
			continue
		}
		out = append(out, st)
	}
	return out
}

func (p *pruner) inside(st *stmt) {
	for _, part := range st.head.parts {
		if part.lit != nil {
			part.lit.body = p.list(part.lit.body)
		}
	}
	st.body, st.other = p.list(st.body), p.list(st.other)
}

// needed reports whether a statement does anything.
func (p *pruner) needed(st *stmt) bool {
	if p.does(st.head) {
		return true
	}
	if st.block {
		if len(st.other) > 0 {
			return true
		}
		for _, inner := range st.body {
			if !inner.block || !inner.stay || len(inner.body) > 0 {
				return true // other than an empty clause
			}
		}
		return false
	}
	for _, v := range st.defs {
		if p.read[v] {
			return true
		}
	}
	return false
}

// does reports whether evaluating an expression has an effect.
func (p *pruner) does(e *expr) bool {
	if e.effect || e.acts {
		return true
	}
	for _, callee := range e.calls {
		if f := p.s.funcs[callee]; f == nil || f.effect {
			return true
		}
	}
	return false
}

// signature returns the type parameters, parameters and results of a function.
func (s *Slicer) signature(f *function) string {
	sig := f.obj.Signature()
	var sb strings.Builder
	tparams := sig.TypeParams()
	if sig.Recv() != nil {
		tparams = sig.RecvTypeParams()
	}
	if tparams.Len() > 0 {
		sb.WriteString("[")
		for i := range tparams.Len() {
			if i > 0 {
				sb.WriteString(",")
			}
			tp := tparams.At(i)
			name := tp.Obj().Name()
			if name == "_" {
				name = fmt.Sprintf("_%d", i)
			}
			sb.WriteString(name + " " + types.TypeString(tp.Constraint(), s.qualify))
		}
		sb.WriteString("]")
	}
	params := sig.Params()
	n := params.Len()
	sb.WriteString("(")
	if recv := sig.Recv(); recv != nil {
		sb.WriteString(paramName(recv) + " " + types.TypeString(recv.Type(), s.qualify))
		if n > 0 {
			sb.WriteString(",")
		}
	}
	writeParams(&sb, s, sig)
	sb.WriteString(")")
	writeResults(&sb, s, sig)
	return sb.String()
}

func paramName(v *types.Var) string {
	if v.Name() == "" {
		return "_"
	}
	return v.Name()
}

func writeParams(sb *strings.Builder, s *Slicer, sig *types.Signature) {
	n := sig.Params().Len()
	for i, v := 0, 0; i < n; i, v = i+1, v+1 {
		if i > 0 {
			sb.WriteString(",")
		}
		p := sig.Params().At(i)
		sb.WriteString(paramName(p) + " ")
		if sig.Variadic() && i == n-1 {
			if sl, ok := p.Type().(*types.Slice); ok {
				sb.WriteString("..." + types.TypeString(sl.Elem(), s.qualify))
				continue
			}
		}
		sb.WriteString(types.TypeString(p.Type(), s.qualify))
	}
}

func writeResults(sb *strings.Builder, s *Slicer, sig *types.Signature) {
	results := sig.Results()
	if results.Len() == 0 {
		return
	}
	sb.WriteString("(")
	for i := range results.Len() {
		if i > 0 {
			sb.WriteString(",")
		}
		r := results.At(i)
		if r.Name() != "" {
			sb.WriteString(r.Name() + " ")
		}
		sb.WriteString(types.TypeString(r.Type(), s.qualify))
	}
	sb.WriteString(")")
}

// A renderer writes text whose line breaks are where the source has its own.
type renderer struct {
	s     *Slicer
	f     *function
	sb    strings.Builder
	line  int
	calls []*types.Func
}

// skip marks a number of line breaks that are made where the text is read.
const (
	skipStart = "/*+"
	skipEnd   = "*/\n"
)

func (r *renderer) to(line int) {
	n := line - r.line
	switch {
	case n <= 0:
		return
	case n <= 6:
		r.sb.WriteString(strings.Repeat("\n", n))
	default:
		fmt.Fprintf(&r.sb, "%s%d%s", skipStart, n-1, skipEnd)
	}
	r.line = line
}

func (r *renderer) block(body []*stmt) {
	for i, st := range body {
		if i > 0 {
			r.sb.WriteString(";")
		}
		r.to(st.line)
		r.expr(st.head)
		if !st.block {
			continue
		}
		if isClause(st) {
			r.block(st.body)
			continue
		}
		r.sb.WriteString("{")
		r.block(st.body)
		r.sb.WriteString("}")
		if len(st.other) > 0 {
			r.sb.WriteString("else{")
			r.block(st.other)
			r.sb.WriteString("}")
		}
	}
}

// isClause reports whether a statement is a case of a switch or select.
func isClause(st *stmt) bool {
	t := st.head.parts[0].text
	return strings.HasPrefix(t, "case ") || t == "default:"
}

func (r *renderer) expr(e *expr) {
	r.calls = append(r.calls, e.calls...)
	for _, p := range e.parts {
		if p.lit == nil {
			r.sb.WriteString(p.text)
			continue
		}
		r.sb.WriteString("func(")
		writeParams(&r.sb, r.s, p.lit.sig)
		r.sb.WriteString(")")
		writeResults(&r.sb, r.s, p.lit.sig)
		r.body(p.lit.sig, p.lit.body)
	}
}

// body writes the body of a function. What was taken away may have been all that
// made its end unreachable.
func (r *renderer) body(sig *types.Signature, body []*stmt) {
	r.sb.WriteString("{")
	r.block(body)
	if n := len(body); sig.Results().Len() > 0 && (n == 0 || !strings.HasPrefix(body[n-1].head.parts[0].text, "return ")) {
		r.sb.WriteString(";panic(0)")
	}
	r.sb.WriteString("}")
}
