package adopt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// A file is one to be written.
type file struct {
	name string
	data []byte
}

// create makes the directory if it is missing, and writes the files, none of
// which may exist. If there is an error, all is as before.
func create(dir string, files []file) (err error) {
	for _, f := range files {
		if _, err := os.Lstat(f.name); err == nil {
			return existsError(f.name)
		}
	}
	var made []string // directories and files, in the order in which they were made
	defer func() {
		if err != nil {
			for _, name := range slices.Backward(made) {
				os.Remove(name) // a directory only if it is empty: somebody else may use it by now
			}
		}
	}()
	for _, d := range missing(dir) {
		if err := os.Mkdir(d, 0o777); err == nil {
			made = append(made, d)
		} else if info, statErr := os.Stat(d); statErr != nil || !info.IsDir() {
			return err
		}
	}
	for _, f := range files {
		// O_EXCL follows no symbolic link and overwrites nothing that has
		// appeared in the meantime.
		w, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			return existsError(f.name)
		}
		if err != nil {
			return err
		}
		made = append(made, f.name)
		_, err = w.Write(f.data)
		if err := errors.Join(err, w.Close()); err != nil {
			return err
		}
	}
	return nil
}

func existsError(name string) error {
	return fmt.Errorf("%s exists already; nothing was written", name)
}

// missing returns the directory and those above it that do not exist, the
// topmost first.
func missing(dir string) []string {
	var dirs []string
	for {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			break
		}
		dirs = append(dirs, dir)
		dir = filepath.Dir(dir)
	}
	slices.Reverse(dirs)
	return dirs
}
