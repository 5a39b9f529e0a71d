package exporters

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kora"
)

// CheckPlace refuses a path at which no file can be made, or at which there is one unless it may be replaced.
func CheckPlace(path string, force bool) error {
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return kora.Refuse(kora.ReasonNotFound, "out", path, "lies in a folder that does not exist")
	case err != nil || !info.IsDir():
		return kora.Refuse(kora.ReasonNotFound, "out", path, "does not lie in a folder that can be read")
	}
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("export: %w", err)
	case !info.Mode().IsRegular():
		return kora.Refuse(kora.ReasonDuplicate, "out", path, "is there already and is no plain file")
	case !force:
		return kora.Refuse(kora.ReasonDuplicate, "out", path, "is there already; choose another name, or replace it with --force")
	}
	return nil
}

// place has files made in a hidden folder beside the paths, which lie in one folder, and moves each to its path when all are
// whole. Whatever happens, the hidden folder is gone afterwards with what is in it.
func place(ctx context.Context, paths []string, force bool, make func(dir string, files []string) error) (err error) {
	for _, p := range paths {
		if err := CheckPlace(p, force); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp(filepath.Dir(paths[0]), ".kora-export-")
	if err != nil {
		return fmt.Errorf("export: cannot write beside %s: %w", paths[0], err)
	}
	defer func() {
		if e := os.RemoveAll(dir); e != nil && err == nil {
			err = fmt.Errorf("export: %w", e)
		}
	}()
	// GDAL is given an absolute path and a plain name, whatever the name in the end.
	if dir, err = filepath.Abs(dir); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	var files []string
	for i, p := range paths {
		files = append(files, filepath.Join(dir, fmt.Sprintf("file%d%s", i, filepath.Ext(p))))
	}
	if err := make(dir, files); err != nil {
		return err
	}
	for _, f := range files {
		if err := sync(f); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, p := range paths {
		if err := CheckPlace(p, force); err != nil {
			return err
		}
		if err := os.Rename(files[i], p); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return nil
}

// sync has the disk hold what is in a file before it gets its name.
func sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// create makes a file of what write gives.
func create(path string, write func(*bufio.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
