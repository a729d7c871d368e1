package driver

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// writeFile lets write fill a file, which appears under its name when it is
// complete, or not at all: an older one of the name stays as it is until then.
// What is no regular file, such as a pipe or /dev/stdout, is written to.
func writeFile(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return fmt.Errorf("%s is a directory", name)
		}
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, target, err := createBeside(name)
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), target)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return nil
}

// checkWritable returns an error if the file could not be written now: it is a
// pity to learn that after the analysis.
func checkWritable(name string) error {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a directory", name)
	case err == nil && !info.Mode().IsRegular():
		return nil
	case err == nil && info.Mode().Perm()&0o222 == 0:
		return fmt.Errorf("%s is write-protected", name)
	}
	f, _, err := createBeside(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// createBeside creates a temporary file in the directory of a file, with the
// permissions of that file or those of a new one. The target is what to rename
// it to: the file itself, if its name is that of a symbolic link.
func createBeside(name string) (f *os.File, target string, err error) {
	target = name
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		target = resolved
	}
	dir, base := filepath.Split(target)
	for range 100 {
		temp := filepath.Join(dir, fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32()))
		f, err = os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		var pathErr *fs.PathError
		if errors.As(err, &pathErr) {
			err = pathErr.Err // the name of the temporary file says nothing
		}
		return nil, "", fmt.Errorf("cannot write %s: %v", name, err)
	}
	if info, err := os.Stat(target); err == nil {
		f.Chmod(info.Mode().Perm())
	}
	return f, target, nil
}
