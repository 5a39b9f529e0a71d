package importers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"kora"
)

// sample reads a file of testdata.
func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// realInput reads one of the real inputs beside the repository, which is not part of it.
func realInput(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", name))
	if err != nil {
		t.Skipf("the real input %s is not here", name)
	}
	return string(b)
}

func gb18030(t testing.TB, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// faultList writes faults as "line part reason", one a line.
func faultList(faults []kora.Fault) string {
	var b strings.Builder
	for _, f := range faults {
		fmt.Fprintf(&b, "%d %s %s\n", f.Line, f.Part, f.Err.Reason)
	}
	return b.String()
}

// mustRead fails t unless everything in a file was accepted.
func mustRead[T any](t testing.TB, b Batch[T], err error) []Item[T] {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range b.Faults {
		t.Error(f)
	}
	return b.Items
}

// wantRefused fails t unless a whole file was refused with reason, a sentence that holds text, and nothing to import.
func wantRefused[T any](t testing.TB, b Batch[T], err error, reason kora.Reason, text string) kora.Fault {
	t.Helper()
	if len(b.Items) > 0 {
		t.Errorf("%d items in spite of %v", len(b.Items), err)
	}
	f, ok := errors.AsType[kora.Fault](err)
	if !ok {
		t.Fatalf("got %v, %v; want a fault of the file", b.Faults, err)
	}
	if kora.ReasonOf(err) != reason || !strings.Contains(err.Error(), text) {
		t.Errorf("got %s: %v; want %s with %q", kora.ReasonOf(err), err, reason, text)
	}
	return f
}

// checkBatch holds for whatever a reader returns.
func checkBatch[T any, P record[T]](t testing.TB, b Batch[T], err error) {
	t.Helper()
	if err != nil {
		if len(b.Items) > 0 {
			t.Fatalf("%d items and the error %v", len(b.Items), err)
		}
		if kora.ReasonOf(err) == "" {
			t.Fatalf("an error without a reason: %v", err)
		}
	}
	for _, item := range b.Items {
		if item.Line < 1 {
			t.Fatalf("item on line %d", item.Line)
		}
		if err := P(&item.Value).Validate(); err != nil {
			t.Fatalf("line %d: %v", item.Line, err)
		}
	}
	for _, f := range b.Faults {
		if f.File == "" || f.Err == nil || f.Err.Reason == "" || f.Err.Text == "" {
			t.Fatalf("a fault that does not say what is wrong: %+v", f)
		}
		if text := f.Error(); len(text) > 1500 {
			t.Fatalf("a fault of %d bytes: %.100s…", len(text), text)
		}
	}
}

// checkRings holds for the rings of every reader: closed, of three corners at least.
func checkRings(t testing.TB, m orb.MultiPolygon) {
	t.Helper()
	for _, poly := range m {
		for _, r := range poly {
			if fault := ringFault(r); fault != nil {
				t.Fatalf("a ring %v: %v", fault, r)
			}
		}
	}
}
