package model

import (
	"go/types"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/internal/api"
)

// leavesOf returns the access paths within a value of type t at which
// references are followed: channels, functions, pointers, interfaces, slices
// and maps, those of struct fields and array elements included.
func (m *Model) leavesOf(t types.Type) []string {
	if l, ok := m.leaves[t]; ok {
		return l
	}
	var out []string
	leaves(t, "", 0, &out)
	if len(out) > maxLeaves {
		out = out[:maxLeaves]
	}
	m.leaves[t] = out
	return out
}

func leaves(t types.Type, path string, depth int, out *[]string) {
	if depth > maxPath || len(*out) > maxLeaves {
		return
	}
	if tuple, ok := t.(*types.Tuple); ok {
		for i := range tuple.Len() {
			leaves(tuple.At(i).Type(), path+"#"+strconv.Itoa(i), depth, out)
		}
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if n := api.Named(t); n != nil && api.IsPrimitive(t) {
			return // its identity is its address
		}
		for i := range u.NumFields() {
			leaves(u.Field(i).Type(), path+"."+strconv.Itoa(i), depth+1, out)
		}
	case *types.Array:
		leaves(u.Elem(), path+"[]", depth+1, out)
	default:
		if tracked(t, 0) {
			*out = append(*out, path)
		}
	}
}

// tracked reports whether a value of type t can refer to something of interest.
func tracked(t types.Type, depth int) bool {
	if api.IsPrimitive(t) {
		return true
	}
	if depth > 6 {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	case *types.Interface:
		return !api.IsError(t)
	case *types.Pointer:
		return tracked(u.Elem(), depth+1)
	case *types.Slice:
		return tracked(u.Elem(), depth+1)
	case *types.Array:
		return tracked(u.Elem(), depth+1)
	case *types.Map:
		return tracked(u.Elem(), depth+1) || tracked(u.Key(), depth+1)
	case *types.Struct:
		for i := range u.NumFields() {
			if tracked(u.Field(i).Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// steps cuts an access path into its steps: ".2", "[]", "[k]", "#0", "<>".
func steps(path string) []string {
	var out []string
	for path != "" {
		n := 1
		for n < len(path) && !strings.ContainsRune(".[#<", rune(path[n])) {
			n++
		}
		out = append(out, path[:n])
		path = path[n:]
	}
	return out
}

// countSteps returns the number of steps of an access path.
func countSteps(path string) int {
	n := 0
	for i := range len(path) {
		switch path[i] {
		case '.', '[', '#', '<':
			n++
		}
	}
	return n
}

func hasPrefix(path, prefix string) bool {
	if !strings.HasPrefix(path, prefix) {
		return false
	}
	rest := path[len(prefix):]
	return rest == "" || strings.ContainsRune(".[#<", rune(rest[0]))
}

// leafType returns the type at a path of a value of type t, or an empty
// interface where the path leads nowhere.
func leafType(t types.Type, path string) types.Type {
	for _, s := range steps(path) {
		if tuple, ok := t.(*types.Tuple); ok {
			i, _ := strconv.Atoi(s[1:])
			t = tuple.At(i).Type()
			continue
		}
		switch u := t.Underlying().(type) {
		case *types.Struct:
			i, err := strconv.Atoi(s[1:])
			if err != nil || i >= u.NumFields() {
				return types.NewInterfaceType(nil, nil)
			}
			t = u.Field(i).Type()
		case *types.Array:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Map:
			if s == "[k]" {
				t = u.Key()
			} else {
				t = u.Elem()
			}
		case *types.Chan:
			t = u.Elem()
		default:
			return types.NewInterfaceType(nil, nil)
		}
	}
	return t
}

// fieldAt returns the struct field that the last step of a path in a value of
// type t selects, or nil.
func fieldAt(t types.Type, path string) *types.Var {
	all := steps(path)
	if t == nil || len(all) == 0 {
		return nil
	}
	last := all[len(all)-1]
	if last[0] != '.' {
		return nil
	}
	s, ok := leafType(t, strings.Join(all[:len(all)-1], "")).Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	i, err := strconv.Atoi(last[1:])
	if err != nil || i >= s.NumFields() {
		return nil
	}
	return s.Field(i).Origin()
}
