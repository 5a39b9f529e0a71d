// Package intake brings files into the record in two steps: a file that was uploaded is read and tried, and what would come of it
// is kept to be looked at; when somebody confirms it, it is written in one transaction, if that writes what was shown. Both
// steps are work of the queue, so any node does them, and a node that dies over one leaves nothing half done.
//
// It knows importers, the record and the queue, and neither HTTP nor the command line.
package intake

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"os"
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
	i.queue, err = queue.Open(ctx, s.Pool(), queue.Default, map[string]queue.Work{
		check: {Do: i.check, Failed: i.failed},
		write: {Do: i.write, Failed: i.failed},
	}, log)
	return i, err
}

// Close stops the work under way; it is done again at the next start, or by another node.
func (i *Intake) Close() { i.queue.Close() }

// Add takes a file of a kind, "parcels" or "stations", and has it checked.
func (i *Intake) Add(ctx context.Context, author kora.Author, kind, name string, file io.Reader, opts kora.ImportOptions) (*kora.Import, error) {
	if _, err := ParcelOptions(opts); err != nil {
		return nil, err
	}
	if !slices.Contains(Kinds(), kind) {
		return nil, kora.Refuse(kora.ReasonUnknown, "kind", kind, "is none of %v", Kinds())
	}
	name = filepath.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/"))
	if name == "." || name == "/" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > 200 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return nil, kora.Refuse(kora.ReasonSyntax, "name", name, "is no name of a file")
	}
	in := &kora.Import{Kind: kind, File: name, Options: opts, Author: author}
	// All of it is here before the record is asked for anything, however slowly it comes.
	err := onDisk(func(f *os.File) error {
		n, err := io.Copy(f, io.LimitReader(file, MaxBytes+1))
		switch {
		case err != nil:
			return fmt.Errorf("take %s in: %w", name, err)
		case n == 0:
			return kora.Refuse(kora.ReasonRequired, "file", nil, "is empty")
		case n > MaxBytes:
			return kora.Refuse(kora.ReasonTooLarge, "file", nil, "is larger than 50 MiB; split it")
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("take %s in: %w", name, err)
		}
		in.Bytes = int(n)
		return i.store.AddImport(ctx, in, f, i.due(check))
	})
	if err != nil {
		return nil, err
	}
	return i.store.Import(ctx, in.ID)
}

