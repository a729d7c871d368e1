package check

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"strings"
)

// ExtractDoc returns the documentation of the named analyzer from the text of
// a doc.go file. The package's doc comment must contain
//
//	# Analyzer NAME
//
//	NAME: SUMMARY
//
//	Description...
//
// up to the next heading or the end of the comment. The result starts with the
// summary, without the name, which drivers print in front of it.
//
// One text thus serves pkg.go.dev, the help of every driver, and our pages.
func ExtractDoc(content, name string) (string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", content, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return "", fmt.Errorf("not a Go source file: %v", err)
	}
	if file.Doc == nil {
		return "", errors.New("no package doc comment")
	}
	var (
		section []string
		inside  bool
	)
	for line := range strings.SplitSeq(file.Doc.Text(), "\n") {
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			if inside {
				break
			}
			inside = strings.TrimSpace(heading) == "Analyzer "+name
			continue
		}
		if inside {
			section = append(section, line)
		}
	}
	if !inside {
		return "", fmt.Errorf("package doc comment has no heading %q", "# Analyzer "+name)
	}
	doc, ok := strings.CutPrefix(strings.TrimSpace(strings.Join(section, "\n")), name+":")
	doc = strings.TrimSpace(doc)
	if !ok || doc == "" {
		return "", fmt.Errorf("heading %q is not followed by %q", "# Analyzer "+name, name+": SUMMARY")
	}
	return doc, nil
}

// Summary returns the first line of an analyzer's documentation.
func Summary(doc string) string {
	first, _, _ := strings.Cut(doc, "\n")
	return first
}
