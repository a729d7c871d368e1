package gocmd

import (
	"cmp"
	"strconv"
	"strings"
)

// SplitPosn splits a position "file:line:column", and reports whether it is
// one. File names may contain colons.
func SplitPosn(posn string) (file string, line, column int, ok bool) {
	rest, last, ok1 := cutLast(posn)
	file, middle, ok2 := cutLast(rest)
	line, err1 := strconv.Atoi(middle)
	column, err2 := strconv.Atoi(last)
	return file, line, column, ok1 && ok2 && err1 == nil && err2 == nil
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// ComparePosn orders positions by file, line and column.
func ComparePosn(a, b string) int {
	aFile, aLine, aColumn, _ := SplitPosn(a)
	bFile, bLine, bColumn, _ := SplitPosn(b)
	return cmp.Or(cmp.Compare(aFile, bFile), cmp.Compare(aLine, bLine), cmp.Compare(aColumn, bColumn))
}