// onDisk lends a file in the system's folder for such files, which goes when work is done with it.
func onDisk(work func(*os.File) error) error {
	f, err := os.CreateTemp("", "kora-import-")
	if err != nil {
		return fmt.Errorf("keep an import: %w", err)
	}
	return errors.Join(work(f), f.Close(), os.Remove(f.Name()))
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

// A kindOf of records is how they are read from a file, shown, tried and written.
type kindOf[T any] struct {
	read  func(context.Context, *kora.Import, *os.File, importers.Taker[T]) (importers.Batch[T], error)
	shown func(*T) kora.ImportItem
	try   func(context.Context, kora.Author, store.Feed[T], store.Trying[T]) error
	write func(context.Context, *kora.Import, store.Feed[T], func(*store.Lot[T]) error, func() bool) error
}

func (i *Intake) parcels() kindOf[kora.Parcel] {
	return kindOf[kora.Parcel]{
		read: func(ctx context.Context, in *kora.Import, f *os.File, take importers.Taker[kora.Parcel]) (b importers.Batch[kora.Parcel], err error) {
			opts, err := ParcelOptions(in.Options)
			if err != nil {
				return b, err
			}
			return importers.EachParcel(ctx, in.File, f, i.store, opts, take)
		},
		shown: func(p *kora.Parcel) kora.ImportItem {
			return kora.ImportItem{Key: p.Number, Name: p.Name.ZH, StatedM2: p.StatedM2, AreaM2: p.AreaM2, Shape: p.Geometry}
		},
		try: i.store.TryParcels, write: i.store.WriteParcels,
	}
}

func (i *Intake) stations() kindOf[kora.Station] {
	return kindOf[kora.Station]{
		read: func(_ context.Context, in *kora.Import, f *os.File, take importers.Taker[kora.Station]) (importers.Batch[kora.Station], error) {
			return importers.EachStation(in.File, f, take)
		},
		shown: func(s *kora.Station) kora.ImportItem {
			return kora.ImportItem{Key: s.Code, Name: s.Name.ZH, Shape: s.Point}
		},
		try: i.store.TryStations, write: i.store.WriteStations,
	}
}

// feed reads the file of an import. The batch holds, afterwards, what there is besides its records; an error is a refusal of the whole
// file, or of the record.
func (k kindOf[T]) feed(in *kora.Import, f *os.File, batch *importers.Batch[T]) store.Feed[T] {
	return func(ctx context.Context, take func(int, *T) error) (err error) {
		*batch, err = k.read(ctx, in, f, func(item importers.Item[T]) error { return take(item.Line, &item.Value) })
		return err
	}
}

// A digest names what a file would do: its records as they would be, and what comes of each. Records that the record refuses have
// no part in it.
type digest struct{ hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) add(t *store.Trial, v any) error {
	if t.Refused != nil {
		return nil
	}
	e := json.NewEncoder(d)
	return errors.Join(e.Encode([2]bool{t.Added, t.Changed}), e.Encode(v))
}

func (d digest) String() string { return fmt.Sprintf("%x", d.Sum(nil)[:16]) }

// A tried file becomes the preview of an import.
type tried[T any] struct {
	*store.Preview
	kind   kindOf[T]
	file   string
	digest digest
}

// Lot keeps what would come of some records.
func (t *tried[T]) Lot(ctx context.Context, l *store.Lot[T]) error {
	items := make([]kora.ImportItem, len(l.Values))
	var faults []kora.ImportFault
	for n, v := range l.Values {
		items[n] = t.kind.shown(v)
		item, trial := &items[n], &l.Trials[n]
		item.Line, item.Changes = l.Lines[n], trial.Changes
		trial.Count(&t.Counts)
		switch {
		case trial.Refused != nil:
			item.Outcome = "refused"
			faults = append(faults, *faultOf(kora.ImportFaulty, kora.Fault{File: t.file, Line: item.Line, Err: trial.Refused}))
		case trial.Added:
			item.Outcome = "added"
		case trial.Changed:
			item.Outcome = "changed"
		default:
			item.Outcome = "same"
		}
		if trial.AreaM2 > 0 {
			item.AreaM2 = trial.AreaM2
		}
		if err := t.digest.add(trial, v); err != nil {
			return err
		}
	}
	if len(faults) > 0 {
		if err := t.Faults(ctx, faults); err != nil {
			return err
		}
	}
	return t.Items(ctx, items)
}

// show tries a file and keeps its preview.
func show[T any](ctx context.Context, i *Intake, k kindOf[T], in *kora.Import, f *os.File) error {
	return i.store.ShowImport(ctx, in.ID, func(p *store.Preview) error {
		var batch importers.Batch[T]
		t := &tried[T]{p, k, in.File, newDigest()}
		feed := func(ctx context.Context, take func(int, *T) error) error {
			read := 0
			err := k.feed(in, f, &batch)(ctx, func(line int, v *T) error {
				read++
				return take(line, v)
			})
			if err != nil {
				return err
			}
			return i.store.TellImport(ctx, in.ID, kora.ImportProgress{Step: "comparing", Total: read})
		}
		if err := k.try(ctx, in.Author, feed, t); err != nil {
			return err
		}
		var faults []kora.ImportFault
		for _, fault := range batch.Faults {
			faults = append(faults, *faultOf(kora.ImportFaulty, fault))
		}
		for _, warning := range batch.Warnings {
			faults = append(faults, *faultOf(kora.ImportWarning, warning))
		}
		p.Encoding, p.Digest = batch.Encoding, t.digest.String()
		return p.Faults(ctx, faults)
	})
}

// put writes a confirmed file, if that writes what was shown.
func put[T any](ctx context.Context, i *Intake, k kindOf[T], in *kora.Import, f *os.File) error {
	var batch importers.Batch[T]
	d := newDigest()
	return k.write(ctx, in, k.feed(in, f, &batch), func(l *store.Lot[T]) error {
		for n, v := range l.Values {
			if err := d.add(&l.Trials[n], v); err != nil {
				return err
			}
		}
		return nil
	}, func() bool { return d.String() == in.Digest })
}

// onFile does work with the file of an import.
func (i *Intake) onFile(ctx context.Context, in *kora.Import, work func(*os.File) error) error {
	return onDisk(func(f *os.File) error {
		if err := i.store.ImportFile(ctx, in, f); err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("read %s: %w", in.File, err)
		}
		return work(f)
	})
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
	return i.refused(ctx, in.ID, i.onFile(ctx, in, func(f *os.File) error {
		if in.Kind == "stations" {
			return show(ctx, i, i.stations(), in, f)
		}
		return show(ctx, i, i.parcels(), in, f)
	}))
}

// refused ends an import whose file cannot be read as a whole; what is the database's fault is tried again.
func (i *Intake) refused(ctx context.Context, id string, err error) error {
	switch kora.ReasonOf(err) {
	case "", kora.ReasonUnavailable, kora.ReasonInternal:
		return err
	}
	return i.fail(ctx, id, err)
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
	err = i.onFile(ctx, in, func(f *os.File) error {
		if in.Kind == "stations" {
			return put(ctx, i, i.stations(), in, f)
		}
		return put(ctx, i, i.parcels(), in, f)
	})
	if kora.ReasonOf(err) == kora.ReasonChanged {
		return i.show(ctx, in)
	}
	return i.refused(ctx, id, err)
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
