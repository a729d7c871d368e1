package badfields

import (
	"bytes"
	"fmt"
	"strings"
)

type importer struct {
	rows chan string
	buf  bytes.Buffer
	err  error
}

func newImporter() *importer {
	return &importer{rows: make(chan string)}
}

func (im *importer) produce(text string) {
	for line := range strings.Lines(text) {
		_, val, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			im.err = fmt.Errorf("malformed row %q", line)
			return
		}
		im.rows <- val
	}
	close(im.rows)
}
