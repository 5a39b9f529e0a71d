package importers

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kora"
)

// checkXML reads a KML through before GDAL does: it must be whole, declare no document type, which may name files outside of
// it or repeat itself without end, and nest no deeper than KML does.
func (l *layerFile) checkXML() error {
	f, err := os.Open(filepath.Join(l.dir, l.path))
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer f.Close()
	g := &gate{r: &cappedReader{r: f, left: maxKML, over: l.refuse(kora.ReasonTooLarge, "is a KML of more than %d MB; split it, or give it as a GeoPackage", maxKML>>20)}, shut: l.refuse(kora.ReasonTooLarge, "holds a text of more than %d MB", maxTokenBytes>>20)}
	d := xml.NewDecoder(g)
	for depth := 0; ; {
		g.open()
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) && depth == 0 {
			return nil
		}
		if err != nil {
			if _, ok := errors.AsType[kora.Fault](err); ok {
				return err
			}
			return l.refuse(kora.ReasonTruncated, "is cut off or damaged XML, or not in UTF-8 (%s)", clipWord(err.Error()))
		}
		switch t.(type) {
		case xml.Directive:
			return l.refuse(kora.ReasonFormat, "declares a document type, which may name files outside of it; it is not read")
		case xml.StartElement:
			if depth++; depth > 4*maxDepth {
				return l.refuse(kora.ReasonFormat, "is nested more than %d levels deep", 4*maxDepth)
			}
		case xml.EndElement:
			depth--
		}
	}
}
