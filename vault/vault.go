// Package vault keeps personal data under lock. Each subject has a data key of its own, which the record keeps wrapped by
// the keyset; the keyset's file lies outside the record and its backups. Whoever has only the record reads nothing, and
// with a subject's data key all that it locks is gone. The cryptography is Tink's; nothing here knows what is locked.
package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// A Vault holds the keys of a keyset file. It follows the file, which another process may write. Any number of goroutines
// may use it.
type Vault struct {
	file string

	mu   sync.Mutex // guards what follows
	keys *keys
	read stamp // of the file when it was read
}

// keys are what a keyset file holds.
type keys struct {
	wrap, index *keyset.Handle // the first wraps data keys, the second makes blind indexes
	wrapper     tink.AEAD
	hash        *prf.Set
}

type stamp struct {
	at   time.Time
	size int64
}

// Open reads the keys of a file. The error is fs.ErrNotExist when there is none.
func Open(file string) (*Vault, error) {
	v := &Vault{file: file}
	if err := v.follow(); err != nil {
		return nil, err
	}
	return v, nil
}

// Create makes a file of new keys, which only its owner may read, and the folder that it lies in. A file that is there is
// left alone: the error is then fs.ErrExist.
func Create(file string) (*Vault, error) {
	wrap, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	index, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for keys: %w", err)
	}
	temporary, err := write(file, wrap, index)
	if err != nil {
		return nil, err
	}
	defer os.Remove(temporary)
	if err := os.Link(temporary, file); err != nil { // unlike a rename it fails when somebody was first
		return nil, fmt.Errorf("keep keys: %w", err)
	}
	return Open(file)
}

// kept is the form of the file.
type kept struct {
	Wrap  json.RawMessage `json:"wrap"`
	Index json.RawMessage `json:"index"`
}

// write puts keys into a new file beside the one that they are for.
func write(file string, wrap, index *keyset.Handle) (temporary string, err error) {
	var k kept
	for to, h := range map[*json.RawMessage]*keyset.Handle{&k.Wrap: wrap, &k.Index: index} {
		var b bytes.Buffer
		if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b)); err != nil {
			return "", fmt.Errorf("keep keys: %w", err)
		}
		*to = b.Bytes()
	}
	b, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return "", fmt.Errorf("keep keys: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // only its owner may read it
	if err != nil {
		return "", fmt.Errorf("keep keys: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("keep keys: %w", err)
	}
	return f.Name(), nil
}

// follow reads the file again when it is another than before.
func (v *Vault) follow() error {
	info, err := os.Stat(v.file)
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	now := stamp{info.ModTime(), info.Size()}
	if v.keys != nil && now == v.read {
		return nil
	}
	if info.Mode().Perm()&0o007 != 0 {
		return fmt.Errorf("read keys: anybody may read or change %s; take that right away (chmod o= %[1]s)", v.file)
	}
	b, err := os.ReadFile(v.file)
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	var k kept
	if err := json.Unmarshal(b, &k); err != nil {
		return fmt.Errorf("read keys: %s is no keyset file of Kora: %w", v.file, err)
	}
	var wrap, index *keyset.Handle
	for to, b := range map[**keyset.Handle]json.RawMessage{&wrap: k.Wrap, &index: k.Index} {
		if *to, err = insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(b))); err != nil {
			return fmt.Errorf("read keys: %s is no keyset file of Kora: %w", v.file, err)
		}
	}
	next, err := ready(wrap, index)
	if err != nil {
		return fmt.Errorf("read keys: %s: %w", v.file, err)
	}
	v.keys, v.read = next, now
	return nil
}

func ready(wrap, index *keyset.Handle) (*keys, error) {
	wrapper, err := aead.New(wrap)
	if err != nil {
		return nil, err
	}
	hash, err := prf.NewPRFSet(index)
	if err != nil {
		return nil, err
	}
	return &keys{wrap, index, wrapper, hash}, nil
}

// current are the keys as the file has them now, or as it last had them.
func (v *Vault) current() *keys {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.follow() // a file that is gone or half-written takes nothing away from who has read it
	return v.keys
}

// NewKey makes a data key for a subject, wrapped.
func (v *Vault) NewKey(subject string) ([]byte, error) {
	key, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a data key: %w", err)
	}
	return v.current().wrapped(subject, key)
}

func (k *keys) wrapped(subject string, key *keyset.Handle) ([]byte, error) {
	var b bytes.Buffer
	if err := key.WriteWithAssociatedData(keyset.NewBinaryWriter(&b), k.wrapper, keyOf(subject)); err != nil {
		return nil, fmt.Errorf("wrap a data key: %w", err)
	}
	return b.Bytes(), nil
}

