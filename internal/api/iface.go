package api

import "go/types"

// InterfaceLock returns the operation of a method Lock or Unlock of an interface that
// declares both: whatever is behind it, that is a lock to whoever calls them. It returns None
// for all other functions.
func InterfaceLock(f *types.Func) Op {
	var op Op
	var other string
	switch f.Name() {
	case "Lock":
		op, other = Lock, "Unlock"
	case "Unlock":
		op, other = Unlock, "Lock"
	default:
		return None
	}
	recv := f.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) || !plain(f) {
		return None
	}
	obj, _, _ := types.LookupFieldOrMethod(recv.Type(), false, f.Pkg(), other)
	if pair, ok := obj.(*types.Func); !ok || !plain(pair) {
		return None
	}
	return op
}

// plain reports whether a method is given nothing and returns nothing.
func plain(f *types.Func) bool {
	return f.Signature().Params().Len() == 0 && f.Signature().Results().Len() == 0
}
