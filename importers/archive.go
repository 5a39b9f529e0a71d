package importers

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kora"
)

// The limits of an archive of a layer. What a layer needs unpacks to a few times its size, blanks of a table to more.
const (
	maxUnpacked    = 256 << 20
	maxRatio       = 100
	ratioMattersAt = 16 << 20 // less than this harms nobody, however it is packed
)

// An archive is a ZIP file whose directory has been looked at. No name in it becomes a path: what is unpacked gets names
// of ours.
type archive struct {
	file  string
	parts []archivePart // in the order of the archive, without folders and what macOS adds
}

type archivePart struct {
	name string // in UTF-8
	*zip.File
}

// openArchive refuses archives that lead out of themselves, name a part twice, or would unpack to more than they may.
func openArchive(name string, r io.ReaderAt, size int64) (*archive, error) {
	a := &archive{file: baseName(name)}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, a.refuse(kora.ReasonTruncated, "the archive is cut off or damaged: it has no readable directory")
	}
	if len(z.File) > maxParts {
		return nil, a.refuse(kora.ReasonTooLarge, "the archive holds more than %d files", maxParts)
	}
	seen := map[string]bool{}
	var total uint64
	for _, f := range z.File {
		name, refusal := partName(f)
		if refusal != "" {
			return nil, a.refuse(kora.ReasonFormat, "the archive holds %q, %s", clipWord(name), refusal)
		}
		if total += f.UncompressedSize64; f.UncompressedSize64 > maxUnpacked || total > maxUnpacked {
			return nil, a.tooMuch()
		}
		if total > ratioMattersAt && total/maxRatio > uint64(size) {
			return nil, a.refuse(kora.ReasonTooLarge, "the archive unpacks to more than %d times its size", maxRatio)
		}
		key := strings.ToLower(name)
		if seen[key] {
			return nil, a.refuse(kora.ReasonFormat, "the archive holds %q twice", clipWord(name))
		}
		seen[key] = true
		if !f.Mode().IsDir() && !strings.HasPrefix(name, "__MACOSX/") && !strings.HasPrefix(path.Base(name), "._") {
			a.parts = append(a.parts, archivePart{name, f})
		}
	}
	return a, nil
}

// partName is the name of a file of an archive, which may be in GBK, and why it must not be there.
func partName(f *zip.File) (name, refusal string) {
	name = f.Name
	if !utf8.ValidString(name) {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = decoded
		}
	}
	mode := f.Mode()
	switch {
	case strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\:\x00") || slices.Contains(strings.Split(name, "/"), ".."):
		return name, "which leads out of it"
	case mode&fs.ModeSymlink != 0:
		return name, "which is a link to another file"
	case !mode.IsRegular() && !mode.IsDir():
		return name, "which is no file"
	case f.Flags&1 != 0:
		return name, "which has a password; save it without one"
	}
	return name, ""
}

func (a *archive) refuse(reason kora.Reason, format string, args ...any) error {
	return wholeFile(a.file, 0, reason, format, args...)
}

func (a *archive) tooMuch() error {
	return a.refuse(kora.ReasonTooLarge, "the archive unpacks to more than %d MB", maxUnpacked>>20)
}

// named are the parts whose name has an ending, in small letters.
func (a *archive) named(ending string) (found []archivePart) {
	for _, p := range a.parts {
		if strings.HasSuffix(strings.ToLower(p.name), ending) {
			found = append(found, p)
		}
	}
	return found
}

// unpack writes parts to paths of ours. What the directory says of their size is not believed.
func (a *archive) unpack(parts map[string]archivePart) error {
	left := int64(maxUnpacked)
	for to, p := range parts {
		n, err := a.unpackOne(to, p, left)
		if err != nil {
			return err
		}
		left -= n
	}
	return nil
}

func (a *archive) unpackOne(to string, p archivePart, left int64) (int64, error) {
	damaged := func(err error) error {
		return a.refuse(kora.ReasonTruncated, "%s in the archive is cut off or damaged (%s)", clipWord(p.name), clipWord(err.Error()))
	}
	r, err := p.Open()
	if err != nil {
		return 0, damaged(err)
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("unpack %s: %w", a.file, err)
	}
	source := &sourceError{r: io.LimitReader(r, left+1)}
	n, err := io.Copy(w, source)
	if closing := w.Close(); err == nil {
		err = closing
	}
	switch {
	case source.err != nil:
		return n, damaged(source.err)
	case err != nil:
		return n, fmt.Errorf("unpack %s: %w", a.file, err)
	case n > left:
		return n, a.tooMuch()
	}
	return n, nil
}

// sourceError tells an error of reading from one of writing.
type sourceError struct {
	r   io.Reader
	err error
}

func (s *sourceError) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// isWorkbook tells whether an archive is a workbook of Excel.
func isWorkbook(r io.ReaderAt, size int64) bool {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.HasPrefix(f.Name, "xl/") })
}
