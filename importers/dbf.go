package importers

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kora"
)

// A tableEncoding is in what encoding a .dbf is, and how that is known.
type tableEncoding struct {
	name string      // as GDAL and iconv write it: "UTF-8", "GB18030" or "CP1252"
	lie  *kora.Error // what a file beside it says instead, "" when nothing does
}

// dbfEncoding finds the encoding of a .dbf by its texts, for what its header or a .cpg says is often a default of the
// program that wrote it. Text in GB18030 is hardly ever valid UTF-8, and the other way round; only where the texts are
// neither, a single-byte encoding that is declared is believed.
func dbfEncoding(file string, r io.Reader, cpg string) (tableEncoding, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	cut := func() error { return wholeFile(file, 0, kora.ReasonTruncated, "its .dbf is cut off or damaged") }
	head := make([]byte, 32)
	if _, err := io.ReadFull(b, head); err != nil {
		return tableEncoding{}, cut()
	}
	records := int64(binary.LittleEndian.Uint32(head[4:]))
	start, size := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if start < 33 || size < 1 {
		return tableEncoding{}, cut()
	}
	rest := make([]byte, start-32)
	if _, err := io.ReadFull(b, rest); err != nil {
		return tableEncoding{}, cut()
	}
	var e encodingEvidence
	type span struct{ from, to int }
	var texts []span
	at := 1 // after the mark of a deleted record
	for ; len(rest) >= 32 && rest[0] != '\r'; rest = rest[32:] {
		name, _, _ := bytes.Cut(rest[:11], []byte{0})
		e.look(name)
		length := int(rest[16])
		if rest[11] == 'C' {
			length += int(rest[17]) << 8
			texts = append(texts, span{at, at + length})
		}
		at += length
	}
	if at > size {
		return tableEncoding{}, cut()
	}
	record := make([]byte, size)
	for i := range records {
		if n, err := io.ReadFull(b, record); err != nil {
			return tableEncoding{}, wholeFile(file, 0, kora.ReasonTruncated,
				"its .dbf ends after %d of %d records, in the middle of one of %d bytes (%d there)", i, records, size, n)
		}
		for _, t := range texts {
			e.look(record[t.from:t.to])
		}
	}
	return e.decide(file, head[29], cpg)
}

// encodingEvidence is what the texts of a table can be.
type encodingEvidence struct {
	beyondASCII     bool
	notUTF8, notGBK bool
}

func (e *encodingEvidence) look(field []byte) {
	field = bytes.TrimRight(field, " \x00")
	if i := bytes.IndexFunc(field, func(r rune) bool { return r >= utf8.RuneSelf }); i < 0 {
		return
	}
	e.beyondASCII = true
	e.notUTF8 = e.notUTF8 || !utf8.Valid(cutTail(field))
	e.notGBK = e.notGBK || !validGB18030(field)
}

// cutTail takes off a character at the end of which a field has no room for all bytes.
func cutTail(field []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(field); i++ {
		if tail := field[len(field)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return field[:len(field)-i]
			}
			break
		}
	}
	return field
}

// validGB18030 takes a field whose last character may lack bytes.
func validGB18030(field []byte) bool {
	for i := range 4 {
		if i > 0 && (i >= len(field) || field[len(field)-i] < 0x30) {
			return false
		}
		s, err := simplifiedchinese.GB18030.NewDecoder().Bytes(field[:len(field)-i])
		if err == nil && !bytes.ContainsRune(s, utf8.RuneError) {
			return true
		}
	}
	return false
}

// decide weighs the texts against what is declared by the language driver of the header and by the .cpg.
func (e *encodingEvidence) decide(file string, driver byte, cpg string) (tableEncoding, error) {
	declared := declaredEncoding(cpg)
	where := kora.Refuse(kora.ReasonEncoding, "", nil, "its .cpg says %q", clipWord(strings.TrimSpace(cpg)))
	if strings.TrimSpace(cpg) == "" {
		declared = map[byte]string{0x4d: "GB18030", 0x7a: "GB18030", 0x03: "CP1252", 0x58: "CP1252", 0x59: "CP1252"}[driver]
		where = kora.Refuse(kora.ReasonEncoding, "", nil, "its header says %s (language driver 0x%02X)", declared, driver)
	}
	found := tableEncoding{name: "UTF-8"}
	switch {
	case !e.beyondASCII:
		return found, nil
	case !e.notUTF8:
	case !e.notGBK:
		found.name = "GB18030"
	case declared == "CP1252":
		found.name = declared
	default:
		return found, wholeFile(file, 0, kora.ReasonEncoding, "the texts of its .dbf are neither UTF-8 nor GB18030; save it with the encoding UTF-8")
	}
	if declared != "" && declared != found.name {
		found.lie = where
	}
	return found, nil
}

// declaredEncoding reads a .cpg, which has many spellings; "" for nothing, and itself for what is not known here.
func declaredEncoding(cpg string) string {
	key := strings.NewReplacer("-", "", "_", "", " ", "", "ansi", "", "oem", "", "cp", "", "windows", "").Replace(strings.ToLower(strings.TrimSpace(cpg)))
	switch key {
	case "":
		return ""
	case "utf8", "65001":
		return "UTF-8"
	case "gbk", "936", "gb2312", "gb18030", "54936", "euccn", "20936":
		return "GB18030"
	case "1252", "88591", "iso88591", "latin1", "28591":
		return "CP1252"
	}
	return strings.TrimSpace(cpg)
}
