package gospawn

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// This file knows which functions and types deliver data from outside.

// listings are the functions whose result is as long as a directory, a file or
// an archive.
var listings = map[string]string{
	"os.ReadDir":                     "directory entry",
	"(*os.File).ReadDir":             "directory entry",
	"(*os.File).Readdir":             "directory entry",
	"(*os.File).Readdirnames":        "directory entry",
	"io/fs.ReadDir":                  "directory entry",
	"io/fs.Glob":                     "matching file",
	"io/ioutil.ReadDir":              "directory entry",
	"path/filepath.Glob":             "matching file",
	"os.ReadFile":                    "part of a file",
	"io.ReadAll":                     "part of what is read",
	"io/ioutil.ReadFile":             "part of a file",
	"io/ioutil.ReadAll":              "part of what is read",
	"(*encoding/csv.Reader).ReadAll": "record",
	"(*net.Resolver).LookupHost":     "",
}

// readers are the methods that deliver the next element of an input.
var readers = map[string]string{
	"(*bufio.Scanner).Scan":                 "line",
	"(*bufio.Reader).ReadString":            "line",
	"(*bufio.Reader).ReadBytes":             "line",
	"(*bufio.Reader).ReadLine":              "line",
	"(*bufio.Reader).ReadSlice":             "line",
	"(*encoding/csv.Reader).Read":           "record",
	"(*encoding/json.Decoder).Decode":       "value",
	"(*encoding/json.Decoder).More":         "value",
	"(*encoding/gob.Decoder).Decode":        "value",
	"(*encoding/xml.Decoder).Decode":        "element",
	"(*encoding/xml.Decoder).Token":         "token",
	"(*encoding/xml.Decoder).DecodeElement": "element",
	"(*database/sql.Rows).Next":             "row",
	"(*archive/tar.Reader).Next":            "member",
	"(*mime/multipart.Reader).NextPart":     "part",
	"(*mime/multipart.Reader).NextRawPart":  "part",
	"(*net/textproto.Reader).ReadLine":      "line",
}

// walkers are the functions that call back for each file of a tree.
var walkers = map[string]bool{
	"path/filepath.Walk":    true,
	"path/filepath.WalkDir": true,
	"io/fs.WalkDir":         true,
}

// derived are the functions whose first result is as long as their first
// argument.
var derived = map[string]bool{
	"strings.Split": true, "strings.SplitAfter": true, "strings.Fields": true, "strings.FieldsFunc": true,
	"strings.SplitSeq": true, "strings.FieldsSeq": true, "strings.Lines": true, "strings.TrimSpace": true,
	"strings.Trim": true, "strings.TrimPrefix": true, "strings.TrimSuffix": true, "strings.ToLower": true,
	"bytes.Split": true, "bytes.Fields": true, "bytes.TrimSpace": true, "bytes.SplitSeq": true, "bytes.Lines": true,
	"slices.Clone": true, "slices.Compact": true, "slices.CompactFunc": true, "slices.Sorted": true,
	"slices.SortedFunc": true, "slices.Collect": true, "slices.All": true, "slices.Values": true,
	"slices.Backward": true, "slices.Chunk": true, "slices.Grow": true, "slices.Clip": true, "slices.DeleteFunc": true,
	"maps.Keys": true, "maps.Values": true, "maps.All": true, "maps.Clone": true,
	"golang.org/x/exp/maps.Keys": true, "golang.org/x/exp/maps.Values": true,
	"golang.org/x/exp/slices.Clone": true,
}

// decoders are the functions that fill in what their argument of the given
// index points to.
var decoders = map[string]int{
	"encoding/json.Unmarshal":         1,
	"encoding/xml.Unmarshal":          1,
	"(*encoding/json.Decoder).Decode": 1,
	"(*encoding/xml.Decoder).Decode":  1,
	"(*encoding/gob.Decoder).Decode":  1,
}

// fullName returns a function's name as the tables have it.
func fullName(obj *types.Func) string {
	if obj == nil {
		return ""
	}
	return obj.Origin().FullName()
}

// outside returns the source that a call of code outside the package delivers.
func (f *finder) outside(inst *model.Instance, call *ssa.Call, depth int) *source {
	name := fullName(ir.Object(&call.Call))
	if unit := listings[name]; unit != "" {
		return &source{kind: listing, unit: unit, pos: call.Pos(), name: shortName(name)}
	}
	args := call.Call.Args
	if fromLength(chunkSize(call)) {
		return nil // a number of parts
	}
	if derived[name] && len(args) > 0 {
		src, _ := f.origin(inst, args[0], depth)
		return src
	}
	if recv := receiver(&call.Call); recv != nil && f.m.Prog.StaticCallee(call) == nil {
		return whole(f.part(inst, nil, recv, depth+1)) // r.URL.Query()
	}
	return nil
}

