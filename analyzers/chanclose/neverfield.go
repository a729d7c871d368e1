package chanclose

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/model"
)

// fieldNeverClosed looks at a channel that lives in struct fields of the
// package, through which all of its methods get at it. A drain is reported if
// no function of the package closes the field and another one waits for the
// drain's goroutine.
func (s *subject) fieldNeverClosed() {
	if s.m.Cut {
		return // calls that were not entered may close it
	}
	for _, e := range s.c.Obj.Escapes {
		if e.RecvOnly {
			continue
		}
		if e.Via == nil || e.Returned || !e.Via.IsField() || e.Via.Pkg() != s.eng.Types {
			return // it got elsewhere
		}
		v := s.eng.Field(e.Via)
		if v.Leaks || v.Has(func(u fields.Use) bool { return u.Kind == model.Close }) {
			return
		}
		if !v.Has(func(u fields.Use) bool { return u.Kind == model.Send }) {
			return // filled by someone who cannot be seen
		}
	}
	if len(s.closes) > 0 {
		return
	}
	for _, d := range s.drains {
		if wait := s.waitsInPackage(d); wait != nil {
			s.reportField(d, wait)
			return
		}
		if stop := s.ownerStops(d); stop != nil {
			s.reportOwner(d, stop)
			return
		}
	}
}

// ownerStops returns the method by which the owner of the channel's field says
// that it can be ended, if it has one and the drain is a goroutine of its own.
func (s *subject) ownerStops(d drain) *types.Func {
	if d.op.Inst.Thread.Kind != model.Spawned {
		return nil
	}
	for _, e := range s.c.Obj.Escapes {
		if e.Via == nil {
			continue
		}
		if m := stopMethod(s.eng.Types, e.Via); m != nil {
			return m
		}
	}
	return nil
}

// stopMethod returns the Close, Stop or Shutdown method of the named type of
// pkg that has the given field, or nil.
func stopMethod(pkg *types.Package, field *types.Var) *types.Func {
	for _, name := range pkg.Scope().Names() {
		tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		named, ok := tn.Type().(*types.Named)
		if !ok || !hasField(named, field) {
			continue
		}
		for m := range named.Methods() {
			switch m.Name() {
			case "Close", "Stop", "Shutdown", "close", "stop", "shutdown":
				return m
			}
		}
	}
	return nil
}

func hasField(named *types.Named, field *types.Var) bool {
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f == field {
			return true
		}
	}
	return false
}

// waitsInPackage returns a Wait for the drain's goroutine: on the group, in a
// field, in which the goroutine is counted while it drains.
func (s *subject) waitsInPackage(d drain) ssa.Instruction {
	t := d.op.Inst.Thread
	if t.Kind != model.Spawned {
		return nil
	}
	var groups []model.Loc
	if task := s.m.Joins.Task(t); task != nil {
		groups = append(groups, task.On...)
	}
	for _, op := range s.m.Ops() {
		if op.Inst.Thread == t && op.Call == api.WGDone {
			groups = append(groups, op.On...)
		}
	}
	for _, g := range groups {
		f := g.Field()
		if f == nil || f.Pkg() != s.eng.Types {
			continue
		}
		for _, u := range s.eng.Field(f).Uses {
			if u.Call == api.WGWait || u.Call == api.EGWait {
				return u.Instr
			}
		}
	}
	return nil
}
