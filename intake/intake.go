// Package intake brings files into the record in two steps: a file that was uploaded is read and tried, and what would come of it
// is kept to be looked at; when somebody confirms it, it is written in one transaction, if that writes what was shown. Both
// steps are work of the queue, so any node does them, and a node that dies over one leaves nothing half done.
//
// It knows importers, the record and the queue, and neither HTTP nor the command line.
package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"kora"
	"kora/importers"
	"kora/store"
	"kora/store/queue"
	"kora/words"
)

// The kinds of work.
const (
	check = "import-check"
	write = "import-write"
)

// MaxBytes is the largest file that is taken.
const MaxBytes = 50 << 20

// An Intake takes files in. Close it when done.
type Intake struct {
	store *store.Store
	queue *queue.Queue
	log   *slog.Logger
}

// Open starts working on what waits.
func Open(ctx context.Context, s *store.Store, log *slog.Logger) (*Intake, error) {
	i := &Intake{store: s, log: log}
	var err error
	i.queue, err = queue.Open(ctx, s.Pool(), map[string]queue.Work{
		check: {Do: i.check, Failed: i.failed},
		write: {Do: i.write, Failed: i.failed},
	}, log)
	return i, err
}

// Close stops the work under way; it is done again at the next start, or by another node.
func (i *Intake) Close() { i.queue.Close() }

// Add takes a file of a kind, "parcels" or "stations", and has it checked.
func (i *Intake) Add(ctx context.Context, author kora.Author, kind, name string, data []byte, opts kora.ImportOptions) (*kora.Import, error) {
	if _, err := ParcelOptions(opts); err != nil {
		return nil, err
	}
	if !slices.Contains(Kinds(), kind) {
		return nil, kora.Refuse(kora.ReasonUnknown, "kind", kind, "is none of %v", Kinds())
	}
	switch {
	case len(data) == 0:
		return nil, kora.Refuse(kora.ReasonRequired, "file", nil, "is empty")
	case len(data) > MaxBytes:
		return nil, kora.Refuse(kora.ReasonTooLarge, "file", nil, "is larger than 50 MiB; split it")
	}
	name = filepath.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/"))
	if name == "." || name == "/" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > 200 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return nil, kora.Refuse(kora.ReasonSyntax, "name", name, "is no name of a file")
	}
	in := &kora.Import{Kind: kind, File: name, Options: opts, Author: author}
	if err := i.store.AddImport(ctx, in, data, i.due(check)); err != nil {
		return nil, err
	}
	return i.store.Import(ctx, in.ID)
}

func (i *Intake) due(work string) func(context.Context, pgx.Tx, string) error {
	return func(ctx context.Context, tx pgx.Tx, id string) error { return i.queue.Add(ctx, tx, work, id) }
}

// Confirm has a previewed import written; with skip, without its faulty records. To confirm it twice is to confirm it once.
func (i *Intake) Confirm(ctx context.Context, id string, author kora.Author, skip bool) (*kora.Import, error) {
	if err := i.store.ConfirmImport(ctx, id, author, skip, i.due(write)); err != nil {
		return nil, err
	}
	return i.store.Import(ctx, id)
}

// Cancel calls an import off, at any time before it is in the record.
func (i *Intake) Cancel(ctx context.Context, id string) (*kora.Import, error) {
	if err := i.store.CancelImport(ctx, id); err != nil {
		return nil, err
	}
	if err := i.queue.Cancel(ctx, id); err != nil {
		return nil, err
	}
	return i.store.Import(ctx, id)
}

// failed ends an import whose work did not succeed again and again. What went wrong is in the log.
func (i *Intake) failed(ctx context.Context, id string, err error) error {
	i.log.Error("an import failed", "import", id, "error", err)
	return i.fail(ctx, id, &kora.Error{Reason: kora.ReasonInternal, Text: "could not be read or written, which is not the file's fault; try again, and tell the operator when it happens again"})
}

func (i *Intake) fail(ctx context.Context, id string, err error) error {
	err = i.store.FailImport(ctx, id, faultOf(kora.ImportFaulty, err))
	if reason := kora.ReasonOf(err); reason == kora.ReasonConflict || reason == kora.ReasonNotFound { // was called off
		return nil
	}
	return err
}