func receiver(call *ssa.CallCommon) ssa.Value {
	if call.IsInvoke() {
		return call.Value
	}
	if call.Signature().Recv() != nil && len(call.Args) > 0 {
		return call.Args[0]
	}
	return nil
}

func shortName(full string) string { return full[strings.LastIndexByte(full, '/')+1:] }

// read returns the source of a call that reads the next element.
func (f *finder) read(inst *model.Instance, call *ssa.Call) *source {
	obj := ir.Object(&call.Call)
	if unit := readers[fullName(obj)]; unit != "" {
		if fromStdin(receiver(&call.Call)) && !isScanner(obj) {
			return nil // a prompt: typed by whoever runs the program
		}
		return &source{kind: stream, unit: unit, name: f.receiverText(call.Pos()), pos: call.Pos()}
	}
	if isRecv(obj) {
		return &source{kind: stream, unit: "message", name: f.receiverText(call.Pos()), pos: call.Pos()}
	}
	return nil
}

// isScanner reports whether a method is one of bufio.Scanner, by which programs
// read what is piped into them rather than what is typed.
func isScanner(obj *types.Func) bool {
	recv := api.ReceiverNamed(obj)
	return recv != nil && recv.Obj().Name() == "Scanner" && recv.Obj().Pkg().Path() == "bufio"
}

// fromStdin reports whether a reader is made around os.Stdin.
func fromStdin(v ssa.Value) bool {
	for _, made := range creators(v) {
		for _, arg := range made.Call.Args {
			if mi, ok := arg.(*ssa.MakeInterface); ok {
				arg = mi.X
			}
			load, ok := arg.(*ssa.UnOp)
			if !ok {
				continue
			}
			g, ok := load.X.(*ssa.Global)
			if ok && g.Object() != nil && g.Object().Name() == "Stdin" && g.Object().Pkg().Path() == "os" {
				return true
			}
		}
	}
	return false
}

// isRecv reports whether a method is Recv of a gRPC stream: no argument, a
// message and an error.
func isRecv(obj *types.Func) bool {
	if obj == nil || obj.Name() != "Recv" || obj.Signature().Recv() == nil {
		return false
	}
	sig := obj.Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 2 && isMessage(sig.Results().At(0).Type())
}

// callbackInput returns the source for whose elements a callback is called.
func (f *finder) callbackInput(t *turn) *source {
	common := t.call.Common()
	obj := ir.Object(common)
	if walkers[fullName(obj)] {
		return &source{kind: listing, unit: "file", name: shortName(fullName(obj)), pos: t.call.Pos()}
	}
	if !ir.IsLoopBody(t.body.Fn) || common.StaticCallee() != nil {
		return nil // an iterator that is a method or function, of whatever it likes
	}
	src, _ := f.origin(t.inst, common.Value, 0)
	return src
}

// decodedInto returns the source of a variable that a decoder fills in.
func decodedInto(v *ssa.Alloc) *source {
	for _, r := range *v.Referrers() {
		var arg ssa.Value = v
		if mi, ok := r.(*ssa.MakeInterface); ok {
			arg = mi
		}
		for _, use := range append([]ssa.Instruction{r}, *arg.Referrers()...) {
			call, ok := use.(*ssa.Call)
			if !ok {
				continue
			}
			i, ok := decoders[fullName(ir.Object(&call.Call))]
			if ok && i < len(call.Call.Args) && call.Call.Args[i] == arg {
				return &source{kind: decoded, unit: "element", name: v.Comment, pos: call.Pos()}
			}
		}
	}
	return nil
}

// requestRoot returns the source of a value that is a request: its parts are
// as many as the client likes.
func (f *finder) requestRoot(inst *model.Instance, v ssa.Value) *source {
	var name string
	switch v := v.(type) {
	case *ssa.Parameter:
		if sig := inst.Fn.Signature; sig.Recv() != nil && len(inst.Fn.Params) > 0 && inst.Fn.Params[0] == v {
			return nil // the receiver's own data
		}
		name = v.Name()
	case *ssa.Extract, *ssa.Call:
		name = "the message"
	default:
		return nil
	}
	if !isRequest(v.Type()) {
		return nil
	}
	return &source{kind: request, unit: "element", name: name, pos: v.Pos()}
}

// isRequest reports whether t is what a server gets from a client: a request
// of net/http, or a protocol buffer message whose name says so.
func isRequest(t types.Type) bool {
	n := api.Named(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	if n.Obj().Pkg().Path() == "net/http" {
		return n.Obj().Name() == "Request"
	}
	return isMessage(t) && strings.HasSuffix(n.Obj().Name(), "Request")
}

// isMessage reports whether t is a protocol buffer message.
func isMessage(t types.Type) bool {
	for _, name := range []string{"ProtoMessage", "ProtoReflect"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			return true
		}
	}
	return false
}