func (k *keys) unwrapped(subject string, key []byte) (*keyset.Handle, error) {
	h, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(key)), k.wrapper, keyOf(subject))
	if err != nil {
		return nil, fmt.Errorf("unwrap the data key of %s: %w", subject, err)
	}
	return h, nil
}

// What is locked is bound to whom and what it is about, so that rows cannot be swapped.
func keyOf(subject string) []byte        { return []byte(subject + "/key") }
func partOf(subject, part string) []byte { return []byte(subject + "/" + part) }

// Lock locks a text by a subject's data key. Part names which of the subject's texts it is.
func (v *Vault) Lock(subject, part string, key, text []byte) ([]byte, error) {
	a, err := v.current().dataKey(subject, key)
	if err != nil {
		return nil, err
	}
	locked, err := a.Encrypt(text, partOf(subject, part))
	if err != nil {
		return nil, fmt.Errorf("lock %s of %s: %w", part, subject, err)
	}
	return locked, nil
}

// Unlock gives the text again.
func (v *Vault) Unlock(subject, part string, key, locked []byte) ([]byte, error) {
	a, err := v.current().dataKey(subject, key)
	if err != nil {
		return nil, err
	}
	text, err := a.Decrypt(locked, partOf(subject, part))
	if err != nil {
		return nil, fmt.Errorf("unlock %s of %s: %w", part, subject, err)
	}
	return text, nil
}

func (k *keys) dataKey(subject string, key []byte) (tink.AEAD, error) {
	h, err := k.unwrapped(subject, key)
	if err != nil {
		return nil, err
	}
	return aead.New(h)
}

// Index gives what a text can be looked up by without being told: equal for equal texts of a kind, and nothing to whoever
// lacks the keys.
func (v *Vault) Index(kind, text string) ([]byte, error) {
	b, err := v.current().hash.ComputePrimaryPRF([]byte(kind+"\x00"+text), 32)
	if err != nil {
		return nil, fmt.Errorf("make an index: %w", err)
	}
	return b, nil
}

// Fingerprint tells keysets apart; rotation does not change it.
func (v *Vault) Fingerprint() ([]byte, error) { return v.Index("fingerprint", "") }

// Rewrap wraps a data key by the newest key.
func (v *Vault) Rewrap(subject string, key []byte) ([]byte, error) {
	k := v.current()
	h, err := k.unwrapped(subject, key)
	if err != nil {
		return nil, err
	}
	return k.wrapped(subject, h)
}

// Rotate adds a key to the file, which wraps from now on. The former ones still unwrap, until Retire.
func (v *Vault) Rotate() error {
	return v.change(func(m *keyset.Manager) error {
		id, err := m.Add(aead.AES256GCMKeyTemplate())
		if err != nil {
			return err
		}
		return m.SetPrimary(id)
	})
}

// Retire disables every wrapping key but the newest; destroy takes them out of the file, and what only they open is lost.
// It tells how many.
func (v *Vault) Retire(destroy bool) (n int, err error) {
	err = v.change(func(m *keyset.Manager) error {
		h, err := m.Handle()
		if err != nil {
			return err
		}
		for i := range h.Len() {
			e, err := h.Entry(i)
			if err != nil {
				return err
			}
			switch {
			case e.IsPrimary() || !destroy && e.KeyStatus() != keyset.Enabled:
				continue
			case destroy:
				err = m.Delete(e.KeyID())
			default:
				err = m.Disable(e.KeyID())
			}
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// change edits the wrapping keys and replaces the file.
func (v *Vault) change(edit func(*keyset.Manager) error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.follow(); err != nil {
		return err
	}
	m := keyset.NewManagerFromHandle(v.keys.wrap)
	if err := edit(m); err != nil {
		return fmt.Errorf("change keys: %w", err)
	}
	wrap, err := m.Handle()
	if err != nil {
		return fmt.Errorf("change keys: %w", err)
	}
	temporary, err := write(v.file, wrap, v.keys.index)
	if err != nil {
		return err
	}
	defer os.Remove(temporary) // is gone when all went well
	if info, err := os.Stat(v.file); err == nil {
		if err := os.Chmod(temporary, info.Mode().Perm()); err != nil {
			return fmt.Errorf("change keys: %w", err)
		}
	}
	if err := os.Rename(temporary, v.file); err != nil {
		return fmt.Errorf("change keys: %w", err)
	}
	return v.follow()
}