// A file is what a reader made of an upload, ready to be tried and written.
type file struct {
	encoding         string
	faults, warnings []kora.Fault
	items            []kora.ImportItem // Line, Key, Name, StatedM2 and Shape
	values           []any             // of the items, for the digest
	try              func(context.Context, kora.Author) ([]store.Trial, error)
	put              func(context.Context, *kora.Import, func([]store.Outcome) bool) error
}

// read reads the file of an import. The error is a refusal of the whole file, or of the record.
func (i *Intake) read(ctx context.Context, in *kora.Import) (*file, error) {
	data, err := i.store.ImportFile(ctx, in)
	if err != nil {
		return nil, err
	}
	if in.Kind == "stations" {
		batch, err := importers.Stations(in.File, bytes.NewReader(data))
		return fileOf(batch, func(s *kora.Station) kora.ImportItem {
			return kora.ImportItem{Key: s.Code, Name: s.Name.ZH, Shape: s.Point}
		}, i.store.TryStations, i.store.WriteStations), err
	}
	opts, err := ParcelOptions(in.Options)
	if err != nil {
		return nil, err
	}
	batch, err := importers.Parcels(ctx, in.File, bytes.NewReader(data), i.store, opts)
	return fileOf(batch, func(p *kora.Parcel) kora.ImportItem {
		return kora.ImportItem{Key: p.Number, Name: p.Name.ZH, StatedM2: p.StatedM2, AreaM2: p.AreaM2, Shape: p.Geometry}
	}, i.store.TryParcels, i.store.WriteParcels), err
}

func fileOf[T any](batch importers.Batch[T], item func(*T) kora.ImportItem,
	try func(context.Context, kora.Author, []*T) ([]store.Trial, error),
	put func(context.Context, *kora.Import, []*T, func([]store.Outcome) bool) error) *file {
	f := &file{encoding: batch.Encoding, faults: batch.Faults, warnings: batch.Warnings}
	values := make([]*T, len(batch.Items))
	for n := range batch.Items {
		values[n] = &batch.Items[n].Value
		shown := item(values[n])
		shown.Line = batch.Items[n].Line
		f.items, f.values = append(f.items, shown), append(f.values, values[n])
	}
	f.try = func(ctx context.Context, author kora.Author) ([]store.Trial, error) { return try(ctx, author, values) }
	f.put = func(ctx context.Context, in *kora.Import, same func([]store.Outcome) bool) error {
		return put(ctx, in, values, same)
	}
	return f
}

// digest names what a file would do: its records as they would be, and what comes of each. Records that the record refuses have no
// part in it.
func (f *file) digest(outcomes func(n int) store.Outcome) (string, error) {
	h := sha256.New()
	e := json.NewEncoder(h)
	for n, v := range f.values {
		if o := outcomes(n); o.Refused == nil {
			if err := errors.Join(e.Encode([2]bool{o.Added, o.Changed}), e.Encode(v)); err != nil {
				return "", err
			}
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16]), nil
}

// check reads a file and keeps its preview.
func (i *Intake) check(ctx context.Context, id string) error {
	in, err := i.store.Import(ctx, id)
	if err != nil || in.State != kora.ImportChecking {
		return notThere(err)
	}
	return i.show(ctx, in)
}

func (i *Intake) show(ctx context.Context, in *kora.Import) error {
	if err := i.store.TellImport(ctx, in.ID, kora.ImportProgress{Step: "reading"}); err != nil {
		return err
	}
	f, err := i.read(ctx, in)
	if err != nil {
		return i.refused(ctx, in.ID, err)
	}
	if err := i.store.TellImport(ctx, in.ID, kora.ImportProgress{Step: "comparing", Total: len(f.items)}); err != nil {
		return err
	}
	trials, err := f.try(ctx, in.Author)
	if err != nil {
		return i.refused(ctx, in.ID, err)
	}
	p, err := f.preview(in.File, trials)
	if err != nil {
		return err
	}
	return i.store.ShowImport(ctx, in.ID, p)
}

// refused ends an import whose file cannot be read as a whole; what is the database's fault is tried again.
func (i *Intake) refused(ctx context.Context, id string, err error) error {
	switch kora.ReasonOf(err) {
	case "", kora.ReasonUnavailable, kora.ReasonInternal:
		return err
	}
	return i.fail(ctx, id, err)
}

