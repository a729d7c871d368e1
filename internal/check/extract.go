package check

import (
	"errors"
	"fmt"
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
	comment, err := packageComment(content)
	if err != nil {
		return "", err
	}
	var (
		section []string
		inside  bool
	)
	for line := range strings.SplitSeq(comment, "\n") {
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

// packageComment returns the text of the line comments in front of a package clause. It
// runs for each check whenever the program starts, which it does for each package: the
// parser takes a third of that time.
func packageComment(content string) (string, error) {
	var text []string
	for line := range strings.Lines(content) {
		line = strings.TrimRight(line, "\r\n")
		if comment, ok := strings.CutPrefix(line, "//"); ok {
			text = append(text, strings.TrimPrefix(comment, " "))
			continue
		}
		if !strings.HasPrefix(line, "package ") {
			if line != "" {
				return "", errors.New("not a Go source file")
			}
			text = nil // it is not about the package
			continue
		}
		if text == nil {
			return "", errors.New("no package doc comment")
		}
		return strings.Join(text, "\n"), nil
	}
	return "", errors.New("not a Go source file")
}

// Summary returns the first line of an analyzer's documentation.
func Summary(doc string) string {
	first, _, _ := strings.Cut(doc, "\n")
	return first
}