func (f *file) preview(name string, trials []store.Trial) (*store.Preview, error) {
	p := &store.Preview{Encoding: f.encoding}
	faults := slices.Clone(f.faults)
	for n := range f.items {
		item, t := &f.items[n], &trials[n]
		switch {
		case t.Refused != nil:
			item.Outcome = "refused"
			faults = append(faults, kora.Fault{File: name, Line: item.Line, Err: t.Refused})
		case t.Added:
			item.Outcome = "added"
			p.Counts.Added++
		case t.Changed:
			item.Outcome = "changed"
			p.Counts.Changed++
		default:
			item.Outcome = "same"
			p.Counts.Unchanged++
		}
		item.Changes, item.Overlaps = t.Changes, t.Overlaps
		if t.AreaM2 > 0 {
			item.AreaM2 = t.AreaM2
		}
	}
	p.Items = f.items
	slices.SortStableFunc(faults, func(a, b kora.Fault) int { return a.Line - b.Line })
	faulty := map[int]bool{}
	for _, fault := range faults {
		faulty[fault.Line] = true
		p.Faults = append(p.Faults, *faultOf(kora.ImportFaulty, fault))
	}
	for _, w := range f.warnings {
		p.Faults = append(p.Faults, *faultOf(kora.ImportWarning, w))
	}
	p.Counts.Refused = len(faulty)
	var err error
	p.Digest, err = f.digest(func(n int) store.Outcome { return trials[n].Outcome })
	return p, err
}

// faultOf is a fault as it is kept with an import.
func faultOf(severity string, err error) *kora.ImportFault {
	f := &kora.ImportFault{Severity: severity}
	if fault, ok := errors.AsType[kora.Fault](err); ok {
		f.Line, f.Part = fault.Line, fault.Part
	}
	if e, ok := errors.AsType[*kora.Error](err); ok {
		f.Reason, f.Field, f.Value = e.Reason, e.Field, e.Value
		f.Text = kora.Name{ZH: words.Chinese.Sentence(e), BO: words.Tibetan.Sentence(e), EN: e.Text}
	} else {
		f.Reason, f.Text = kora.ReasonInternal, kora.Name{EN: err.Error()}
	}
	return f
}

// write writes a confirmed import. When the record has changed so that it would not write what was shown, it shows anew.
func (i *Intake) write(ctx context.Context, id string) error {
	in, err := i.store.Import(ctx, id)
	if err != nil || in.State != kora.ImportWriting {
		return notThere(err)
	}
	if err := i.store.TellImport(ctx, id, kora.ImportProgress{Step: "writing", Total: in.Counts.Added + in.Counts.Changed}); err != nil {
		return err
	}
	f, err := i.read(ctx, in)
	if err != nil {
		return i.refused(ctx, id, err)
	}
	err = f.put(ctx, in, func(outcomes []store.Outcome) bool {
		digest, err := f.digest(func(n int) store.Outcome { return outcomes[n] })
		return err == nil && digest == in.Digest
	})
	if kora.ReasonOf(err) == kora.ReasonChanged {
		return i.show(ctx, in)
	}
	if err != nil {
		return i.refused(ctx, id, err)
	}
	return nil
}

func notThere(err error) error {
	if kora.ReasonOf(err) == kora.ReasonNotFound {
		return nil
	}
	return err
}

// The record's own answers, for whoever shows imports.

// Import gives one by its id.
func (i *Intake) Import(ctx context.Context, id string) (*kora.Import, error) {
	return i.store.Import(ctx, id)
}

// Imports gives the latest ones.
func (i *Intake) Imports(ctx context.Context, most int) ([]*kora.Import, error) {
	return i.store.Imports(ctx, most)
}

// Items gives items of a preview.
func (i *Intake) Items(ctx context.Context, id, outcome string, after, most int) ([]kora.ImportItem, int, error) {
	return i.store.ImportItems(ctx, id, outcome, after, most)
}

// Template writes an empty table of a kind, to be filled in.
func (i *Intake) Template(kind string, w io.Writer) error {
	switch kind {
	case "parcels":
		return importers.ParcelTemplate(w)
	case "stations":
		return importers.StationTemplate(w)
	}
	return kora.Refuse(kora.ReasonUnknown, "kind", kind, "is none of %v", Kinds())
}

// Faults gives faults of a preview.
func (i *Intake) Faults(ctx context.Context, id, severity string, after, most int) ([]kora.ImportFault, int, error) {
	return i.store.ImportFaults(ctx, id, severity, after, most)
}

// Map gives the shapes of a preview.
func (i *Intake) Map(ctx context.Context, id string, most int) ([]byte, bool, error) {
	return i.store.ImportMap(ctx, id, most)
}
